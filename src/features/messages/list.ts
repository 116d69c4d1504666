import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { linkDay } from '../../lib/file-link.ts'
import { PageCache } from '../../lib/page-cache.ts'
import { assertNotMerged } from '../conversations/merged.ts'
import { scopeOf } from '../conversations/parts.store.ts'
import { findConversationRef } from '../conversations/service.ts'
import { type Piece, type Range, selectPiece } from './page.store.ts'
import type { MessageQuery } from './schema.ts'
import { firstIdSince } from './store.ts'

const lastId = Number.MAX_SAFE_INTEGER
// Messages that are read at once if there is no limit. Small enough to let other requests run in between.
const messagesPerStep = 200

/** Creates the cache of pages for one database: 32 MiB in total, 256 KiB per page. */
export function createPageCache(): PageCache {
  return new PageCache(32 * 1024 * 1024, 256 * 1024)
}

/**
 * Returns the messages that a query asks for, as the JSON of a MessagePage. Without a limit, many messages come as a
 * stream that needs little memory. A cached page is returned as long as nothing in the conversation has changed. Throws
 * `malformed` for contradictory cursors, and `not_found` if the actor may not see the conversation.
 */
export async function listMessages(
  pageCache: PageCache,
  queries: Queries,
  actor: Actor,
  conversationId: number,
  query: MessageQuery,
): Promise<string | Buffer | Readable> {
  const { limit, around_id, before, after } = query
  assertCursors(query)
  const isCacheable = limit !== undefined && [around_id, before, after].every((value) => value === undefined)
  const name = `${actor.accountId} ${conversationId}`
  // File links in the page change every day.
  const part = `${JSON.stringify(query)} ${linkDay()}`
  const cached = isCacheable ? pageCache.get(name, part) : undefined
  if (cached) {
    const { version } = await findConversationRef(queries, actor, conversationId)
    if (version === cached.version) return cached.text
  }
  const window = await windowOf(queries, actor, conversationId, query)
  if (limit === undefined) return all(queries, window, query)
  if (around_id !== undefined) return pageAround(queries, window, around_id, limit)
  // Pages by time or around a message take two statements, so they could be older than the version that they come with.
  if (!isCacheable) return page([await pieceOf(queries, window, query, limit)])
  const piece = await pieceOf(queries, window, query, limit)
  const text = page([piece])
  pageCache.set(name, piece.version, part, text)
  return text
}

function assertCursors({ limit, before_id, after_id, around_id }: MessageQuery): void {
  if ([before_id, after_id, around_id].filter((cursor) => cursor !== undefined).length > 1) {
    throw new Refusal(
      'malformed',
      'before_id, after_id and around_id exclude each other: send only one of them',
    )
  }
  if (around_id !== undefined && limit === undefined) {
    throw new Refusal('malformed', 'around_id requires limit, the number of messages to return')
  }
}

/**
 * Converts `before` and `after` to a range of ids. Both are compared with times in whole seconds, as the API shows
 * them.
 */
async function windowOf(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  { before, after, include_deleted }: MessageQuery,
): Promise<Range> {
  const scope = scopeOf(actor, conversationId)
  const window: Range = { ...scope, first: 1, last: lastId, deleted: include_deleted ? 1 : 0 }
  if (after !== undefined) {
    window.first = (await firstIdSince(queries, scope, (Math.floor(after) + 1) * 1000)) ?? lastId
  }
  if (before !== undefined) {
    const end = await firstIdSince(queries, scope, Math.ceil(before) * 1000)
    if (end !== undefined) window.last = end - 1
  }
  return window
}

/**
 * Reads the messages next to a cursor. In the functions below, an empty piece is located before the message with the id
 * `gap`.
 */
function pieceOf(
  queries: Queries,
  window: Range,
  { after_id, before_id = lastId }: MessageQuery,
  limit: number,
): Promise<LocatedPiece> {
  if (after_id !== undefined) return newer(queries, window, after_id + 1, limit)
  return older(queries, window, before_id, limit)
}

/** Reads at most `limit` messages before the id `gap`. */
function older(queries: Queries, window: Range, gap: number, limit: number): Promise<LocatedPiece> {
  return read(queries, 'desc', window, { first: 1, last: gap - 1, gap, limit })
}

/** Reads at most `limit` messages from the id `gap` on. */
function newer(queries: Queries, window: Range, gap: number, limit: number): Promise<LocatedPiece> {
  return read(queries, 'asc', window, { first: gap, last: lastId, gap, limit })
}

/** Which messages of a window to read, and where the piece is located if there are none. */
interface Span {
  first: number
  last: number
  gap: number
  limit: number
}

interface LocatedPiece extends Piece {
  first: number
  last: number
}

async function read(
  queries: Queries,
  direction: 'asc' | 'desc',
  window: Range,
  { first, last, gap, limit }: Span,
): Promise<LocatedPiece> {
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
  assertNotMerged(piece)
  return { ...piece, first: piece.first ?? gap, last: piece.last ?? gap - 1 }
}

/** Returns a page of half older and half newer messages. If one side has too few, the other side fills the page. */
async function pageAround(queries: Queries, window: Range, id: number, limit: number): Promise<string> {
  const half = limit - Math.floor(limit / 2)
  let right = await newer(queries, window, id, half)
  const left = await older(queries, window, id, right.has_newer ? limit - half : limit - right.count)
  if (!left.has_older && right.has_newer) right = await newer(queries, window, id, limit - left.count)
  return page([left, right])
}

/** Returns the text of a page that consists of adjacent pieces. */
function page(pieces: [LocatedPiece, ...LocatedPiece[]]): string {
  const nonEmpty = pieces.filter(({ count }) => count > 0)
  const elements = nonEmpty.map((piece) => piece.elements).join(',')
  return `{"payload":[${elements}],"meta":${meta(pieces[0], pieces.at(-1)!)}}`
}

/** Returns the cursors of the previous and the next page. */
function meta(first: LocatedPiece, last: LocatedPiece): string {
  return JSON.stringify({
    before_id: first.has_older ? Math.min(first.first, lastId) : null,
    after_id: last.has_newer ? last.last : null,
  })
}

/** Returns all messages of the window on one side of the cursor, if there is one. */
async function all(queries: Queries, window: Range, query: MessageQuery): Promise<string | Readable> {
  const { before_id = lastId, after_id } = query
  const gap = after_id === undefined ? before_id : after_id + 1
  const span = { first: (after_id ?? 0) + 1, last: before_id - 1, gap, limit: messagesPerStep }
  const start = await read(queries, 'asc', window, span)
  if (isLast(start, span)) return page([start])
  return Readable.from(stream(queries, window, span, start), { objectMode: false })
}

function isLast(piece: LocatedPiece, span: Span): boolean {
  return piece.count === 0 || !piece.has_newer || piece.last >= span.last
}

async function* stream(queries: Queries, window: Range, span: Span, start: LocatedPiece) {
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
