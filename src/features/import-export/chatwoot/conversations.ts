import { randomUUID } from 'node:crypto'
import type { Queries } from '../../../db/database.ts'
import { Refusal } from '../../../lib/errors.ts'
import { attributesText } from '../../../lib/json.ts'
import { insertConversations, insertLabels } from '../conversation.store.ts'
import { insertContactInboxes } from '../store.ts'
import { contactInboxColumns } from './contact-inboxes.ts'
import {
  selectContactInboxes,
  selectContacts,
  selectConversations,
  unlabelConversations,
  updateConversationRow,
} from './content.store.ts'
import type { Inboxes } from './inboxes.ts'
import type { Labels } from './labels.ts'
import type { Move } from './move.ts'
import { conversationPages, type SourceConversation, sizeOf } from './source-content.store.ts'
import { storable, storableObject } from './storable.ts'

/** What conversations refer to. */
export interface References {
  inboxes: Inboxes
  labels: Labels
  /** The ids here of teams and bots in Chatwoot. */
  teams: Map<number, number>
  bots: Map<number, number>
}

/** A conversation to store: a new one, or one that has changed. */
interface Planned {
  chatwootId: number
  id: number
  isNew: boolean
  row: ReturnType<typeof columnsOf>
  sourceKey: string | null
  labelIds: number[]
}

/** Imports the conversations, and changes those that have changed since the last run, unless they were changed here later. */
export async function importConversations(move: Move, references: References): Promise<void> {
  const { source, database, accountId, isDryRun, report, ids } = move
  const { rows, last } = await sizeOf(source, accountId, 'conversations')
  report.table('conversations', rows)
  await ids.conversations.begin(database, source, last)
  for await (const page of conversationPages(source, accountId, ids.conversations.range, move.since)) {
    const labelIds = await references.labels.idsOf(page.flatMap((one) => one.labels))
    await move.people.resolve(
      move,
      page.flatMap(({ assignee_id }) => assignee_id ?? []),
    )
    for (const one of page) await shrink(move, one)
    const work = async (queries: Queries) => {
      const plan = await planPage(move, queries, references, page, labelIds)
      if (!isDryRun) await write(move, queries, plan, page.at(-1)!.display_id)
      return plan
    }
    const plan = isDryRun ? await work(database.read) : await database.transaction(accountId, work)
    for (const { sentence, example } of plan.remarks) report.remark(sentence, example)
    report.count('conversations', 'stored', plan.conversations.filter(({ isNew }) => isNew).length)
    report.count('conversations', 'changed', plan.conversations.filter(({ isNew }) => !isNew).length)
    report.count('conversations', 'known', plan.known)
    move.progress(page.length)
    await move.rest()
  }
  await ids.conversations.finish(database, source)
}

/** Takes attributes that are too large from a conversation. */
async function shrink({ report, leftOver }: Move, conversation: SourceConversation): Promise<void> {
  for (const field of ['custom_attributes', 'additional_attributes'] as const) {
    try {
      attributesText(field, storableObject(conversation[field]))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      report.remark('conversation without attributes that are larger than 64 KiB', conversation.display_id)
      await leftOver.add('conversations', conversation)
      conversation[field] = {}
    }
  }
}

interface Plan {
  conversations: Planned[]
  known: number
  remarks: { sentence: string; example: string | number }[]
}

async function planPage(
  move: Move,
  queries: Queries,
  references: References,
  page: SourceConversation[],
  labelIds: Map<string, number>,
): Promise<Plan> {
  const { accountId, ids, isDryRun, people } = move
  const plan: Plan = { conversations: [], known: 0, remarks: [] }
  const chatwootIds = page.map(({ display_id }) => display_id)
  const idOf = await ids.conversations.load(queries, chatwootIds)
  const old = chatwootIds.filter((id) => ids.conversations.isOld(id)).map(idOf)
  const stored = new Map((await selectConversations(queries, accountId, old)).map((one) => [one.id, one]))
  const contactIds = page.flatMap(({ contact_id }) => contact_id ?? [])
  const contactOf = await ids.contacts.load(queries, contactIds)
  const contacts = await selectContacts(queries, accountId, [...new Set(contactIds.map(contactOf))])
  const existing = new Set(contacts.map(({ id }) => id))
  for (const conversation of page) {
    const { display_id, contact_id, inbox_id, assignee_id } = conversation
    const before = ids.conversations.isOld(display_id) ? stored.get(idOf(display_id)) : undefined
    // One that was merged here has no state of its own any more.
    if (before && (before.merged_into_id !== null || before.updated_at >= conversation.updated_at)) {
      plan.known += 1
      continue
    }
    const inboxId = references.inboxes.idOf(inbox_id)
    const contactId = contact_id === null ? undefined : contactOf(contact_id)
    if (inboxId === undefined || contactId === undefined || !(isDryRun || existing.has(contactId))) {
      plan.remarks.push({
        sentence: 'conversation without its contact or inbox, left out',
        example: display_id,
      })
      continue
    }
    const userId = people.idOf(assignee_id)
    const isAssignable =
      userId !== null && (people.isAdministrator(userId) || references.inboxes.hasMember(inbox_id, userId))
    if (assignee_id !== null && !isAssignable) {
      const sentence = 'conversation without its assignee, who does not work in the inbox'
      plan.remarks.push({ sentence, example: display_id })
    }
    const { source_id } = conversation
    plan.conversations.push({
      chatwootId: display_id,
      id: before?.id ?? display_id,
      isNew: !before,
      row: columnsOf(conversation, {
        account_id: accountId,
        inbox_id: inboxId,
        contact_id: contactId,
        assignee_id: isAssignable ? userId : null,
        assignee_bot_id: isAssignable ? null : botOf(references, conversation),
        team_id: conversation.team_id === null ? null : (references.teams.get(conversation.team_id) ?? null),
        last_activity_at: before?.last_activity_at ?? 0,
      }),
      sourceKey:
        source_id === null ? null : contactInboxColumns(source_id, references.inboxes, inbox_id).source_id,
      labelIds: [...new Set(conversation.labels.map((title) => labelIds.get(title)!))],
    })
  }
  return plan
}

