import assert from 'node:assert/strict'
import { nextId } from '../src/db/ids.ts'
import { createTarget, switchOff } from '../src/deliveries/targets.ts'
import { beginSession } from '../src/features/users/sessions.ts'
import { createToken } from '../src/features/users/tokens.ts'
import { findWebhook, insertWebhook } from '../src/features/webhooks/store.ts'
import { signingSecret } from '../src/lib/signing.ts'
import type { TestApp } from './app.ts'
import { addInbox, addUser } from './factories.ts'

let count = 0

/** The ids of one resource of each kind, by the name of the parameter in paths. */
export type ResourceIds = Record<string, number | string>

/** The parameters for resources that only members of their inbox may see. */
export const inboxParameters = ['conversation_id', 'message_id', 'inbox_id']

/** The fields of bodies that name a resource, and the parameter for it. */
export const resourceFields: Record<string, string> = {
  inbox_id: 'inbox_id',
  contact_id: 'contact_id',
  base_contact_id: 'contact_id',
  mergee_contact_id: 'contact_id',
  assignee_id: 'agent_id',
  team_id: 'team_id',
  inbox_ids: 'inbox_id',
  team_ids: 'team_id',
  user_ids: 'agent_id',
}

/**
 * Creates one resource of each kind in an account, through the API if possible. A new parameter of a path requires a line
 * here. `token` is an administrator's.
 */
export async function createResources(
  test: TestApp,
  { accountId, token, userId }: { accountId: number; token: string; userId: number },
): Promise<ResourceIds> {
  const create = async (path: string, body: object) => {
    const url = `//api/v1/accounts/${accountId}${path}`
    const response = await test.api(url, { method: 'POST', body, token })
    assert.equal(response.status, 201, `${path}: ${JSON.stringify(response.body)}`)
    return response.body
  }
  const createId = async (path: string, body: object): Promise<number> => (await create(path, body)).id
  const inbox_id = await addInbox(test, { accountId })
  const contact_id = await createId('/contacts', { name: 'Somebody' })
  const conversation_id = await createId('/conversations', { inbox_id, contact_id })
  const message = { content: 'Something', message_type: 'outgoing' }
  const message_id = await createId(`/conversations/${conversation_id}/messages`, message)
  const read = async (path: string) =>
    (await test.api(`//api/v1/accounts/${accountId}${path}`, { token })).body
  const { inbox_identifier } = await read(`/inboxes/${inbox_id}`)
  const { source_id } = await create(`/contacts/${contact_id}/contact_inboxes`, { inbox_id })
  const visits = `//public/api/v1/inboxes/${inbox_identifier}/contacts/${source_id}/visits`
  await test.api(visits, { method: 'POST', body: { page_url: 'https://example.com/' }, token: null })
  const label_id = await createId('/labels', { title: `something${++count}` })
  const team_id = await createId('/teams', { name: `Some team ${count}` })
  const webhook_id = await createWebhook(test, accountId)
  const agent_id = (await addUser(test, { accountId, inboxes: [inbox_id] })).userId
  return {
    inbox_id,
    inbox_identifier,
    contact_id,
    source_id,
    conversation_id,
    message_id,
    agent_id,
    label_id,
    team_id,
    webhook_id,
    delivery_id: await createDelivery(test, accountId, webhook_id),
    access_token_id: await createTokenOf(test, accountId, userId),
    session_id: await createSessionOf(test, userId),
  }
}

/** Creates a webhook that is switched off. Removes older ones, because their number is limited. */
function createWebhook({ app }: TestApp, account_id: number): Promise<number> {
  const now = Date.now()
  return app.database.transaction(account_id, async (tx) => {
    const id = await nextId(tx, account_id, 'webhooks')
    const all = tx.sql.deleteFrom('webhooks').where('account_id', '=', account_id)
    await all.where('id', '<', id - 10).execute()
    const target_id = await createTarget(tx, account_id, 'webhooks')
    await switchOff(tx, { account_id, target_id })
    await insertWebhook(tx, {
      account_id,
      id,
      target_id,
      url: 'http://nothing.invalid/',
      subscriptions: '["message_created"]',
      secret: signingSecret(),
      created_at: now,
      updated_at: now,
    })
    return id
  })
}

/** Creates a delivery that has succeeded. Its event may not exist. */
async function createDelivery({ app }: TestApp, account_id: number, webhook_id: number): Promise<number> {
  const webhook = await findWebhook(app.database.read, account_id, webhook_id)
  const { target_id } = webhook!
  const row = { ...delivery, account_id, target_id, position: webhook_id, created_at: Date.now() }
  await app.database.transaction(account_id, (tx) => tx.sql.insertInto('deliveries').values(row).execute())
  return row.position
}

const delivery = {
  event: 'message_created',
  conversation_id: null,
  order_key: null,
  state: 'succeeded',
  forced: 0,
  tries: 1,
  step: 0,
  due_at: null,
  finished_at: 1,
} as const

function createTokenOf({ app }: TestApp, accountId: number, userId: number): Promise<number> {
  return app.database.transaction(null, async (tx) => {
    await createToken(tx, accountId, userId, { name: 'another program', scopes: ['read'] })
    const tokens = tx.sql.selectFrom('access_tokens').select('id').where('user_id', '=', userId)
    return (await tokens.orderBy('id', 'desc').executeTakeFirstOrThrow()).id
  })
}

function createSessionOf({ app }: TestApp, userId: number): Promise<number> {
  return app.database.transaction(null, async (tx) => {
    await beginSession(tx, userId, 'a browser')
    const sessions = tx.sql.selectFrom('sessions').select('id').where('user_id', '=', userId)
    return (await sessions.orderBy('id', 'desc').executeTakeFirstOrThrow()).id
  })
}
