import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { urlProblem } from '../../lib/destination.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { randomSecret } from '../../lib/secrets.ts'
import { logInboxesChange } from '../users/service.ts'
import { inboxEvents } from './events.ts'
import type { Inbox, InboxChange, NewInbox } from './schema.ts'
import { createInbox, findInbox, inboxConversations } from './service.ts'
import { deleteInbox, selectMembers, updateInbox } from './store.ts'
import { changedWidget, newWidget } from './widget.ts'

/** One inbox. Throws `not_found`, also where the actor must not know of it. */
export async function getInbox(queries: Queries, actor: Actor, id: number): Promise<Inbox> {
  const inbox = await findInbox(queries, actor, id)
  if (!inbox) throw notFound('inbox')
  return inbox
}

/**
 * Makes an inbox. Throws `invalid` for a setting that its channel does not have, or a URL that is not to be called;
 * `allowPrivate` lets a webhook lead to this machine and the networks around it.
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
    await inboxEvents.created(tx, actor.accountId, inbox)
    return inbox
  })
}

/** Changes an inbox. Throws `not_found`, or `invalid` as `addInbox`. */
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
    return tellChange(tx, actor, before)
  })
}

/** Gives an inbox another key for proofs of identity; what the old one has proven is refused from now on. Throws `not_found`. */
export function rotateHmacToken(database: Database, actor: Actor, id: number): Promise<Inbox> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getInbox(tx, actor, id)
    await updateInbox(tx, actor.accountId, id, { hmac_token: randomSecret('hmac'), updated_at: Date.now() })
    return tellChange(tx, actor, before)
  })
}

async function tellChange(tx: Queries, actor: Actor, before: Inbox): Promise<Inbox> {
  const inbox = await getInbox(tx, actor, before.id)
  await inboxEvents.updated(tx, actor.accountId, before, inbox)
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
    if (reason) throw invalid('channel.webhook_url', reason)
  }
  if (website_url) {
    if (type !== 'web_widget') throw invalid('channel.website_url', 'can be set for web_widget inboxes only')
    // Nobody calls it, so it may lead anywhere.
    const reason = urlProblem(website_url, true)
    if (reason) throw invalid('channel.website_url', reason)
  }
}

// Conversations erased in one transaction.
const mostAtOnce = 20

/**
 * Removes an inbox with its contacts' names there; with `force` its conversations too, which are erased a few at a time
 * and the inbox with the last of them. Throws `not_found`, or `conflict` while it has conversations and there is no
 * `force`.
 */
export async function removeInbox(
  database: Database,
  actor: Actor,
  id: number,
  force: boolean,
): Promise<void> {
  while (!(await removeSome(database, actor, id, force))) {
    // There are more conversations.
  }
  await database.wipeErased()
}

function removeSome(database: Database, actor: Actor, id: number, force: boolean): Promise<boolean> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const inbox = await getInbox(tx, actor, id)
    const conversations = await inboxConversations.get().some(tx, accountId, id, mostAtOnce)
    if (conversations.length > 0 && !force) {
      throw new Refusal('conflict', 'this inbox has conversations: with force=true they are deleted with it')
    }
    for (const one of conversations) await inboxConversations.get().erase(tx, accountId, one)
    if (conversations.length === mostAtOnce) return false
    const members = await selectMembers(tx, accountId, id)
    await deleteInbox(tx, accountId, id)
    // First, while those who worked there may still hear of it.
    await inboxEvents.deleted(tx, accountId, inbox)
    for (const member of members) await logInboxesChange(tx, accountId, member.id)
    return true
  })
}
