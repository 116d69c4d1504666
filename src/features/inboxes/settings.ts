import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { randomSecret } from '../../lib/secrets.ts'
import { timeSlice } from '../../lib/time-slice.ts'
import { logInboxesChange } from '../users/service.ts'
import { changedSettings } from './channel-settings.ts'
import { channels } from './channels.ts'
import { inboxEvents } from './events.ts'
import type { Inbox, InboxChange, NewInbox } from './schema.ts'
import { createInbox, eraseInbox, findInbox, inboxConversations, readSettings, saveInbox } from './service.ts'
import { selectMembers } from './store.ts'

/** One inbox. Throws `not_found`, also if the actor does not see it. */
export async function getInbox(queries: Queries, actor: Actor, id: number): Promise<Inbox> {
  const inbox = await findInbox(queries, actor, id)
  if (!inbox) throw notFound('inbox')
  return inbox
}

/** Creates an inbox. Throws `invalid` for settings that its channel does not have or refuses. */
export function addInbox(
  database: Database,
  actor: Actor,
  { name, greeting_message, channel }: NewInbox,
): Promise<Inbox> {
  const { type, ...input } = channel
  const settings = changedSettings(database.read, channels.of(database).of(type), {}, input)
  return database.transaction(actor.accountId, async (tx) => {
    const id = await createInbox(tx, actor.accountId, {
      name,
      channel_type: type,
      settings,
      greeting_message: greeting_message ?? null,
      hmac_mandatory: input.hmac_mandatory ? 1 : 0,
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
  { name, greeting_message, channel }: InboxChange,
): Promise<Inbox> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getInbox(tx, actor, id)
    const { channel_type } = before
    const settings = channel && (await readSettings(tx, actor.accountId, id))
    const rules = channels.of(tx).of(channel_type)
    await saveInbox(
      tx,
      { account_id: actor.accountId, id, channel_type },
      {
        name: name ?? before.name,
        greeting_message: greeting_message === undefined ? before.greeting_message : greeting_message,
        hmac_mandatory: (channel?.hmac_mandatory ?? before.hmac_mandatory) ? 1 : 0,
        settings: settings && changedSettings(tx, rules, settings, channel),
      },
    )
    return logChange(tx, actor, before)
  })
}

/** Replaces the key for identity validation; proofs made with the old key are refused from now on. Throws `not_found`. */
export function rotateHmacToken(database: Database, actor: Actor, id: number): Promise<Inbox> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getInbox(tx, actor, id)
    const inbox = { account_id: actor.accountId, id, channel_type: before.channel_type }
    await saveInbox(tx, inbox, { hmac_token: randomSecret('hmac') })
    return logChange(tx, actor, before)
  })
}

async function logChange(tx: Queries, actor: Actor, before: Inbox): Promise<Inbox> {
  const inbox = await getInbox(tx, actor, before.id)
  await inboxEvents.updated(tx, actor, before, inbox)
  return inbox
}

// The most conversations that are erased in one transaction.
const batchSize = 20

/**
 * Deletes an inbox with its contact inboxes. With `force` its conversations are erased first, in as many transactions as
 * it takes. Throws `not_found`, or `inbox_has_conversations` if it has conversations and `force` is false.
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
    const isOver = timeSlice()
    for (const conversationId of conversations) {
      const isErased = await inboxConversations.of(tx).erase(tx, actor, conversationId, isOver)
      if (!isErased || isOver()) return false
    }
    if (conversations.length === batchSize) return false
    const members = await selectMembers(tx, accountId, id)
    await eraseInbox(tx, accountId, id)
    // Logged before the access changes, so that the open streams of the members still deliver it.
    await inboxEvents.deleted(tx, actor, inbox)
    for (const member of members) await logInboxesChange(tx, actor, member.id)
    return true
  })
}
