import type { Queries } from '../../../../db/database.ts'
import type { LoggedEvent } from '../../../../events/read.ts'
import { systemOf } from '../../../../lib/actor.ts'
import { Refusal } from '../../../../lib/errors.ts'
import { getConversation } from '../../../conversations/event-log.ts'
import type { Conversation } from '../../../conversations/schema.ts'
import type { Inbox } from '../../../inboxes/schema.ts'
import type { MessageEvent } from '../../../messages/events.ts'
import { changedAttributes } from '../changes.ts'
import { additionalAttributes, type ContactFields } from '../objects/contact.ts'
import { conversationPush } from '../objects/conversation.ts'
import { slimInbox } from '../objects/inbox.ts'
import { contentOf, toMessage } from '../objects/message.ts'
import { type Related, relatedTo } from '../related.ts'

/** An account as bodies show it. */
export interface Account {
  id: number
  name: string
}

/** Returns the body with which Chatwoot sends an event. `name` is that of Chatwoot. */
export async function bodyOf(queries: Queries, event: LoggedEvent, name: string): Promise<object> {
  const data = JSON.parse(event.data)
  const before = event.before === null ? {} : JSON.parse(event.before)
  const subject = event.name.replace(/_.*/, '')
  if (subject === 'message') return { event: name, ...(await messageBody(queries, data)) }
  const { account, changed, [subject]: now } = data
  const changes = event.name.endsWith('_created')
    ? {}
    : { changed_attributes: changedAttributes({ changed, before, now }) }
  if (subject === 'conversation')
    return { event: name, ...(await conversationBody(queries, data)), ...changes }
  const body = subject === 'contact' ? contactBody(now, account) : inboxBody(now, account)
  return { event: name, ...body, ...changes }
}

async function messageBody(queries: Queries, event: MessageEvent) {
  const { account, conversation: summary } = event
  const conversation = await findConversation(queries, account.id, event.conversation_id)
  const conversations = conversation ? [conversation] : []
  const related = await relatedTo(queries, account.id, { conversations, messages: [event] })
  const { attachments } = toMessage(event, related)
  return {
    account,
    additional_attributes: {},
    ...contentOf(event),
    content_type: event.content_type,
    // Deleted in the meantime: what is known of it.
    conversation: { ...(conversation ? conversationPush(conversation, related) : summary), account },
    created_at: new Date(event.created_at * 1000).toISOString(),
    id: event.id,
    inbox: { id: event.inbox_id, name: related.inboxes.get(event.inbox_id)?.name ?? '' },
    message_type: event.content_attributes.template === true ? 'template' : event.message_type,
    private: event.private,
    sender: senderBody(event, account, related),
    source_id: event.source_id,
    ...(attachments ? { attachments } : {}),
  }
}

async function findConversation(
  queries: Queries,
  accountId: number,
  id: number,
): Promise<Conversation | undefined> {
  try {
    return await getConversation(queries, systemOf(accountId), id)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return undefined
    throw error
  }
}

function senderBody({ sender }: MessageEvent, account: Account, { users, contacts }: Related) {
  if (sender === null) return null
  const { id, name } = sender
  if (sender.type === 'AgentBot') return { id, name, type: 'agent_bot' }
  if (sender.type === 'User') return { id, name, email: users.get(id)?.email ?? null, type: 'user' }
  const contact = contacts.get(id)
  return contact ? contactBody(contact, account) : { id, name, account }
}

/** A conversation in a body. */
export async function conversationBody(
  queries: Queries,
  { conversation, account }: { conversation: Conversation; account: Account },
) {
  const related = await relatedTo(queries, account.id, { conversations: [conversation] })
  return { ...conversationPush(conversation, related), account }
}

/** A contact in a body: Chatwoot's `Contact#webhook_data`. */
export function contactBody(contact: ContactFields, account: Account) {
  const { id, name, email, phone_number, identifier, blocked } = contact
  const thumbnail = contact.thumbnail ?? ''
  const { custom_attributes } = contact
  return {
    account,
    additional_attributes: additionalAttributes(contact),
    avatar: thumbnail,
    custom_attributes,
    email,
    id,
    identifier,
    name,
    phone_number,
    thumbnail,
    blocked,
  }
}

function inboxBody(inbox: Inbox, account: Account) {
  const { greeting_message, hmac_mandatory } = inbox
  return {
    ...slimInbox(inbox),
    greeting_enabled: greeting_message !== null,
    greeting_message,
    hmac_mandatory,
    account,
  }
}
