import { Type } from 'typebox'
import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { assertValid, checker, isStorable } from '../../lib/validate.ts'
import type { PendingFiles, Upload } from '../attachments/service.ts'
import { findNamedContact, openContactInbox } from '../contacts/contact-inboxes.ts'
import { findContactWith } from '../contacts/lookup.ts'
import { isContactBlocked } from '../contacts/parts.store.ts'
import { NewContact } from '../contacts/schema.ts'
import { addContact, logContact } from '../contacts/service.ts'
import { openConversation } from '../conversations/service.ts'
import type { ChannelInbox } from '../inboxes/channels.ts'
import { findChannelInbox } from '../inboxes/service.ts'
import { findBySourceId } from '../messages/parts.store.ts'
import { postReceived } from '../messages/service.ts'
import { type Customer, customerOf } from './customer.ts'
import { type IncomingFile, uploadOf } from './incoming-files.ts'
import { findLatestConversation, findThread } from './store.ts'

/** A message that a contact has sent through a channel. */
export interface Incoming {
  /** What the channel calls the message: unique in the inbox, 1 to 255 characters. */
  source_id: string
  /** What the channel calls the sender, such as an address or a number: unique in the inbox, 1 to 255 characters. */
  identity: string
  /**
   * What the channel knows of the sender. A contact of the account with this e-mail address or phone number is the sender,
   * so leave out an address that the channel does not vouch for. It does not change existing contacts.
   */
  contact?: { name?: string | undefined; email?: string | undefined; phone_number?: string | undefined }
  /**
   * The `source_id`s of earlier messages in the same thread, at most 100. The message goes to the sender's conversation
   * that contains one of them, otherwise to a new one. Without a thread it goes to the sender's latest conversation.
   */
  thread?: readonly string[]
  /** Text. Beyond 150,000 characters it is cut. May be empty if there are files. */
  content: string
  files?: readonly IncomingFile[]
  /** The same for files that are on disk already. They are removed. */
  upload?: Upload
  /** The fields of `content_attributes` that the channel sets. */
  attributes?: Record<string, unknown>
  /** The subject, if a new conversation begins. */
  subject?: string
  /** Chooses the conversation, in the transaction of the message, instead of `thread`. */
  place?: (tx: Queries, sender: Customer) => Promise<Place>
  /** Stores what belongs to the message, in its transaction. */
  stored?: (tx: Queries, message: StoredMessage) => Promise<void>
}

/** Where a message belongs. */
export interface Place {
  /** Its conversation, which is not of a blocked contact; undefined for a new one of the sender. */
  conversation?: { id: number; contact_id: number } | undefined
  /** The message, if it was stored before in an inbox that is not that of the channel. */
  known?: { conversation_id: number; id: number } | undefined
  /** Added to `attributes`. */
  attributes?: Record<string, unknown>
}

/** A message that was stored just now. */
export interface StoredMessage {
  conversation_id: number
  id: number
  /** Whether it began the conversation. */
  isNewConversation: boolean
  /** The key of the file that is the source of the message. */
  sourceKey: string | undefined
}

/**
 * What happened to a message: it was stored; it had been received before, also if at the same moment by another node;
 * or the contact is blocked, and it was dropped.
 */
export type Received =
  | { state: 'stored' | 'known'; conversation_id: number; id: number }
  | { state: 'blocked' }

const maxContent = 150_000
const maxName = 255
const maxThread = 100

/**
 * Stores a message of a contact: finds or creates the contact and the conversation, which is reopened if it is closed. A
 * message whose `source_id` is known is not stored again, so a channel can repeat what it is not sure about. Throws
 * `not_found` if the inbox was deleted, `invalid` for input that breaks a rule of `Incoming`, `too_large` for its files,
 * and `unavailable` if database or storage cannot store it now: then repeat it.
 */
export async function receive(
  context: Context,
  inbox: Pick<ChannelInbox, 'account_id' | 'id'>,
  incoming: Incoming,
): Promise<Received> {
  const { database } = context
  const { account_id } = inbox
  assertIncoming(incoming)
  const known = await findKnown(database.read, inbox, incoming)
  if (known) {
    await incoming.upload?.discard()
    return known
  }
  const upload = incoming.upload ?? (await uploadOf(context, incoming.files ?? []))
  let files: PendingFiles | undefined
  let received: Received | undefined
  try {
    if (!upload.isEmpty) files = await upload.store(account_id)
    received = await database.transaction(account_id, (tx) => receiveOnce(tx, inbox, incoming, files))
    return received
  } finally {
    if (received?.state !== 'stored') await files?.release()
    await upload.discard()
  }
}

const { email, phone_number } = NewContact.properties
const checkAddresses = checker(Type.Object({ email, phone_number }))

