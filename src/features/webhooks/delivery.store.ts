import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
import type { Delivery, DeliveryQuery } from './schema.ts'

type Row = Tables['webhook_deliveries']

/** The primary key of a delivery; `position` is that of its event in the account's log. */
export interface DeliveryKey {
  account_id: number
  webhook_id: number
  position: number
}

export async function selectDeliveries(
  queries: Queries,
  accountId: number,
  webhookId: number,
  { limit, before_id, state }: DeliveryQuery,
): Promise<Delivery[]> {
  let query = queries.sql
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('webhook_id', '=', webhookId)
  if (before_id !== undefined) query = query.where('position', '<', before_id)
  if (state !== undefined) query = query.where('state', '=', state)
  const rows = await query.orderBy('position', 'desc').limit(limit).execute()
  const attempts = await selectAttempts(queries, accountId, webhookId, rows)
  return rows.map((row) => toDelivery(row, attempts.get(row.position) ?? []))
}

export async function findDelivery(queries: Queries, key: DeliveryKey): Promise<Delivery | undefined> {
  const row = await queries.sql
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('account_id', '=', key.account_id)
    .where('webhook_id', '=', key.webhook_id)
    .where('position', '=', key.position)
    .executeTakeFirst()
  if (!row) return undefined
  const attempts = await selectAttempts(queries, key.account_id, key.webhook_id, [row])
  return toDelivery(row, attempts.get(row.position) ?? [])
}

async function selectAttempts(queries: Queries, accountId: number, webhookId: number, deliveries: Row[]) {
  if (deliveries.length === 0) return new Map<number, Tables['webhook_attempts'][]>()
  const positions = deliveries.map(({ position }) => position)
  const rows = await queries.sql
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('webhook_id', '=', webhookId)
    .where('position', 'in', positions)
    .orderBy('number')
    .execute()
  return Map.groupBy(rows, ({ position }) => position)
}

function toDelivery(row: Row, attempts: Tables['webhook_attempts'][]): Delivery {
  return {
    id: row.position,
    webhook_id: row.webhook_id,
    event: row.event,
    conversation_id: row.conversation_id,
    state: row.state,
    attempts: attempts.map(({ number, at, duration_ms, code, error, answer }) => ({
      number,
      at: toSeconds(at),
      duration_ms,
      code,
      error,
      answer,
    })),
    next_attempt_at: row.state === 'pending' ? toSeconds(row.due_at) : null,
    created_at: toSeconds(row.created_at),
  }
}

/** Makes a delivery due at once, with the same number of retries as a new one. */
export async function forceDelivery(tx: Queries, key: DeliveryKey, now: number): Promise<void> {
  await tx.sql
    .updateTable('webhook_deliveries')
    .set({ state: 'pending', forced: 1, step: 0, due_at: now, open_in: null, finished_at: null })
    .where('account_id', '=', key.account_id)
    .where('webhook_id', '=', key.webhook_id)
    .where('position', '=', key.position)
    .execute()
}

/**
 * Makes the first unfinished delivery of each of these conversations due if it was waiting for an earlier one; of all
 * conversations if `conversationIds` is null.
 */
export async function advanceConversations(
  tx: Queries,
  { account_id, webhook_id }: Omit<DeliveryKey, 'position'>,
  conversationIds: (number | null)[] | null,
  now: number,
): Promise<void> {
  const ids = conversationIds?.filter((id) => id !== null)
  if (ids?.length === 0) return
  const first = tx.sql
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => fn.min('position').as('position'))
    .where('account_id', '=', account_id)
    .where('webhook_id', '=', webhook_id)
    .where((eb) => (ids ? eb('open_in', 'in', ids) : eb('open_in', 'is not', null)))
    .groupBy('open_in')
  // A query of its own: in a subquery, PostgreSQL would search for them again for each waiting delivery, until it has
  // statistics of the table.
  const positions = ids ? (await first.execute()).map(({ position }) => position) : first
  if (Array.isArray(positions) && positions.length === 0) return
  await tx.sql
    .updateTable('webhook_deliveries')
    .set({ due_at: now })
    .where('account_id', '=', account_id)
    .where('webhook_id', '=', webhook_id)
    .where('due_at', 'is', null)
    .where('position', 'in', positions as typeof first)
    .execute()
}
