import { type Insertable, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { openedOrNull, type SecretPlace, sealed } from '../../lib/secret-box.ts'

/** Its secrets are encrypted: `openSecret` opens them. */
export type Row = Tables['webhooks']

type SecretName = 'secret' | 'previous_secret'

/** A secret of a webhook; null if it has none, or if it cannot be decrypted. */
export function openSecret(queries: Queries, webhook: Row, name: SecretName): string | null {
  return openedOrNull(queries, webhook[name], placeOf(webhook, name))
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

export async function selectWebhooks(queries: Queries, accountId: number): Promise<Row[]> {
  const all = queries.sql.selectFrom('webhooks').selectAll()
  return all.where('account_id', '=', accountId).orderBy('id').execute()
}

export async function findWebhook(queries: Queries, accountId: number, id: number): Promise<Row | undefined> {
  const all = queries.sql.selectFrom('webhooks').selectAll()
  return all.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
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

/** Deletes a webhook. Its deliveries are pruned when they are old enough; none of them is sent. */
export async function deleteWebhook(tx: Queries, accountId: number, id: number): Promise<void> {
  const query = tx.sql.deleteFrom('webhooks')
  await query.where('account_id', '=', accountId).where('id', '=', id).execute()
}

const nextDue = prepare<{ account_id: number; id: number }>()((builder, p) =>
  builder
    .updateTable('webhooks')
    .set({
      due_at: sql<number>`(select d.due_at from webhook_deliveries d
        where d.account_id = webhooks.account_id and d.webhook_id = webhooks.id and d.due_at is not null
          and (webhooks.active = 1 or d.forced = 1)
        order by d.due_at limit 1)`,
    })
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.id),
)

/** Stores when the next delivery of a webhook is due. Call it after each change of the `due_at` of a delivery. */
export async function updateNextDue(tx: Queries, accountId: number, id: number): Promise<void> {
  await nextDue(tx, { account_id: accountId, id })
}
