import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { unplanned } from '../../db/prepare.ts'
import { any, type ListFilter, none } from './counts.store.ts'
import { type ConversationQuery, statuses } from './schema.ts'

/*
 * Subqueries for the ids of a page, `id`, with the values of its sort column, `at`.
 */

export type Sort = ConversationQuery['sort']

/** As the filter for an assignee: a user other than the one who asks. */
export const others = -2

/** A page of a list. */
export interface PageRange extends ListFilter {
  /** Only for a list of one status. */
  status: string
  /** The id of a user, `none`, `any` or `others`. */
  assignee_id: number
  /** A JSON list of the ids of labels, all of which the conversations have; null for any. */
  labels: string | null
  /** The page begins after the conversation with this value of the sort column and this id. */
  after_at: number
  after_id: number
  limit: number
  offset: number
  /** How many conversations are read at most; see the functions that use it. */
  reach: number
  /** The label whose rows are read, if the page is read by a label. */
  label_id: number
  /** A JSON list of the ids of the other labels; null if there are none. */
  other_labels: string | null
  /** The bits of `labels` in `label_bits`. */
  label_bits: number
  /** The hour of `after_at`. */
  after_hour: number
  /** A JSON list of the ids of contacts, if the page is read by them. */
  contacts: string | null
  /** The name that the contacts have in the inbox; null for any. */
  source_name: string | null
}

/** What is needed of a page that is read in the order of the list. */
export type OrderedRange = Pick<
  PageRange,
  'account_id' | 'status' | 'after_at' | 'after_id' | 'after_hour' | 'limit' | 'offset' | 'reach'
>

type Page = RawBuilder<{ id: number; at: number }>

/** A page of all conversations with one status, or with any: it is read from an index in its order. */
export function whole(p: OrderedRange, sort: Sort, isOneStatus: boolean, engine: Engine): Page {
  return sql`select id, at from (${ordered(p, sort, isOneStatus, engine)} limit ${p.limit} offset ${p.offset}) c`
}

/**
 * The matching conversations among the first `reach` ones of the order. Fast if many of them match; if few do, the page
 * may be incomplete.
 */
export function walked(p: PageRange, sort: Sort, isOneStatus: boolean, engine: Engine): Page {
  return sql`select id, at from (${ordered(p, sort, isOneStatus, engine)} limit ${p.reach}) c
    where ${matches(p, engine)}
    order by ${inOrder(sort, engine, 'at')} limit ${p.limit} offset ${p.offset}`
}

/** The conversations of one or all statuses in the order of the list, from the place where the page begins. */
function ordered(p: OrderedRange, sort: Sort, isOneStatus: boolean, engine: Engine): RawBuilder<unknown> {
  const at = sql.ref(`c.${sort}`)
  const hour = hours[engine][sort]
  const [hourColumn, isOfHour] = hour
    ? [sql`, c.${sql.ref(hour)} as hour`, sql`and c.${sql.ref(hour)} <= ${p.after_hour}`]
    : [sql``, sql``]
  const ofStatus = (
    status: unknown,
  ) => sql`select c.id, ${at} as at, c.inbox_id, c.assignee_id, c.team_id${hourColumn}
    from conversations c
    where c.account_id = ${p.account_id} and c.status = ${status} ${isOfHour}
      and (${at}, c.id) < (${p.after_at}, ${p.after_id})`
  const order = sql`order by ${inOrder(sort, engine, 'column')}`
  if (isOneStatus) return sql`${ofStatus(unplanned(p.status, engine))} ${order}`
  const each = statuses.map((status) => ofStatus(sql.lit(status)))
  return sql`select * from (${unionInOrder(each, order, p.reach, engine)}) c
    order by ${inOrder(sort, engine, 'at')}`
}

/*
 * On PostgreSQL the indexes have only the hour of times that each message changes (0021-lists.postgres.ts tells why), so
 * what is read by an hour is sorted by the time.
 */
const hours: Record<Engine, Partial<Record<Sort, string>>> = {
  sqlite: {},
  postgres: { last_activity_at: 'activity_hour', updated_at: 'update_hour' },
}

