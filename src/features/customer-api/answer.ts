import type { Database } from '../../db/database.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { submitAnswer } from '../messages/service.ts'
import { changeOwn } from './identity.ts'
import type { ClientAnswer, ClientMessage } from './schema.ts'
import { assertOwnConversation, type Customer, toClientMessage } from './service.ts'

/**
 * Answers an interactive message, once; an e-mail address is put on the contact, as a claim where another has it. Throws
 * `not_found`, `forbidden` for who is blocked, `conflict` where it was answered, `invalid` for what was not asked.
 */
export function answer(
  database: Database,
  customer: Customer,
  conversationId: number,
  id: number,
  given: ClientAnswer,
): Promise<ClientMessage> {
  const { account_id } = customer
  return database.transaction(account_id, async (tx) => {
    await assertNotBlocked(tx, account_id, customer.contact_id)
    await assertOwnConversation(tx, customer, conversationId)
    const document = await submitAnswer(tx, { account_id, conversation_id: conversationId, id }, given)
    const message = toClientMessage(JSON.parse(document))
    const email = message.content_attributes.submitted_email
    if (typeof email === 'string') await changeOwn(tx, customer, { email })
    return message
  })
}
