import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { listDeliveries, redeliver } from '../../deliveries/deliveries.ts'
import type { DeliveryFilter, RecordedDelivery } from '../../deliveries/delivery.store.ts'
import type { TargetKey } from '../../deliveries/keys.ts'
import { createTarget, forgetFailures, removeTarget, switchOff, switchOn } from '../../deliveries/targets.ts'
import type { Actor } from '../../lib/actor.ts'
import { urlProblem } from '../../lib/destination.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { signingSecret } from '../../lib/signing.ts'
import { toSeconds } from '../../lib/time.ts'
import type {
  Delivery,
  NewWebhook,
  Webhook,
  WebhookChange,
  WebhookFormatName,
  WebhookWithSecret,
} from './schema.ts'
import { senderName } from './sender.ts'
import {
  countWebhooks,
  deleteWebhook,
  findOfInbox,
  findWebhook,
  insertWebhook,
  openSecret,
  type Row,
  selectWebhooks,
  updateWebhook,
  type WebhookRow,
} from './store.ts'

const maxWebhooks = 50
/** How long deliveries are signed with the previous secret, too, in milliseconds. */
const secretOverlap = 24 * 60 * 60 * 1000

/** Returns the account's webhooks, including those of its API inboxes, oldest first. */
export async function listWebhooks(queries: Queries, { accountId }: Actor): Promise<Webhook[]> {
  return (await selectWebhooks(queries, accountId)).map(toWebhook)
}

/** Returns one webhook. Throws `not_found`. */
export async function getWebhook(queries: Queries, { accountId }: Actor, id: number): Promise<Webhook> {
  return toWebhook(await getRow(queries, accountId, id))
}

/**
 * Creates a webhook, which gets the events that happen from now on. Its secret is only in this result. Throws `invalid`
 * for a URL that may not be called, and `limit_reached` if the account already has 50 webhooks.
 */
export function createWebhook(
  database: Database,
  { accountId }: Actor,
  { url, name = null, subscriptions, format }: NewWebhook,
  allowPrivate: boolean,
): Promise<WebhookWithSecret> {
  assertCallable(url, allowPrivate)
  return database.transaction(accountId, async (tx) => {
    if ((await countWebhooks(tx, accountId)) >= maxWebhooks) {
      throw new Refusal(
        'limit_reached',
        `the account already has ${maxWebhooks} webhooks, the maximum: delete one first`,
      )
    }
    const { id, secret } = await insert(tx, accountId, {
      url,
      name,
      subscriptions: toJsonList(subscriptions),
      format,
      inbox_id: null,
    })
    return { ...toWebhook(await getRow(tx, accountId, id)), secret }
  })
}

async function insert(
  tx: Queries,
  account_id: number,
  webhook: Pick<Row, 'url' | 'name' | 'subscriptions' | 'format' | 'inbox_id'>,
): Promise<{ id: number; secret: string }> {
  const id = await nextId(tx, account_id, 'webhooks')
  const target_id = await createTarget(tx, account_id, senderName)
  const secret = signingSecret()
  const now = Date.now()
  await insertWebhook(tx, { account_id, id, target_id, ...webhook, secret, created_at: now, updated_at: now })
  return { id, secret }
}

/**
 * Changes a webhook. If it is switched on again, pending deliveries continue, and it gets the events that happen from
 * now on. Throws `not_found`, `invalid` as `createWebhook` does, and `conflict` for fields that belong to an inbox.
 */
export function changeWebhook(
  database: Database,
  { accountId }: Actor,
  id: number,
  { url, name, subscriptions, format, active }: WebhookChange,
  allowPrivate: boolean,
): Promise<Webhook> {
  if (url !== undefined) assertCallable(url, allowPrivate)
  return database.transaction(accountId, async (tx) => {
    const before = await getRow(tx, accountId, id)
    if (url !== undefined || subscriptions !== undefined) assertNotOfInbox(before)
    const now = Date.now()
    await updateWebhook(tx, accountId, id, {
      name: name === undefined ? before.name : name,
      subscriptions: subscriptions ? toJsonList(subscriptions) : before.subscriptions,
      format: format ?? before.format,
      url: url ?? before.url,
      updated_at: now,
    })
    if (url !== undefined && url !== before.url) await forgetFailures(tx, targetOf(before))
    if (active === true) await switchOn(tx, targetOf(before), now)
    if (active === false) await switchOff(tx, targetOf(before))
    return toWebhook(await getRow(tx, accountId, id))
  })
}

/**
 * Deletes a webhook and returns it. Pending deliveries are not sent. Throws `not_found`, and `conflict` if it belongs
 * to an inbox.
 */
export function removeWebhook(database: Database, { accountId }: Actor, id: number): Promise<Webhook> {
  return database.transaction(accountId, async (tx) => {
    const before = await getRow(tx, accountId, id)
    assertNotOfInbox(before)
    await remove(tx, before)
    return toWebhook(before)
  })
}

