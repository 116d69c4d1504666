import { createHash } from 'node:crypto'
import type { Queries } from '../../../db/database.ts'
import { isContactBlocked } from '../../contacts/parts.store.ts'
import { readMessageId, readPlusAddress } from './anchors.ts'
import { findConversationOfInbox, findThreads, type ThreadConversation, takesPart } from './mail.store.ts'
import type { ParsedMail } from './parsed-mail.ts'

/** By what the conversation of a mail is found. */
export interface Anchors {
  /** Message-IDs of earlier mails, the most reliable ones first. */
  ids: string[]
  /** Conversations that are named by the address to which it was sent. */
  conversations: number[]
}

// As many as `source_id` has characters.
const longestId = 255
const mostAnchors = 50

/** What is stored as the `source_id` of a mail: its Message-ID, or a hash if that is too long. */
export function sourceIdOf(messageId: string): string {
  if (messageId.length <= longestId) return messageId
  return `<${createHash('sha256').update(messageId).digest('hex')}@long.invalid>`
}

/** What is stored as the `source_id` of a mail without a Message-ID. */
export function sourceIdOfBytes(sha256: string): string {
  return `<${sha256}@bytes.invalid>`
}

/** The anchors of a mail. `In-Reply-To` comes first: Apple Mail shortens `References`, and others add foreign mails to it. */
export function anchorsOf(key: string, mail: ParsedMail): Anchors {
  const ids = [...mail.in_reply_to, ...mail.references.toReversed()].map(sourceIdOf)
  const addresses = [...mail.to, ...mail.cc, ...deliveredTo(mail)]
  const conversations = addresses.flatMap(({ address }) => readPlusAddress(key, address) ?? [])
  return {
    ids: [...new Set(ids)].slice(0, mostAnchors),
    conversations: [...new Set(conversations)].slice(0, 5),
  }
}

/** A mail that reached the inbox as a blind copy names the address only there. */
function deliveredTo({ headers }: ParsedMail): { address: string }[] {
  const names = ['delivered-to', 'x-original-to', 'envelope-to']
  return headers
    .filter(({ name }) => names.includes(name.toLowerCase()))
    .slice(0, 10)
    .map(({ value }) => ({ address: value.slice(0, 320).replace(/[<>\s]/g, '') }))
}

/** The conversation to which a mail is added, and the one that it only answers: each may be missing. */
export interface Thread {
  conversation: ThreadConversation | undefined
  linked: ThreadConversation | undefined
}

/** Who has sent a mail. */
interface Sender {
  account_id: number
  inbox_id: number
  contact_id: number
  address: string
  /** Other inboxes whose conversations go on by the mails of this one. */
  continued?: readonly number[]
}

/**
 * Finds the conversation of a mail: the first one with an anchor in which its sender takes part. If there are only others,
 * the first of them is `linked`.
 */
export async function findThread(
  tx: Queries,
  key: string,
  anchors: Anchors,
  sender: Sender,
): Promise<Thread> {
  let linked: ThreadConversation | undefined
  for (const id of await candidates(tx, key, anchors, sender)) {
    const conversation = await findConversation(tx, sender, id)
    if (!conversation) continue
    if (await isAdmitted(tx, conversation, sender)) return { conversation, linked: undefined }
    linked ??= conversation
  }
  return { conversation: undefined, linked }
}

/** The conversation of the inbox that a mail answers, whoever has sent it; undefined if there is none. */
export async function findAnsweredConversation(
  queries: Queries,
  key: string,
  anchors: Anchors,
  inbox: Pick<Sender, 'account_id' | 'inbox_id'>,
): Promise<number | undefined> {
  for (const id of await candidates(queries, key, anchors, inbox)) {
    const conversation = await findConversationOfInbox(queries, { ...inboxOf(inbox), id })
    if (conversation) return conversation.id
  }
  return undefined
}

async function findConversation(
  tx: Queries,
  { account_id, inbox_id, continued = [] }: Sender,
  id: number,
): Promise<ThreadConversation | undefined> {
  for (const one of [inbox_id, ...continued]) {
    const conversation = await findConversationOfInbox(tx, { account_id, inbox_id: one, id })
    if (conversation) return conversation
  }
  return undefined
}

async function candidates(
  tx: Queries,
  key: string,
  anchors: Anchors,
  sender: Pick<Sender, 'account_id' | 'inbox_id'>,
): Promise<Set<number>> {
  const known = await findThreads(tx, inboxOf(sender), anchors.ids)
  const ofIds = anchors.ids.flatMap((id) => {
    // A mail that was sent has no source_id before its delivery is recorded.
    const own = readMessageId(key, id)
    const isOwn = own?.account_id === sender.account_id
    return known.get(id) ?? (isOwn ? own.conversation_id : [])
  })
  return new Set([...ofIds, ...anchors.conversations])
}

async function isAdmitted(
  tx: Queries,
  { id, contact_id }: ThreadConversation,
  sender: Sender,
): Promise<boolean> {
  if (contact_id === sender.contact_id) return true
  const { account_id, address } = sender
  if (!(await takesPart(tx, { account_id, conversation_id: id, address }))) return false
  return !(await isContactBlocked(tx, account_id, contact_id))
}

function inboxOf({ account_id, inbox_id }: Pick<Sender, 'account_id' | 'inbox_id'>) {
  return { account_id, inbox_id }
}
