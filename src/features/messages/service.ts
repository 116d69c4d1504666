import type { Database, Queries } from '../../db/database.ts'
import { actorColumns } from '../../events/append.ts'
import { type Actor, actorRef, onBehalfOf } from '../../lib/actor.ts'
import { invalid, invalidFields, notFound, Refusal } from '../../lib/errors.ts'
import { canonicalJson } from '../../lib/json.ts'
import { secretHash } from '../../lib/secrets.ts'
import type { HasSlots } from '../../lib/slot.ts'
import { assertValid, checker } from '../../lib/validate.ts'
import type { PendingFiles, Upload } from '../attachments/service.ts'
import { blockedContact } from '../contacts/service.ts'
import { lockConversation } from '../conversations/event-log.ts'
import { scopeOf } from '../conversations/parts.store.ts'
import { findConversationRef, reopen } from '../conversations/service.ts'
import { channelNames, channels } from '../inboxes/channels.ts'
import { getStoredMessage } from './change.ts'
import { contentAttributesText } from './content.ts'
import { messageCounters } from './message-counters.ts'
import { selectPiece } from './page.store.ts'
import { senderOf } from './parts.store.ts'
import { insertPosting } from './posting.store.ts'
import { postingQueue } from './posting-queue.ts'
import { type Message, NewMessage } from './schema.ts'
import { findByIdempotencyKey } from './store.ts'
import type { Outcome, Posting } from './verdict.store.ts'

// In front of the idempotency keys of customers.
const contactPrefix = 'contact '
const lastId = Number.MAX_SAFE_INTEGER

interface Sent {
  /** The public JSON of the message. */
  document: string
  /** Whether an earlier request has sent it. */
  replayed: boolean
}

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
  // A space in front, which no header can have: else it could be the key of the customer.
  const key = idempotencyKey?.startsWith(contactPrefix) ? ` ${idempotencyKey}` : idempotencyKey
  const posting = postingOf(database, actor, conversationId, draft, key, upload)
  return send(database, actor, posting, upload)
}

