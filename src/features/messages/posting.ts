import type { Queries } from '../../db/database.ts'
import { actorColumns } from '../../events/append.ts'
import { type Actor, actorRef, onBehalfOf, systemOf } from '../../lib/actor.ts'
import { invalid, notFound, reusedKey } from '../../lib/errors.ts'
import { canonicalJson } from '../../lib/json.ts'
import { secretHash } from '../../lib/secrets.ts'
import type { HasSlots } from '../../lib/slot.ts'
import type { Upload } from '../attachments/service.ts'
import { blockedContact } from '../contacts/service.ts'
import { lockConversation } from '../conversations/event-log.ts'
import { findCurrentConversationRef, mergedInto } from '../conversations/merged.ts'
import { scopeOf } from '../conversations/parts.store.ts'
import { reopen } from '../conversations/service.ts'
import { channelNames, channels } from '../inboxes/channels.ts'
import { assertMayCompose, compositionOf } from './composition.ts'
import { contentAttributesText } from './content.ts'
import { messageCounters } from './message-counters.ts'
import { senderOf } from './parts.store.ts'
import { insertPosting } from './posting.store.ts'
import type { NewMessage } from './schema.ts'
import { findByIdempotencyKey } from './store.ts'
import type { Outcome, Posting } from './verdict.store.ts'

/** A message that was sent. */
export interface Sent {
  /** The public JSON of the message. */
  document: string
  /** Whether an earlier request has sent it. */
  replayed: boolean
}

/** Sends a message, and reopens its conversation before if it must be. */
export async function postInTransaction(tx: Queries, actor: Actor, posting: Posting): Promise<Sent> {
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
export async function settle(queries: Queries, posting: Posting, outcome: Outcome): Promise<Sent> {
  switch (outcome.verdict) {
    case 'accepted':
      messageCounters.of(queries).count(posting.message_type)
      return { document: outcome.document, replayed: false }
    case 'key_used':
      return { document: await replay(queries, posting), replayed: true }
    case 'not_found':
      throw notFound('conversation')
    case 'merged':
      throw await replacementOf(queries, posting)
    case 'wrong_channel':
      throw invalid('message_type', ruleForPrograms(queries))
    case 'blocked':
      throw blockedContact()
    case 'closed':
      throw new Error('a closed conversation must be reopened before its contact writes')
  }
}

/** Returns the refusal that leads to the conversation into which that of a posting was merged. */
async function replacementOf(queries: Queries, { account_id, conversation_id }: Posting): Promise<Error> {
  const { id } = await findCurrentConversationRef(queries, systemOf(account_id), conversation_id)
  return mergedInto(conversation_id, id)
}

async function replay(queries: Queries, posting: Posting): Promise<string> {
  const { account_id, conversation_id, idempotency_key, idempotency_hash } = posting
  const first = await findByIdempotencyKey(queries, { account_id, conversation_id }, idempotency_key!)
  // It has been erased since, with its conversation.
  if (!first) throw notFound('conversation')
  // A deleted message has no hash: any request with its key returns the tombstone.
  if (first.idempotency_hash !== null && first.idempotency_hash !== idempotency_hash)
    throw reusedKey('message')
  return first.document
}

/** Files of a message without an idempotency key: all that matters is that there are some. */
export const uncounted = { count: 1, fingerprint: [] }

/**
 * Checks a draft and decides how it is sent. Rules that depend on the conversation become data of the posting,
 * because on PostgreSQL everything happens in one statement.
 */
export function postingOf(
  queries: HasSlots,
  actor: Actor,
  conversationId: number,
  draft: NewMessage,
  idempotencyKey: string | null,
  files?: Pick<Upload, 'count' | 'fingerprint'>,
): Posting {
  if (!files?.count && !draft.canned_response_ids?.length && !draft.content.trim())
    throw invalid('content', 'must not be empty without files', 'empty')
  assertMayCompose(draft)
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
    ...authorOf(draft.message_type, actor),
    echo_id: draft.echo_id ?? null,
    source_id: draft.source_id ?? null,
    idempotency_key: idempotencyKey,
    idempotency_hash: idempotencyKey === null ? null : fingerprint(actor, draft, files),
    attachments: null,
    now: Date.now(),
    from_contact: incoming ? 1 : 0,
    channel_types: incoming ? channelsOfPrograms(queries) : null,
  }
}

function authorOf(type: NewMessage['message_type'], actor: Actor) {
  const { type: kind, id } = actorRef(actor)
  if (type === 'outgoing' && kind === 'bot') return { sender_type: 'AgentBot' as const, sender_id: id }
  return senderOf(type, null, actor.userId)
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
  const { type, id } = actorRef(actor)
  const author = type === 'bot' ? `bot ${id}` : actor.userId
  const body = [author, content, message_type, draft.private, content_type, content_attributes, echo_id]
  // Nothing is added for what a message does not have: hashes that are stored already must still match.
  const { ids, append_signature } = compositionOf(draft) ?? {}
  const composed = ids ? [ids, append_signature, ...(draft.fill_in === false ? ['as written'] : [])] : []
  const more = [draft.source_id ?? [], composed, files?.count ? [files.fingerprint] : []].flat()
  return secretHash(canonicalJson([...body, ...more]))
}
