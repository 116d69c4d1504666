import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

const deadline = 60_000

/** Calls `check` until its result is truthy, and returns that. Fails after a minute with `description`. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  description = String(check),
): Promise<Exclude<T, false | null | undefined>> {
  for (const start = performance.now(); ; ) {
    const value = await check()
    if (value) return value as Exclude<T, false | null | undefined>
    const waited = performance.now() - start
    assert.ok(waited < deadline, `waited in vain for ${description}`)
    // Looking at a page costs a busy machine much of what it waits for.
    await sleep(Math.min(5 + waited / 10, 100))
  }
}
