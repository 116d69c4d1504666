import type { Database, Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { type Actor, hasScope, seesAllInboxes } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { findConversationRef } from '../conversations/service.ts'
import { listInboxes } from '../inboxes/service.ts'
import { nameOf } from '../users/service.ts'
import type { MemberAccess } from './hearing.ts'
import { nodeOf, openNode } from './node.ts'
import type { Question } from './page.ts'
import type { Reader } from './reader.ts'
import type { EventHeaders, EventQuery, TypingChange, UserPresence } from './schema.ts'

export { answerWithEvents, eventContent } from './answer.ts'
export { nodeOf } from './node.ts'
export type { Reader } from './reader.ts'

/** The users of an account who have a stream open, on any node, as far as this one knows. */
export function onlineUsers(database: Database, accountId: number): Set<number> {
  return openNode(database)?.presence.online(accountId) ?? new Set()
}

/** Hears what a member of an account may; `actorAgain` finds who they are by then. */
export async function memberReader(
  queries: Queries,
  actor: Actor,
  actorAgain: () => Promise<Actor | undefined>,
): Promise<Reader> {
  const findAccess = async () => {
    const again = await actorAgain()
    return again && accessOf(queries, again)
  }
  // Conversations are assigned to users who are online: a program that only reads answers nobody. Sessions have all scopes.
  const isPresent = hasScope(actor.scopes, 'write')
  return { accountId: actor.accountId, access: await accessOf(queries, actor), findAccess, isPresent }
}

/** Reads what is asked for of events of the names `known`. Throws `malformed` for a name or a cursor that cannot be. */
export function readQuestion(known: readonly string[], query: EventQuery, headers: EventHeaders): Question {
  const names = query.events?.split(',').map((name) => name.trim())
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new Refusal(
      'malformed',
      `events must be names of events: "${unknown}" is none of ${known.join(', ')}`,
    )
  }
  return {
    after: cursorOf(headers['last-event-id']) ?? query.after,
    narrowing: { conversationId: query.conversation_id, names: names && new Set(names) },
    limit: query.limit,
  }
}

/** As `readQuestion`, of a member of the account. Throws `not_found` for a conversation. */
export async function readMembersQuestion(
  { events, database }: Context,
  actor: Actor,
  query: EventQuery,
  headers: EventHeaders,
): Promise<Question> {
  const known = [...events.map(({ name }) => name), 'typing', 'presence']
  const question = readQuestion(known, query, headers)
  if (query.conversation_id !== undefined)
    await findConversationRef(database.read, actor, query.conversation_id)
  return question
}

function cursorOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const cursor = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(cursor)) return cursor
  throw new Refusal('malformed', 'Last-Event-ID must be the id of an event of this stream')
}

async function accessOf(queries: Queries, actor: Actor): Promise<MemberAccess> {
  const { userId } = actor
  if (seesAllInboxes(actor)) return { userId, inboxes: 'all' }
  const inboxes = await listInboxes(queries, actor)
  return { userId, inboxes: new Set(inboxes.map(({ id }) => id)) }
}

/** Tells who may see the conversation that the actor writes in it, or has stopped. Throws `not_found`. */
export async function changeTyping(
  context: Context,
  actor: Actor,
  conversationId: number,
  change: TypingChange,
): Promise<void> {
  const { read } = context.database
  const { inbox_id, contact_id } = await findConversationRef(read, actor, conversationId)
  const place = { account_id: actor.accountId, conversation_id: conversationId, inbox_id, contact_id }
  const user = { id: actor.userId, name: await nameOf(read, actor.userId) }
  tellTyping(context, place, { user }, change)
}

/** Tells that a user or a contact writes in a conversation, or has stopped: a contact's writing agents alone. */
export function tellTyping(
  context: Context,
  {
    account_id,
    ...place
  }: { account_id: number; conversation_id: number; inbox_id: number; contact_id: number },
  who: { user: { id: number; name: string } } | { contact: { id: number; name: string } },
  { is_private, typing_status }: TypingChange,
): void {
  const audience = 'user' in who && !is_private ? 'everyone' : 'agents'
  const { conversation_id } = place
  const data = { event: 'typing', conversation_id, ...who, is_private, typing_status }
  const told = { name: 'typing', audience, ...place } as const
  nodeOf(context).signals.tell({ kind: 'typing', account: account_id, told, data })
}

/** Who of the account is online. */
export function listPresence({ database }: Context, { accountId }: Actor): UserPresence[] {
  const online = [...onlineUsers(database, accountId)].sort((one, other) => one - other)
  return online.map((user_id) => ({ user_id, status: 'online' }))
}
