import type { Queries } from '../../db/database.ts'
import { nextMessageIds, reserveIds } from '../../db/ids.ts'
import { Refusal } from '../../lib/errors.ts'
import type { PendingFiles } from '../attachments/service.ts'
import { addDocuments } from '../search/service.ts'
import type { ContactImport } from './contacts.ts'
import {
  insertConversations,
  insertLabels,
  insertMessages,
  moveUp,
  noteActivity,
  selectConversations,
  selectMessages,
} from './conversation.store.ts'
import type { ConversationLine, MessageLine } from './conversation-file.ts'
import type { Directory } from './directory.ts'
import type { IncomingFiles } from './incoming-files.ts'
import { nameOf, nativeName } from './names.ts'
import { type Count, type Fault, type Outcome, type Run, runBatch } from './run.ts'
import { fromTime } from './schema.ts'
import { insertDoors } from './store.ts'
import { Found, type Talk, talkOf } from './talks.ts'

/** What a batch comes to. */
interface Plan extends Outcome {
  made: Talk[]
  messages: { line: MessageLine; talk: Talk; senderId: number | null }[]
  /** The conversation that the next batch begins in. */
  current: Talk | undefined
}

/** Where messages below a conversation that is not there would be. */
const nowhere: Talk = {
  name: '',
  inbox_id: 0,
  contact_id: 0,
  last_activity_at: 0,
  updated_at: 0,
  isStopped: true,
}

/**
 * Imports conversations with their messages in batches: each line of a message belongs to the conversation above it, which may be
 * that of the batch before.
 */
export class ConversationImport {
  readonly #run: Run
  readonly #directory: Directory
  readonly #contacts: ContactImport
  readonly #files: IncomingFiles
  // The names of conversations with a fault, should they come again further down.
  readonly #stopped = new Set<string>()
  #current: Talk | undefined

  constructor(run: Run, directory: Directory, contacts: ContactImport, files: IncomingFiles) {
    this.#run = run
    this.#directory = directory
    this.#contacts = contacts
    this.#files = files
  }

