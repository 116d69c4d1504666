import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import { labelMatches, matches, type PageRange, unionInOrder } from './ordered.store.ts'
import { statuses } from './schema.ts'

interface LabelQuery {
  account_id: number
  /** JSON lists. */
  titles: string
  statuses: string
  limit: number
}

const labels = prepare<LabelQuery>()((builder, p, engine) => {
  const { isIn } = json[engine]
  const query = sql<{ id: number; size: number }>`select l.id, (select count(*) from (
      select 1 from conversation_labels w where w.account_id = l.account_id and w.label_id = l.id
        and ${isIn(sql`w.status`, p.statuses, 'text')} limit ${p.limit}) c) as size
    from labels l where l.account_id = ${p.account_id} and ${isIn(sql`l.title`, p.titles, 'text')}`
  return { compile: () => query.compile(builder) }
})

interface SizeQuery {
  account_id: number
  /** The user for whom the list is. */
  user_id: number
  /** A JSON list. */
  statuses: string
  limit: number
}

function sizeQuery(relation: Exclude<Relation, 'label'>) {
  return prepare<SizeQuery>()((builder, p, engine) => {
    const query = sql<{ size: number }>`select count(*) as size from (select 1 from ${rowsOf(relation, p)}
      and ${json[engine].isIn(sql`w.status`, p.statuses, 'text')} limit ${p.limit}) c`
    return { compile: () => query.compile(builder) }
  })
}

const sizes = {
  participating: sizeQuery('participating'),
  mentioned: sizeQuery('mentioned'),
  unattended: sizeQuery('unattended'),
}

/** Returns how many conversations a relation other than a label has, counted up to `limit`. */
export async function countRelation(
  queries: Queries,
  relation: Exclude<Relation, 'label'>,
  query: SizeQuery,
): Promise<number> {
  const [row] = await sizes[relation](queries, query)
  return Number(row!.size)
}

/** Returns the labels with these titles, each with the number of its conversations, counted up to `limit`. */
export async function selectLabelSizes(
  queries: Queries,
  query: LabelQuery,
): Promise<{ id: number; size: number }[]> {
  const rows = await labels(queries, query)
  return rows.map(({ id, size }) => ({ id, size: Number(size) }))
}

/** What a list is read by: a label, the user who asks, or that a customer waits for an answer. */
export type Relation = 'label' | 'participating' | 'mentioned' | 'unattended'

/** The rows `w` of a relation. */
function rowsOf(
  relation: Relation,
  p: Pick<PageRange, 'account_id' | 'user_id'> & { label_id?: number },
): RawBuilder<unknown> {
  if (relation === 'label')
    return sql`conversation_labels w where w.account_id = ${p.account_id} and w.label_id = ${p.label_id}`
  if (relation === 'unattended') return sql`unattended_conversations w where w.account_id = ${p.account_id}`
  const has = relation === 'participating' ? sql`w.left_at is null` : sql`w.mentioned_at is not null`
  return sql`conversation_participants w where w.account_id = ${p.account_id} and w.user_id = ${p.user_id} and ${has}`
}

/** Which rows of a relation: by default all. */
interface Rows {
  hour?: RawBuilder<unknown>
  limit?: unknown
  /** Only what matches the filter, for a label. */
  isFiltered?: boolean
}

// SQLite ignores the order of a subquery without a limit.
const unlimited = sql.lit(2_000_000_000)

/**
 * The rows of a relation, the conversations with the latest activity first, by hours: each message would have to change a
 * row that has the exact time.
 */
