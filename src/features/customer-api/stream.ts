import type { Queries } from '../../db/database.ts'
import type { LoggedEvent } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { getContact } from '../contacts/service.ts'
import type { ConversationEvent } from '../conversations/events.ts'
import { assertOwnConversation, type Customer } from '../customers/customer.ts'
import type { MessageEvent } from '../messages/events.ts'
import { sendTyping } from '../realtime/service.ts'
import type { Subscriber } from '../realtime/subscriber.ts'
import { type ClientCustomer, findCustomer, toClientMessage } from './service.ts'

/** Subscribes a customer to events of their own conversations in the inbox, as long as the `source_id` is valid. */
export function customerSubscriber(
  queries: Queries,
  identifier: string,
  customer: ClientCustomer,
): Subscriber {
  const accessOf = ({ contact_id, inbox_id }: Customer) => ({ contactId: contact_id, inboxId: inbox_id })
  return {
    accountId: customer.account_id,
    access: accessOf(customer),
    findAccess: async () => {
      const customerNow = await findCustomer(queries, identifier, customer.source_id)
      return customerNow && accessOf(customerNow)
    },
    render: eventForCustomer,
  }
}

/** The JSON of an event in the shape of this API; undefined if the customer must not get it. */
function eventForCustomer({ name, data }: LoggedEvent): string | undefined {
  const event = JSON.parse(data)
  const payload = name.startsWith('message_') ? messagePayload(event) : conversationPayload(event)
  return payload && JSON.stringify({ event: name, ...payload })
}

function messagePayload(event: MessageEvent) {
  // The event `message_deleted` follows.
  if (event.content_attributes.deleted && event.event !== 'message_deleted') return undefined
  return toClientMessage(event)
}

const visibleFields = ['status', 'agent_last_seen_at', 'contact_last_seen_at']

function conversationPayload(event: ConversationEvent) {
  if (event.event === 'conversation_deleted') return { conversation: { id: event.conversation.id } }
  if (event.event === 'conversation_updated' && !event.changed.some((field) => visibleFields.includes(field)))
    return undefined
  const { id, status, created_at, last_activity_at, agent_last_seen_at, contact_last_seen_at } =
    event.conversation
  return {
    conversation: { id, status, created_at, last_activity_at, agent_last_seen_at, contact_last_seen_at },
  }
}

/** Shows agents that the contact is typing, or has stopped. Throws `not_found`. */
export async function showTyping(
  context: Context,
  customer: Customer,
  conversationId: number,
  typing_status: 'on' | 'off',
): Promise<void> {
  const { read } = context.database
  await assertOwnConversation(read, customer, conversationId)
  const { account_id, inbox_id, contact_id, actor } = customer
  const { id, name } = await getContact(read, actor, contact_id)
  const conversation = { account_id, conversation_id: conversationId, inbox_id, contact_id }
  sendTyping(context, conversation, { contact: { id, name } }, { typing_status, is_private: false })
}
