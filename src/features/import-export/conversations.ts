import type { Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { Refusal } from '../../lib/errors.ts'
import type { PendingFiles } from '../attachments/service.ts'
import { updateContactActivity } from '../contacts/parts.store.ts'
import { bumpConversation } from '../conversations/parts.store.ts'
import { insertMessages, nextMessageIds } from '../messages/parts.store.ts'
import { addDocuments } from '../search/service.ts'
import type { AccountLookup } from './account-lookup.ts'
import type { ContactImport } from './contacts.ts'
import {
  insertConversations,
  insertLabels,
  selectConversations,
  selectMessages,
} from './conversation.store.ts'
import type { ConversationLine, MessageLine } from './conversation-file.ts'
import { ConversationLookup, existingConversation, type TargetConversation } from './conversation-lookup.ts'
import type { IncomingFiles } from './incoming-files.ts'
import { activityOf, messageRow, type NewMessage } from './message-rows.ts'
import { type Count, type Fault, type Outcome, type Run, runBatch } from './run.ts'
import { fromTime } from './schema.ts'
import { generatedSourceId, parseGenerated } from './source-ids.ts'
import { insertContactInboxes } from './store.ts'

/** What a batch adds. */
interface Plan extends Outcome {
  newConversations: TargetConversation[]
  messages: NewMessage[]
  /** The last conversation, to which the next messages belong. */
  current: TargetConversation | undefined
  /** The `source_id` of conversations with a fault. */
  skipped: Set<string>
}

/** The target of messages after a conversation with a fault. */
const skipped: TargetConversation = {
  sourceId: '',
  inbox_id: 0,
  contact_id: 0,
  last_activity_at: 0,
  updated_at: 0,
  isSkipped: true,
}

/**
 * Imports conversations with their messages in batches. Each message belongs to the last conversation before it, which can be
 * in the previous batch.
 */
export class ConversationImport {
  readonly #run: Run
  readonly #accountLookup: AccountLookup
  readonly #contacts: ContactImport
  readonly #files: IncomingFiles
  // Those of previous batches, in case a file contains them again. A batch is planned more than once.
  readonly #skipped = new Set<string>()
  #current: TargetConversation | undefined

  constructor(run: Run, accountLookup: AccountLookup, contacts: ContactImport, files: IncomingFiles) {
    this.#run = run
    this.#accountLookup = accountLookup
    this.#contacts = contacts
    this.#files = files
  }

  /** Imports a batch of lines. */
  async batch(lines: ConversationLine[]): Promise<Outcome> {
    const files = await this.#storeFiles(lines)
    try {
      const plan = await runBatch(this.#run, async (queries, mayWrite) => {
        const plan = await this.#plan(queries, lines)
        if (mayWrite) await this.#write(queries, plan, files)
        return plan
      })
      this.#current = plan.current
      for (const sourceId of plan.skipped) this.#skipped.add(sourceId)
      return plan
    } finally {
      await this.#files.discard()
    }
  }

  /** Copies the files of new messages into the storage, before the transaction that stores the messages. */
  async #storeFiles(lines: ConversationLine[]): Promise<Map<MessageLine, PendingFiles>> {
    const files = new Map<MessageLine, PendingFiles>()
    if (!lines.some(hasFiles)) return files
    for (const [index, line] of lines.entries()) {
      if (!hasFiles(line)) continue
      const sentence = await this.#files.findFault(line.message.attachments)
      if (sentence) lines[index] = { line: line.line, sentence }
    }
    if (this.#run.dryRun) return files
    // The plan leaves out messages that exist already.
    const { messages } = await this.#plan(this.#run.database.read, lines)
    for (const { line } of messages.filter((one) => hasFiles(one.line))) {
      files.set(line, await this.#files.store(line.message.attachments))
    }
    return files
  }

  async #plan(queries: Queries, lines: ConversationLine[]): Promise<Plan> {
    const faults: Fault[] = []
    const counts = { conversations: newCount(), messages: newCount() }
    const current = await this.#reloadCurrent(queries)
    const plan: Plan = { faults, counts, newConversations: [], messages: [], current, skipped: new Set() }
    const conversations = lines.flatMap((line) => ('conversation' in line ? line.conversation : []))
    const lookup = await ConversationLookup.load(
      conversations,
      this.#run,
      this.#accountLookup,
      this.#contacts,
      queries,
    )
    const items: MessageItem[] = []
    for (const line of lines) {
      const isMessage = 'message' in line || ('sentence' in line && !line.isConversation)
      if (isMessage) {
        items.push({ line, conversation: plan.current })
        // The line with the fault can be a conversation.
        if ('sentence' in line) plan.current ??= { ...skipped }
        continue
      }
      const result = 'sentence' in line ? line.sentence : await faultOr(() => lookup.find(line.conversation))
      if (typeof result === 'string') {
        faults.push({ line: line.line, sentence: result })
        counts.conversations.leftOut += 1
        plan.current = { ...skipped }
      } else {
        counts.conversations[result.isNew ? 'stored' : 'known'] += 1
        if (result.isNew) plan.newConversations.push(result.conversation)
        plan.current = result.conversation
        if (this.#skipped.has(plan.current.sourceId)) plan.current.isSkipped = true
      }
    }
    const existing = await this.#existingMessages(queries, items)
    for (const { line, conversation } of items) {
      const sentence = this.#addMessage(plan, line, conversation, existing)
      if (sentence === undefined) continue
      counts.messages.leftOut += 1
      if (sentence !== '') faults.push({ line: line.line, sentence })
      if (!conversation) continue
      conversation.isSkipped = true
      plan.skipped.add(conversation.sourceId)
    }
    return plan
  }

  /** The last conversation of the previous batch, in its present state. */
  async #reloadCurrent(queries: Queries): Promise<TargetConversation | undefined> {
    const { accountId, dryRun } = this.#run
    const current = this.#current
    if (current?.id === undefined) return current && { ...current }
    const [row] = await selectConversations(queries, accountId, 'id', [current.id], !dryRun)
    if (!row) return { ...skipped }
    return { ...existingConversation(current.sourceId, row), isSkipped: current.isSkipped }
  }

  /** Adds a message to the plan. Returns a sentence if it has a fault, or '' if an earlier line of its conversation has one. */
  #addMessage(
    plan: Plan,
    line: MessageLine | Fault,
    conversation: TargetConversation | undefined,
    existing: Set<string>,
  ): string | undefined {
    if ('sentence' in line) return line.sentence
    if (!conversation) return 'a message must come after its conversation'
    if (conversation.isSkipped) return ''
    const { message } = line
    const key = messageKey(conversation, message.source_id)
    if (existing.has(key)) {
      plan.counts.messages!.known += 1
      return undefined
    }
    const senderId = message.sender === undefined ? null : this.#accountLookup.agent(message.sender)
    if (senderId === undefined) return 'sender must be the e-mail address of an agent of this account'
    const created_at = fromTime(message.created_at)
    if (created_at < conversation.last_activity_at) {
      return 'created_at must not be before that of the conversation or of a message before it'
    }
    existing.add(key)
    conversation.last_activity_at = created_at
    conversation.updated_at = Math.max(conversation.updated_at, created_at)
    plan.messages.push({ line, conversation, senderId })
    plan.counts.messages!.stored += 1
    return undefined
  }

  /** The keys of those messages that are stored already. */
  async #existingMessages(queries: Queries, items: MessageItem[]): Promise<Set<string>> {
    const existing = new Set<string>()
    for (const [conversation, some] of Map.groupBy(items, (item) => item.conversation)) {
      if (conversation?.id === undefined) continue
      const sourceIds = some.flatMap(({ line }) => ('message' in line ? line.message.source_id : []))
      const ids = sourceIds.flatMap((one) => parseGenerated(one)?.id ?? [])
      const key = { account_id: this.#run.accountId, conversation_id: conversation.id }
      const { imported, native } = await selectMessages(queries, key, sourceIds, ids)
      for (const { source_id } of imported) existing.add(messageKey(conversation, source_id!))
      for (const row of native) existing.add(messageKey(conversation, generatedSourceId(row)))
    }
    return existing
  }

  async #write(
    tx: Queries,
    { newConversations, messages }: Plan,
    files: Map<MessageLine, PendingFiles>,
  ): Promise<void> {
    const { accountId } = this.#run
    await this.#writeConversations(tx, newConversations)
    const ids = messages.length > 0 ? await nextMessageIds(tx, accountId, messages.length) : []
    if (messages.some(({ line }) => hasFiles(line) && !files.has(line))) {
      throw new Refusal('conflict', 'a conversation was deleted during the import: run it again')
    }
    const rows = messages.map((message, index) =>
      messageRow(accountId, ids[index]!, message, files.get(message.line)?.text ?? null),
    )
    await insertMessages(tx, rows)
    for (const { line } of messages) await files.get(line)?.attach(tx)
    for (const { id, creation, last_activity_at } of new Set(messages.map((one) => one.conversation))) {
      if (creation) continue
      await bumpConversation(tx, { account_id: accountId, id: id!, at: last_activity_at, unread: 0 })
    }
    await updateContactActivity(tx, activityOf(accountId, messages))
    const searchable = rows.filter(({ message_type, content }) => message_type !== 'activity' && content)
    const texts = searchable.map(({ id, conversation_id, content }) => {
      return { subject: 'message' as const, subject_id: id, conversation_id, text: content! }
    })
    await addDocuments(tx, accountId, texts)
  }

  async #writeConversations(tx: Queries, conversations: TargetConversation[]): Promise<void> {
    const count = conversations.length
    if (count === 0) return
    const account_id = this.#run.accountId
    const lastId = await reserveIds(tx, account_id, 'conversations', count)
    for (const [index, one] of conversations.entries()) one.id = lastId - count + 1 + index
    const contactInboxes = conversations
      .filter(({ creation }) => creation!.createsContactInbox)
      .map(({ creation }) => ({ ...creation!.row, has_name: 0 }))
    await insertContactInboxes(tx, contactInboxes)
    const rows = conversations.map(({ id, creation, last_activity_at, updated_at }) => {
      return { ...creation!.row, id, last_activity_at, updated_at }
    })
    await insertConversations(tx, rows)
    const labels = conversations.flatMap(({ id, creation }) =>
      creation!.labelIds.map((label_id) => ({ account_id, conversation_id: id, label_id })),
    )
    await insertLabels(tx, labels)
  }
}

/** A line of a message, and the conversation that it belongs to. */
interface MessageItem {
  line: MessageLine | Fault
  conversation: TargetConversation | undefined
}

function hasFiles(line: ConversationLine): line is MessageLine {
  return 'message' in line && line.message.attachments.length > 0
}

function newCount(): Count {
  return { stored: 0, known: 0, leftOut: 0 }
}

function messageKey(conversation: TargetConversation, sourceId: string): string {
  return `${conversation.sourceId} ${sourceId}`
}

/** The result of `work`, or the message of an `invalid` that it throws. */
async function faultOr<T>(work: () => Promise<T | string>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'invalid') return error.message
    throw error
  }
}
