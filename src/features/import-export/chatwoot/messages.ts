import type { Queries } from '../../../db/database.ts'
import type { PendingFiles } from '../../attachments/service.ts'
import { admitPeople } from '../../channels/email/people.ts'
import { insertGuestMessage, insertMessages, type MessageRow } from '../../messages/parts.store.ts'
import { addDocuments } from '../../search/service.ts'
import { bumpConversations, updateMessageRow } from './content.store.ts'
import { MessageFiles } from './files.ts'
import type { Inboxes } from './inboxes.ts'
import { mailAddresses, mailSourceId } from './mail-attributes.ts'
import { isDeleted, type MessageContent, messageContent, repliedId } from './message-rows.ts'
import type { Move } from './move.ts'
import { conversationsOf, findMessages } from './moved.ts'
import {
  messagePages,
  type SourceAttachment,
  type SourceMessage,
  selectAttachments,
  sizeOf,
} from './source-content.store.ts'
import { storable } from './storable.ts'

/** A message of a page, with what was done before the transaction that stores it. */
interface Prepared {
  message: SourceMessage
  content: MessageContent
  files: PendingFiles | undefined
  /** The address of its inbox, if that is an e-mail inbox. */
  own: string | undefined
  sender: Pick<MessageRow, 'sender_type' | 'sender_id'>
}

/** Imports the messages, by their ids, and changes those that have changed since the last run. */
export async function importMessages(move: Move, inboxes: Inboxes, bots: Map<number, number>): Promise<void> {
  const { source, database, accountId, isDryRun, report, ids } = move
  const { rows, last } = await sizeOf(source, accountId, 'messages')
  report.table('messages', rows)
  await ids.messages.begin(database, source, last)
  const files = new MessageFiles(move)
  for await (const page of messagePages(source, accountId, ids.messages.range, move.since)) {
    try {
      const prepared = await prepare(move, inboxes, bots, files, page)
      const work = async (queries: Queries) => {
        const plan = await planPage(move, queries, prepared)
        if (!isDryRun) await write(move, queries, plan, page.at(-1)!.id)
        return plan
      }
      const plan = isDryRun ? await work(database.read) : await database.transaction(accountId, work)
      for (const [sentence, count] of plan.remarks) for (let i = 0; i < count; i++) report.remark(sentence)
      report.count('messages', 'stored', plan.added.length)
      report.count('messages', 'changed', plan.changed.length)
      report.count('messages', 'known', plan.known)
    } finally {
      await files.discard()
    }
    move.progress(page.length)
    await move.rest()
  }
  await ids.messages.finish(database, source)
}

/** Finds the senders of messages, and copies the files of new ones. */
async function prepare(
  move: Move,
  inboxes: Inboxes,
  bots: Map<number, number>,
  files: MessageFiles,
  page: SourceMessage[],
): Promise<Prepared[]> {
  const { source, database, accountId, ids, report, people } = move
  const attachments = Map.groupBy(
    await selectAttachments(
      source,
      accountId,
      page.map(({ id }) => id),
    ),
    ({ message_id }) => message_id,
  )
  const sentBy = (type: string) =>
    page.flatMap((one) => (one.sender_type === type ? (one.sender_id ?? []) : []))
  await people.resolve(move, sentBy('User'))
  const contactOf = await ids.contacts.load(database.read, sentBy('Contact'))
  const replied = await ids.messages.load(
    database.read,
    page.flatMap((one) => repliedId(one) ?? []),
  )
  const prepared: Prepared[] = []
  for (const message of page) {
    const attached = attachments.get(message.id) ?? []
    const stored = await storeFiles(move, files, message, attached)
    const unstored = [...attached.filter(({ key }) => key === null), ...stored.missing]
    const own = inboxes.addressOf(message.inbox_id)
    const remark = (sentence: string) => report.remark(sentence, message.id)
    const content = messageContent(message, unstored, own, remark)
    const answered = repliedId(message)
    if (answered !== undefined && replied(answered) !== answered)
      content.content_attributes = withReply(content.content_attributes, replied(answered))
    prepared.push({
      message,
      content,
      own,
      files: stored.files,
      sender: senderOf(message, people, contactOf, bots),
    })
  }
  return prepared
}

async function storeFiles(
  { isDryRun, ids }: Move,
  files: MessageFiles,
  message: SourceMessage,
  attachments: SourceAttachment[],
): Promise<{ files?: PendingFiles; missing: SourceAttachment[] }> {
  const withFile = attachments.filter(({ key }) => key !== null)
  // A message that has changed has its files already.
  if (withFile.length === 0 || ids.messages.isOld(message.id) || isDeleted(message)) return { missing: [] }
  return isDryRun ? files.check(withFile) : files.store(withFile)
}

function withReply(attributes: string, id: number): string {
  return JSON.stringify({ ...JSON.parse(attributes), in_reply_to: id })
}

function senderOf(
  { message_type, sender_type, sender_id }: SourceMessage,
  people: Move['people'],
  contactOf: (id: number) => number,
  bots: Map<number, number>,
): Prepared['sender'] {
  const nobody = { sender_type: null, sender_id: null }
  if (sender_id === null || message_type === 2) return nobody
  if (sender_type === 'Contact') return { sender_type, sender_id: contactOf(sender_id) }
  const [type, id] =
    sender_type === 'User'
      ? (['User', people.idOf(sender_id)] as const)
      : (['AgentBot', sender_type === 'AgentBot' ? bots.get(sender_id) : undefined] as const)
  return id === null || id === undefined ? nobody : { sender_type: type, sender_id: id }
}

/** A message to store: a new one, or one that has changed. */
interface Planned extends Prepared {
  id: number
  conversation: { id: number; inbox_id: number; contact_id: number; last_activity_at: number }
  created_at: number
}

