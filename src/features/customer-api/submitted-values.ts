import type { Database } from '../../db/database.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { submitAnswer } from '../messages/submission.ts'
import { applyOwnChange } from './identity.ts'
import type { ClientMessage, SubmittedValues } from './schema.ts'
import { assertOwnConversation, type Customer, toClientMessage } from './service.ts'

/**
 * Stores a customer's answer to an interactive message. A submitted e-mail address becomes that of the contact, or a claim
 * if another contact has it. Throws `not_found`, `contact_blocked`, `already_answered` if the message has
 * already been answered, and `invalid` if the values are not what the message asks for.
 */
export function submitValues(
  database: Database,
  customer: Customer,
  conversationId: number,
  id: number,
  submission: SubmittedValues,
): Promise<ClientMessage> {
  const { account_id } = customer
  return database.transaction(account_id, async (tx) => {
    await assertNotBlocked(tx, account_id, customer.contact_id)
    await assertOwnConversation(tx, customer, conversationId)
    const key = { account_id, conversation_id: conversationId, id }
    const document = await submitAnswer(tx, customer.actor, key, submission)
    const message = toClientMessage(JSON.parse(document))
    const email = message.content_attributes.submitted_email
    if (typeof email === 'string') await applyOwnChange(tx, customer, { email })
    return message
  })
}
