import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { Kept } from '../../lib/kept.ts'
import type { Place } from '../conversations/service.ts'
import type { MessageQuery } from './schema.ts'
import { firstIdSince, hasAny, newest, oldest, type Piece, type Range } from './store.ts'

const lastId = Number.MAX_SAFE_INTEGER
// Messages read at once where all are asked for; small enough that other requests are answered in between.
const step = 200

/** Room for the pages that are kept in memory, for one database. */
export function keptPages(): Kept {
  return new Kept(32 * 1024 * 1024, 256 * 1024)
}

/** As `listMessages`, but a page that was made before is given again while nothing in the conversation has changed. */
export async function listKept(
  kept: Kept,
  queries: Queries,
  actor: Actor,
  { id, version }: Place,
  query: MessageQuery,
): Promise<string | Buffer | Readable> {
  if (query.limit === undefined) return listMessages(queries, actor, id, query)
  const name = `${actor.accountId} ${id}`
  const part = JSON.stringify(query)
  // What is read now is as new as the version or newer: a kept page is never older than it says.
  return (
    kept.get(name, version, part) ??
    kept.set(name, version, part, (await listMessages(queries, actor, id, query)) as string)
  )
}

/**
 * The messages that a query asks for, as the JSON of a MessagePage: the text of a page, or where all are asked for and
 * they are many, a stream of it in flat memory. Throws `malformed` where cursors contradict each other.
 */
export async function listMessages(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  query: MessageQuery,
): Promise<string | Readable> {
  const { limit, before_id, after_id, around_id } = query
  if ([before_id, after_id, around_id].filter((cursor) => cursor !== undefined).length > 1) {
    throw new Refusal('malformed', 'before_id, after_id and around_id exclude each other: send one')
  }
  if (around_id !== undefined && limit === undefined) {
    throw new Refusal('malformed', 'around_id needs limit: how many messages around it')
  }
  const window = await windowOf(queries, actor.accountId, conversationId, query)
  if (limit === undefined) return all(queries, window, query)
  if (after_id !== undefined) {
    const piece = await oldest(queries, narrowed(window, after_id + 1, lastId), limit)
    return page(queries, window, [piece], after_id + 1)
  }
  if (around_id !== undefined) return pageAround(queries, window, around_id, limit)
  const end = before_id ?? lastId
  return page(queries, window, [await newest(queries, narrowed(window, 1, end - 1), limit)], end)
}

/** The ids that `before` and `after` leave: both compare with the whole seconds that the API shows. */
async function windowOf(
  queries: Queries,
  accountId: number,
  conversationId: number,
  { before, after, include_deleted }: MessageQuery,
): Promise<Range> {
  const place = { account_id: accountId, conversation_id: conversationId }
  const window: Range = { ...place, first: 1, last: lastId, deleted: include_deleted ? 1 : 0 }
  if (after !== undefined) {
    window.first = (await firstIdSince(queries, place, (Math.floor(after) + 1) * 1000)) ?? lastId
  }
  if (before !== undefined) {
    const end = await firstIdSince(queries, place, Math.ceil(before) * 1000)
    if (end !== undefined) window.last = end - 1
  }
  return window
}

/** Half of the page older, half newer; where one side is short the other fills the page. */
async function pageAround(queries: Queries, window: Range, id: number, limit: number): Promise<string> {
  const after = limit - Math.floor(limit / 2)
  let newer = await oldest(queries, narrowed(window, id, lastId), after)
  const older = await newest(queries, narrowed(window, 1, id - 1), limit - newer.count)
  if (older.count + newer.count < limit) {
    newer = await oldest(queries, narrowed(window, id, lastId), limit - older.count)
  }
  return page(queries, window, [older, newer], id)
}

/**
 * The text of a page. `gap` is where an empty page lies: before the message of that id; so even a page without
 * messages has cursors to both sides.
 */
async function page(queries: Queries, window: Range, pieces: Piece[], gap: number): Promise<string> {
  const filled = pieces.filter(({ count }) => count > 0)
  const first = filled[0]?.first ?? gap
  const last = filled.at(-1)?.last ?? gap - 1
  const elements = filled.map((piece) => piece.elements).join(',')
  return `{"payload":[${elements}],"meta":${await meta(queries, window, first, last)}}`
}

/** The cursors of the pages on both sides of the messages from `first` to `last`. */
async function meta(queries: Queries, window: Range, first: number, last: number): Promise<string> {
  const hasOlder = await hasAny(queries, narrowed(window, 1, first - 1))
  const hasNewer = await hasAny(queries, narrowed(window, last + 1, lastId))
  return JSON.stringify({
    before_id: hasOlder ? Math.min(first, lastId) : null,
    after_id: hasNewer ? last : null,
  })
}

/** All that the window and a cursor leave. */
async function all(queries: Queries, window: Range, query: MessageQuery): Promise<string | Readable> {
  const { before_id = lastId, after_id } = query
  const range = narrowed(window, (after_id ?? 0) + 1, before_id - 1)
  const start = await oldest(queries, range, step)
  if (start.count === step) return Readable.from(stream(queries, window, range, start), { objectMode: false })
  return page(queries, window, [start], after_id === undefined ? before_id : after_id + 1)
}

async function* stream(queries: Queries, window: Range, range: Range, start: Piece) {
  let piece = start
  let last = start.last!
  yield `{"payload":[${piece.elements}`
  while (piece.count === step) {
    await setImmediate()
    piece = await oldest(queries, { ...range, first: last + 1 }, step)
    if (piece.count === 0) break
    last = piece.last!
    yield `,${piece.elements}`
  }
  yield `],"meta":${await meta(queries, window, start.first!, last)}}`
}

function narrowed(window: Range, first: number, last: number): Range {
  return { ...window, first: Math.max(window.first, first), last: Math.min(window.last, last) }
}
