import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, invalidFields, Refusal } from '../../lib/errors.ts'
import { canonicalJson } from '../../lib/json.ts'
import { secretHash } from '../../lib/secrets.ts'
import { assertValid, checker } from '../../lib/validate.ts'
import type { PendingFiles, Upload } from '../attachments/service.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { scopeOf } from '../conversations/parts.store.ts'
import { findConversationRef, isClosed, reopen } from '../conversations/service.ts'
import { getStoredMessage } from './change.ts'
import { contentAttributesText } from './content.ts'
import { selectPiece } from './page.store.ts'
import { insertPosting, type Posting } from './posting.store.ts'
import { postingQueue } from './posting-queue.ts'
import { type Message, NewMessage } from './schema.ts'
import { findByIdempotencyKey, type StoredMessage } from './store.ts'

// In front of the idempotency keys of customers.
const contactPrefix = 'contact '
const lastId = Number.MAX_SAFE_INTEGER

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
): Promise<{ document: string; replayed: boolean }> {
  // A space in front, which no header can have: else it could be the key of the customer.
  const key = idempotencyKey?.startsWith(contactPrefix) ? ` ${idempotencyKey}` : idempotencyKey
  const posting = postingOf(actor, conversationId, draft, key, upload)
  return send(database, actor, posting, upload)
}

async function send(database: Database, actor: Actor, posting: Posting, upload?: Upload) {
  if (upload?.count) return sendWithFiles(database, actor, posting, upload)
  const document = await postingQueue.of(database).post(posting)
  if (document !== undefined) return { document, replayed: false }
  return database.transaction(actor.accountId, (tx) => postInTransaction(tx, actor, posting))
}

/** Stores the files before the message that refers to them, and removes them again if the message is not stored. */
async function sendWithFiles(database: Database, actor: Actor, posting: Posting, upload: Upload) {
  // Refuses most invalid requests before any file is stored.
  await findConversationRef(database.read, actor, posting.conversation_id)
  const files: PendingFiles = await upload.store(actor.accountId)
  try {
    const sent = await database.transaction(actor.accountId, async (tx) => {
      const sent = await postInTransaction(tx, actor, { ...posting, attachments: files.text })
      if (!sent.replayed) await files.attach(tx)
      return sent
    })
    if (sent.replayed) await files.release()
    return sent
  } catch (error) {
    await files.release()
    throw error
  }
}

/**
 * Sends a message that the conversation's contact has written, as `post` does, in inboxes of any type. The caller must
 * check that the conversation is one of the contact. Throws `contact_blocked` if the contact is blocked.
 */
export async function postOfContact(
  database: Database,
  system: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
  upload?: Upload,
): Promise<{ document: string; replayed: boolean }> {
  // With a prefix, so that agents and customers cannot use up each other's keys.
  const key = idempotencyKey === null ? null : contactPrefix + idempotencyKey
  const posting = { ...postingOf(system, conversationId, draft, key, upload), only_in: null }
  return send(database, system, posting, upload)
}

/**
 * Sends a message that the posting queue could not store: reopens the conversation first, returns the message of an
 * earlier request with the same idempotency key, or throws the reason.
 */
async function postInTransaction(tx: Queries, actor: Actor, posting: Posting) {
  const { account_id, conversation_id, idempotency_key } = posting
  const conversation = await findConversationRef(tx, actor, conversation_id)
  const first =
    idempotency_key && (await findByIdempotencyKey(tx, { account_id, conversation_id }, idempotency_key))
  if (first) return { document: replay(first, posting.idempotency_hash), replayed: true }
  if (posting.only_in && posting.only_in !== conversation.channel_type) {
    const rule = 'must be outgoing: programs can write as the contact only in api inboxes'
    throw invalid('message_type', rule)
  }
  if (posting.unread) await assertNotBlocked(tx, account_id, conversation.contact_id)
  if (posting.only_open && isClosed(conversation)) await reopen(tx, actor, conversation)
  const document = await insertPosting(tx, posting)
  // Messages of the posting queue do not wait for this transaction: one with the same key may have been stored
  // meanwhile.
  if (document === undefined)
    throw new Refusal('conflict', 'the conversation has changed in the meantime: send the request again')
  return { document, replayed: false }
}

/**
 * Checks a draft and decides how it is sent. Rules that depend on the conversation become data of the posting,
 * because on PostgreSQL everything happens in one statement.
 */
function postingOf(
  actor: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
  upload?: Upload,
): Posting {
  if (!upload?.count && !draft.content.trim())
    throw invalid('content', 'must not be empty without files', 'empty')
  const incoming = draft.message_type === 'incoming'
  if (incoming && draft.private) {
    throw invalid('private', 'must be false for an incoming message: only agents write private notes')
  }
  return {
    ...scopeOf(actor, conversationId),
    message_type: draft.message_type,
    content_type: draft.content_type,
    content: draft.content,
    content_attributes: contentAttributesText(draft),
    private: draft.private ? 1 : 0,
    sender_type: incoming ? 'Contact' : 'User',
    sender_id: incoming ? null : actor.userId,
    echo_id: draft.echo_id ?? null,
    source_id: null,
    idempotency_key: idempotencyKey,
    idempotency_hash: idempotencyKey === null ? null : fingerprint(actor, draft, upload),
    attachments: null,
    now: Date.now(),
    // A customer's message reopens the conversation and is unread; a reply or a note does neither.
    only_open: incoming ? 1 : 0,
    unread: incoming ? 1 : 0,
    // Programs can write as the contact only in these inboxes.
    only_in: incoming ? 'api' : null,
  }
}

function fingerprint(actor: Actor, draft: NewMessage, upload: Upload | undefined): string {
  const { content, message_type, content_type, content_attributes, echo_id = null } = draft
  const body = [actor.userId, content, message_type, draft.private, content_type, content_attributes, echo_id]
  return secretHash(canonicalJson(upload?.count ? [...body, upload.fingerprint] : body))
}

function replay({ document, idempotency_hash }: StoredMessage, hash: string | null): string {
  // A deleted message has no hash: any request with its key returns the tombstone.
  if (idempotency_hash !== null && idempotency_hash !== hash) {
    const message = 'was already used for another message: use a new key'
    throw invalidFields([{ field: 'Idempotency-Key', message, code: 'taken' }], 'idempotency_key_reused')
  }
  return document
}

const checkNew = checker(NewMessage)

/**
 * Sends the first message of a conversation, in the transaction that creates it. It is outgoing unless `body` says
 * otherwise. Errors name fields as in the body of the conversation: `message.content`.
 */
export async function sendFirst(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  body: Record<string, unknown>,
): Promise<void> {
  const draft = { message_type: 'outgoing', ...body } as NewMessage
  assertValid(checkNew, draft, 'message')
  try {
    await postInTransaction(tx, actor, postingOf(actor, conversationId, draft, null))
  } catch (error) {
    if (!(error instanceof Refusal) || !error.fields) throw error
    throw invalidFields(error.fields.map((one) => ({ ...one, field: `message.${one.field}` })))
  }
}

/** Returns the next messages of a conversation after the id `afterId`, oldest first; none at the end. */
export async function messagesAfter(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  afterId: number,
): Promise<Message[]> {
  const first = afterId + 1
  const range = { first, last: lastId, deleted: 0, window_first: first, window_last: lastId }
  const rest = { gap: first, before_gap: afterId, limit: 200, known_version: 0 }
  const piece = await selectPiece(queries, 'asc', { ...scopeOf(actor, conversationId), ...range, ...rest })
  return piece ? JSON.parse(`[${piece.elements}]`) : []
}
