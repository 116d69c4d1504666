import type { Queries } from '../../db/database.ts'
import { logBounds, readEvents } from '../../events/read.ts'
import { resetData } from './frames.ts'
import { isWanted, mayHear, type Narrowing } from './hearing.ts'
import type { Reader } from './reader.ts'

// Reads of the log for one page: most of the events may be for others.
const mostReads = 20
// Events in one read. They are in memory together, and one may have a megabyte.
const batchSize = 100
// Bytes of events after which a page is full.
const largest = 4 * 1024 * 1024

/** What a reader asks for; `limit` is of a page. */
export interface Question {
  after: number | undefined
  limit: number
  narrowing: Narrowing
}

/**
 * The JSON of a page of events after a position, oldest first. Its own `after` is the cursor of the next page; it moves
 * on past what is not for this reader, too. Without a position: the newest cursor, and no events. A position that the
 * log does not have (any more) gives a `reset` alone.
 */
export async function eventPage(
  queries: Queries,
  { accountId, findAccess, show }: Reader,
  { after, limit, narrowing }: Question,
): Promise<string> {
  const found: string[] = []
  let position = after ?? (await logBounds(queries, accountId)).newest
  let bytes = 0
  for (let reads = 0; reads < mostReads; reads++) {
    const batch = await readEvents(queries, accountId, position, batchSize)
    const { oldest, newest } = await logBounds(queries, accountId)
    if (position < oldest || position > newest) return page([resetData], newest)
    const access = await findAccess()
    for (const event of batch) {
      position = event.position
      if (!access || !mayHear(access, event) || !isWanted(narrowing, event)) continue
      const data = show ? show(event) : event.data
      if (data === undefined) continue
      found.push(data)
      bytes += data.length
      if (found.length === limit || bytes > largest) return page(found, position)
    }
    if (batch.length < batchSize) break
  }
  return page(found, position)
}

function page(events: string[], after: number): string {
  return `{"payload":[${events.join(',')}],"meta":{"after":${after}}}`
}