interface Plan {
  added: Planned[]
  changed: Planned[]
  known: number
  remarks: Map<string, number>
}

async function planPage(move: Move, queries: Queries, prepared: Prepared[]): Promise<Plan> {
  const { accountId, ids } = move
  const plan: Plan = { added: [], changed: [], known: 0, remarks: new Map() }
  const remark = (sentence: string) => plan.remarks.set(sentence, (plan.remarks.get(sentence) ?? 0) + 1)
  const messageIds = prepared.map(({ message }) => message.id)
  const idOf = await ids.messages.load(
    queries,
    messageIds.filter((id) => ids.messages.isOld(id)),
  )
  const conversationIds = prepared.map(({ message }) => message.conversation_id)
  const conversationOf = await ids.conversations.load(queries, conversationIds)
  const conversations = await conversationsOf(move, queries, conversationIds.map(conversationOf))
  const old = prepared.filter(({ message }) => ids.messages.isOld(message.id))
  const keys = old.map(({ message }) => keyOf(conversationOf(message.conversation_id), idOf(message.id)))
  const stored = await findMessages(queries, accountId, keys)
  for (const one of prepared) {
    const { message } = one
    const conversation = conversations.get(conversationOf(message.conversation_id))
    const before = ids.messages.isOld(message.id) ? stored.get(idOf(message.id)) : undefined
    if (!conversation) {
      remark('message of a conversation that is not here, left out')
      continue
    }
    if (before) {
      if (before.updated_at >= message.updated_at) plan.known += 1
      else {
        const place = { ...conversation, id: before.conversation_id }
        plan.changed.push({ ...one, id: before.id, conversation: place, created_at: message.created_at })
      }
      continue
    }
    // Within a conversation, neither ids nor times may decrease: pages rely on both.
    const isKept = ids.messages.keeps(message.id) && message.id > conversation.last_message_id
    if (!isKept) remark('message with another id, because its own is taken')
    const created_at = Math.max(message.created_at, conversation.last_message_at)
    if (created_at > message.created_at) remark('message with the time of the one before it, which was later')
    conversation.last_message_at = created_at
    conversation.last_message_id = isKept ? message.id : Number.POSITIVE_INFINITY
    plan.added.push({ ...one, id: isKept ? message.id : 0, conversation, created_at })
  }
  return plan
}

function keyOf(conversation_id: number, id: number) {
  return { conversation_id, id }
}

async function write(move: Move, tx: Queries, { added, changed }: Plan, lastId: number): Promise<void> {
  const { accountId: account_id, ids } = move
  const moved = added.filter(({ id }) => id === 0)
  const others = await ids.messages.replace(
    tx,
    moved.map(({ message }) => message.id),
  )
  for (const [index, one] of moved.entries()) one.id = others[index]!
  added.sort((one, other) => one.id - other.id)
  await insertMessages(
    tx,
    added.map((one) => rowOf(account_id, one)),
  )
  for (const { files } of added) await files?.attach(tx)
  for (const { id, conversation, message, sender } of added) {
    if (message.message_type !== 0 || sender.sender_id === null) continue
    if (sender.sender_type !== 'Contact' || sender.sender_id === conversation.contact_id) continue
    const key = { account_id, contact_id: sender.sender_id, message_id: id, conversation_id: conversation.id }
    await insertGuestMessage(tx, key)
  }
  await admitMailPeople(account_id, tx, added)
  for (const { id, conversation, message, content } of changed) {
    const { message_type: _, ...columns } = content
    const files = content.deleted_at === null ? {} : { attachments: null }
    const change = { ...columns, ...files, updated_at: message.updated_at }
    await updateMessageRow(tx, account_id, keyOf(conversation.id, id), change)
  }
  const last = new Map(added.map(({ conversation, created_at }) => [conversation, created_at]))
  // If no server has cached anything, it is enough that no message is later than the last activity.
  const bumped = [...last].filter(([{ last_activity_at }, at]) => !move.isAlone || at > last_activity_at)
  await bumpConversations(
    tx,
    bumped.map(([{ id }, at]) => ({ account_id, id, at })),
  )
  const found = [...added, ...changed].filter(
    ({ content: { message_type, content } }) => message_type !== 'activity' && content,
  )
  const texts = found.map(({ id, conversation, content }) => {
    return {
      subject: 'message' as const,
      subject_id: id,
      conversation_id: conversation.id,
      text: content.content!,
    }
  })
  await addDocuments(tx, account_id, texts)
  await ids.messages.advance(tx, lastId)
}

/** Lets those who got or wrote mails of a conversation answer in it. */
async function admitMailPeople(account_id: number, tx: Queries, added: Planned[]): Promise<void> {
  const mails = added.filter(({ own, content }) => own !== undefined && content.private === 0)
  for (const [{ id }, some] of Map.groupBy(mails, ({ conversation }) => conversation)) {
    const addresses = some.flatMap(({ content }) => mailAddresses(JSON.parse(content.content_attributes)))
    if (addresses.length > 0)
      await admitPeople(tx, { account_id, conversation_id: id }, some[0]!.own!, addresses)
  }
}

function rowOf(
  account_id: number,
  { id, conversation, message, content, own, sender, files, created_at }: Planned,
): MessageRow {
  const source_id = message.source_id ? storable(message.source_id) : null
  return {
    account_id,
    conversation_id: conversation.id,
    id,
    inbox_id: conversation.inbox_id,
    ...content,
    ...sender,
    echo_id: null,
    source_id: own !== undefined && source_id ? mailSourceId(source_id) : source_id,
    created_at,
    updated_at: Math.max(created_at, message.updated_at),
    idempotency_key: null,
    idempotency_hash: null,
    attachments: files?.text ?? null,
  }
}
