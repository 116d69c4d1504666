import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { logBounds } from '../../events/read.ts'
import type { Actor } from '../../lib/actor.ts'
import { urlProblem } from '../../lib/destination.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { signingSecret } from '../../lib/signing.ts'
import { toSeconds } from '../../lib/time.ts'
import { advance, findDelivery, forceDelivery, selectDeliveries } from './delivery.store.ts'
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
  noteDue,
  type Row,
  selectWebhooks,
  updateWebhook,
} from './store.ts'

export const mostWebhooks = 50
/** How long the old secret signs beside the new one, in milliseconds. */
export const overlap = 24 * 60 * 60 * 1000

/** The account's webhooks, those of its API inboxes too, oldest first. */
export async function listWebhooks(queries: Queries, { accountId }: Actor): Promise<Webhook[]> {
  return (await selectWebhooks(queries, accountId)).map(toWebhook)
}

/** One webhook. Throws `not_found`. */
export async function getWebhook(queries: Queries, { accountId }: Actor, id: number): Promise<Webhook> {
  return toWebhook(await existing(queries, accountId, id))
}

/**
 * Makes a webhook, which hears of what happens from now on; the answer alone shows its secret. Throws `invalid` for a
 * URL that is not called, `conflict` where the account has 50 already.
 */
export function createWebhook(
  database: Database,
  { accountId }: Actor,
  { url, name = null, subscriptions }: NewWebhook,
  allowPrivate: boolean,
): Promise<WebhookWithSecret> {
  assertMayCall(url, allowPrivate)
  return database.transaction(accountId, async (tx) => {
    if ((await countWebhooks(tx, accountId)) >= mostWebhooks) {
      throw new Refusal('conflict', `an account has at most ${mostWebhooks} webhooks: delete one first`)
    }
    const now = Date.now()
    const id = await nextId(tx, accountId, 'webhooks')
    const secret = signingSecret()
    await insertWebhook(tx, {
      account_id: accountId,
      id,
      url,
      name,
      subscriptions: listText(subscriptions),
      active: 1,
      secret,
      since: (await logBounds(tx, accountId)).newest,
      created_at: now,
      updated_at: now,
    })
    return { ...toWebhook(await existing(tx, accountId, id)), secret }
  })
}

/**
 * Changes a webhook. Switched on again, it goes on with what was pending and hears of what happens from now on. Throws
 * `not_found`, `invalid` as `createWebhook`, `conflict` for what an inbox decides.
 */
export function changeWebhook(
  database: Database,
  { accountId }: Actor,
  id: number,
  { url, name, subscriptions, active }: WebhookChange,
  allowPrivate: boolean,
): Promise<Webhook> {
  if (url !== undefined) assertMayCall(url, allowPrivate)
  return database.transaction(accountId, async (tx) => {
    const before = await existing(tx, accountId, id)
    if (url !== undefined || subscriptions !== undefined) assertOwn(before)
    const now = Date.now()
    await updateWebhook(tx, accountId, id, {
      name: name === undefined ? before.name : name,
      subscriptions: subscriptions ? listText(subscriptions) : before.subscriptions,
      updated_at: now,
      // What failed there says nothing about another receiver.
      ...(url === undefined || url === before.url ? {} : { url, failing_since: null }),
      ...(active === undefined ? {} : { active: active ? 1 : 0 }),
    })
    if (active === true && before.active === 0) await startAnew(tx, accountId, id, now)
    await noteDue(tx, accountId, id)
    return toWebhook(await existing(tx, accountId, id))
  })
}

async function startAnew(tx: Queries, accountId: number, id: number, now: number): Promise<void> {
  const { newest: since } = await logBounds(tx, accountId)
  await updateWebhook(tx, accountId, id, { since, failing_since: null, disabled_reason: null })
  await advance(tx, { account_id: accountId, webhook_id: id }, null, now)
}

/** Deletes a webhook and gives what it was; what was pending is not sent. Throws `not_found`, `conflict` where it is an inbox's. */
export function removeWebhook(database: Database, { accountId }: Actor, id: number): Promise<Webhook> {
  return database.transaction(accountId, async (tx) => {
    const before = await existing(tx, accountId, id)
    assertOwn(before)
    await deleteWebhook(tx, accountId, id)
    return toWebhook(before)
  })
}

/** Gives a webhook a new secret; the old one signs beside it for 24 hours. Throws `not_found`. */
export function rotateSecret(
  database: Database,
  { accountId }: Actor,
  id: number,
): Promise<WebhookWithSecret> {
  return database.transaction(accountId, async (tx) => {
    const { secret: previous_secret } = await existing(tx, accountId, id)
    const secret = signingSecret()
    const now = Date.now()
    const change = { secret, previous_secret, previous_secret_until: now + overlap, updated_at: now }
    await updateWebhook(tx, accountId, id, change)
    return { ...toWebhook(await existing(tx, accountId, id)), secret }
  })
}

/** A page of a webhook's deliveries, newest first, and the cursor of the next one. Throws `not_found`. */
export async function listDeliveries(
  queries: Queries,
  { accountId }: Actor,
  id: number,
  query: DeliveryQuery,
) {
  await existing(queries, accountId, id)
  const found = await selectDeliveries(queries, accountId, id, { ...query, limit: query.limit + 1 })
  const payload = found.slice(0, query.limit)
  return { payload, meta: { before_id: found.length > query.limit ? payload.at(-1)!.id : null } }
}

/**
 * Sends a delivery again, soon, past the order, and also where the webhook is switched off (then once). Throws
 * `not_found`, `conflict` while it runs.
 */
export function redeliver(
  database: Database,
  { accountId }: Actor,
  webhookId: number,
  deliveryId: number,
): Promise<Delivery> {
  const key = { account_id: accountId, webhook_id: webhookId, position: deliveryId }
  return database.transaction(accountId, async (tx) => {
    await existing(tx, accountId, webhookId)
    const before = await findDelivery(tx, key)
    if (!before) throw notFound('delivery')
    if (before.state === 'running') throw new Refusal('conflict', 'this delivery is being sent just now')
    const now = Date.now()
    await forceDelivery(tx, key, now)
    await advance(tx, key, [before.conversation_id], now)
    await noteDue(tx, accountId, webhookId)
    return (await findDelivery(tx, key))!
  })
}

async function existing(queries: Queries, accountId: number, id: number): Promise<Row> {
  const row = await findWebhook(queries, accountId, id)
  if (!row) throw notFound('webhook')
  return row
}

function assertOwn({ inbox_id }: Row): void {
  if (inbox_id === null) return
  throw new Refusal(
    'conflict',
    `this webhook is that of inbox ${inbox_id}: change the inbox’s webhook_url instead`,
  )
}

function assertMayCall(url: string, allowPrivate: boolean): void {
  const reason = urlProblem(url, allowPrivate)
  if (reason) throw invalid('url', reason)
}

function listText(subscriptions: string[]): string {
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