async function send(database: Database, actor: Actor, posting: Posting, upload?: Upload): Promise<Sent> {
  if (upload?.count) return sendWithFiles(database, actor, posting, upload)
  const outcome = await postingQueue.of(database).post(posting)
  if (outcome.verdict !== 'closed') return settle(database.read, posting, outcome)
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

/**
 * Sends a message that a channel has received from the conversation's contact, in the caller's transaction, and returns its
 * id. `files` are attached to it. The caller must know that the contact is not blocked and that the `source_id` is new.
 */
export async function postReceived(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  { content, source_id }: { content: string; source_id: string },
  files?: PendingFiles,
): Promise<number> {
  const text = { content, content_type: 'text', content_attributes: {} } as const
  const draft = { ...text, message_type: 'incoming', private: false } as const
  const posting = postingOf(tx, actor, conversationId, draft, null, files && { count: 1, fingerprint: [] })
  const attachments = files?.text ?? null
  const sent = await postInTransaction(tx, actor, {
    ...posting,
    channel_types: null,
    source_id,
    attachments,
  })
  await files?.attach(tx)
  return (JSON.parse(sent.document) as Message).id
}

/** Sends a message, and reopens its conversation before if it must be. */
async function postInTransaction(tx: Queries, actor: Actor, posting: Posting): Promise<Sent> {
  // Messages of the posting queue do not wait for this transaction, but for the lock. A statement that begins after it
  // was taken sees all of them, so its verdict stays true until the commit.
  const conversation = await lockConversation(tx, actor, posting.conversation_id)
  const outcome = await insertPosting(tx, posting)
  if (outcome.verdict !== 'closed') return settle(tx, posting, outcome)
  const contact = { type: 'contact', id: conversation.contact_id } as const
  await reopen(tx, onBehalfOf(posting.account_id, contact, actor.cause), conversation)
  return settle(tx, posting, await insertPosting(tx, posting))
}

/** Returns the message of an outcome, or that of the earlier request with its key; throws the reason if there is none. */
async function settle(queries: Queries, posting: Posting, outcome: Outcome): Promise<Sent> {
  switch (outcome.verdict) {
    case 'accepted':
      messageCounters.of(queries).count(posting.message_type)
      return { document: outcome.document, replayed: false }
    case 'key_used':
      return { document: await replay(queries, posting), replayed: true }
    case 'not_found':
      throw notFound('conversation')
    case 'wrong_channel':
      throw invalid('message_type', ruleForPrograms(queries))
    case 'blocked':
      throw blockedContact()
    case 'closed':
      throw new Error('a closed conversation must be reopened before its contact writes')
  }
}

async function replay(queries: Queries, posting: Posting): Promise<string> {
  const { account_id, conversation_id, idempotency_key, idempotency_hash } = posting
  const first = await findByIdempotencyKey(queries, { account_id, conversation_id }, idempotency_key!)
  // It has been erased since, with its conversation.
  if (!first) throw notFound('conversation')
  // A deleted message has no hash: any request with its key returns the tombstone.
  if (first.idempotency_hash !== null && first.idempotency_hash !== idempotency_hash) {
    const message = 'was already used for another message: use a new key'
    throw invalidFields([{ field: 'Idempotency-Key', message, code: 'taken' }], 'idempotency_key_reused')
  }
  return first.document
}

/**
 * Checks a draft and decides how it is sent. Rules that depend on the conversation become data of the posting,
 * because on PostgreSQL everything happens in one statement.
 */
function postingOf(
  queries: HasSlots,
  actor: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
  files?: Pick<Upload, 'count' | 'fingerprint'>,
): Posting {
  if (!files?.count && !draft.content.trim())
    throw invalid('content', 'must not be empty without files', 'empty')
  const incoming = draft.message_type === 'incoming'
  if (incoming && draft.private) {
    throw invalid('private', 'must be false for an incoming message: only agents write private notes')
  }
  // A program that writes as the contact acts on the contact's behalf.
  const behalf = incoming ? ({ type: 'contact', id: null } as const) : actorRef(actor)
  return {
    ...scopeOf(actor, conversationId),
    ...actorColumns({ ...actor, behalf }),
    message_type: draft.message_type,
    content_type: draft.content_type,
    content: draft.content,
    content_attributes: contentAttributesText(draft),
    private: draft.private ? 1 : 0,
    ...senderOf(draft.message_type, null, actor.userId),
    echo_id: draft.echo_id ?? null,
    source_id: null,
    idempotency_key: idempotencyKey,
    idempotency_hash: idempotencyKey === null ? null : fingerprint(actor, draft, files),
    attachments: null,
    now: Date.now(),
    from_contact: incoming ? 1 : 0,
    channel_types: incoming ? channelsOfPrograms(queries) : null,
  }
}

/** The types of the inboxes in which programs may write as the contact, as a posting contains them. */
function channelsOfPrograms(queries: HasSlots): string {
  const types = channels.of(queries).all.filter((one) => one.programsMayWriteAsContact)
  return JSON.stringify(types.map(({ type }) => type))
}

function ruleForPrograms(queries: HasSlots): string {
  const types = channelNames(channels.of(queries).all, (one) => one.programsMayWriteAsContact)
  return `must be outgoing: programs can write as the contact only in ${types} inboxes`
}

function fingerprint(
  actor: Actor,
  draft: NewMessage,
  files: Pick<Upload, 'count' | 'fingerprint'> | undefined,
): string {
  const { content, message_type, content_type, content_attributes, echo_id = null } = draft
  const body = [actor.userId, content, message_type, draft.private, content_type, content_attributes, echo_id]
  return secretHash(canonicalJson(files?.count ? [...body, files.fingerprint] : body))
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
    await postInTransaction(tx, actor, postingOf(tx, actor, conversationId, draft, null))
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
