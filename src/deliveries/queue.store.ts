import { sql } from 'kysely'
import type { Queries } from '../db/database.ts'
import { prepare } from '../db/prepare.ts'
import { byIndex, inserter, prepareForEach } from '../db/rows.ts'
import type { Tables } from '../db/tables.ts'

/** The accounts that have something to send, by id. */
export interface Work {
  /** Accounts with due deliveries. */
  due: number[]
  /** When the next delivery of any account is due, in milliseconds since 1970; null if none is planned. */
  next: number | null
}

const accountsWithDue = prepare<{ now: number }>()((builder, p) =>
  builder
    .selectFrom('delivery_targets')
    .select('account_id')
    .distinct()
    .where('due_at', 'is not', null)
    .where('due_at', '<=', p.now),
)

const firstDueAfter = prepare<{ time: number }>()((builder, p) =>
  builder
    .selectFrom('delivery_targets')
    .select('due_at')
    .where('due_at', 'is not', null)
    .where('due_at', '>', p.time)
    .orderBy('due_at')
    .limit(1),
)

/** For how many milliseconds the delivery that is late the longest has been due at `now`; 0 if none is late. */
export async function longestDelay(queries: Queries, now: number): Promise<number> {
  const [row] = await firstDueAfter(queries, { time: -1 })
  return Math.max(0, now - (row?.due_at ?? now))
}

/** Finds out which accounts have something to send at `now`, in milliseconds. */
export async function findWork(queries: Queries, now: number): Promise<Work> {
  const [due, next] = await Promise.all([
    accountsWithDue(queries, { now }),
    firstDueAfter(queries, { time: now }),
  ])
  return { due: due.map(({ account_id }) => account_id), next: next[0]?.due_at ?? null }
}

type Row = Tables['deliveries']

/** Names a delivery of an account. */
export type Key = Pick<Row, 'target_id' | 'position'>

/** Names the deliveries of a target that are sent one after another. */
export interface Order {
  target_id: number
  order_key: number
}

/**
 * Names the due deliveries of a target: at most `limit`, and only those that were requested by a user if `only_forced`
 * is 1.
 */
export interface DueOfTarget {
  target_id: number
  only_forced: number
  limit: number
}

const due = prepareForEach<{ account_id: number; now: number }>()(
  { target_id: 'bigint', only_forced: 'bigint', limit: 'bigint' },
  (builder, p) =>
    builder
      .selectFrom('deliveries')
      .selectAll()
      .where('account_id', '=', p.account_id)
      .where('target_id', '=', p.target_id)
      .where('due_at', 'is not', null)
      .where('due_at', '<=', p.now)
      .where(sql<boolean>`(${p.only_forced} = 0 or forced = 1)`)
      .orderBy('due_at')
      .orderBy('position')
      .limit(p.limit),
)

/** Returns the due deliveries of some targets: pending ones, and running ones whose lease has ended. */
export function selectDue(
  tx: Queries,
  account_id: number,
  now: number,
  targets: DueOfTarget[],
): Promise<Row[]> {
  return due(tx, { account_id, now }, targets)
}

const running = prepareForEach<{ account_id: number }>()(
  { target_id: 'bigint', position: 'bigint' },
  (builder, p) =>
    builder
      .selectFrom('deliveries')
      .selectAll()
      .where('account_id', '=', p.account_id)
      .where('target_id', '=', p.target_id)
      .where('position', '=', p.position)
      .where('state', '=', sql.lit('running' as const)),
)

/** Returns those of some deliveries that are running. */
export function selectRunning(tx: Queries, account_id: number, keys: Key[]): Promise<Row[]> {
  return running(tx, { account_id }, keys)
}

const first = prepareForEach<{ account_id: number }>()(
  { target_id: 'bigint', order_key: 'bigint' },
  (builder, p, engine) =>
    builder
      .selectFrom(byIndex(engine, 'deliveries', 'deliveries_order'))
      .selectAll()
      .where('account_id', '=', p.account_id)
      .where('target_id', '=', p.target_id)
      .where('order_key', '=', p.order_key)
      .orderBy('position')
      .limit(sql.lit(1)),
)

/** Returns the first unfinished delivery of each order that has one. */
export function selectFirst(tx: Queries, account_id: number, orders: Order[]): Promise<Row[]> {
  return first(tx, { account_id }, orders)
}

