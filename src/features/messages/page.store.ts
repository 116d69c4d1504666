import { type Expression, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { limitOf, prepare } from '../../db/prepare.ts'
import { type Place, placeQuery, type Whose } from '../conversations/service.ts'
import { messageDocument } from './store.ts'

/** Messages of a conversation with ids from `first` to `last`, both included, as far as somebody may see them. */
export interface Range extends Whose {
  first: number
  last: number
  /** 1 to see tombstones too. */
  deleted: number
}

/** Messages next to each other, oldest first, and where they are. */
export interface Piece extends Place {
  /** Their JSON, separated by commas, without the brackets of a list; '' where there are none. */
  elements: string
  count: number
  /** Their lowest and highest id; null where there are none. */
  first: number | null
  last: number | null
  /** 1 where the window goes on before and after them; `gap` stands for messages that are none. */
  has_older: number
  has_newer: number
}

/** What is asked for: at most `limit` messages of the range, inside a window that tells whether more are around. */
export interface Wanted extends Range {
  limit: number
  window_first: number
  window_last: number
  /** Where a piece without messages lies: before the message of that id. */
  gap: number
  /** `gap` - 1, since PostgreSQL would take the difference for a small number. */
  before_gap: number
}

// Bytes of text after which a piece ends, however few messages that are; it may be one message larger.
const largestPiece = 1024 * 1024

/** About the bytes of the message `m`, known without reading the texts. */
const size = sql<number>`octet_length(coalesce(m.content, '')) + octet_length(m.content_attributes)
  + octet_length(coalesce(m.echo_id, '')) + 4 * octet_length(coalesce(m.attachments, ''))`

/** The bytes of the messages before this one in its piece. */
function sizeBefore(direction: 'asc' | 'desc') {
  return sql<number>`sum(near.size) over (order by near.id ${sql.raw(direction)}) - near.size`
}

/** One statement, one snapshot: the right to see it, the version, the messages and what is around them. */
function piece(direction: 'asc' | 'desc') {
  return prepare<Wanted>()((builder, p, engine) => {
    const { elements } = json[engine]
    const visible = sql<boolean>`(m.deleted_at is null or ${p.deleted} = 1)`
    const inConversation = sql<boolean>`m.account_id = ${p.account_id} and m.conversation_id = ${p.conversation_id}`
    const isThere = (condition: Expression<boolean>) =>
      sql<number>`case when exists (select 1 from messages m
        where ${inConversation} and ${condition} and ${visible}) then 1 else 0 end`
    return (
      builder
        .with('place', (query) => placeQuery(query as never, p))
        .with('near', (query) =>
          query
            .selectFrom('messages as m')
            .select(['m.id', size.as('size')])
            .where(inConversation)
            .where('m.id', '>=', p.first)
            .where('m.id', '<=', p.last)
            .where(visible)
            .where(sql<boolean>`exists (select 1 from place)`)
            .orderBy('m.id', direction)
            .limit(limitOf(p.limit)),
        )
        // Apart, or SQLite would sum up the whole conversation before it comes to the limit.
        .with('sized', (query) =>
          query.selectFrom('near').select(['near.id', sizeBefore(direction).as('size_before')]),
        )
        .with('page', (query) =>
          query
            .selectFrom('sized')
            .innerJoin('messages as m', (join) => join.onRef('m.id', '=', 'sized.id').on(inConversation))
            .select(['m.id', messageDocument(engine).as('document')])
            .where('sized.size_before', '<', sql.lit(largestPiece)),
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
        .selectFrom('place')
        .innerJoin('summary', (join) => join.onTrue())
        .selectAll()
        .select([
          // Of two bounds on one side SQLite takes one to search by: with the plus the wrong one is no choice.
          isThere(
            sql`m.id >= ${p.window_first} and +m.id <= ${p.window_last} and m.id < coalesce(summary.first, ${p.gap})`,
          ).as('has_older'),
          isThere(
            sql`m.id <= ${p.window_last} and +m.id >= ${p.window_first} and m.id > coalesce(summary.last, ${p.before_gap})`,
          ).as('has_newer'),
        ])
    )
  })
}

const pieces = { asc: piece('asc'), desc: piece('desc') }

/**
 * The messages at the beginning (`asc`) or the end (`desc`) of the range, fewer where they are large; undefined where its conversation must not be
 * seen.
 */
export async function selectPiece(
  queries: Queries,
  direction: 'asc' | 'desc',
  wanted: Wanted,
): Promise<Piece | undefined> {
  const [row] = await pieces[direction](queries, wanted)
  return row && ({ ...row, elements: row.elements ?? '' } as Piece)
}