async function remove(tx: Queries, webhook: Row): Promise<void> {
  await removeTarget(tx, targetOf(webhook))
  await deleteWebhook(tx, webhook.account_id, webhook.id)
}

/**
 * Gives an API inbox a webhook with this URL, changes the URL, or removes the webhook if `url` is null, in a transaction
 * of the account. A webhook that was switched off is switched on again by a new URL.
 */
export async function setInboxWebhook(
  tx: Queries,
  accountId: number,
  inboxId: number,
  url: string | null,
): Promise<void> {
  const before = await findOfInbox(tx, accountId, inboxId)
  if (url === null) {
    if (before) await remove(tx, before)
  } else if (!before) {
    const rest = { name: null, subscriptions: '[]', format: 'ndoto', inbox_id: inboxId } as const
    await insert(tx, accountId, { url, ...rest })
  } else if (url !== before.url) {
    await updateWebhook(tx, accountId, before.id, { url })
    await forgetFailures(tx, targetOf(before))
    await switchOn(tx, targetOf(before), Date.now())
  }
}

/** Changes the format of the webhook of an API inbox, if it has one, in a transaction of the account. */
export async function setInboxWebhookFormat(
  tx: Queries,
  accountId: number,
  inboxId: number,
  format: WebhookFormatName,
): Promise<void> {
  const webhook = await findOfInbox(tx, accountId, inboxId)
  if (webhook) await updateWebhook(tx, accountId, webhook.id, { format })
}

/** Creates a new secret; for 24 hours deliveries are signed with both. Throws `not_found`. */
export function rotateSecret(
  database: Database,
  { accountId }: Actor,
  id: number,
): Promise<WebhookWithSecret> {
  return database.transaction(accountId, async (tx) => {
    const previous_secret = openSecret(tx, await getRow(tx, accountId, id), 'secret')
    const secret = signingSecret()
    const now = Date.now()
    const change = { secret, previous_secret, previous_secret_until: now + secretOverlap, updated_at: now }
    await updateWebhook(tx, accountId, id, change)
    return { ...toWebhook(await getRow(tx, accountId, id)), secret }
  })
}

/** Returns a page of a webhook's deliveries, newest first, and the cursor of the next page. Throws `not_found`. */
export async function deliveriesOf(
  queries: Queries,
  { accountId }: Actor,
  id: number,
  query: DeliveryFilter,
): Promise<{ payload: Delivery[]; meta: { before_id: number | null } }> {
  const webhook = await getRow(queries, accountId, id)
  const { deliveries, before_id } = await listDeliveries(queries, targetOf(webhook), query)
  return { payload: deliveries.map((one) => toDelivery(id, one)), meta: { before_id } }
}

/**
 * Makes a delivery due at once, regardless of the order of its conversation. If the webhook is switched off, it is
 * attempted once. Throws `not_found`, and `conflict` while it is running.
 */
export function sendAgain(
  database: Database,
  { accountId }: Actor,
  id: number,
  deliveryId: number,
): Promise<Delivery> {
  return database.transaction(accountId, async (tx) => {
    const webhook = await getRow(tx, accountId, id)
    const key = { ...targetOf(webhook), position: deliveryId }
    return toDelivery(id, await redeliver(tx, key, Date.now()))
  })
}

async function getRow(queries: Queries, accountId: number, id: number): Promise<WebhookRow> {
  const row = await findWebhook(queries, accountId, id)
  if (!row) throw notFound('webhook')
  return row
}

function assertNotOfInbox({ inbox_id }: Row): void {
  if (inbox_id === null) return
  throw new Refusal(
    'conflict',
    `this webhook belongs to inbox ${inbox_id}: change the inbox’s webhook_url instead`,
  )
}

function assertCallable(url: string, allowPrivate: boolean): void {
  const reason = urlProblem(url, allowPrivate)
  if (reason) throw invalid('url', reason, 'wrong_format')
}

function toJsonList(subscriptions: string[]): string {
  return JSON.stringify([...new Set(subscriptions)])
}

function toWebhook(row: WebhookRow): Webhook {
  const { id, url, name, subscriptions, format, active, disabled_reason, inbox_id, created_at } = row
  return {
    id,
    url,
    name,
    subscriptions: JSON.parse(subscriptions),
    format,
    active: active === 1,
    disabled_reason,
    inbox_id,
    created_at: toSeconds(created_at),
  }
}

function targetOf({ account_id, target_id }: Row): TargetKey {
  return { account_id, target_id }
}

function toDelivery(webhookId: number, row: RecordedDelivery): Delivery {
  return {
    id: row.position,
    webhook_id: webhookId,
    event: row.event,
    conversation_id: row.conversation_id,
    state: row.state,
    attempts: row.attempts.map(({ number, at, duration_ms, code, error, answer }) => ({
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
