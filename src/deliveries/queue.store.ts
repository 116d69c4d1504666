import { sql } from 'kysely'
import type { Queries } from '../db/database.ts'
import { prepare } from '../db/prepare.ts'
import type { Tables } from '../db/tables.ts'
import { type LoggedEvent, toLoggedEvent } from '../events/read.ts'
import type { DeliveryKey, TargetKey } from './keys.ts'

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

/** A delivery that is due. `event` is null if it is no longer in the log. */
export interface DueDelivery {
  position: number
  order_key: number | null
  tries: number
  event: LoggedEvent | null
}

interface DueQuery extends TargetKey {
  now: number
  only_forced: number
  limit: number
}

const dueOf = prepare<DueQuery>()((builder, p) =>
  builder
    .selectFrom('deliveries as d')
    .leftJoin('events as e', (join) =>
      join.onRef('e.account_id', '=', 'd.account_id').onRef('e.position', '=', 'd.position'),
    )
    .selectAll('e')
    .select(['d.position as delivery_position', 'd.order_key', 'd.tries'])
    .where('d.account_id', '=', p.account_id)
    .where('d.target_id', '=', p.target_id)
    .where('d.due_at', 'is not', null)
    .where('d.due_at', '<=', p.now)
    .where(sql<boolean>`(${p.only_forced} = 0 or d.forced = 1)`)
    .orderBy('d.due_at')
    .orderBy('d.position')
    .limit(p.limit),
)

/** Returns the target's due deliveries: pending ones, and running ones whose lease has ended. */
export async function selectDue(tx: Queries, query: DueQuery): Promise<DueDelivery[]> {
  const rows = await dueOf(tx, query)
  return rows.map(({ delivery_position: position, order_key, tries, ...event }) => ({
    position,
    order_key,
    tries,
    event: event.position === null ? null : toLoggedEvent(event as Tables['events']),
  }))
}

/** Marks deliveries as running on `node` until the lease ends, and counts the attempt. */
export async function startAttempts(
  tx: Queries,
  { account_id, target_id }: TargetKey,
  positions: number[],
  node: number | null,
  leaseEnd: number,
): Promise<void> {
  if (positions.length === 0) return
  await tx.sql
    .updateTable('deliveries')
    .set((eb) => ({ state: 'running', tries: eb('tries', '+', 1), due_at: leaseEnd, node }))
    .where('account_id', '=', account_id)
    .where('target_id', '=', target_id)
    .where('position', 'in', positions)
    .execute()
}

/** Returns the state of those of these deliveries that are running, by position. */
export async function selectRunning(tx: Queries, { account_id, target_id }: TargetKey, positions: number[]) {
  const rows = await tx.sql
    .selectFrom('deliveries')
    .select(['position', 'tries', 'forced', 'step', 'order_key'])
    .where('account_id', '=', account_id)
    .where('target_id', '=', target_id)
    .where('position', 'in', positions)
    .where('state', '=', 'running')
    .execute()
  return new Map(rows.map((row) => [row.position, row]))
}

/** Finishes deliveries: they are no longer due, and others no longer wait for them. */
export async function finishDeliveries(
  tx: Queries,
  { account_id, target_id }: TargetKey,
  positions: number[],
  state: 'succeeded' | 'failed',
  now: number,
): Promise<void> {
  if (positions.length === 0) return
  await tx.sql
    .updateTable('deliveries')
    .set({ state, due_at: null, finished_at: now, order_key: null, node: null })
    .where('account_id', '=', account_id)
    .where('target_id', '=', target_id)
    .where('position', 'in', positions)
    .execute()
}

/** Schedules the next attempt of a delivery for `due_at`. `step` is the number of delays that it has used. */
export const retryLater = prepare<DeliveryKey & { step: number; due_at: number }>()((builder, p) =>
  builder
    .updateTable('deliveries')
    .set({ state: sql.lit('pending' as const), step: p.step, due_at: p.due_at, node: sql.lit(null) })
    .where('account_id', '=', p.account_id)
    .where('target_id', '=', p.target_id)
    .where('position', '=', p.position),
)

export async function insertAttempts(tx: Queries, rows: Tables['delivery_attempts'][]): Promise<void> {
  if (rows.length > 0) await tx.sql.insertInto('delivery_attempts').values(rows).execute()
}

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

/** Makes the account's deliveries that run on a node due at once. Returns the ids of their targets. */
export async function endLeases(
  tx: Queries,
  accountId: number,
  node: number,
  now: number,
): Promise<Set<number>> {
  const rows = await tx.sql
    .updateTable('deliveries')
    .set({ due_at: now, node: null })
    .where('account_id', '=', accountId)
    .where('node', 'is not', null)
    .where('node', '=', node)
    .returning('target_id')
    .execute()
  return new Set(rows.map(({ target_id }) => target_id))
}

const rowsPerStep = 500

/**
 * Deletes some deliveries and attempts from before `before`, in milliseconds, and returns how many. Unfinished
 * deliveries of active targets stay.
 */
export async function pruneStep(tx: Queries, before: number): Promise<number> {
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
  const deleteDeliveries = sql`delete from deliveries where (account_id, target_id, position) in (${deliveries})`
  const results = [await deleteAttempts.execute(tx.sql), await deleteDeliveries.execute(tx.sql)]
  return results.reduce((sum, { numAffectedRows = 0n }) => sum + Number(numAffectedRows), 0)
}
