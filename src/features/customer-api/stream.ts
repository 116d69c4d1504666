import type { Queries } from '../../db/database.ts'
import type { LoggedEvent } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { toSeconds } from '../../lib/time.ts'
import { getContact } from '../contacts/service.ts'
import type { ConversationEvent } from '../conversations/events.ts'
import type { MessageEvent } from '../messages/events.ts'
import { type Subscriber, sendTyping } from '../realtime/service.ts'
import { assertOwnConversation, type Customer, findCustomer, toClientMessage } from './service.ts'

/** Hears what happens in the contact's own conversations of the inbox, for as long as its `source_id` opens it. */
export function customerReader(queries: Queries, identifier: string, customer: Customer): Subscriber {
  const accessOf = ({ contact_id, inbox_id }: Customer) => ({ contactId: contact_id, inboxId: inbox_id })
  return {
    accountId: customer.account_id,
    access: accessOf(customer),
    findAccess: async () => {
      const again = await findCustomer(queries, identifier, customer.source_id)
      return again && accessOf(again)
    },
    render: showToCustomer,
  }
}

/** What a customer is shown of an event of the log, in the shapes of this API. */
function showToCustomer({ name, data }: LoggedEvent): string | undefined {
  const event = JSON.parse(data)
  const shown = name.startsWith('message_') ? messageShown(event) : conversationShown(event)
  return shown && JSON.stringify({ event: name, ...shown })
}

function messageShown(event: MessageEvent) {
  // What has become of it comes, too.
  if (event.content_attributes.deleted && event.event !== 'message_deleted') return undefined
  return toClientMessage({
    ...event,
    id: Number(event.id),
    conversation_id: event.conversation.id,
    inbox_id: event.conversation.inbox_id,
    created_at: toSeconds(Date.parse(event.created_at)),
    updated_at: toSeconds(Date.parse(event.updated_at)),
  })
}

const seenFields = ['status', 'agent_last_seen_at', 'contact_last_seen_at']

function conversationShown(event: ConversationEvent) {
  if (event.event === 'conversation_deleted') return { conversation: { id: event.conversation.id } }
  if (event.event === 'conversation_updated' && !event.changed.some((field) => seenFields.includes(field)))
    return undefined
  const { id, status, created_at, last_activity_at, agent_last_seen_at, contact_last_seen_at } =
    event.conversation
  return {
    conversation: { id, status, created_at, last_activity_at, agent_last_seen_at, contact_last_seen_at },
  }
}

/** Tells agents that the contact writes, or has stopped. Throws `not_found`. */
export async function tellWriting(
  context: Context,
  customer: Customer,
  conversationId: number,
  typing_status: 'on' | 'off',
): Promise<void> {
  const { read } = context.database
  await assertOwnConversation(read, customer, conversationId)
  const { account_id, inbox_id, contact_id, system } = customer
  const { id, name } = await getContact(read, system, contact_id)
  const place = { account_id, conversation_id: conversationId, inbox_id, contact_id }
  sendTyping(context, place, { contact: { id, name } }, { typing_status, is_private: false })
}
