import type { Database, Queries } from '../../db/database.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { type PendingFiles, type Upload, withStoredFiles } from '../attachments/service.ts'
import { findConversationRef } from '../conversations/service.ts'
import { announceSent } from '../drafts/service.ts'
import { assertMayAnswer } from './answered-message.ts'
import { getStoredMessage } from './change.ts'
import { assertChannelFields } from './channel-fields.ts'
import { compose, needsTransaction } from './composition.ts'
import { insertGuestMessage, senderOf } from './parts.store.ts'
import { postInTransaction, postingOf, type Sent, settle, uncounted } from './posting.ts'
import { postingQueue } from './posting-queue.ts'
import type { Message, NewMessage } from './schema.ts'
import type { Posting } from './verdict.store.ts'

// In front of the idempotency keys of customers.
const contactPrefix = 'contact '

/** Returns the JSON of one message. Throws `not_found`, also for a deleted message unless `includeDeleted` is true. */
export async function get(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  id: number,
  includeDeleted: boolean,
): Promise<string> {
  await findConversationRef(queries, actor, conversationId)
  return (await getStoredMessage(queries, actor, conversationId, id, includeDeleted)).document
}

/**
 * Sends a message, with the files of `upload` if there are any, and returns its JSON. If `idempotencyKey` was used
 * before in the conversation, returns the message of the first request, `replayed`, if user, body and files are the
 * same; otherwise throws `invalid`.
 */
export async function post(
  database: Database,
  actor: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
  upload?: Upload,
): Promise<Sent> {
  await assertChannelFields(database.read, actor, conversationId, draft)
  await assertMayAnswer(database.read, actor, conversationId, draft)
  // A space in front, which no header can have: else it could be the key of the customer.
  const key = idempotencyKey?.startsWith(contactPrefix) ? ` ${idempotencyKey}` : idempotencyKey
  const posting = postingOf(database, actor, conversationId, draft, key, upload)
  if (!needsTransaction(draft)) return send(database, actor, posting, upload)
  const sent = await sendInTransaction(database, actor, posting, upload, draft)
  if (draft.draft_version !== undefined) await announceSent(database, actor, conversationId)
  return sent
}

async function send(database: Database, actor: Actor, posting: Posting, upload?: Upload): Promise<Sent> {
  if (upload?.count) return sendInTransaction(database, actor, posting, upload)
  const outcome = await postingQueue.of(database).post(posting)
  if (outcome.verdict !== 'closed') return settle(database.read, posting, outcome)
  return database.transaction(actor.accountId, (tx) => postInTransaction(tx, actor, posting))
}

/** Stores the files before the message that refers to them, and removes them again if the message is not stored. */
async function sendInTransaction(
  database: Database,
  actor: Actor,
  posting: Posting,
  upload?: Upload,
  draft?: NewMessage,
) {
  // Refuses most invalid requests before any file is stored.
  await findConversationRef(database.read, actor, posting.conversation_id)
  return withStoredFiles(actor.accountId, upload, async (files) => {
    const sent = await database.transaction(actor.accountId, async (tx) => {
      const composed = draft ? await compose(tx, actor, posting, draft, upload?.count ?? 0) : posting
      const sent = await postInTransaction(tx, actor, withFiles(composed, files))
      if (!sent.replayed) await files?.attach(tx)
      return sent
    })
    if (sent.replayed) await files?.release()
    return sent
  })
}

/** Adds uploaded files to those that a posting has already. */
export function withFiles(posting: Posting, files: PendingFiles | undefined): Posting {
  if (!files?.text) return posting
  const own = posting.attachments ? JSON.parse(posting.attachments) : []
  return { ...posting, attachments: JSON.stringify([...own, ...JSON.parse(files.text)]) }
}

/**
 * Sends a message that the conversation's contact has written, as `post` does, in inboxes of any type. The caller must
 * check that the conversation is one of the contact. Throws `contact_blocked` if the contact is blocked.
 */
export async function postOfContact(
  database: Database,
  actor: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
  upload?: Upload,
): Promise<Sent> {
  // With a prefix, so that agents and customers cannot use up each other's keys.
  const key = idempotencyKey === null ? null : contactPrefix + idempotencyKey
  const posting = { ...postingOf(database, actor, conversationId, draft, key, upload), channel_types: null }
  return send(database, actor, posting, upload)
}

/** A message that a channel has received. */
interface ReceivedMessage {
  content: string
  source_id: string
  /** The fields of `content_attributes` that the channel sets. */
  attributes?: Record<string, unknown> | undefined
  /** The contact that has sent it, if it is not the contact of the conversation. */
  guest_id?: number | undefined
  /** Whether it was sent from the inbox, by whatever program: then no user is its sender. */
  isOutgoing?: boolean
}

/**
 * Stores a message that a channel has received, in the caller's transaction, and returns its id. `files` are attached to it.
 * The caller must know that the sender and the contact are not blocked and that the `source_id` is new.
 */
export async function postReceived(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  { content, source_id, attributes = {}, guest_id, isOutgoing = false }: ReceivedMessage,
  files?: PendingFiles,
): Promise<number> {
  const message_type = isOutgoing ? 'outgoing' : 'incoming'
  const text = { content, content_type: 'text', content_attributes: attributes } as const
  const draft = { ...text, message_type, private: false } as const
  const attachments = files?.text ?? null
  const posting = postingOf(tx, actor, conversationId, draft, null, attachments ? uncounted : undefined)
  const sender = isOutgoing ? senderOf('outgoing', null, null) : { sender_id: guest_id ?? null }
  const { document } = await postInTransaction(tx, actor, {
    ...posting,
    ...sender,
    channel_types: null,
    source_id,
    attachments,
  })
  await files?.attach(tx)
  const { id } = JSON.parse(document) as Message
  const { account_id } = posting
  if (guest_id !== undefined) {
    const guest = { account_id, contact_id: guest_id, message_id: id, conversation_id: conversationId }
    await insertGuestMessage(tx, guest)
  }
  return id
}

/** Sends a message that nobody has written, such as an automatic answer, to the contact, in the caller's transaction. */
export async function postAutomatic(
  tx: Queries,
  accountId: number,
  conversationId: number,
  text: Pick<NewMessage, 'content' | 'content_attributes'>,
): Promise<void> {
  const actor = systemOf(accountId)
  const draft = { ...text, content_type: 'text', message_type: 'outgoing', private: false } as const
  const posting = postingOf(tx, actor, conversationId, draft, null)
  await postInTransaction(tx, actor, { ...posting, sender_type: null, sender_id: null })
}

/** A message that was written before. */
type PreparedMessage = Pick<NewMessage, 'content' | 'private'> &
  Partial<Pick<NewMessage, 'content_attributes' | 'append_signature'>>

/**
 * Sends an outgoing message with files that another row has already, as a JSON list, in the caller's transaction, and returns
 * it. Throws as `post` does.
 */
export async function postWithFiles(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  { content, private: isNote, content_attributes = {}, append_signature = false }: PreparedMessage,
  attachments: string | null,
): Promise<Message> {
  const text = { content, content_type: 'text', content_attributes, append_signature } as const
  const draft = { ...text, message_type: 'outgoing', private: isNote } as const
  const posting = postingOf(tx, actor, conversationId, draft, null, attachments ? uncounted : undefined)
  const composed = await compose(tx, actor, posting, draft, attachments ? 1 : 0)
  return JSON.parse((await postInTransaction(tx, actor, { ...composed, attachments })).document)
}
