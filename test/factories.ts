import type { Insertable } from 'kysely'
import type { Tables } from '../src/db/tables.ts'
import { createAccount } from '../src/features/accounts/service.ts'
import { addContact } from '../src/features/contacts/service.ts'
import { addConversation } from '../src/features/conversations/service.ts'
import { addInboxMember, createInbox } from '../src/features/inboxes/service.ts'
import { nextMessageIds } from '../src/features/messages/parts.store.ts'
import { eraseMessage } from '../src/features/messages/store.ts'
import { createMember } from '../src/features/users/service.ts'
import { beginSession } from '../src/features/users/sessions.ts'
import { createToken } from '../src/features/users/tokens.ts'
import { sessionCookieName } from '../src/http/session.ts'
import { type Role, type Scope, systemOf } from '../src/lib/actor.ts'
import type { TestApp } from './app.ts'

let userCount = 0

/** Creates a user of an account, and a token for them. An agent is a member of `inboxes`. */
export async function addUser(
  { app }: TestApp,
  options: { accountId?: number; role?: Role; inboxes?: number[]; scopes?: Scope[]; expiresAt?: number } = {},
): Promise<{ userId: number; token: string; name: string }> {
  const {
    accountId = 1,
    role = 'agent',
    inboxes = [],
    scopes = ['read', 'write', 'admin'],
    expiresAt,
  } = options
  const name = `Person ${++userCount}`
  return app.database.transaction(null, async (tx) => {
    const user = { name, email: `person${userCount}@example.com`, passwordHash: 'none' }
    const userId = await createMember(tx, accountId, role, user)
    for (const inboxId of inboxes) await addInboxMember(tx, accountId, inboxId, userId)
    return {
      userId,
      name,
      token: await createToken(tx, accountId, userId, { name: 'test', scopes, expiresAt }),
    }
  })
}

/** Signs a user in without their password; returns the cookie. */
export async function cookieOf({ app }: TestApp, userId: number, userAgent = 'a browser'): Promise<string> {
  const secret = await app.database.transaction(null, (tx) => beginSession(tx, userId, userAgent))
  return `${sessionCookieName('http:')}=${secret}`
}

/** Creates another account with its own administrator. */
export async function addAccount(
  test: TestApp,
): Promise<{ accountId: number; token: string; userId: number }> {
  const accountId = await test.app.database.transaction(null, (tx) => createAccount(tx, 'Another company'))
  return { accountId, ...(await addUser(test, { accountId, role: 'administrator' })) }
}

/** Creates an inbox, and returns its id. */
export function addInbox(
  { app }: TestApp,
  options: { accountId?: number; channel_type?: string } = {},
): Promise<number> {
  const { accountId = 1, channel_type = 'api' } = options
  return app.database.transaction(null, (tx) =>
    createInbox(tx, accountId, { name: 'Another inbox', channel_type }),
  )
}

/** Creates a conversation of a new contact, and returns its id. */
export function addTestConversation(
  { app }: TestApp,
  options: { accountId?: number; inboxId?: number; status?: 'open' | 'resolved' | 'pending' } = {},
): Promise<number> {
  const { accountId = 1, inboxId = 1, status = 'open' } = options
  return app.database.transaction(null, async (tx) => {
    const contact_id = await addContact(tx, accountId, { name: 'John Smith' })
    return addConversation(tx, systemOf(accountId), { inbox_id: inboxId, contact_id, status })
  })
}

/** The columns of a message. The default is a text from the first administrator. */
export type MessageRow = Partial<Insertable<Tables['messages']>> & { deleted?: boolean }

/** Inserts messages into a conversation without the API: thousands in a moment, with any time. Returns their ids. */
export function addMessages({ app }: TestApp, conversationId: number, rows: MessageRow[]): Promise<number[]> {
  return app.database.transaction(null, async (tx) => {
    const ids: number[] = []
    for (const { deleted, ...row } of rows) {
      const id = (await nextMessageIds(tx, 1, 1))[0]!
      const created_at = row.created_at ?? Date.now()
      const values = {
        account_id: 1,
        conversation_id: conversationId,
        id,
        inbox_id: 1,
        message_type: 'outgoing',
        content_type: 'text',
        content: `Message ${id}`,
        content_attributes: '{}',
        status: 'sent',
        private: 0,
        sender_type: 'User',
        sender_id: 1,
        echo_id: null,
        source_id: null,
        updated_at: created_at,
        idempotency_key: null,
        idempotency_hash: null,
        ...row,
        created_at,
      }
      await tx.sql
        .insertInto('messages')
        .values(values as Insertable<Tables['messages']>)
        .execute()
      if (deleted) {
        await eraseMessage(tx, { account_id: 1, conversation_id: conversationId, id }, created_at)
      }
      ids.push(id)
    }
    await tx.sql
      .updateTable('conversations')
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .where('account_id', '=', 1)
      .where('id', '=', conversationId)
      .execute()
    return ids
  })
}