function assertIncoming(incoming: Incoming) {
  const { source_id, identity, thread = [], content, files = [], upload, contact = {} } = incoming
  assertValid(checkAddresses, contact, 'contact')
  for (const [field, text] of Object.entries({ source_id, identity })) {
    if (text.trim() === '' || text.length > 255 || !isStorable(text)) {
      throw invalid(field, 'must have 1 to 255 characters that can be stored')
    }
  }
  if (thread.length > maxThread) throw invalid('thread', `must have at most ${maxThread} items`)
  if (content.trim() === '' && files.length === 0 && !upload?.count)
    throw invalid('content', 'must not be empty without files')
}

async function findKnown(
  queries: Queries,
  { account_id, id: inbox_id }: Pick<ChannelInbox, 'account_id' | 'id'>,
  { source_id }: Incoming,
): Promise<Received | undefined> {
  const message = await findBySourceId(queries, { account_id, inbox_id }, source_id)
  return message && { state: 'known', ...message }
}

/** Transactions of an account exclude each other on all nodes, so no other one can store the message meanwhile. */
async function receiveOnce(
  tx: Queries,
  inbox: Pick<ChannelInbox, 'account_id' | 'id'>,
  incoming: Incoming,
  files: PendingFiles | undefined,
): Promise<Received> {
  const { account_id } = inbox
  if (!(await findChannelInbox(tx, account_id, inbox.id))) throw notFound('inbox')
  const known = await findKnown(tx, inbox, incoming)
  if (known) return known
  const of = { account_id, inbox_id: inbox.id }
  const { contact_id, isNew } = await findOrCreateContact(tx, of, incoming)
  const customer = customerOf({ ...of, contact_id })
  if (isNew) await logContact(tx, customer.actor, contact_id, 'contact_created')
  if (await isContactBlocked(tx, account_id, customer.contact_id)) return { state: 'blocked' }
  const { conversation, attributes, known: elsewhere } = await placeOf(tx, customer, incoming)
  if (elsewhere) return { state: 'known', ...elsewhere }
  const conversation_id = conversation?.id ?? (await createConversation(tx, customer, incoming))
  const { source_id, content } = incoming
  const isGuest = conversation !== undefined && conversation.contact_id !== customer.contact_id
  const message = {
    content: cleanedContent(content),
    source_id,
    attributes: { ...incoming.attributes, ...attributes },
    guest_id: isGuest ? customer.contact_id : undefined,
  }
  const id = await postReceived(tx, customer.actor, conversation_id, message, files)
  const isNewConversation = conversation === undefined
  await incoming.stored?.(tx, { conversation_id, id, isNewConversation, sourceKey: files?.sourceKey })
  return { state: 'stored', conversation_id, id }
}

/** Finds or creates the contact whom a channel calls `identity`, without an event. */
export async function findOrCreateContact(
  tx: Queries,
  of: { account_id: number; inbox_id: number },
  { identity, contact: { name, email, phone_number } = {} }: Pick<Incoming, 'identity' | 'contact'>,
): Promise<{ contact_id: number; isNew: boolean }> {
  const { account_id } = of
  const owner = await findNamedContact(tx, of, identity)
  if (owner !== undefined) return { contact_id: owner, isNew: false }
  const known = await findContactWith(tx, account_id, { email, phone_number })
  const contact_id =
    known ??
    (await addContact(tx, account_id, {
      name: cleaned(name ?? email ?? phone_number ?? identity, maxName).trim() || identity,
      email: email ?? null,
      phone_number: phone_number ?? null,
    }))
  await openContactInbox(tx, { ...of, contact_id }, identity)
  return { contact_id, isNew: known === undefined }
}

async function placeOf(tx: Queries, customer: Customer, { thread, place }: Incoming): Promise<Place> {
  if (place) return place(tx, customer)
  const id = thread ? await findThread(tx, customer, thread) : await findLatestConversation(tx, customer)
  return id === undefined ? {} : { conversation: { id, contact_id: customer.contact_id } }
}

function createConversation(
  tx: Queries,
  { inbox_id, contact_id, actor }: Customer,
  { identity, subject }: Incoming,
): Promise<number> {
  const input = { inbox_id, contact_id, source_id: identity }
  return openConversation(tx, actor, { ...input, subject: subject ?? null })
}

/** The text of a message as it is stored: its beginning, if it is too long. */
export function cleanedContent(text: string): string {
  return cleaned(text, maxContent)
}

/** The beginning of a text, without what the engines cannot store. */
function cleaned(text: string, maxLength: number): string {
  const storable = text.toWellFormed().replaceAll('\0', '')
  return storable.length <= maxLength ? storable : storable.slice(0, maxLength).toWellFormed()
}
