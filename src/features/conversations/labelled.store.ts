import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import { matches, type PageRange, unionInOrder } from './ordered.store.ts'
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

/**
 * The rows of a relation, the conversations with the latest activity first, by hours: each message would have to change a
 * row that has the exact time.
 */
function latestRows(
  relation: Relation,
  p: PageRange,
  isOneStatus: boolean,
  engine: Engine,
  limit: unknown,
  firstHour: RawBuilder<unknown> = sql.lit(0),
): RawBuilder<unknown> {
  const ofStatus = (
    status: unknown,
  ) => sql`select w.conversation_id, w.activity_hour from ${rowsOf(relation, p)} and w.status = ${status}
      and w.activity_hour <= ${p.after_hour} and w.activity_hour >= ${firstHour}`
  const order = sql`order by w.activity_hour desc`
  if (isOneStatus) return sql`${ofStatus(p.status)} ${order} limit ${limit}`
  const each = statuses.map((status) => ofStatus(sql.lit(status)))
  return sql`select * from (${unionInOrder(each, order, limit, engine)}) w order by activity_hour desc limit ${limit}`
}

// SQLite ignores the order of a subquery without a limit.
const unlimited = sql.lit(2_000_000_000)

/** Of the `reach` conversations of the relation with the latest activity those that match, with the columns to sort by. */
export function related(
  relation: Relation,
  p: PageRange,
  isOneStatus: boolean,
  engine: Engine,
): RawBuilder<unknown> {
  return sql`select c.id, c.assignee_id, c.last_activity_at, c.created_at, c.updated_at
    from (${latestRows(relation, p, isOneStatus, engine, p.reach)}) w cross join conversations c
    where c.account_id = ${p.account_id} and c.id = w.conversation_id and ${matches(p, engine)}`
}

/**
 * Joins the row `w` with its conversation `c`. PostgreSQL does not know how few rows the last hours are, and would read all
 * conversations of the account at once. With OFFSET it looks up one after the other.
 */
function conversationOfRow(relation: Relation, p: PageRange, engine: Engine): RawBuilder<unknown> {
  const isIts = sql`c.account_id = ${p.account_id} and c.id = w.conversation_id`
  if (engine === 'sqlite' || relation === 'label') return sql`cross join conversations c where ${isIts}`
  return sql`cross join lateral (select c.id, c.last_activity_at, c.inbox_id, c.assignee_id, c.team_id
    from conversations c where ${isIts} offset 0) c where true`
}

/**
 * A page in the order of the last activity, of the conversations of the relation. `reach` of those that match tell how
 * many hours must be read: no conversation of an earlier hour can be one of the first `reach`.
 */
export function recent(
  relation: Relation,
  p: PageRange,
  isOneStatus: boolean,
  engine: Engine,
): RawBuilder<{ id: number; at: number }> {
  const matching = sql`${conversationOfRow(relation, p, engine)}
    and (c.last_activity_at, c.id) < (${p.after_at}, ${p.after_id}) and ${matches(p, engine)}`
  const earliest = sql`(select coalesce(min(activity_hour), 0) from (
    select w.activity_hour from (${latestRows(relation, p, isOneStatus, engine, unlimited)}) w ${matching} limit ${p.reach}) m)`
  return sql`select c.id, c.last_activity_at as at from (${latestRows(relation, p, isOneStatus, engine, unlimited, earliest)}) w ${matching}
    order by c.last_activity_at desc, c.id desc limit ${p.limit} offset ${p.offset}`
}
