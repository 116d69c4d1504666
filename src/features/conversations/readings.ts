import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { Reading } from '../../http/metrics.ts'
import { selectOpenCount } from './store.ts'

// In milliseconds.
const patience = 500

/** The metric of conversations. */
export function conversationReadings({ database }: Context): Reading[] {
  return [
    {
      name: 'ndoto_conversations_open',
      help: 'Open conversations of all accounts. NaN if the database does not respond.',
      read: () => countOpen(database),
    },
  ]
}

/** The other metrics are needed most when the database does not respond, so they must not wait for it. */
async function countOpen({ read }: Database): Promise<number> {
  const count = selectOpenCount(read).catch(() => Number.NaN)
  return Promise.race([count, sleep(patience, Number.NaN, { ref: false })])
}
