import { sql, type Updateable } from 'kysely'
import type { Queries } from '../db/database.ts'
import { prepare } from '../db/prepare.ts'
import type { Tables } from '../db/tables.ts'
import type { TargetKey } from './keys.ts'

export type TargetRow = Tables['delivery_targets']

export async function insertTarget(
  tx: Queries,
  target: Pick<TargetRow, 'account_id' | 'id' | 'sender' | 'since'>,
): Promise<void> {
  await tx.sql
    .insertInto('delivery_targets')
    .values({ ...target, active: 1 })
    .execute()
}

export function findTarget(
  tx: Queries,
  { account_id, target_id }: TargetKey,
): Promise<TargetRow | undefined> {
  const all = tx.sql.selectFrom('delivery_targets').selectAll()
  return all.where('account_id', '=', account_id).where('id', '=', target_id).executeTakeFirst()
}

export async function updateTarget(
  tx: Queries,
  { account_id, target_id }: TargetKey,
  change: Updateable<TargetRow>,
): Promise<void> {
  const query = tx.sql.updateTable('delivery_targets').set(change)
  await query.where('account_id', '=', account_id).where('id', '=', target_id).execute()
}

/** Deletes a target. Its deliveries are pruned when they are old enough; none of them is sent. */
export async function deleteTarget(tx: Queries, { account_id, target_id }: TargetKey): Promise<void> {
  const query = tx.sql.deleteFrom('delivery_targets')
  await query.where('account_id', '=', account_id).where('id', '=', target_id).execute()
}

export const selectActiveTargets = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('delivery_targets')
    .select(['id', 'sender', 'since'])
    .where('account_id', '=', p.account_id)
    .where('active', '=', sql.lit(1)),
)

export const selectDueTargets = prepare<{ account_id: number; now: number }>()((builder, p) =>
  builder
    .selectFrom('delivery_targets')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('due_at', 'is not', null)
    .where('due_at', '<=', p.now)
    .orderBy('due_at'),
)

export const selectHealth = prepare<TargetKey>()((builder, p) =>
  builder
    .selectFrom('delivery_targets')
    .select(['active', 'failing_since'])
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.target_id),
)

const nextDue = prepare<TargetKey>()((builder, p) =>
  builder
    .updateTable('delivery_targets')
    .set({
      due_at: sql<number>`(select d.due_at from deliveries d
        where d.account_id = delivery_targets.account_id and d.target_id = delivery_targets.id
          and d.due_at is not null and (delivery_targets.active = 1 or d.forced = 1)
        order by d.due_at limit 1)`,
    })
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.target_id),
)

/** Stores when the next delivery of a target is due. Call it after each change of the `due_at` of a delivery. */
export async function updateNextDue(tx: Queries, { account_id, target_id }: TargetKey): Promise<void> {
  await nextDue(tx, { account_id, target_id })
}