const types = {
  account_id: 'bigint',
  target_id: 'bigint',
  position: 'bigint',
  event: 'text',
  conversation_id: 'bigint',
  order_key: 'bigint',
  state: 'text',
  forced: 'bigint',
  tries: 'bigint',
  step: 'bigint',
  due_at: 'bigint',
  node: 'bigint',
  finished_at: 'bigint',
  created_at: 'bigint',
} as const

/** Stores new deliveries. */
export const insertDeliveries: (tx: Queries, rows: Row[]) => Promise<void> = inserter(
  'deliveries',
  types,
  'on conflict do nothing',
)

const changing = ['order_key', 'state', 'tries', 'step', 'due_at', 'node', 'finished_at']

/**
 * Stores new states of deliveries, each of which has been read in the same transaction. An UPDATE of many rows would be
 * a join, for which PostgreSQL may read all deliveries of the account before it has statistics of them.
 */
export const updateDeliveries: (tx: Queries, rows: Row[]) => Promise<void> = inserter(
  'deliveries',
  types,
  `on conflict (account_id, target_id, position) do update set
    ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}`,
)

/** Stores attempts that have ended. */
export const insertAttempts: (tx: Queries, rows: Tables['delivery_attempts'][]) => Promise<void> = inserter(
  'delivery_attempts',
  {
    account_id: 'bigint',
    target_id: 'bigint',
    position: 'bigint',
    number: 'bigint',
    at: 'bigint',
    duration_ms: 'bigint',
    code: 'bigint',
    error: 'text',
    answer: 'text',
  },
)

const runningNodes = prepare()((builder) =>
  builder.selectFrom('deliveries').select('node').distinct().where('node', 'is not', null),
)

/** Returns the nodes for which deliveries are running. */
export async function selectRunningNodes(queries: Queries): Promise<number[]> {
  return (await runningNodes(queries, {})).map(({ node }) => node!)
}

/** Returns the accounts in which deliveries are running on a node. */
export async function selectAccountsOf(queries: Queries, node: number): Promise<number[]> {
  const accounts = queries.sql.selectFrom('deliveries').select('account_id').distinct()
  const rows = await accounts.where('node', 'is not', null).where('node', '=', node).execute()
  return rows.map(({ account_id }) => account_id)
}

/** Makes the account's deliveries that run on a node due at once. Returns the id of the target of each. */
export async function endLeases(
  tx: Queries,
  accountId: number,
  node: number,
  now: number,
): Promise<number[]> {
  const rows = await tx.sql
    .updateTable('deliveries')
    .set({ due_at: now, node: null })
    .where('account_id', '=', accountId)
    .where('node', 'is not', null)
    .where('node', '=', node)
    .returning('target_id')
    .execute()
  return rows.map(({ target_id }) => target_id)
}

const rowsPerStep = 500

/** What a step has deleted. */
export interface Pruned {
  /** The number of deliveries and attempts. */
  count: number
  /** The targets of the deliveries that were not finished. */
  unfinished: Pick<Row, 'account_id' | 'target_id'>[]
}

/**
 * Deletes some deliveries and attempts from before `before`, in milliseconds. Unfinished deliveries of active targets
 * stay.
 */
export async function pruneStep(tx: Queries, before: number): Promise<Pruned> {
  const attempts = tx.sql
    .selectFrom('delivery_attempts')
    .select(['account_id', 'target_id', 'position', 'number'])
    .where('at', '<', before)
    .orderBy('at')
    .limit(rowsPerStep)
  const deliveries = tx.sql
    .selectFrom('deliveries as d')
    .leftJoin('delivery_targets as t', (join) =>
      join.onRef('t.account_id', '=', 'd.account_id').onRef('t.id', '=', 'd.target_id'),
    )
    .select(['d.account_id', 'd.target_id', 'd.position'])
    .where('d.created_at', '<', before)
    .where((eb) =>
      eb.or([eb('d.finished_at', 'is not', null), eb('t.active', 'is', null), eb('t.active', '=', 0)]),
    )
    .orderBy('d.created_at')
    .limit(rowsPerStep)
  const deleteAttempts = sql`delete from delivery_attempts where (account_id, target_id, position, number) in (${attempts})`
  const deleteDeliveries = sql<Pick<Row, 'account_id' | 'target_id' | 'finished_at'>>`delete from deliveries
    where (account_id, target_id, position) in (${deliveries}) returning account_id, target_id, finished_at`
  const { numAffectedRows: attemptCount = 0n } = await deleteAttempts.execute(tx.sql)
  const { rows } = await deleteDeliveries.execute(tx.sql)
  const unfinished = rows.filter(({ finished_at }) => finished_at === null)
  return { count: Number(attemptCount) + rows.length, unfinished }
}