/** The order of the conversations `c`, or of a subquery with their columns `at`, `id` and, if it has one, `hour`. */
function inOrder(sort: Sort, engine: Engine, of: 'column' | 'at'): RawBuilder<unknown> {
  const hour = hours[engine][sort]
  const [first, second] = of === 'at' ? ['hour', 'at'] : [`c.${hour}`, `c.${sort}`]
  const byHour = hour ? sql`${sql.ref(first)} desc, ` : sql``
  return sql`${byHour}${sql.ref(second)} desc, ${sql.ref(of === 'at' ? 'id' : 'c.id')} desc`
}

/**
 * Joins queries with UNION ALL so that the result can be read in their common order. PostgreSQL merges queries that are
 * limited and in order, SQLite those that are neither.
 */
export function unionInOrder(
  queries: RawBuilder<unknown>[],
  order: RawBuilder<unknown>,
  limit: unknown,
  engine: Engine,
): RawBuilder<unknown> {
  if (engine === 'sqlite') return sql.join(queries, sql` union all `)
  const limited = queries.map((query) => sql`(${query} ${order} limit ${limit})`)
  return sql.join(limited, sql` union all `)
}

/**
 * A condition: the conversation `c` matches the filter, apart from its status. No index can be used for it, because its
 * order would be another one.
 */
export function matches(p: PageRange, engine: Engine): RawBuilder<boolean> {
  return sql`${hasColumns(p, engine, 'c')} and ${hasLabels(p, p.labels, sql`c.id`, engine)}`
}

/** The same for the row `w` of the label by which the page is read, which tells as much as its conversation. */
export function labelMatches(p: PageRange, engine: Engine): RawBuilder<boolean> {
  const bits = number(p.label_bits)
  return sql`w.label_bits & ${bits} = ${bits} and ${hasColumns(p, engine, 'w')}
    and ${hasLabels(p, p.other_labels, sql`w.conversation_id`, engine)}`
}

function hasColumns(p: PageRange, engine: Engine, row: 'c' | 'w'): RawBuilder<boolean> {
  const [inbox, team, assignee] = ['inbox_id', 'team_id', 'assignee_id'].map((name) =>
    sql.ref(`${row}.${name}`),
  )
  const isOfInboxes = json[engine].isIn(sql`${inbox} + 0`, p.inboxes, 'bigint')
  return sql`(${isNull(p.inboxes)} or ${isOfInboxes})
    and (${number(p.team_id)} = ${sql.lit(any)} or coalesce(${team}, 0) = ${number(p.team_id)})
    and ${isAssigned(sql`coalesce(${assignee}, 0)`, p)}`
}

function isAssigned(assignee: RawBuilder<unknown>, p: PageRange): RawBuilder<boolean> {
  const asked = number(p.assignee_id)
  return sql`(${asked} = ${sql.lit(any)} or ${assignee} = ${asked}
    or (${asked} = ${sql.lit(others)} and ${assignee} not in (${sql.lit(none)}, ${p.user_id})))`
}

function hasLabels(
  p: PageRange,
  list: unknown,
  id: RawBuilder<unknown>,
  engine: Engine,
): RawBuilder<boolean> {
  const labels = json[engine].values(list, 'bigint')
  return sql`(${isNull(list)} or not exists (select 1 from ${labels} l where not exists (
    select 1 from conversation_labels o where o.account_id = ${p.account_id} and o.conversation_id = ${id}
      and o.label_id = l.value)))`
}

/**
 * The groups of conversations with the same inbox, status, assignee and team that match the filter, which must list its
 * inboxes. `isOneAssignee` is true for the conversations of a user, or of nobody.
 */
