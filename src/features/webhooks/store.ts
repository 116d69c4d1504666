import { type Insertable, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { openedOrNull, type SecretPlace, sealed } from '../../lib/secret-box.ts'
import type { HasSlots } from '../../lib/slot.ts'

/** Its secrets are encrypted: `openSecret` opens them. */
export type Row = Tables['webhooks']

type SecretName = 'secret' | 'previous_secret'

/** A secret of a webhook; null if it has none, or if it cannot be decrypted. */
export function openSecret(slots: HasSlots, webhook: Row, name: SecretName): string | null {
  return openedOrNull(slots, webhook[name], placeOf(webhook, name))
}

function placeOf({ account_id, id }: Pick<Row, 'account_id' | 'id'>, column: SecretName): SecretPlace {
  return { table: 'webhooks', column, key: [account_id, id] }
}

/** Encrypts the secrets among new values of a webhook. */
function sealSecrets<V extends Updateable<Row>>(
  tx: Queries,
  webhook: Pick<Row, 'account_id' | 'id'>,
  values: V,
): V {
  const { secret, previous_secret } = values
  return {
    ...values,
    ...(secret && { secret: sealed(tx, secret, placeOf(webhook, 'secret')) }),
    ...(previous_secret && {
      previous_secret: sealed(tx, previous_secret, placeOf(webhook, 'previous_secret')),
    }),
  }
}

/** A webhook with the state of its target. */
export type WebhookRow = Row & Pick<Tables['delivery_targets'], 'active' | 'disabled_reason'>

export function selectWebhooks(queries: Queries, accountId: number): Promise<WebhookRow[]> {
  return all(queries, accountId).orderBy('w.id').execute()
}

export function findWebhook(
  queries: Queries,
  accountId: number,
  id: number,
): Promise<WebhookRow | undefined> {
  return all(queries, accountId).where('w.id', '=', id).executeTakeFirst()
}

/** Returns the oldest of the account's own webhooks with a URL. */
export function findWebhookByUrl(
  queries: Queries,
  accountId: number,
  url: string,
): Promise<WebhookRow | undefined> {
  const own = all(queries, accountId).where('w.url', '=', url).where('w.inbox_id', 'is', null)
  return own.orderBy('w.id').limit(1).executeTakeFirst()
}

/** Returns the webhook of an API inbox. */
export function findOfInbox(
  queries: Queries,
  accountId: number,
  inboxId: number,
): Promise<WebhookRow | undefined> {
  return all(queries, accountId).where('w.inbox_id', '=', inboxId).executeTakeFirst()
}

function all(queries: Queries, accountId: number) {
  return queries.sql
    .selectFrom('webhooks as w')
    .innerJoin('delivery_targets as t', (join) =>
      join.onRef('t.account_id', '=', 'w.account_id').onRef('t.id', '=', 'w.target_id'),
    )
    .selectAll('w')
    .select(['t.active', 't.disabled_reason'])
    .where('w.account_id', '=', accountId)
}

/** Counts the account's own webhooks, without those of inboxes. */
export async function countWebhooks(queries: Queries, accountId: number): Promise<number> {
  const row = await queries.sql
    .selectFrom('webhooks')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('inbox_id', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Stores a webhook, and encrypts its secrets. */
export async function insertWebhook(tx: Queries, row: Insertable<Row>): Promise<void> {
  await tx.sql
    .insertInto('webhooks')
    .values(sealSecrets(tx, row, row))
    .execute()
}

/** Changes a webhook, and encrypts new secrets. */
export async function updateWebhook(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Row>,
): Promise<void> {
  const query = tx.sql.updateTable('webhooks').set(sealSecrets(tx, { account_id: accountId, id }, change))
  await query.where('account_id', '=', accountId).where('id', '=', id).execute()
}

export async function deleteWebhook(tx: Queries, accountId: number, id: number): Promise<void> {
  const query = tx.sql.deleteFrom('webhooks')
  await query.where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** Returns what decides which events the account's webhooks get. */
export const selectRules = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('webhooks')
    .select(['id', 'target_id', 'inbox_id', 'subscriptions', 'format'])
    .where('account_id', '=', p.account_id),
)

/**
 * Returns the webhooks that are switched on and may get signals of an inbox: those of the account, and the inbox's own.
 * Their number does not grow with the account.
 */
export const selectForSignals = prepare<{ account_id: number; inbox_id: number }>()((builder, p) => {
  const active = builder
    .selectFrom('webhooks as w')
    .innerJoin('delivery_targets as t', (join) =>
      join.onRef('t.account_id', '=', 'w.account_id').onRef('t.id', '=', 'w.target_id'),
    )
    .selectAll('w')
    .where('w.account_id', '=', p.account_id)
    .where('t.active', '=', 1)
  return active.where('w.inbox_id', 'is', null).unionAll(active.where('w.inbox_id', '=', p.inbox_id))
})

const ofTargets = prepare<{ account_id: number; ids: string }>()((builder, p, engine) =>
  builder
    .selectFrom('webhooks')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`target_id`, p.ids, 'bigint')),
)

/** Returns the webhooks of some targets. */
export function selectByTargets(
  tx: Queries,
  account_id: number,
  targetIds: readonly number[],
): Promise<Row[]> {
  return ofTargets(tx, { account_id, ids: JSON.stringify(targetIds) })
}
