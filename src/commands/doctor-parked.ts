import type { Queries } from '../db/database.ts'
import { countParked, findLastParked } from '../events/parked.ts'
import type { Finding } from './finding.ts'

/** Looks for events that were given up, in a database of the newest format. */
export async function parkedFindings(queries: Queries): Promise<Finding[]> {
  const last = await findLastParked(queries)
  if (!last) return []
  const count = await countParked(queries)
  const { follower, account_id, position, error } = last
  return [
    {
      state: 'note',
      text: `events that could not be processed and were given up: ${count}, the last one by "${follower}": event ${position} of account ${account_id} (${error})`,
      advice: 'report this error: it is a bug. The note ends when these events are removed from the log',
    },
  ]
}