function groups(p: PageRange, isOneAssignee: boolean, engine: Engine): RawBuilder<unknown> {
  const { isIn } = json[engine]
  const assignee = isOneAssignee
    ? sql`k.assignee_id = ${p.assignee_id}`
    : sql`k.assignee_id <> ${sql.lit(any)} and ${isAssigned(sql`k.assignee_id`, p)}`
  return sql`select k.inbox_id, k.status, k.assignee_id, k.team_id from conversation_counts k
    where k.account_id = ${p.account_id} and ${isIn(sql.ref('k.status'), p.statuses, 'text')}
      and ${isIn(sql.ref('k.inbox_id'), p.inboxes, 'bigint')} and ${assignee} and k.team_id <> ${sql.lit(any)}
      and (${number(p.team_id)} = ${sql.lit(any)} or k.team_id = ${number(p.team_id)})`
}

// SQLite has no statistics, so it needs the name of the index.
const table: Record<Engine, RawBuilder<unknown>> = {
  sqlite: sql`conversations c indexed by conversations_group`,
  postgres: sql`conversations c`,
}

/**
 * A condition: the conversation `c` is of the group `k`. The unary plus makes SQLite use the index, which it does not if
 * the value of an expression is compared with a column.
 */
function isOfGroup(p: PageRange): RawBuilder<boolean> {
  return sql`c.account_id = ${p.account_id} and c.inbox_id = k.inbox_id and c.status = k.status
    and coalesce(c.assignee_id, 0) = +k.assignee_id and coalesce(c.team_id, 0) = +k.team_id`
}

/**
 * A page in the order of the last activity, from the groups that match the filter. The first `reach` conversations are in
 * the `reach` groups whose newest conversations are the newest ones, so no other groups are read.
 */
export function grouped(p: PageRange, isOneAssignee: boolean, engine: Engine): Page {
  const byActivity = sql`order by ${inOrder('last_activity_at', engine, 'column')}`
  const isOfHour = engine === 'postgres' ? sql`c.activity_hour <= ${p.after_hour} and ` : sql``
  const isAfter = sql`${isOfHour}(c.last_activity_at, c.id) < (${p.after_at}, ${p.after_id})`
  const first = sql`(select c.id from ${table[engine]} where ${isOfGroup(p)} and ${isAfter} ${byActivity} limit 1)`
  const newest = sql`select k.* from (select k.*, ${first} as first from (${groups(p, isOneAssignee, engine)}) k) k
      cross join conversations c where c.account_id = ${p.account_id} and c.id = k.first
      ${byActivity} limit ${p.reach}`
  const best = sql`(select c.id, c.last_activity_at as at from ${table[engine]}
    where ${isOfGroup(p)} and ${isAfter} ${byActivity} limit ${p.reach})`
  const conversations =
    engine === 'postgres'
      ? sql`cross join lateral ${best} c`
      : sql`cross join (select id, last_activity_at as at, account_id from conversations) c
          where c.account_id = ${p.account_id} and c.id in (select id from ${best})`
  return sql`select c.id, c.at from (${newest}) k ${conversations}
    order by c.at desc, c.id desc limit ${p.limit} offset ${p.offset}`
}

/** All conversations of the groups that match the filter, with the columns that are counted and sorted. */
export function members(p: PageRange, isOneAssignee: boolean, engine: Engine): RawBuilder<unknown> {
  return sql`select c.id, c.assignee_id, c.last_activity_at, c.created_at, c.updated_at
    from (${groups(p, isOneAssignee, engine)}) k cross join ${table[engine]}
    where ${isOfGroup(p)} and ${hasLabels(p, p.labels, sql`c.id`, engine)}`
}

/** A page of some conversations, which are all read and sorted. */
export function sorted(p: PageRange, sort: Sort, all: RawBuilder<unknown>): Page {
  const at = sql.ref(`c.${sort}`)
  return sql`select c.id, ${at} as at from (${all}) c where (${at}, c.id) < (${p.after_at}, ${p.after_id})
    order by ${at} desc, c.id desc limit ${p.limit} offset ${p.offset}`
}

function number(value: unknown): RawBuilder<number> {
  return sql`cast(${value} as bigint)`
}

function isNull(list: unknown): RawBuilder<boolean> {
  return sql`cast(${list} as text) is null`
}
