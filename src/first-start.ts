import { type Config, ConfigError } from './config.ts'
import type { Database } from './db/database.ts'
import { createAccount, isEmpty } from './features/accounts/service.ts'
import { channel as api } from './features/channels/api/channel.ts'
import { addContact } from './features/contacts/service.ts'
import { addConversation } from './features/conversations/service.ts'
import { addInboxMember, createInbox } from './features/inboxes/service.ts'
import { sendFirst } from './features/messages/first-message.ts'
import { whyGuessable } from './features/users/guessable-password.ts'
import { createMember } from './features/users/service.ts'
import { createToken } from './features/users/tokens.ts'
import type { Actor } from './lib/actor.ts'
import { passwordHash, randomPassword } from './lib/secrets.ts'

/** The credentials created at the first start. `password` is undefined if the operator has set one. */
export interface Installation {
  email: string
  password: string | undefined
  token: string
}

const name = 'Administrator'

/**
 * Fills an empty database: an account, its administrator with a token, an API inbox, and a contact whose conversation
 * begins with a question. Does nothing and returns undefined on later starts. Throws a ConfigError if the operator has
 * chosen a password that is easy to guess.
 */
export async function installIfEmpty(
  database: Database,
  admin: Config['admin'],
): Promise<Installation | undefined> {
  if (!(await isEmpty(database.read))) return undefined
  const email = admin.email ?? 'admin@example.com'
  const password = admin.password ?? randomPassword()
  const reason = await whyGuessable(password, { email, name })
  if (reason) throw new ConfigError(`NDOTO_ADMIN_PASSWORD ${reason}.`)
  const hash = await passwordHash(password)
  const token = await database.transaction(null, async (tx) => {
    // Another node may have been first.
    if (!(await isEmpty(tx))) return undefined
    const accountId = await createAccount(tx, 'My company')
    const user = { email, name, passwordHash: hash }
    const userId = await createMember(tx, accountId, 'administrator', user)
    const scopes = ['read', 'write', 'admin'] as const
    const token = await createToken(tx, accountId, userId, {
      name: 'first start',
      scopes,
      token: admin.token,
    })
    const actor: Actor = { accountId, userId, role: 'administrator', scopes, tokenId: 0 }
    const inboxId = await createInbox(tx, accountId, { name: 'API', channel_type: api.type })
    await addInboxMember(tx, accountId, inboxId, userId)
    const contactId = await addContact(tx, accountId, { name: 'Jane Doe', email: 'jane@example.com' })
    const conversation = { inbox_id: inboxId, contact_id: contactId, status: 'open' } as const
    const conversationId = await addConversation(tx, actor, conversation)
    const question = { content: 'Hi, I need help with my order.', message_type: 'incoming' }
    await sendFirst(tx, actor, conversationId, question)
    return token
  })
  if (token === undefined) return undefined
  return { email, password: admin.password ? undefined : password, token }
}