function botOf({ bots }: References, { assignee_agent_bot_id }: SourceConversation): number | null {
  return assignee_agent_bot_id === null ? null : (bots.get(assignee_agent_bot_id) ?? null)
}

const statuses = ['open', 'resolved', 'pending', 'snoozed'] as const
const priorities = ['low', 'medium', 'high', 'urgent'] as const

function columnsOf(
  conversation: SourceConversation,
  references: {
    account_id: number
    inbox_id: number
    contact_id: number
    assignee_id: number | null
    assignee_bot_id: number | null
    team_id: number | null
    /** It never decreases. */
    last_activity_at: number
  },
) {
  const { status, priority, snoozed_until, created_at, updated_at } = conversation
  const attributes = storableObject(conversation.additional_attributes)
  const { mail_subject } = attributes
  return {
    ...references,
    status: statuses[status] ?? 'open',
    priority: priority === null ? null : (priorities[priority] ?? null),
    snoozed_until: statuses[status] === 'snoozed' ? snoozed_until : null,
    unread_count: conversation.unread_count,
    custom_attributes: JSON.stringify(storableObject(conversation.custom_attributes)),
    additional_attributes: JSON.stringify(attributes),
    agent_last_seen_at: conversation.agent_last_seen_at,
    contact_last_seen_at: conversation.contact_last_seen_at,
    created_at,
    updated_at: Math.max(created_at, updated_at),
    last_activity_at: Math.max(references.last_activity_at, conversation.last_activity_at ?? created_at),
    subject: typeof mail_subject === 'string' ? storable(mail_subject).slice(0, 500) : null,
  }
}

async function write(move: Move, tx: Queries, plan: Plan, lastId: number): Promise<void> {
  const { accountId: account_id, ids } = move
  const fresh = plan.conversations.filter(({ isNew }) => isNew)
  const moved = fresh.filter(({ chatwootId }) => !ids.conversations.keeps(chatwootId))
  const others = await ids.conversations.replace(
    tx,
    moved.map(({ chatwootId }) => chatwootId),
  )
  for (const [index, one] of moved.entries()) {
    one.id = others[index]!
    plan.remarks.push({
      sentence: 'conversation with another id, because its own is taken',
      example: `${one.chatwootId} is ${one.id}`,
    })
  }
  await openContactInboxes(tx, fresh)
  const rows = fresh.map(({ id, row, sourceKey }) => ({ ...row, id, source_id: sourceKey, origin_id: null }))
  await insertConversations(tx, rows)
  const changed = plan.conversations.filter(({ isNew }) => !isNew)
  for (const { id, row } of changed) await updateConversationRow(tx, id, row)
  await unlabelConversations(
    tx,
    account_id,
    changed.map(({ id }) => id),
  )
  const labels = plan.conversations.flatMap(({ id, labelIds }) =>
    labelIds.map((label_id) => ({ account_id, conversation_id: id, label_id })),
  )
  await insertLabels(tx, labels)
  await ids.conversations.advance(tx, lastId)
}

/** Gives each conversation a contact inbox: its own, or a new one without a name if that is gone. */
async function openContactInboxes(tx: Queries, conversations: Planned[]): Promise<void> {
  const [
    {
      row: { account_id },
    } = { row: { account_id: 0 } },
  ] = conversations
  const keys = conversations.flatMap(({ row: { inbox_id }, sourceKey }) =>
    sourceKey === null ? [] : { inbox_id, source_id: sourceKey },
  )
  const stored = new Set(
    (await selectContactInboxes(tx, account_id, keys)).map((one) => `${one.inbox_id} ${one.source_id}`),
  )
  const added = []
  for (const conversation of conversations) {
    const { inbox_id, contact_id, created_at } = conversation.row
    if (conversation.sourceKey !== null && stored.has(`${inbox_id} ${conversation.sourceKey}`)) continue
    conversation.sourceKey = randomUUID()
    const key = { account_id, inbox_id, source_id: conversation.sourceKey, contact_id }
    added.push({ ...key, created_at, has_name: 0 })
  }
  await insertContactInboxes(tx, added)
}
