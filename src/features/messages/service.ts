import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, invalidFields, Refusal } from '../../lib/errors.ts'
import { canonicalJson } from '../../lib/json.ts'
import { secretHash } from '../../lib/secrets.ts'
import { assertValid, checker } from '../../lib/validate.ts'
import type { PendingFiles, Upload } from '../attachments/service.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { findPlace, isClosed, reopen, whose } from '../conversations/service.ts'
import { findStored } from './change.ts'
import { contentAttributesText } from './content.ts'
import { selectPiece } from './page.store.ts'
import { insertPosting, type Posting } from './posting.store.ts'
import { postingQueueOf } from './posting-queue.ts'
import { type Message, NewMessage } from './schema.ts'
import { findByIdempotencyKey, type StoredMessage } from './store.ts'

export { answerMessage } from './answer.ts'
export { change, erase } from './change.ts'
export { importedAttributesText } from './content.ts'
export { messageFields } from './store.ts'

// In front of the idempotency keys of customers.
const contactPrefix = 'contact '
const lastId = Number.MAX_SAFE_INTEGER

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
 * Sends a message, with the files of `upload` if there are any, and gives its JSON. With `idempotencyKey`, the same body
 * and files from the same user in the same conversation give the message of the first time, `replayed`; others with that
 * key throw `invalid`.
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

/** What all posts have in common, whoever's they are. */
async function send(database: Database, actor: Actor, posting: Posting, upload?: Upload) {
  if (upload?.count) return sendWithFiles(database, actor, posting, upload)
  const document = await postingQueueOf(database).post(posting)
  if (document !== undefined) return { document, replayed: false }
  return database.transaction(actor.accountId, (tx) => postWithCare(tx, actor, posting))
}

/** The files are in the storage before the message that shows them, and go again where there will be none. */
async function sendWithFiles(database: Database, actor: Actor, posting: Posting, upload: Upload) {
  // Before anything is kept: most of what must be refused is.
  await findPlace(database.read, actor, posting.conversation_id)
  const files: PendingFiles = await upload.store(actor.accountId)
  try {
    const sent = await database.transaction(actor.accountId, async (tx) => {
      const sent = await postWithCare(tx, actor, { ...posting, attachments: files.text })
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
 * Sends what the conversation's contact has written themselves, with their files: as `post`, in inboxes of every kind.
 * That it is theirs the caller has made sure of. Throws `forbidden` where the contact is blocked.
 */
export async function postOfContact(
  database: Database,
  system: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
  upload?: Upload,
): Promise<{ document: string; replayed: boolean }> {
  // A name of its own, so that neither side can use up the keys of the other.
  const key = idempotencyKey === null ? null : contactPrefix + idempotencyKey
  const posting = { ...postingOf(system, conversationId, draft, key, upload), only_in: null }
  return send(database, system, posting, upload)
}

/** Sends what could not be sent just so: opens the conversation first, gives what its key was used for, or throws why not. */
async function postWithCare(tx: Queries, actor: Actor, posting: Posting) {
  const { account_id, conversation_id, idempotency_key } = posting
  const place = await findPlace(tx, actor, conversation_id)
  const first =
    idempotency_key && (await findByIdempotencyKey(tx, { account_id, conversation_id }, idempotency_key))
  if (first) return { document: replay(first, posting.idempotency_hash), replayed: true }
  if (posting.only_in && posting.only_in !== place.channel_type) {
    const rule = 'must be outgoing here: only in an api inbox may a program write as the contact'
    throw invalid('message_type', rule)
  }
  if (posting.unread) await assertNotBlocked(tx, account_id, place.contact_id)
  if (posting.only_open && isClosed(place)) await reopen(tx, actor, place)
  const document = await insertPosting(tx, posting)
  // Posts do not wait for a transaction: one with the same key may have come in between.
  if (document === undefined)
    throw new Refusal('conflict', 'the conversation has changed meanwhile; try again')
  return { document, replayed: false }
}

/** The rules of sending: those that need the conversation go along as data, since on PostgreSQL all is one statement. */
function postingOf(
  actor: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
  upload?: Upload,
): Posting {
  if (!upload?.count && !draft.content.trim()) throw invalid('content', 'must not be empty without files')
  const incoming = draft.message_type === 'incoming'
  if (incoming && draft.private) {
    throw invalid('private', 'must be false for an incoming message: a contact writes no notes')
  }
  return {
    ...whose(actor, conversationId),
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
    // A customer's message opens the conversation again and is unread; a reply or a note does neither.
    only_open: incoming ? 1 : 0,
    unread: incoming ? 1 : 0,
    // Only there may a program write as the contact.
    only_in: incoming ? 'api' : null,
  }
}

function fingerprint(actor: Actor, draft: NewMessage, upload: Upload | undefined): string {
  const { content, message_type, content_type, content_attributes, echo_id = null } = draft
  const body = [actor.userId, content, message_type, draft.private, content_type, content_attributes, echo_id]
  return secretHash(canonicalJson(upload?.count ? [...body, upload.fingerprint] : body))
}

function replay({ document, idempotency_hash }: StoredMessage, hash: string | null): string {
  // A deleted message has forgotten what it was made of.
  if (idempotency_hash !== null && idempotency_hash !== hash) {
    throw invalid('Idempotency-Key', 'was used for another message already: take a new one')
  }
  return document
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
  try {
    await postWithCare(tx, actor, postingOf(actor, conversationId, draft, null))
  } catch (error) {
    if (!(error instanceof Refusal) || !error.fields) throw error
    throw invalidFields(error.fields.map((one) => ({ ...one, field: `message.${one.field}` })))
  }
}

/** The next messages of a conversation after the one of id `afterId`, oldest first; none where it ends. */
export async function messagesAfter(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  afterId: number,
): Promise<Message[]> {
  const first = afterId + 1
  const range = { first, last: lastId, deleted: 0, window_first: first, window_last: lastId }
  const rest = { gap: first, before_gap: afterId, limit: 200, known_version: 0 }
  const piece = await selectPiece(queries, 'asc', { ...whose(actor, conversationId), ...range, ...rest })
  return piece ? JSON.parse(`[${piece.elements}]`) : []
}
