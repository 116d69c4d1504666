import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, invalidFields, reusedKey } from '../../lib/errors.ts'
import { findContactInboxes } from '../contacts/contact-inboxes.ts'
import { channels } from '../inboxes/channels.ts'
import { findInbox, listInboxNames } from '../inboxes/service.ts'
import { onlineUsers } from './change.ts'
import { getConversation } from './event-log.ts'
import { findByRequest } from './repeatable.store.ts'
import type { Conversation, NewConversation, RepeatableRequest } from './schema.ts'
import { openConversation } from './service.ts'

/** A conversation as a request asks for it. */
export type RequestedConversation = Omit<NewConversation, 'inbox_id' | 'contact_id'> & {
  inbox_id?: number
  contact_id?: number
}

export interface CreationOptions {
  /** By which the request is recognized if it is repeated. */
  request?: RepeatableRequest | undefined
  /** What else happens in the transaction, such as that the first message is sent. Not called for a repeated request. */
  inTransaction?: (tx: Queries, conversationId: number) => Promise<void>
}

/** A conversation, and whether an earlier request has created it. */
export interface CreatedConversation {
  conversation: Conversation
  replayed: boolean
}

/**
 * Creates a conversation of a contact in an inbox, and does what `inTransaction` does: both or neither. Without
 * `contact_id`, the contact is the one with the `source_id`, which is looked for in all inboxes without `inbox_id`. If the
 * request was sent before, returns the conversation of the first one.
 */
export async function createConversation(
  database: Database,
  actor: Actor,
  given: RequestedConversation,
  { request, inTransaction }: CreationOptions = {},
): Promise<CreatedConversation> {
  const earlier = await findRepeated(database.read, actor, request)
  if (earlier) return earlier
  const input = { ...given, ...(await placeOf(database.read, actor, given)), request }
  // Before the transaction, which must wait for nothing but its own queries.
  const online = await onlineUsers(database, actor, input.team_id)
  return database.transaction(actor.accountId, async (tx) => {
    // Again: a request that arrived at the same time may have been first.
    const other = await findRepeated(tx, actor, request)
    if (other) return other
    const subject = await subjectOf(tx, actor, input)
    const id = await openConversation(tx, actor, { ...input, subject }, online)
    await inTransaction?.(tx, id)
    return { conversation: await getConversation(tx, actor, id), replayed: false }
  })
}

/**
 * Returns the conversation that an earlier request with the key has created. Throws `idempotency_key_reused` if that
 * request asked for something else.
 */
export async function findRepeated(
  queries: Queries,
  actor: Actor,
  request: RepeatableRequest | undefined,
): Promise<CreatedConversation | undefined> {
  const earlier = request && (await findByRequest(queries, actor.accountId, request.key))
  if (!earlier) return undefined
  if (earlier.hash !== request.hash) throw reusedKey('conversation')
  return { conversation: await getConversation(queries, actor, earlier.id), replayed: true }
}

/** The subject of a conversation, if the channel of its inbox has subjects: that of its first message. */
async function subjectOf(tx: Queries, actor: Actor, { inbox_id, message }: NewConversation) {
  const inbox = await findInbox(tx, actor, inbox_id)
  if (!inbox || !channels.of(tx).of(inbox.channel_type).hasSubjects) return null
  const attributes = message?.content_attributes as { subject?: unknown } | undefined
  return typeof attributes?.subject === 'string' ? attributes.subject.trim() || null : null
}

/** Returns the inbox and the contact of a new conversation. */
async function placeOf(
  queries: Queries,
  actor: Actor,
  { inbox_id, contact_id, source_id }: { inbox_id?: number; contact_id?: number; source_id?: string | null },
): Promise<Pick<NewConversation, 'inbox_id' | 'contact_id'>> {
  if (inbox_id !== undefined && contact_id !== undefined) return { inbox_id, contact_id }
  if (!source_id) {
    const missing = Object.entries({ inbox_id, contact_id }).filter(([, id]) => id === undefined)
    throw invalidFields(missing.map(([field]) => ({ field, message: 'is required', code: 'required' })))
  }
  const visible = (await listInboxNames(queries, actor)).map(({ id }) => id)
  const inboxIds = visible.filter((id) => id === (inbox_id ?? id))
  // Who does not see an inbox must not learn which names it knows.
  if (inboxIds.length === 0 && inbox_id !== undefined)
    throw invalid('inbox_id', 'names no inbox of this account', 'not_found')
  const found = await findContactInboxes(queries, actor.accountId, inboxIds, source_id)
  const [place, another] = found.filter((one) => (contact_id ?? one.contact_id) === one.contact_id)
  if (!place) throw invalid('source_id', 'belongs to no contact of this inbox', 'not_found')
  if (another) throw invalid('inbox_id', 'is required: several inboxes know this source_id', 'required')
  return place
}
