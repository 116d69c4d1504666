import assert from 'node:assert/strict'
import { sendMessage, type TestApp } from './app.ts'

/** Waits for `work`, and asserts that others can send messages to the first conversation meanwhile. */
export async function assertOthersWrite<T>(test: TestApp, work: Promise<T>): Promise<T> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  let sent = 0
  while (!isDone) {
    await sendMessage(test, 'Meanwhile')
    if (!isDone) sent += 1
  }
  const result = await done
  assert.ok(sent > 1, String(sent))
  return result
}