  async batch(lines: ConversationLine[]): Promise<Outcome> {
    const kept = await this.#keepFiles(lines)
    try {
      const plan = await runBatch(this.#run, async (queries, mayWrite) => {
        const plan = await this.#plan(queries, lines)
        if (mayWrite) await this.#write(queries, plan, kept)
        return plan
      })
      this.#current = plan.current
      return plan
    } finally {
      await this.#files.discard()
    }
  }

  /** The files of messages are in the storage before the messages, which are stored in one transaction. */
  async #keepFiles(lines: ConversationLine[]): Promise<Map<MessageLine, PendingFiles>> {
    const kept = new Map<MessageLine, PendingFiles>()
    if (!lines.some(hasFiles)) return kept
    for (const [index, line] of lines.entries()) {
      if (!hasFiles(line)) continue
      const wrong = await this.#files.fault(line.message.attachments)
      if (wrong) lines[index] = { line: line.line, sentence: wrong }
    }
    if (this.#run.dryRun) return kept
    // Those that are there have their files.
    const { messages } = await this.#plan(this.#run.database.read, lines)
    for (const { line } of messages.filter((one) => hasFiles(one.line))) {
      kept.set(line, await this.#files.keep(line.message.attachments))
    }
    return kept
  }

  async #plan(queries: Queries, lines: ConversationLine[]): Promise<Plan> {
    const faults: Fault[] = []
    const counts = { conversations: newCount(), messages: newCount() }
    const plan: Plan = { faults, counts, made: [], messages: [], current: await this.#refreshed(queries) }
    const conversations = lines.flatMap((line) => ('conversation' in line ? line.conversation : []))
    const found = await Found.by(conversations, this.#run, this.#directory, this.#contacts, queries)
    const items: { line: MessageLine | Fault; talk: Talk | undefined }[] = []
    for (const line of lines) {
      const isMessage = 'message' in line || ('sentence' in line && !line.isConversation)
      if (isMessage) {
        items.push({ line, talk: plan.current })
        // It may have been a conversation.
        if ('sentence' in line) plan.current ??= { ...nowhere }
        continue
      }
      const result = 'sentence' in line ? line.sentence : await refusable(() => found.talk(line.conversation))
      if (typeof result === 'string') {
        faults.push({ line: line.line, sentence: result })
        counts.conversations.leftOut += 1
        plan.current = { ...nowhere }
      } else {
        counts.conversations[result.isNew ? 'stored' : 'known'] += 1
        if (result.isNew) plan.made.push(result.talk)
        plan.current = result.talk
        if (this.#stopped.has(plan.current.name)) plan.current.isStopped = true
      }
    }
    const known = await this.#knownMessages(queries, items)
    for (const { line, talk } of items) {
      const wrong = this.#take(plan, line, talk, known)
      if (wrong === undefined) continue
      counts.messages.leftOut += 1
      if (wrong !== '') faults.push({ line: line.line, sentence: wrong })
      if (!talk) continue
      talk.isStopped = true
      this.#stopped.add(talk.name)
    }
    return plan
  }

  /** The conversation that the batch before has ended in, as it is now. */
  async #refreshed(queries: Queries): Promise<Talk | undefined> {
    const { accountId, dryRun } = this.#run
    const current = this.#current
    if (current?.id === undefined) return current && { ...current }
    const [row] = await selectConversations(queries, accountId, 'id', [current.id], !dryRun)
    return row ? { ...talkOf(current.name, row), isStopped: current.isStopped } : { ...nowhere }
  }

  /** Takes a message into the plan; gives what is wrong with it, '' where that was said further above. */
  #take(
    plan: Plan,
    line: MessageLine | Fault,
    talk: Talk | undefined,
    known: Set<string>,
  ): string | undefined {
    if ('sentence' in line) return line.sentence
    if (!talk) return 'stands below no conversation'
    if (talk.isStopped) return ''
    const { message } = line
    const key = messageKey(talk, message.source_id)
    if (known.has(key)) {
      plan.counts.messages!.known += 1
      return undefined
    }
    const senderId = message.sender === undefined ? null : this.#directory.agent(message.sender)
    if (senderId === undefined) return 'sender is the e-mail of no agent of this account'
    const created_at = fromTime(message.created_at)
    if (created_at < talk.last_activity_at) {
      return 'created_at must not be before that of the conversation and of the messages that it has'
    }
    known.add(key)
    talk.last_activity_at = created_at
    talk.updated_at = Math.max(talk.updated_at, created_at)
    plan.messages.push({ line, talk, senderId })
    plan.counts.messages!.stored += 1
    return undefined
  }

  async #knownMessages(queries: Queries, items: { line: MessageLine | Fault; talk: Talk | undefined }[]) {
    const known = new Set<string>()
    for (const [talk, some] of Map.groupBy(items, (item) => item.talk)) {
      if (talk?.id === undefined) continue
      const names = some.flatMap(({ line }) => ('message' in line ? line.message.source_id : []))
      const ids = names.flatMap((name) => nativeName(name)?.id ?? [])
      const place = { account_id: this.#run.accountId, conversation_id: talk.id }
      const { named, native } = await selectMessages(queries, place, names, ids)
      for (const { source_id } of named) known.add(messageKey(talk, source_id!))
      for (const row of native) known.add(messageKey(talk, nameOf(row)))
    }
    return known
  }

  async #write(tx: Queries, { made, messages }: Plan, kept: Map<MessageLine, PendingFiles>): Promise<void> {
    const { accountId } = this.#run
    await this.#writeConversations(tx, made)
    const ids = messages.length > 0 ? await nextMessageIds(tx, accountId, messages.length) : []
    if (messages.some(({ line }) => hasFiles(line) && !kept.has(line))) {
      throw new Refusal('conflict', 'a conversation was deleted meanwhile: run it again')
    }
    const rows = messages.map(({ line, talk, senderId }, index) =>
      messageRow(accountId, ids[index]!, line, talk, senderId, kept.get(line)?.text ?? null),
    )
    await insertMessages(tx, rows)
    for (const { line } of messages) await kept.get(line)?.attach(tx)
    for (const talk of new Set(messages.map((one) => one.talk))) {
      const { id, last_activity_at, updated_at } = talk
      if (!talk.made) await moveUp(tx, { account_id: accountId, id: id!, last_activity_at, updated_at })
    }
    await noteActivity(tx, activityOf(accountId, messages))
    const found = rows.filter(({ message_type, content }) => message_type !== 'activity' && content)
    const texts = found.map(({ id, conversation_id, content }) => {
      return { subject: 'message' as const, subject_id: id, conversation_id, text: content! }
    })
    await addDocuments(tx, accountId, texts)
  }

  async #writeConversations(tx: Queries, talks: Talk[]): Promise<void> {
    if (talks.length === 0) return
    const account_id = this.#run.accountId
    const last = await reserveIds(tx, account_id, 'conversations', talks.length)
    for (const [index, talk] of talks.entries()) talk.id = last - talks.length + 1 + index
    const opening = talks.filter(({ made }) => made!.opensDoor)
    const doors = opening.map(({ made }) => ({ ...made!.row, has_name: 0 }))
    await insertDoors(tx, doors)
    const rows = talks.map(({ id, made, last_activity_at, updated_at }) => {
      return { ...made!.row, id, last_activity_at, updated_at }
    })
    await insertConversations(tx, rows)
    const labels = talks.flatMap(({ id, made }) =>
      made!.labelIds.map((label_id) => ({ account_id, conversation_id: id, label_id })),
    )
    await insertLabels(tx, labels)
  }
}

