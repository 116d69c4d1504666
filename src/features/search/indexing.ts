import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../http/feature.ts'
import { indexAll } from './service.ts'

// How long the search may lag behind, and between two transactions that catch up, in milliseconds.
const lag = 250
const rest = 10

/**
 * Makes what is written findable, a moment later: in the transaction of a message it would cost every post. It reads the
 * event log, so it goes on where it stopped, on any node.
 */
export function startIndexing({ database, log }: Context): () => Promise<void> {
  const ending = new AbortController()
  const { signal } = ending
  let news = true
  const pause = (time: number) => sleep(time, undefined, { signal, ref: false }).catch(() => {})
  const stopListening = log.onNewEvents(() => {
    news = true
  })
  const run = async () => {
    while (!signal.aborted) {
      await pause(lag)
      if (!news || signal.aborted) continue
      news = false
      try {
        await indexAll(
          database,
          () => pause(rest),
          () => signal.aborted,
        )
      } catch {
        // The database is away: the log is still there when it is back.
        news = true
      }
    }
  }
  const running = run()
  return async () => {
    stopListening()
    ending.abort()
    await running
  }
}
