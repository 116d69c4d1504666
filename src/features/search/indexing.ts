import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../http/feature.ts'
import { indexAll } from './service.ts'

// Milliseconds: how often the log is read, and the pause between two transactions that catch up with it.
const interval = 250
const pauseBetweenSteps = 10

/**
 * Indexes new messages and contacts for the search, shortly after they were written: doing it in the transaction of
 * each message would slow down every post. It follows the event log with a cursor, so any node can continue after a
 * restart. Returns a function that stops it.
 */
export function startIndexing({ database, log }: Context): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  let hasNewEvents = true
  const pause = (time: number) => sleep(time, undefined, { signal, ref: false }).catch(() => {})
  const stopListening = log.onNewEvents(() => {
    hasNewEvents = true
  })
  const run = async () => {
    while (!signal.aborted) {
      await pause(interval)
      if (!hasNewEvents || signal.aborted) continue
      hasNewEvents = false
      try {
        await indexAll(
          database,
          () => pause(pauseBetweenSteps),
          () => signal.aborted,
        )
      } catch {
        // The database is unavailable. The next run continues from the cursor.
        hasNewEvents = true
      }
    }
  }
  const running = run()
  return async () => {
    stopListening()
    stopping.abort()
    await running
  }
}