function hasFiles(line: ConversationLine): line is MessageLine {
  return 'message' in line && line.message.attachments.length > 0
}

function newCount(): Count {
  return { stored: 0, known: 0, leftOut: 0 }
}

function messageKey(talk: Talk, name: string): string {
  return `${talk.name} ${name}`
}

async function refusable<T>(work: () => Promise<T | string>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'invalid') return error.message
    throw error
  }
}

/** When each contact has written last. */
function activityOf(account_id: number, messages: Plan['messages']) {
  const latest = new Map<number, number>()
  for (const { line, talk } of messages) {
    const { message_type, created_at } = line.message
    if (message_type === 'incoming')
      latest.set(talk.contact_id, Math.max(latest.get(talk.contact_id) ?? 0, fromTime(created_at)))
  }
  return [...latest].map(([id, at]) => ({ account_id, id, at }))
}

function messageRow(
  account_id: number,
  id: number,
  { message, attributes }: MessageLine,
  talk: Talk,
  senderId: number | null,
  attachments: string | null,
) {
  const created_at = fromTime(message.created_at)
  const updated_at = message.updated_at === undefined ? created_at : fromTime(message.updated_at)
  const isIncoming = message.message_type === 'incoming'
  return {
    account_id,
    conversation_id: talk.id!,
    id,
    inbox_id: talk.inbox_id,
    message_type: message.message_type,
    content_type: message.content_type,
    content: message.deleted_at === undefined ? message.content : null,
    content_attributes: attributes,
    status: message.status,
    private: message.private ? 1 : 0,
    sender_type: isIncoming ? 'Contact' : senderId === null ? null : 'User',
    sender_id: isIncoming ? talk.contact_id : senderId,
    echo_id: message.echo_id ?? null,
    source_id: message.source_id,
    created_at,
    updated_at: Math.max(created_at, updated_at),
    deleted_at: message.deleted_at === undefined ? null : fromTime(message.deleted_at),
    attachments,
  }
}
