import { type Expression, type Kysely, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import {
  type ConversationRef,
  type ConversationScope,
  conversationRefQuery,
} from '../conversations/parts.store.ts'
import { messageDocument } from './parts.store.ts'

/** Messages of a conversation with ids from `first` to `last`, both included, for a user. */
export interface Range extends ConversationScope {
  first: number
  last: number
  /** 1 to include tombstones, otherwise 0. */
  deleted: number
}

/** Consecutive messages, oldest first, and their conversation. */
export interface Piece extends ConversationRef {
  /** Their JSON, separated by commas, without the brackets of an array; '' if there are none. */
  elements: string
  count: number
  /** Their lowest and highest id; null if there are none. */
  first: number | null
  last: number | null
  /** 1 if the window contains messages before and after them. An empty piece is located at `gap`. */
  has_older: number
  has_newer: number
}

/** A query for at most `limit` messages of a range. The window decides what counts as older and newer messages. */
export interface PieceQuery extends Range {
  limit: number
  window_first: number
  window_last: number
  /** Where an empty piece is located: before the message with this id. */
  gap: number
  /** `gap` - 1, as a parameter of its own: PostgreSQL would compute the difference as a 32-bit integer. */
  before_gap: number
}

// Bytes of text after which a piece ends, however few messages it has. It may be larger by one message.
const maxPieceBytes = 1024 * 1024

/** The approximate bytes of the message `m`. SQLite reads the length of a bare column without reading its text. */
const size = sql<number>`coalesce(octet_length(m.content), 0) + octet_length(m.content_attributes)
  + coalesce(octet_length(m.echo_id), 0) + coalesce(octet_length(m.source_id), 0)
  + 4 * coalesce(octet_length(m.attachments), 0)`

/** The bytes of the messages that precede a message in its piece. */
function sizeBefore(direction: 'asc' | 'desc') {
  return sql<number>`sum(near.size) over (order by near.id ${sql.raw(direction)}) - near.size`
}

/** Reads everything in one statement, so in one snapshot: access, version, messages, and whether there are more. */
function preparePiece(direction: 'asc' | 'desc') {
  return prepare<PieceQuery>()((builder, p, engine) => {
    const { elements } = json[engine]
    const visible = sql<boolean>`(m.deleted_at is null or ${p.deleted} = 1)`
    const inConversation = sql<boolean>`m.account_id = ${p.account_id} and m.conversation_id = ${p.conversation_id}`
    const exists = (condition: Expression<boolean>) =>
      sql<number>`case when exists (select 1 from messages m
        where ${inConversation} and ${condition} and ${visible}) then 1 else 0 end`
    const inRange = (query: Kysely<Tables>) =>
      query
        .selectFrom('messages as m')
        .where(inConversation)
        .where('m.id', '>=', p.first)
        .where('m.id', '<=', p.last)
        .where(visible)
        .where(sql<boolean>`exists (select 1 from conversation)`)
        .orderBy('m.id', direction)
    // Almost every page is small. The sum of each message with those before it would take a third of its time.
    const howMany = sql<number>`case when (select sum(size) from near) <= ${sql.lit(maxPieceBytes)} then ${p.limit}
      else (select count(*) from sized where size_before < ${sql.lit(maxPieceBytes)}) end`
    return (
      builder
        .with('conversation', (query) => conversationRefQuery(query as never, p))
        .with('near', (query) =>
          inRange(query as never)
            .select(['m.id', size.as('size')])
            .limit(p.limit),
        )
        // In a query of its own, or SQLite would sum up the whole conversation before it applies the limit.
        .with('sized', (query) =>
          query.selectFrom('near').select(['near.id', sizeBefore(direction).as('size_before')]),
        )
        .with('page', (query) =>
          inRange(query as never)
            .select(['m.id', messageDocument(engine).as('document')])
            .limit(howMany),
        )
        .with('summary', (query) =>
          query
            .selectFrom('page')
            .select(({ fn }) => [
              elements('page.document', 'page.id').as('elements'),
              fn.countAll<number>().as('count'),
              fn.min<number | null>('page.id').as('first'),
              fn.max<number | null>('page.id').as('last'),
            ]),
        )
        .selectFrom('conversation')
        .innerJoin('summary', (join) => join.onTrue())
        .selectAll()
        .select([
          // Of several bounds, SQLite uses one to search by. The plus keeps it from choosing the wrong one.
          exists(
            sql`m.id >= ${p.window_first} and +m.id <= ${p.window_last} and m.id < coalesce(summary.first, ${p.gap})`,
          ).as('has_older'),
          exists(
            sql`m.id <= ${p.window_last} and +m.id >= ${p.window_first} and m.id > coalesce(summary.last, ${p.before_gap})`,
          ).as('has_newer'),
        ])
    )
  })
}

const pieces = { asc: preparePiece('asc'), desc: preparePiece('desc') }

/**
 * Returns the messages at the beginning (`asc`) or the end (`desc`) of a range, fewer than the limit if they are long.
 * Returns undefined if the user may not see the conversation.
 */
export async function selectPiece(
  queries: Queries,
  direction: 'asc' | 'desc',
  query: PieceQuery,
): Promise<Piece | undefined> {
  const [row] = await pieces[direction](queries, query)
  return row && ({ ...row, elements: row.elements ?? '' } as Piece)
}
