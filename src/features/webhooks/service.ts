import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { logBounds } from '../../events/read.ts'
import type { Actor } from '../../lib/actor.ts'
import { urlProblem } from '../../lib/destination.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { signingSecret } from '../../lib/signing.ts'
import { toSeconds } from '../../lib/time.ts'
import { advanceConversations, findDelivery, forceDelivery, selectDeliveries } from './delivery.store.ts'
import type {
  Delivery,
  DeliveryQuery,
  NewWebhook,
  Webhook,
  WebhookChange,
  WebhookWithSecret,
} from './schema.ts'
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  openSecret,
  type Row,
  selectWebhooks,
  updateNextDue,
  updateWebhook,
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
  { url, name = null, subscriptions }: NewWebhook,
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
    const now = Date.now()
    const id = await nextId(tx, accountId, 'webhooks')
    const secret = signingSecret()
    await insertWebhook(tx, {
      account_id: accountId,
      id,
      url,
      name,
      subscriptions: toJsonList(subscriptions),
      active: 1,
      secret,
      since: (await logBounds(tx, accountId)).newest,
      created_at: now,
      updated_at: now,
    })
    return { ...toWebhook(await getRow(tx, accountId, id)), secret }
  })
}

/**
 * Changes a webhook. If it is switched on again, pending deliveries continue, and it gets the events that happen from
 * now on. Throws `not_found`, `invalid` as `createWebhook` does, and `conflict` for fields that belong to an inbox.
 */
export function changeWebhook(
  database: Database,
  { accountId }: Actor,
  id: number,
  { url, name, subscriptions, active }: WebhookChange,
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
      updated_at: now,
      // The failures of the previous URL say nothing about the new one.
      ...(url === undefined || url === before.url ? {} : { url, failing_since: null }),
      ...(active === undefined ? {} : { active: active ? 1 : 0 }),
    })
    if (active === true && before.active === 0) await restart(tx, accountId, id, now)
    await updateNextDue(tx, accountId, id)
    return toWebhook(await getRow(tx, accountId, id))
  })
}

async function restart(tx: Queries, accountId: number, id: number, now: number): Promise<void> {
  const { newest: since } = await logBounds(tx, accountId)
  await updateWebhook(tx, accountId, id, { since, failing_since: null, disabled_reason: null })
  await advanceConversations(tx, { account_id: accountId, webhook_id: id }, null, now)
}

/**
 * Deletes a webhook and returns it. Pending deliveries are not sent. Throws `not_found`, and `conflict` if it belongs
 * to an inbox.
 */
export function removeWebhook(database: Database, { accountId }: Actor, id: number): Promise<Webhook> {
  return database.transaction(accountId, async (tx) => {
    const before = await getRow(tx, accountId, id)
    assertNotOfInbox(before)
    await deleteWebhook(tx, accountId, id)
    return toWebhook(before)
  })
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
export async function listDeliveries(
  queries: Queries,
  { accountId }: Actor,
  id: number,
  query: DeliveryQuery,
) {
  await getRow(queries, accountId, id)
  const deliveries = await selectDeliveries(queries, accountId, id, { ...query, limit: query.limit + 1 })
  const payload = deliveries.slice(0, query.limit)
  return { payload, meta: { before_id: deliveries.length > query.limit ? payload.at(-1)!.id : null } }
}

/**
 * Makes a delivery due at once, regardless of the order of its conversation. If the webhook is switched off, it is
 * attempted once. Throws `not_found`, and `conflict` while it is running.
 */
export function redeliver(
  database: Database,
  { accountId }: Actor,
  webhookId: number,
  deliveryId: number,
): Promise<Delivery> {
  const key = { account_id: accountId, webhook_id: webhookId, position: deliveryId }
  return database.transaction(accountId, async (tx) => {
    await getRow(tx, accountId, webhookId)
    const before = await findDelivery(tx, key)
    if (!before) throw notFound('delivery')
    if (before.state === 'running')
      throw new Refusal('conflict', 'this delivery is being sent: wait until it has finished')
    const now = Date.now()
    await forceDelivery(tx, key, now)
    await advanceConversations(tx, key, [before.conversation_id], now)
    await updateNextDue(tx, accountId, webhookId)
    return (await findDelivery(tx, key))!
  })
}

async function getRow(queries: Queries, accountId: number, id: number): Promise<Row> {
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

function toWebhook(row: Row): Webhook {
  const { id, url, name, subscriptions, active, disabled_reason, inbox_id, created_at } = row
  return {
    id,
    url,
    name,
    subscriptions: JSON.parse(subscriptions),
    active: active === 1,
    disabled_reason,
    inbox_id,
    created_at: toSeconds(created_at),
  }
}
