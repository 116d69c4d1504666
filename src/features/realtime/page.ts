import type { Queries } from '../../db/database.ts'
import { eventJson, logBounds, readEvents } from '../../events/read.ts'
import { resetData } from './frames.ts'
import type { Subscriber } from './subscriber.ts'
import { type EventFilter, matchesFilter, maySee } from './visibility.ts'

// Reads of the log for one page. It is a limit because most of the events may be invisible to the subscriber.
const maxReads = 20
// Events in one read.
const batchSize = 100
// Bytes of events after which a page is full.
const maxBytes = 4 * 1024 * 1024

/** What a subscriber asks for. `limit` is the number of events in a page; streams ignore it. */
export interface EventRequest {
  after: number | undefined
  limit: number
  filter: EventFilter
}

/**
 * Returns the JSON of a page of events after a position, oldest first. Its `meta.after` is the cursor of the next page. It
 * also moves past events that the subscriber does not see. Without a position, the page has the newest cursor and no
 * events. If the log does not contain the position, or no longer does, the page has only a `reset`.
 */
export async function eventPage(
  queries: Queries,
  { accountId, findAccess, render }: Subscriber,
  { after, limit, filter }: EventRequest,
): Promise<string> {
  const events: string[] = []
  let position = after ?? (await logBounds(queries, accountId)).newest
  let bytes = 0
  for (let reads = 0; reads < maxReads; reads++) {
    const { events: batch, hasMore } = await readEvents(queries, accountId, position, batchSize)
    const { oldest, newest } = await logBounds(queries, accountId)
    if (position < oldest || position > newest) return page([resetData], newest)
    const access = await findAccess()
    for (const event of batch) {
      position = event.position
      if (!access || !maySee(access, event) || !matchesFilter(filter, event)) continue
      const data = render ? render(event) : eventJson(event)
      if (data === undefined) continue
      events.push(data)
      bytes += data.length
      if (events.length === limit || bytes > maxBytes) return page(events, position)
    }
    if (!hasMore) break
  }
  return page(events, position)
}

function page(events: string[], after: number): string {
  return `{"payload":[${events.join(',')}],"meta":{"after":${after}}}`
}
