import { sql, type Updateable } from 'kysely'
import type { Queries } from '../db/database.ts'
import { json } from '../db/json.ts'
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

const ofRound = prepare<{ account_id: number; now: number; ids: string }>()((builder, p, engine) => {
  const ofAccount = builder.selectFrom('delivery_targets').selectAll().where('account_id', '=', p.account_id)
  return ofAccount
    .where('due_at', 'is not', null)
    .where('due_at', '<=', p.now)
    .union(ofAccount.where(json[engine].isIn(sql`id`, p.ids, 'bigint')))
    .orderBy('due_at', (order) => order.asc().nullsLast())
})

/**
 * Returns the targets with due deliveries, and those with these ids, in the order in which their deliveries are due;
 * those without any come last.
 */
export function selectTargets(
  tx: Queries,
  account_id: number,
  now: number,
  ids: Iterable<number>,
): Promise<TargetRow[]> {
  return ofRound(tx, { account_id, now, ids: JSON.stringify([...ids]) })
}

const nextDue = prepare<{ account_id: number; ids: string }>()((builder, p, engine) =>
  builder
    .updateTable('delivery_targets')
    .set({
      due_at: sql<number>`(select d.due_at from deliveries d
        where d.account_id = delivery_targets.account_id and d.target_id = delivery_targets.id
          and d.due_at is not null and (delivery_targets.active = 1 or d.forced = 1)
        order by d.due_at limit 1)`,
    })
    .where('account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`id`, p.ids, 'bigint')),
)

/** Stores when the next delivery of some targets is due. Call it after each change of the `due_at` of a delivery. */
export async function updateNextDue(tx: Queries, account_id: number, ids: Iterable<number>): Promise<void> {
  const distinct = [...new Set(ids)]
  if (distinct.length > 0) await nextDue(tx, { account_id, ids: JSON.stringify(distinct) })
}
