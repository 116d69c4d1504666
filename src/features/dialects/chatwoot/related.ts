import type { Queries } from '../../../db/database.ts'
import type { Conversation } from '../../conversations/schema.ts'
import type { Message } from '../../messages/schema.ts'
import { teamIdsOf } from '../../teams/parts.store.ts'
import { type ContactFields, contactFields } from './objects/contact.ts'
import { type RelatedRow, selectByIds } from './related.store.ts'

/** What messages refer to, by id. */
export interface RelatedToMessages {
  accountId: number
  users: Map<number, RelatedRow<'users'>>
  contacts: Map<number, ContactFields>
  bots: Map<number, RelatedRow<'bots'>>
  fileTypes: Map<number, RelatedRow<'fileTypes'>>
}

/** What conversations and their messages refer to, by id. */
export interface Related extends RelatedToMessages {
  inboxes: Map<number, RelatedRow<'inboxes'>>
  teams: Map<number, RelatedRow<'teams'>>
  conversations: Map<number, RelatedRow<'conversations'>>
  /** The teams of the user who asks; empty for events. */
  ownTeams: ReadonlySet<number>
}

/** Reads what a page of messages refers to: a few queries, however long the page is. */
export async function relatedToMessages(
  queries: Queries,
  accountId: number,
  messages: readonly Message[],
): Promise<RelatedToMessages> {
  return readPeople(queries, accountId, messages, { users: [], contacts: [] })
}

interface Referring {
  conversations?: Conversation[]
  messages?: Message[]
  /** The rows of all these conversations, if they are known. */
  rows?: Related['conversations']
}

/** Reads what conversations and messages refer to: a few queries, however many there are. `userId` is who asks. */
export async function relatedTo(
  queries: Queries,
  accountId: number,
  { conversations = [], messages = [], rows: known }: Referring,
  userId?: number,
): Promise<Related> {
  const all = [...messages, ...conversations.flatMap((one) => lastMessageOf(one) ?? [])]
  const assignees = conversations.flatMap(({ meta }) => meta.assignee?.id ?? [])
  const inboxIds = [...conversations.map((one) => one.inbox_id), ...messages.map((one) => one.inbox_id)]
  const ids = [...conversations.map((one) => one.id), ...messages.map((one) => one.conversation_id)]
  const teamIds = conversations.flatMap(({ meta }) => meta.team?.id ?? [])
  const asksForTeams = userId !== undefined && teamIds.length > 0
  const [people, inboxes, teams, rows, ownTeams] = await Promise.all([
    readPeople(queries, accountId, all, {
      users: assignees,
      contacts: conversations.map(({ contact }) => contact.id),
    }),
    selectByIds(queries, 'inboxes', accountId, inboxIds),
    selectByIds(queries, 'teams', accountId, teamIds),
    known ?? selectByIds(queries, 'conversations', accountId, ids),
    asksForTeams ? teamIdsOf(queries, accountId, userId) : [],
  ])
  return { ...people, inboxes, teams, conversations: rows, ownTeams: new Set(ownTeams) }
}

/** The last message of a conversation that its contact sees. */
export function lastMessageOf({ last_message }: Conversation): Message | null {
  return last_message as Message | null
}

async function readPeople(
  queries: Queries,
  accountId: number,
  messages: readonly Message[],
  more: { users: number[]; contacts: number[] },
): Promise<RelatedToMessages> {
  const senders = (type: string) =>
    messages.flatMap(({ sender }) => (sender?.type === type ? [sender.id] : []))
  const files = messages.flatMap(({ attachments }) => attachments.map(({ id }) => id))
  const [users, contacts, bots, fileTypes] = await Promise.all([
    selectByIds(queries, 'users', accountId, [...more.users, ...senders('User')]),
    selectByIds(queries, 'contacts', accountId, [...more.contacts, ...senders('Contact')]),
    selectByIds(queries, 'bots', accountId, senders('AgentBot')),
    selectByIds(queries, 'fileTypes', accountId, files),
  ])
  const read = new Map([...contacts].map(([id, row]) => [id, contactFields(row)]))
  return { accountId, users, contacts: read, bots, fileTypes }
}
