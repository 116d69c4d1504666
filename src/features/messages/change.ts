import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { findPlace, noteDeletion, type Place } from '../conversations/service.ts'
import { eraseFromLog, logMessage } from './event.store.ts'
import type { Message, MessageChange } from './schema.ts'
import { eraseMessage, findMessage, type StoredMessage, updateMessage } from './store.ts'

// What each status may become. A failed message stays so: sending it again is a new message.
const forwards: Record<Message['status'], Message['status'][]> = {
  sent: ['delivered', 'read', 'failed'],
  delivered: ['read', 'failed'],
  read: [],
  failed: [],
}

/**
 * Edits the content of one's own message, or moves its delivery status forwards. Throws `forbidden` for another's
 * content, `conflict` for a step back, `invalid` where a message has no delivery.
 */
export async function change(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
  wanted: MessageChange,
): Promise<string> {
  const { content, status, external_error } = wanted
  if (content === undefined && status === undefined) throw invalid('content', 'or status is required')
  if (external_error !== undefined && status !== 'failed')
    throw invalid('external_error', 'needs status "failed"')
  return database.transaction(actor.accountId, async (tx) => {
    const place = await findPlace(tx, actor, conversationId)
    const message = await findStored(tx, actor, conversationId, id, false)
    if (content !== undefined) assertOwn(actor, message)
    if (status !== undefined) assertForwards(place, message, status)
    const now = Math.max(Date.now(), message.created_at)
    const attributes = JSON.parse(message.content_attributes)
    if (content !== undefined) attributes.edited_at = Math.floor(now / 1000)
    if (external_error !== undefined) attributes.external_error = external_error
    const key = { account_id: actor.accountId, conversation_id: conversationId, id }
    await updateMessage(tx, key, {
      content: content ?? message.content,
      status: status ?? message.status,
      content_attributes: JSON.stringify(attributes),
      updated_at: now,
    })
    return logMessage(tx, key, 'message_updated')
  })
}

function assertOwn(actor: Actor, message: StoredMessage): void {
  if (isOwn(actor, message)) return
  throw new Refusal('forbidden', 'only the user who wrote a message may edit it')
}

function assertForwards(place: Place, message: StoredMessage, status: Message['status']): void {
  if (place.channel_type !== 'api') throw invalid('status', 'can be set in api inboxes only')
  if (message.private === 1 || message.message_type === 'activity') {
    throw invalid('status', 'can be set on messages to or from the contact only')
  }
  if (message.status === status || forwards[message.status].includes(status)) return
  throw new Refusal(
    'conflict',
    `status goes forwards only: a ${message.status} message does not become ${status}`,
  )
}

/**
 * Erases a message and gives the JSON of its tombstone; when the promise resolves, its content is overwritten in the
 * database's files. An agent may erase what they or the contact wrote, an administrator all: else `forbidden`.
 */
export async function erase(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
): Promise<string> {
  const tombstone = await database.transaction(actor.accountId, async (tx) => {
    const place = await findPlace(tx, actor, conversationId)
    const message = await findStored(tx, actor, conversationId, id, false)
    assertMayErase(actor, message)
    const key = { account_id: actor.accountId, conversation_id: conversationId, id }
    await eraseMessage(tx, key, Math.max(Date.now(), message.created_at))
    if (message.message_type === 'incoming') await noteDeletion(tx, actor, place, message.created_at)
    await eraseFromLog(tx, key)
    return logMessage(tx, key, 'message_deleted')
  })
  await database.wipeErased()
  return tombstone
}

function assertMayErase(actor: Actor, message: StoredMessage): void {
  if (actor.role === 'administrator' || message.sender_type === 'Contact' || isOwn(actor, message)) return
  throw new Refusal('forbidden', 'only its author or an administrator may delete this message')
}

function isOwn(actor: Actor, message: StoredMessage): boolean {
  return message.sender_type === 'User' && message.sender_id === actor.userId
}

/** A message by its id. Throws `not_found`, also for a deleted one unless `includeDeleted`. */
export async function findStored(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  id: number,
  includeDeleted: boolean,
): Promise<StoredMessage> {
  const message = await findMessage(queries, {
    account_id: actor.accountId,
    conversation_id: conversationId,
    id,
  })
  if (!message || (message.deleted_at !== null && !includeDeleted)) throw notFound('message')
  return message
}