function latestRows(
  relation: Relation,
  p: PageRange,
  isOneStatus: boolean,
  engine: Engine,
  { hour, limit = unlimited, isFiltered = false }: Rows,
): RawBuilder<unknown> {
  const columns = relation === 'label' ? sql`, w.inbox_id, w.team_id, w.assignee_id, w.label_bits` : sql``
  const ofHour = hour ? sql`and w.activity_hour = ${hour}` : sql`and w.activity_hour <= ${p.after_hour}`
  const filter = isFiltered && relation === 'label' ? sql`and ${labelMatches(p, engine)}` : sql``
  const ofStatus = (
    status: unknown,
  ) => sql`select w.conversation_id, w.activity_hour${columns} from ${rowsOf(relation, p)} and w.status = ${status}
      ${ofHour} ${filter}`
  const order = sql`order by w.activity_hour desc`
  if (isOneStatus) return sql`${ofStatus(p.status)} ${order} limit ${limit}`
  const each = statuses.map((status) => ofStatus(sql.lit(status)))
  return sql`select * from (${unionInOrder(each, order, limit, engine)}) w order by activity_hour desc limit ${limit}`
}

/** Of the `reach` conversations of the relation with the latest activity those that match, with the columns to sort by. */
export function related(
  relation: Relation,
  p: PageRange,
  isOneStatus: boolean,
  engine: Engine,
): RawBuilder<unknown> {
  return sql`select c.id, c.assignee_id, c.last_activity_at, c.created_at, c.updated_at
    from (${latestRows(relation, p, isOneStatus, engine, { limit: p.reach })}) w cross join conversations c
    where c.account_id = ${p.account_id} and c.id = w.conversation_id
      and ${relation === 'label' ? labelMatches(p, engine) : matches(p, engine)}`
}

/** The same with the column that is counted: for a label, no conversation is read, and at most `limit` rows match. */
export function countable(
  relation: Relation,
  p: PageRange,
  isOneStatus: boolean,
  engine: Engine,
): RawBuilder<unknown> {
  if (relation !== 'label') return related(relation, p, isOneStatus, engine)
  return sql`select w.assignee_id from (${latestRows(relation, p, isOneStatus, engine, { limit: p.reach })}) w
    where ${labelMatches(p, engine)} limit ${p.limit}`
}

/**
 * The rows `w` whose conversations `c` match and belong to the page or to a later one. PostgreSQL does not know how few
 * rows the last hours are, and would read all conversations of the account at once. With OFFSET it looks up one after the
 * other.
 */
function matching(
  relation: Relation,
  p: PageRange,
  engine: Engine,
  rows: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const isIts = sql`c.account_id = ${p.account_id} and c.id = w.conversation_id`
  const conversation =
    engine === 'sqlite'
      ? sql`cross join conversations c where ${isIts}`
      : sql`cross join lateral (select c.id, c.last_activity_at, c.inbox_id, c.assignee_id, c.team_id
          from conversations c where ${isIts} offset 0) c where true`
  const filter = relation === 'label' ? sql`` : sql`and ${matches(p, engine)}`
  return sql`select w.activity_hour, c.id, c.last_activity_at as at from (${rows}) w ${conversation}
    and (c.last_activity_at, c.id) < (${p.after_at}, ${p.after_id}) ${filter}`
}

/**
 * A page in the order of the last activity, of the conversations of the relation. The `reach` newest rows that match, by
 * hours, contain everything of the hours after the last of them. That hour is read again, because it can have more.
 */
export function recent(
  relation: Relation,
  p: PageRange,
  isOneStatus: boolean,
  engine: Engine,
): RawBuilder<{ id: number; at: number }> {
  const matchingRows = (which: Rows) => {
    const rows = latestRows(relation, p, isOneStatus, engine, { ...which, isFiltered: true })
    return matching(relation, p, engine, rows)
  }
  const lastHour = sql`(select hour from last)`
  return sql`with newest as materialized (${matchingRows({})} limit ${p.reach}),
      last as materialized (select min(activity_hour) as hour from newest)
    select id, at from (
      select id, at from newest where activity_hour > ${lastHour}
      union all select id, at from (${matchingRows({ hour: lastHour })}) c) c
    order by at desc, id desc limit ${p.limit} offset ${p.offset}`
}
