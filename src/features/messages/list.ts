import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { linkDay } from '../../lib/file-link.ts'
import { PageCache } from '../../lib/page-cache.ts'
import { findPlace, whose } from '../conversations/service.ts'
import { type Piece, type Range, selectPiece } from './page.store.ts'
import type { MessageQuery } from './schema.ts'
import { firstIdSince } from './store.ts'

const lastId = Number.MAX_SAFE_INTEGER
// Messages read at once where all are asked for; small enough that other requests are answered in between.
const step = 200

/** Room for the pages that are kept in memory, for one database. */
export function keptPages(): PageCache {
  return new PageCache(32 * 1024 * 1024, 256 * 1024)
}

/**
 * The messages that a query asks for, as the JSON of a MessagePage: the text of a page, or where all are asked for and
 * they are many, a stream of it in flat memory. A page that was made before is given again while nothing in the
 * conversation has changed. Throws `malformed` where cursors contradict each other, and `not_found` where the actor
 * must not see the conversation.
 */
export async function listMessages(
  kept: PageCache,
  queries: Queries,
  actor: Actor,
  conversationId: number,
  query: MessageQuery,
): Promise<string | Buffer | Readable> {
  const { limit, around_id, before, after } = query
  assertCursors(query)
  const window = await windowOf(queries, actor, conversationId, query)
  if (limit === undefined) return all(queries, window, query)
  if (around_id !== undefined) return pageAround(queries, window, around_id, limit)
  // Made of two statements, a page could be older than the version it comes with.
  if (before !== undefined || after !== undefined) return page([await pieceOf(queries, window, query, limit)])
  const name = `${actor.accountId} ${conversationId}`
  // The links in it are those of a day.
  const part = `${JSON.stringify(query)} ${linkDay()}`
  const known = kept.get(name, part)
  if (known && (await findPlace(queries, actor, conversationId)).version === known.version) return known.text
  const piece = await pieceOf(queries, window, query, limit)
  const text = page([piece])
  kept.set(name, piece.version, part, text)
  return text
}

function assertCursors({ limit, before_id, after_id, around_id }: MessageQuery): void {
  if ([before_id, after_id, around_id].filter((cursor) => cursor !== undefined).length > 1) {
    throw new Refusal('malformed', 'before_id, after_id and around_id exclude each other: send one')
  }
  if (around_id !== undefined && limit === undefined) {
    throw new Refusal('malformed', 'around_id needs limit: how many messages around it')
  }
}

/** The ids that `before` and `after` leave: both compare with the whole seconds that the API shows. */
async function windowOf(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  { before, after, include_deleted }: MessageQuery,
): Promise<Range> {
  const place = whose(actor, conversationId)
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

/** Beside a cursor: `gap` is where a piece without messages lies, before the message of that id. */
function pieceOf(
  queries: Queries,
  window: Range,
  { after_id, before_id = lastId }: MessageQuery,
  limit: number,
): Promise<Found> {
  if (after_id !== undefined) return newer(queries, window, after_id + 1, limit)
  return older(queries, window, before_id, limit)
}

/** At most `limit` messages before the one of id `gap`. */
function older(queries: Queries, window: Range, gap: number, limit: number): Promise<Found> {
  return read(queries, 'desc', window, { first: 1, last: gap - 1, gap, limit })
}

/** At most `limit` messages from the one of id `gap` on. */
function newer(queries: Queries, window: Range, gap: number, limit: number): Promise<Found> {
  return read(queries, 'asc', window, { first: gap, last: lastId, gap, limit })
}

/** Which messages of a window, at most how many, and where none of them would be. */
interface Span {
  first: number
  last: number
  gap: number
  limit: number
}

interface Found extends Piece {
  first: number
  last: number
}

async function read(
  queries: Queries,
  direction: 'asc' | 'desc',
  window: Range,
  { first, last, gap, limit }: Span,
): Promise<Found> {
  const piece = await selectPiece(queries, direction, {
    ...window,
    first: Math.max(window.first, first),
    last: Math.min(window.last, last),
    window_first: window.first,
    window_last: window.last,
    gap,
    before_gap: gap - 1,
    limit,
  })
  if (!piece) throw notFound('conversation')
  return { ...piece, first: piece.first ?? gap, last: piece.last ?? gap - 1 }
}

/** Half of the page older, half newer; where one side is short the other fills the page. */
async function pageAround(queries: Queries, window: Range, id: number, limit: number): Promise<string> {
  const half = limit - Math.floor(limit / 2)
  let right = await newer(queries, window, id, half)
  const left = await older(queries, window, id, right.has_newer ? limit - half : limit - right.count)
  if (!left.has_older && right.has_newer) right = await newer(queries, window, id, limit - left.count)
  return page([left, right])
}

/** The text of a page made of pieces that lie side by side. */
function page(pieces: [Found, ...Found[]]): string {
  const filled = pieces.filter(({ count }) => count > 0)
  const elements = filled.map((piece) => piece.elements).join(',')
  return `{"payload":[${elements}],"meta":${meta(pieces[0], pieces.at(-1)!)}}`
}

/** The cursors of the pages on both sides. */
function meta(first: Found, last: Found): string {
  return JSON.stringify({
    before_id: first.has_older ? Math.min(first.first, lastId) : null,
    after_id: last.has_newer ? last.last : null,
  })
}

/** All that the window and a cursor leave. */
async function all(queries: Queries, window: Range, query: MessageQuery): Promise<string | Readable> {
  const { before_id = lastId, after_id } = query
  const gap = after_id === undefined ? before_id : after_id + 1
  const span = { first: (after_id ?? 0) + 1, last: before_id - 1, gap, limit: step }
  const start = await read(queries, 'asc', window, span)
  if (isLast(start, span)) return page([start])
  return Readable.from(stream(queries, window, span, start), { objectMode: false })
}

function isLast(piece: Found, span: Span): boolean {
  return piece.count === 0 || !piece.has_newer || piece.last >= span.last
}

async function* stream(queries: Queries, window: Range, span: Span, start: Found) {
  let piece = start
  yield `{"payload":[${piece.elements}`
  while (!isLast(piece, span)) {
    await setImmediate()
    const first = piece.last + 1
    piece = await read(queries, 'asc', window, { ...span, first, gap: first })
    if (piece.count > 0) yield `,${piece.elements}`
  }
  yield `],"meta":${meta(start, piece)}}`
}
