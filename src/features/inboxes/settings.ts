import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { urlProblem } from '../../lib/destination.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { randomSecret } from '../../lib/secrets.ts'
import { logInboxesChange } from '../users/service.ts'
import { inboxEvents } from './events.ts'
import type { Inbox, InboxChange, NewInbox } from './schema.ts'
import { createInbox, findInbox, inboxConversations, inboxWebhook } from './service.ts'
import { deleteInbox, selectMembers, updateInbox } from './store.ts'
import { changedWidget, newWidget } from './widget.ts'

/** One inbox. Throws `not_found`, also if the actor does not see it. */
export async function getInbox(queries: Queries, actor: Actor, id: number): Promise<Inbox> {
  const inbox = await findInbox(queries, actor, id)
  if (!inbox) throw notFound('inbox')
  return inbox
}

/**
 * Creates an inbox. Throws `invalid` for a setting that its channel does not have, or a URL that must not be called;
 * `allowPrivate` allows webhooks in private networks and on this machine.
 */
export function addInbox(
  database: Database,
  actor: Actor,
  { name, greeting_message, channel }: NewInbox,
  allowPrivate: boolean,
): Promise<Inbox> {
  const { type, ...settings } = channel
  assertChannel(type, settings, allowPrivate)
  const widget = settings.widget ? newWidget(type, settings.widget) : null
  return database.transaction(actor.accountId, async (tx) => {
    const id = await createInbox(tx, actor.accountId, {
      name,
      channel_type: type,
      greeting_message: greeting_message ?? null,
      webhook_url: settings.webhook_url ?? null,
      website_url: settings.website_url ?? null,
      hmac_mandatory: settings.hmac_mandatory ? 1 : 0,
      widget,
    })
    const inbox = await getInbox(tx, actor, id)
    await inboxEvents.created(tx, actor, inbox)
    return inbox
  })
}

/** Changes an inbox. Throws `not_found`, or `invalid` like `addInbox`. */
export function changeInbox(
  database: Database,
  actor: Actor,
  id: number,
  { name, greeting_message, channel = {} }: InboxChange,
  allowPrivate: boolean,
): Promise<Inbox> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getInbox(tx, actor, id)
    assertChannel(before.channel_type, channel, allowPrivate)
    const { webhook_url, website_url, hmac_mandatory } = channel
    await updateInbox(tx, actor.accountId, id, {
      name: name ?? before.name,
      greeting_message: greeting_message === undefined ? before.greeting_message : greeting_message,
      webhook_url: webhook_url === undefined ? before.webhook_url : webhook_url,
      website_url: website_url === undefined ? before.website_url : website_url,
      hmac_mandatory: (hmac_mandatory ?? before.hmac_mandatory) ? 1 : 0,
      ...(channel.widget ? { widget: changedWidget(before.widget, channel.widget) } : {}),
      updated_at: Date.now(),
    })
    if (webhook_url !== undefined) await inboxWebhook.of(tx)(tx, actor.accountId, id, webhook_url)
    return logChange(tx, actor, before)
  })
}

/** Replaces the key for identity validation; proofs made with the old key are refused from now on. Throws `not_found`. */
export function rotateHmacToken(database: Database, actor: Actor, id: number): Promise<Inbox> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getInbox(tx, actor, id)
    await updateInbox(tx, actor.accountId, id, { hmac_token: randomSecret('hmac'), updated_at: Date.now() })
    return logChange(tx, actor, before)
  })
}

async function logChange(tx: Queries, actor: Actor, before: Inbox): Promise<Inbox> {
  const inbox = await getInbox(tx, actor, before.id)
  await inboxEvents.updated(tx, actor, before, inbox)
  return inbox
}

function assertChannel(
  type: Inbox['channel_type'],
  { webhook_url, website_url }: NonNullable<InboxChange['channel']>,
  allowPrivate: boolean,
): void {
  if (webhook_url) {
    if (type !== 'api') throw invalid('channel.webhook_url', 'can be set for api inboxes only')
    const reason = urlProblem(webhook_url, allowPrivate)
    if (reason) throw invalid('channel.webhook_url', reason, 'wrong_format')
  }
  if (website_url) {
    if (type !== 'web_widget') throw invalid('channel.website_url', 'can be set for web_widget inboxes only')
    // The server never calls it, so it may be private.
    const reason = urlProblem(website_url, true)
    if (reason) throw invalid('channel.website_url', reason, 'wrong_format')
  }
}

// Conversations that are erased in one transaction.
const batchSize = 20

/**
 * Deletes an inbox with its contact inboxes. With `force` its conversations are erased first, in batches, each in its own
 * transaction. Throws `not_found`, or `inbox_has_conversations` if it has conversations and `force` is false.
 */
export async function removeInbox(
  database: Database,
  actor: Actor,
  id: number,
  force: boolean,
): Promise<void> {
  while (!(await removeBatch(database, actor, id, force))) {
    // The inbox has more conversations.
  }
  await database.wipeErased()
}

function removeBatch(database: Database, actor: Actor, id: number, force: boolean): Promise<boolean> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const inbox = await getInbox(tx, actor, id)
    const conversations = await inboxConversations.of(tx).some(tx, accountId, id, batchSize)
    if (conversations.length > 0 && !force) {
      throw new Refusal(
        'inbox_has_conversations',
        'this inbox has conversations: force=true deletes them, too',
      )
    }
    for (const conversationId of conversations) {
      await inboxConversations.of(tx).erase(tx, actor, conversationId)
    }
    if (conversations.length === batchSize) return false
    const members = await selectMembers(tx, accountId, id)
    await inboxWebhook.of(tx)(tx, accountId, id, null)
    await deleteInbox(tx, accountId, id)
    // Logged before the access changes, so that the open streams of the members still deliver it.
    await inboxEvents.deleted(tx, actor, inbox)
    for (const member of members) await logInboxesChange(tx, actor, member.id)
    return true
  })
}
