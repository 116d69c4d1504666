import type { Database, Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { type Actor, actorRef, hasScope, seesAllInboxes } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import type { HasSlots } from '../../lib/slot.ts'
import { conversationBots } from '../conversations/bots.ts'
import { findCurrentConversationRef } from '../conversations/merged.ts'
import { findConversationRef } from '../conversations/service.ts'
import { listInboxes } from '../inboxes/service.ts'
import { statusOf } from '../users/availability.ts'
import { listAgents, nameOf } from '../users/service.ts'
import type { EventRequest } from './page.ts'
import { realtime } from './realtime.ts'
import type { EventHeaders, EventQuery, TypingChange, UserPresence, Viewer, ViewingChange } from './schema.ts'
import type { Subscriber } from './subscriber.ts'
import type { MemberAccess } from './visibility.ts'
import { type Typist, type WidgetSignal, webhookSignals } from './webhook-signals.ts'

/** Returns the users of an account who are online or busy, ordered by id, as far as this node knows. */
export async function listPresence(database: Database, accountId: number): Promise<UserPresence[]> {
  const agents = await listAgents(database.read, accountId)
  const connected = realtime.of(database).presence.connectedUsers(accountId)
  return agents
    .map(({ id, availability }) => ({ user_id: id, status: statusOf(availability, connected.has(id)) }))
    .filter(({ status }) => status !== 'offline')
}

/** Returns the ids of the users of an account who are online. Teams assign conversations to them. */
export async function onlineUsers(database: Database, accountId: number): Promise<number[]> {
  const present = await listPresence(database, accountId)
  return present.filter(({ status }) => status === 'online').map(({ user_id }) => user_id)
}

/** Whether somebody is online who answers in an inbox, as far as this node knows. */
export function isInboxAvailable(has: HasSlots, accountId: number, inboxId: number): Promise<boolean> {
  return realtime.of(has).inboxAvailability.isAvailable(accountId, inboxId)
}

/** Creates the subscriber for a member of an account. `refreshActor` reads the member again. */
export async function memberSubscriber(
  queries: Queries,
  actor: Actor,
  refreshActor: () => Promise<Actor | undefined>,
): Promise<Subscriber> {
  const findAccess = async () => {
    const again = await refreshActor()
    return again && accessOf(queries, again)
  }
  // Conversations are assigned to users who are online, so a program that can only read must not count as one. Sessions
  // have all scopes.
  const isPresent = hasScope(actor.scopes, 'write')
  return { accountId: actor.accountId, access: await accessOf(queries, actor), findAccess, isPresent }
}

/**
 * Parses a request for events. Throws `malformed` if it asks for an event that is not in `allowedNames`, or if the cursor
 * is invalid.
 */
export function parseEventRequest(
  allowedNames: readonly string[],
  query: EventQuery,
  headers: EventHeaders,
): EventRequest {
  const names = query.events?.split(',').map((name) => name.trim())
  const unknown = names?.find((name) => !allowedNames.includes(name))
  if (unknown !== undefined) {
    const sentence = `events must be names of events: "${unknown}" is not one of ${allowedNames.join(', ')}`
    throw new Refusal('malformed', sentence)
  }
  return {
    after: cursorOf(headers['last-event-id']) ?? query.after,
    filter: { conversationId: query.conversation_id, names: names && new Set(names) },
    limit: query.limit,
  }
}

/** Like `parseEventRequest`, for a member of the account. Throws `not_found` if they cannot see the conversation. */
export async function parseMemberEventRequest(
  { events, database }: Context,
  actor: Actor,
  query: EventQuery,
  headers: EventHeaders,
): Promise<EventRequest> {
  const allowedNames = [
    ...events.map(({ name }) => name),
    'typing',
    'viewing',
    'presence',
    'visit',
    'draft',
    'notification',
  ]
  const eventRequest = parseEventRequest(allowedNames, query, headers)
  if (query.conversation_id === undefined) return eventRequest
  const { id } = await findCurrentConversationRef(database.read, actor, query.conversation_id)
  return { ...eventRequest, filter: { ...eventRequest.filter, conversationId: id } }
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

/** Signals that the actor is typing in a conversation, or has stopped. Throws `not_found`. */
export async function changeTyping(
  context: Context,
  actor: Actor,
  conversationId: number,
  change: TypingChange,
): Promise<void> {
  const { read } = context.database
  const { inbox_id, contact_id } = await findConversationRef(read, actor, conversationId)
  const ids = { account_id: actor.accountId, conversation_id: conversationId, inbox_id, contact_id }
  const { type, id } = actorRef(actor)
  if (type === 'bot' && id !== null) {
    const name = await conversationBots.of(read).nameOf(read, actor.accountId, id)
    return sendTyping(context, ids, { bot: { id, name } }, change)
  }
  const user = { id: actor.userId, name: await nameOf(read, actor.userId) }
  sendTyping(context, ids, { user }, change)
}

/**
 * Signals that a user, a bot or a contact is typing in a conversation, or has stopped, to streams and webhooks. Only
 * agents see that a contact, or the author of a private note, is typing.
 */
export function sendTyping(
  context: Context,
  {
    account_id,
    ...ids
  }: { account_id: number; conversation_id: number; inbox_id: number; contact_id: number },
  typist: Typist,
  { is_private, typing_status }: TypingChange,
): void {
  const audience = !('contact' in typist) && !is_private ? 'everyone' : 'agents'
  const { conversation_id } = ids
  const data = { event: 'typing', conversation_id, ...typist, is_private, typing_status }
  const header = { name: 'typing', audience, ...ids } as const
  realtime.of(context).signals.send({ kind: 'typing', account: account_id, told: header, data })
  webhookSignals.of(context).send({ ...header, account_id, typist, is_private, typing_status })
}

/**
 * Signals that the actor looks at a conversation, or no longer does, and returns who else looks at it, as far as this node
 * knows. Throws `not_found`.
 */
export async function changeViewing(
  context: Context,
  actor: Actor,
  conversationId: number,
  { viewing_status }: ViewingChange,
): Promise<Viewer[]> {
  const { read } = context.database
  const { inbox_id, contact_id } = await findConversationRef(read, actor, conversationId)
  const ids = { conversation_id: conversationId, inbox_id, contact_id }
  const user = { id: actor.userId, name: await nameOf(read, actor.userId) }
  const told = { name: 'viewing', audience: 'agents', ...ids } as const
  const data = { event: 'viewing', conversation_id: conversationId, user, viewing_status } as const
  realtime.of(context).signals.send({ kind: 'viewing', account: actor.accountId, told, data })
  const viewers = realtime.of(context).viewers.of(actor.accountId, conversationId)
  return viewers.filter(({ id }) => id !== actor.userId)
}

/** Returns who looks at a conversation, as far as this node knows. Throws `not_found`. */
export async function listViewers(context: Context, actor: Actor, conversationId: number): Promise<Viewer[]> {
  await findConversationRef(context.database.read, actor, conversationId)
  return realtime.of(context).viewers.of(actor.accountId, conversationId)
}

/** Signals to agents that a contact is on another page. They read which one, because addresses do not fit into a signal. */
export function sendVisit(
  context: Context,
  { account_id, inbox_id, contact_id }: { account_id: number; inbox_id: number; contact_id: number },
): void {
  const header = { name: 'visit', audience: 'agents', conversation_id: null, inbox_id, contact_id } as const
  const data = { event: 'visit', contact_id, inbox_id }
  realtime.of(context).signals.send({ kind: 'visit', account: account_id, told: header, data })
}

/**
 * Signals to webhooks that somebody has opened the chat of an inbox. `contactId` is null if they are no contact yet.
 */
export function sendOpening(
  context: Context,
  { account_id, id: inbox_id }: { account_id: number; id: number },
  contact_id: number | null,
  seen: Pick<WidgetSignal, 'page' | 'browser'>,
): void {
  const ids = { account_id, inbox_id, contact_id, conversation_id: null }
  const at = Date.now()
  webhookSignals.of(context).send({ name: 'widget_opened', audience: 'agents', ...ids, ...seen, at })
}
