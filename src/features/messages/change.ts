import type { Database, Queries } from '../../db/database.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { pick } from '../../lib/json.ts'
import type { ConversationRef } from '../conversations/parts.store.ts'
import { findConversationRef, noteDeletion } from '../conversations/service.ts'
import { channelNames, channels } from '../inboxes/channels.ts'
import { nameOf } from '../users/service.ts'
import { eraseFromLog, logMessage } from './event.store.ts'
import type { Message, MessageChange } from './schema.ts'
import {
  eraseMessage,
  findMessage,
  type MessageKey,
  type MessageUpdate,
  type StoredMessage,
  updateMessage,
} from './store.ts'

// The statuses that may follow each status. A failed message stays failed: sending it again creates a new message.
const nextStatuses: Record<Message['status'], Message['status'][]> = {
  sent: ['delivered', 'read', 'failed'],
  delivered: ['read', 'failed'],
  read: [],
  failed: [],
}

// Characters of `external_error`.
const maxError = 1000

/**
 * Edits the content of a message that the actor has written, or advances the delivery status of a message, and returns
 * its JSON. Throws `forbidden` for the content of another author, `conflict` for a status that may not follow, and
 * `invalid` if the message has no delivery status.
 */
export async function change(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
  input: MessageChange,
): Promise<string> {
  const { content, status, external_error } = input
  if (content === undefined && status === undefined)
    throw invalid('content', 'or status is required', 'required')
  if (external_error !== undefined && status !== 'failed')
    throw invalid('external_error', 'requires the status "failed"')
  return database.transaction(actor.accountId, async (tx) => {
    const conversation = await findConversationRef(tx, actor, conversationId)
    const message = await getStoredMessage(tx, actor, conversationId, id, false)
    if (content !== undefined) assertOwn(actor, message)
    if (status !== undefined) {
      assertReportsDelivery(tx, conversation)
      assertStatusMayFollow(message, status)
    }
    const now = Math.max(Date.now(), message.created_at)
    const attributes = JSON.parse(message.content_attributes)
    if (content !== undefined) attributes.edited_at = Math.floor(now / 1000)
    if (external_error !== undefined) attributes.external_error = external_error
    const key = { account_id: actor.accountId, conversation_id: conversationId, id }
    const after = {
      content: content ?? message.content,
      status: status ?? message.status,
      content_attributes: JSON.stringify(attributes),
    }
    await updateMessage(tx, key, { ...after, updated_at: now })
    return logMessage(tx, actor, key, 'message_updated', valuesBefore(message, after))
  })
}

/** Returns the fields of a message that differ after a change, with their previous values as the API shows them. */
function valuesBefore(message: StoredMessage, after: MessageUpdate): Partial<Message> {
  const columns = Object.keys(after) as (keyof typeof after)[]
  const changed = columns.filter((column) => after[column] !== message[column])
  return pick(JSON.parse(message.document), changed)
}

function assertOwn(actor: Actor, message: StoredMessage): void {
  if (isOwn(actor, message)) return
  throw new Refusal('forbidden', 'only the author of a message may edit it')
}

function assertReportsDelivery(queries: Queries, { channel_type }: ConversationRef): void {
  const { all, of } = channels.of(queries)
  if (of(channel_type).reportsDelivery) return
  const types = channelNames(all, (one) => one.reportsDelivery)
  throw invalid('status', `can be set only in ${types} inboxes`)
}

function assertStatusMayFollow(message: StoredMessage, status: Message['status']): void {
  if (message.private === 1 || message.message_type === 'activity') {
    throw invalid('status', 'can be set only on messages to or from the contact')
  }
  if (message.status === status || nextStatuses[message.status].includes(status)) return
  throw new Refusal('conflict', `status cannot change from ${message.status} to ${status}`)
}

/** What became of a message on its way to the contact. */
export interface StatusReport {
  status: Message['status']
  /** Why it failed; a sentence for agents. */
  external_error?: string | undefined
}

/** What the channel adds to a message that it has sent. */
export interface SentAs {
  /** What the provider calls it. */
  sourceId: string | null
  /** Are added to its `content_attributes`. */
  attributes?: Record<string, unknown> | undefined
}

/**
 * Records what became of an outgoing message and, if it has no `source_id` yet, as what it was sent. A status that may not
 * follow, as when reports arrive in another order, changes nothing.
 */
export async function advanceStatus(
  tx: Queries,
  key: MessageKey,
  { status, external_error }: StatusReport,
  { sourceId, attributes: added }: SentAs = { sourceId: null },
): Promise<void> {
  const message = await findMessage(tx, key)
  if (!message || message.deleted_at !== null || message.message_type !== 'outgoing') return
  const advances = nextStatuses[message.status].includes(status)
  const isNamed = sourceId !== null && JSON.parse(message.document).source_id === null
  if (!advances && !isNamed) return
  const attributes = JSON.parse(message.content_attributes)
  if (external_error) attributes.external_error = external_error.slice(0, maxError)
  if (isNamed) Object.assign(attributes, added)
  const after = {
    ...(advances ? { status } : {}),
    ...(advances || added ? { content_attributes: JSON.stringify(attributes) } : {}),
  }
  const updated_at = Math.max(Date.now(), message.created_at)
  await updateMessage(tx, key, { ...after, ...(isNamed ? { source_id: sourceId } : {}), updated_at })
  const before = { ...valuesBefore(message, after), ...(isNamed ? { source_id: null } : {}) }
  await logMessage(tx, systemOf(key.account_id), key, 'message_updated', before)
}

/**
 * Erases a message and returns the JSON of its tombstone. When the promise resolves, its content has been overwritten
 * in the files of the database. An agent may erase their own messages and those of the contact, an administrator all
 * messages; otherwise throws `forbidden`.
 */
export async function erase(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
): Promise<string> {
  const tombstone = await database.transaction(actor.accountId, (tx) =>
    eraseInTransaction(tx, actor, conversationId, id),
  )
  await database.wipeErased()
  return tombstone
}

/** Like `erase`, in the caller's transaction. Call `Database.wipeErased` after it. */
export async function eraseInTransaction(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  id: number,
): Promise<string> {
  const conversation = await findConversationRef(tx, actor, conversationId)
  const message = await getStoredMessage(tx, actor, conversationId, id, false)
  assertMayErase(actor, message)
  const key = { account_id: actor.accountId, conversation_id: conversationId, id }
  const deletedBy = { id: actor.userId, name: await nameOf(tx, actor.userId) }
  await eraseMessage(tx, key, Math.max(Date.now(), message.created_at), deletedBy)
  if (message.message_type === 'incoming') await noteDeletion(tx, actor, conversation, message.created_at)
  await eraseFromLog(tx, key)
  return logMessage(tx, actor, key, 'message_deleted')
}

function assertMayErase(actor: Actor, message: StoredMessage): void {
  if (actor.role === 'administrator' || message.sender_type === 'Contact' || isOwn(actor, message)) return
  throw new Refusal('forbidden', 'only the author of this message or an administrator may delete it')
}

function isOwn(actor: Actor, message: StoredMessage): boolean {
  return message.sender_type === 'User' && message.sender_id === actor.userId
}

/** Returns a message. Throws `not_found`, also for a deleted message unless `includeDeleted` is true. */
export async function getStoredMessage(
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
