import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../http/feature.ts'
import { indexAll } from './service.ts'

// How often to check for new events, in milliseconds.
const checkInterval = 250
// The pause between two indexing transactions, so that other writes get their turn. In milliseconds.
const pauseBetweenSteps = 10

/**
 * Indexes new messages and contacts for search shortly after they are written. Indexing each message in its own
 * transaction would slow down every post. The position in the event log is stored in the database, so any node can
 * continue after a restart. Returns a function that stops the indexing.
 */
export function startIndexing({ database, log }: Context): () => Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  let hasNewEvents = true
  const pause = (duration: number) => sleep(duration, undefined, { signal, ref: false }).catch(() => {})
  const stopListening = log.onNewEvents(() => {
    hasNewEvents = true
  })
  const loop = async () => {
    while (!signal.aborted) {
      await pause(checkInterval)
      if (!hasNewEvents || signal.aborted) continue
      hasNewEvents = false
      try {
        await indexAll(
          database,
          () => pause(pauseBetweenSteps),
          () => signal.aborted,
        )
      } catch {
        // Usually the database is unavailable. The next run continues from the stored position.
        hasNewEvents = true
      }
    }
  }
  const finished = loop()
  return async () => {
    stopListening()
    controller.abort()
    await finished
  }
}
