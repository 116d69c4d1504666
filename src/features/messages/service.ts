import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, invalidFields, notFound, Refusal } from '../../lib/errors.ts'
import type { Kept } from '../../lib/kept.ts'
import { secretHash } from '../../lib/secrets.ts'
import { assertValid, checker } from '../../lib/validate.ts'
import { findPlace, type Messaging, noteDeletion, noteMessage, type Place } from '../conversations/service.ts'
import { contentAttributesText } from './content.ts'
import { listKept } from './list.ts'
import { type Message, type MessageChange, type MessageQuery, NewMessage } from './schema.ts'
import {
  eraseMessage,
  findByIdempotencyKey,
  findMessage,
  insertMessage,
  lastMessages,
  type StoredMessage,
  updateMessage,
} from './store.ts'

/** The messages of a conversation; see `listKept`. Throws `not_found` where the actor must not see it. */
export async function list(
  kept: Kept,
  queries: Queries,
  actor: Actor,
  conversationId: number,
  query: MessageQuery,
) {
  const place = await findPlace(queries, actor, conversationId)
  return listKept(kept, queries, actor, place, query)
}

/** The JSON of one message. Throws `not_found`, also for a deleted one unless `includeDeleted`. */
export async function get(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  id: number,
  includeDeleted: boolean,
): Promise<string> {
  await findPlace(queries, actor, conversationId)
  return (await findStored(queries, actor, conversationId, id, includeDeleted)).document
}

/**
 * Sends a message and gives its JSON. With `idempotencyKey`, the same body from the same user in the same conversation gives the message
 * of the first time, `replayed`; another body with that key throws `invalid`.
 */
export async function post(
  database: Database,
  actor: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
): Promise<{ document: string; replayed: boolean }> {
  const hash = idempotencyKey === null ? null : fingerprint(actor, draft)
  return database.transaction(async (tx) => {
    const place = await findPlace(tx, actor, conversationId)
    const key = { account_id: actor.accountId, conversation_id: conversationId }
    if (idempotencyKey !== null) {
      const first = await findByIdempotencyKey(tx, key, idempotencyKey)
      if (first) return { document: replay(first, hash), replayed: true }
    }
    const id = await insert(tx, actor, place, draft, { key: idempotencyKey, hash })
    return { document: (await findMessage(tx, { ...key, id }))!.document, replayed: false }
  })
}

async function insert(
  tx: Queries,
  actor: Actor,
  place: Place,
  draft: NewMessage,
  idempotency: { key: string | null; hash: string | null },
): Promise<number> {
  const incoming = draft.message_type === 'incoming'
  if (incoming && draft.private) {
    throw invalid('private', 'must be false for an incoming message: a contact writes no notes')
  }
  if (incoming && place.channel_type !== 'api') {
    throw invalid(
      'message_type',
      'must be outgoing here: only in an api inbox may a program write as the contact',
    )
  }
  const contentAttributes = contentAttributesText(draft)
  const id = await nextId(tx, actor.accountId, 'messages')
  // Ids and times grow together in a conversation, even when the clock is set back: pages by time rely on it.
  const now = Math.max(Date.now(), place.last_activity_at)
  await insertMessage(tx, {
    account_id: actor.accountId,
    conversation_id: place.id,
    id,
    inbox_id: place.inbox_id,
    message_type: draft.message_type,
    content_type: draft.content_type,
    content: draft.content,
    content_attributes: contentAttributes,
    status: 'sent',
    private: draft.private ? 1 : 0,
    sender_type: incoming ? 'Contact' : 'User',
    sender_id: incoming ? place.contact_id : actor.userId,
    echo_id: draft.echo_id ?? null,
    source_id: null,
    created_at: now,
    updated_at: now,
    idempotency_key: idempotency.key,
    idempotency_hash: idempotency.hash,
  })
  await noteMessage(tx, actor, place, now, incoming)
  return id
}

function fingerprint(actor: Actor, draft: NewMessage): string {
  const { content, message_type, content_type, content_attributes, echo_id = null } = draft
  const body = [actor.userId, content, message_type, draft.private, content_type, content_attributes, echo_id]
  return secretHash(JSON.stringify(body))
}

function replay({ document, idempotency_hash }: StoredMessage, hash: string | null): string {
  // A deleted message has forgotten what it was made of.
  if (idempotency_hash !== null && idempotency_hash !== hash) {
    throw invalid('Idempotency-Key', 'was used for another message already: take a new one')
  }
  return document
}

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
  return database.transaction(async (tx) => {
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
    return (await findMessage(tx, key))!.document
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
  const tombstone = await database.transaction(async (tx) => {
    const place = await findPlace(tx, actor, conversationId)
    const message = await findStored(tx, actor, conversationId, id, false)
    assertMayErase(actor, message)
    const key = { account_id: actor.accountId, conversation_id: conversationId, id }
    await eraseMessage(tx, key, Math.max(Date.now(), message.created_at))
    if (message.message_type === 'incoming') await noteDeletion(tx, actor, place, message.created_at)
    return (await findMessage(tx, key))!.document
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

async function findStored(
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

const checkNew = checker(NewMessage)

/** Sends the first message of a conversation that the same transaction makes; outgoing unless `body` says otherwise. */
export async function sendFirst(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  body: Record<string, unknown>,
): Promise<void> {
  const draft = { message_type: 'outgoing', ...body } as NewMessage
  assertValid(checkNew, draft, 'message')
  const place = await findPlace(tx, actor, conversationId)
  try {
    await insert(tx, actor, place, draft, { key: null, hash: null })
  } catch (error) {
    if (!(error instanceof Refusal) || !error.fields) throw error
    throw invalidFields(error.fields.map((one) => ({ ...one, field: `message.${one.field}` })))
  }
}

/** What conversations need of messages. */
export const messagingOfConversations: Messaging = { sendFirst, lastOf: lastMessages }
