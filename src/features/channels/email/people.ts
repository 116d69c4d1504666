import type { Queries } from '../../../db/database.ts'
import { normalizeEmail } from '../../../lib/email.ts'
import { isOwnAddress } from './anchors.ts'
import { insertPeople, selectPeople } from './mail.store.ts'

// Addresses that may take part in one conversation.
const maxPeople = 500

/**
 * Lets people take part in a conversation: their answers to its mails are added to it. Call it for From, To, Cc and Bcc of
 * each mail of the conversation, in the transaction that stores it. `email` is the address of the inbox.
 */
export async function admitPeople(
  tx: Queries,
  conversation: { account_id: number; conversation_id: number },
  email: string,
  addresses: readonly string[],
): Promise<void> {
  const known = new Set(await selectPeople(tx, { ...conversation, limit: maxPeople }))
  const others = addresses.map(normalizeEmail).filter((one) => !isOwnAddress(email, one) && !known.has(one))
  await insertPeople(tx, conversation, [...new Set(others)].slice(0, maxPeople - known.size))
}
