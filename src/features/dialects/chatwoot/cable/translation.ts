import type { Queries } from '../../../../db/database.ts'
import type { LoggedEvent } from '../../../../events/read.ts'
import type { Contact } from '../../../contacts/schema.ts'
import type { Conversation } from '../../../conversations/schema.ts'
import type { Message } from '../../../messages/schema.ts'
import { previousChanges } from '../changes.ts'
import { contactFields, contactPush } from '../objects/contact.ts'
import { conversationPush } from '../objects/conversation.ts'
import { messagePush } from '../objects/message.ts'
import { userPush } from '../objects/user.ts'
import { type RelatedRow, selectByIds } from '../related.store.ts'
import { type Related, relatedTo } from '../related.ts'
import { conversationForContact, messageForContact } from './contact-view.ts'
import { agentEventNames, contactEventNames } from './event-names.ts'

/** Who gets events: everything that an agent may see, or what the contact of a conversation may see. */
export type Audience = 'agents' | 'contact'

/** The JSON of the messages with which `/cable` sends an event. */
export type Translation = (event: LoggedEvent) => string[]

/** An event with its data, and its names for an audience. */
interface Parsed {
  event: LoggedEvent
  names: string[]
  // biome-ignore lint/suspicious/noExplicitAny: each kind of event has its own shape
  data: any
}

/** What events refer to. */
interface References {
  accountId: number
  related: Related
  /** The users who have acted. */
  performers: Map<number, RelatedRow<'users'>>
  /** The contacts that others were merged into. */
  merged: Map<number, RelatedRow<'contacts'>>
}

/** Reads what events of an account refer to, in a few queries, and returns how to translate each of them. */
export async function prepareTranslation(
  queries: Queries,
  accountId: number,
  events: readonly LoggedEvent[],
  audience: Audience,
): Promise<Translation> {
  const all = events.map((event) => parse(event, audience)).filter(({ names }) => names.length > 0)
  const references = await readReferences(queries, accountId, all)
  const byPosition = new Map(all.map((one) => [one.event.position, one]))
  return ({ position }) => {
    const one = byPosition.get(position)
    return one ? translate(one, audience, references) : []
  }
}

function parse(event: LoggedEvent, audience: Audience): Parsed {
  const data = { changed: [], ...JSON.parse(event.data) }
  const happening = { name: event.name, changed: data.changed, merged_into: data.merged_into }
  const names = audience === 'agents' ? agentEventNames(happening) : contactEventNames(happening)
  return { event, names, data }
}

async function readReferences(
  queries: Queries,
  accountId: number,
  all: readonly Parsed[],
): Promise<References> {
  const messages = all.filter(isOf('message')).map(({ data }) => data as Message)
  const conversations = all.filter(isOf('conversation')).map(({ data }) => data.conversation as Conversation)
  const actors = all.flatMap(({ event }) => (event.actor_type === 'user' ? (event.actor_id ?? []) : []))
  const mergedInto = all.flatMap(({ data }) => (data.merged_into as number | null) ?? [])
  const [related, performers, merged] = await Promise.all([
    relatedTo(queries, accountId, { messages, conversations }),
    selectByIds(queries, 'users', accountId, actors),
    selectByIds(queries, 'contacts', accountId, mergedInto),
  ])
  return { accountId, related, performers, merged }
}

const isOf =
  (subject: string) =>
  ({ event }: Parsed) =>
    event.name.startsWith(`${subject}_`)

function translate(parsed: Parsed, audience: Audience, references: References): string[] {
  const { event, names } = parsed
  const { accountId, performers } = references
  const performer = event.actor_type === 'user' ? performers.get(event.actor_id ?? 0) : undefined
  const data = {
    ...dataOf(parsed, audience, references),
    account_id: accountId,
    ...(performer ? { performer: userPush(performer) } : {}),
  }
  return names.map((name) => JSON.stringify({ event: name, data }))
}

function dataOf(parsed: Parsed, audience: Audience, { related, merged }: References): object {
  const { event, data } = parsed
  const isForAgents = audience === 'agents'
  if (isOf('message')(parsed)) {
    const push = isForAgents ? messagePush(data, related) : messageForContact(data, related)
    return event.name === 'message_created'
      ? push
      : { ...push, previous_changes: changesOf(parsed, audience) }
  }
  if (isOf('conversation')(parsed))
    return (isForAgents ? conversationPush : conversationForContact)(data.conversation, related)
  if (event.name !== 'contact_deleted') return contactPush(data.contact as Contact)
  const base = merged.get(data.merged_into ?? 0)
  return base ? contactPush(contactFields(base)) : { id: data.id, type: 'contact' }
}

const changesForContact = ['content', 'status']

function changesOf({ event, data }: Parsed, audience: Audience): object {
  const before = event.before === null ? {} : JSON.parse(event.before)
  const isShown = (field: string) => audience === 'agents' || changesForContact.includes(field)
  return previousChanges({ changed: data.changed.filter(isShown), before, now: data })
}
