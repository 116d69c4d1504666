import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits after a step of long work that has begun at a time of `performance.now()`: as long as the step took, but at most 10 ms.
 * Meanwhile others have the server.
 */
export async function restSince(began: number): Promise<void> {
  await sleep(Math.min(performance.now() - began, 10))
}
