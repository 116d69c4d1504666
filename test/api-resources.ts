import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { nextId } from '../src/db/ids.ts'
import { createTarget, switchOff } from '../src/deliveries/targets.ts'
import { insertMail } from '../src/features/channels/email/mail.store.ts'
import { addMailbox } from '../src/features/channels/email/mailbox.store.ts'
import { upsertNotifications } from '../src/features/notifications/store.ts'
import { serverKey } from '../src/features/push/service.ts'
import { insertShown, replaceSubscription, selectSubscriptions } from '../src/features/push/store.ts'
import { beginSession } from '../src/features/users/sessions.ts'
import { createToken } from '../src/features/users/tokens.ts'
import { findWebhook, insertWebhook } from '../src/features/webhooks/store.ts'
import { newKey, storedName } from '../src/files/names.ts'
import { openFiles } from '../src/files/open.ts'
import { writeTemporaryFile } from '../src/files/temporary-files.ts'
import { signingSecret } from '../src/lib/signing.ts'
import type { TestApp } from './app.ts'
import { eventually } from './eventually.ts'
import { addInbox, addUser } from './factories.ts'
import { formOf } from './files.ts'
import { mail } from './mails.ts'

let count = 0

/** The ids of one resource of each kind, by the name of the parameter in paths. */
export type ResourceIds = Record<string, number | string>

/** The parameters for resources that only members of their inbox may see. */
export const inboxParameters = [
  'conversation_id',
  'message_id',
  'inbox_id',
  'scheduled_message_id',
  'proposal_id',
  'macro_run_id',
  'bulk_action_id',
  'contact_import_id',
]

/** The fields of bodies that name a resource, and the parameter for it. */
export const resourceFields: Record<string, string> = {
  inbox_id: 'inbox_id',
  contact_id: 'contact_id',
  base_contact_id: 'contact_id',
  mergee_contact_id: 'contact_id',
  agent_bot: 'agent_bot_id',
  assignee_id: 'agent_id',
  expected_assignee_id: 'agent_id',
  team_id: 'team_id',
  company_id: 'company_id',
  inbox_ids: 'inbox_id',
  team_ids: 'team_id',
  user_ids: 'agent_id',
  primary_actor_id: 'conversation_id',
  conversation_id: 'conversation_id',
  conversation_ids: 'conversation_id',
  view_id: 'view_id',
  canned_response_ids: 'canned_response_id',
  attachment_ids: 'attachment_id',
  last_seen_message_id: 'message_id',
  mergee_conversation_id: 'conversation_id',
  message_ids: 'message_id',
  message_id: 'message_id',
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
  // A split moves it, and leaves the first one.
  const other_message_id = await createId(`/conversations/${conversation_id}/messages`, message)
  await addRawMail(test, { account_id: accountId, conversation_id, message_id })
  await addMailboxState(test, accountId, inbox_id)
  const read = async (path: string) =>
    (await test.api(`//api/v1/accounts/${accountId}${path}`, { token })).body
  const { inbox_identifier } = await read(`/inboxes/${inbox_id}`)
  const { source_id } = await create(`/contacts/${contact_id}/contact_inboxes`, { inbox_id })
  const visits = `//public/api/v1/inboxes/${inbox_identifier}/contacts/${source_id}/visits`
  await test.api(visits, { method: 'POST', body: { page_url: 'https://example.com/' }, token: null })
  const label_id = await createId('/labels', { title: `something${++count}` })
  const team_id = await createId('/teams', { name: `Some team ${count}` })
  const canned = { short_code: `something${count}`, content: 'Something for {{contact.name}}' }
  const map = { bytes: 'a map', name: 'map.txt' }
  const { id: canned_response_id, attachments } = await create('/canned_responses', formOf(canned, [map]))
  const scheduled = { content: 'Something later', send_at: Math.floor(Date.now() / 1000) + 1_000_000 }
  const scheduled_message_id = await createId(
    `/conversations/${conversation_id}/scheduled_messages`,
    scheduled,
  )
  const proposed = { content: 'Something proposed' }
  const proposal_id = await createId(`/conversations/${conversation_id}/proposals`, proposed)
  const actions = [{ action_name: 'change_priority', action_params: ['low'] }]
  const macro_id = await createId('/macros', { name: 'Some macro', actions })
  const macro_run_id = await createId(`/macros/${macro_id}/execute`, { conversation_id })
  const bulk_action_id = await createId('/bulk_actions', { conversation_ids: [conversation_id], actions })
  // Else it changes rows while a test compares them.
  await eventually(async () => (await read(`/bulk_actions/${bulk_action_id}`)).status === 'done')
  const file = { bytes: 'name,email\nNobody,nothing\n', name: 'contacts.csv' }
  const contact_import_id = await createId('/contact_imports', formOf({}, [file]))
  await eventually(async () => (await read(`/contact_imports/${contact_import_id}`)).status === 'done')
  const selectors = [{ attribute_key: 'labels', filter_operator: 'is_present' }]
  const view_id = await createId('/views', { name: 'Some view', filter: selectors })
  const company_id = await createId('/companies', { name: `Some company ${count}` })
  const note_id = await createId(`/contacts/${contact_id}/notes`, { content: 'Some note' })
  const custom_attribute_definition_id = await createId('/custom_attribute_definitions', {
    attribute_model: 'contact_attribute',
    attribute_key: `something${count}`,
    attribute_display_name: 'Something',
  })
  const webhook_id = await createWebhook(test, accountId)
  // Removes older ones, because their number is limited.
  for (const { id } of (await read('/agent_bots')).payload.slice(0, -10)) {
    await test.api(`//api/v1/accounts/${accountId}/agent_bots/${id}`, { method: 'DELETE', token })
  }
  const agent_bot_id = await createId('/agent_bots', { name: 'Some bot' })
  const agent_id = (await addUser(test, { accountId, inboxes: [inbox_id] })).userId
  return {
    inbox_id,
    inbox_identifier,
    contact_id,
    source_id,
    conversation_id,
    message_id,
    other_message_id,
    agent_id,
    label_id,
    canned_response_id,
    scheduled_message_id,
    proposal_id,
    macro_id,
    macro_run_id,
    bulk_action_id,
    contact_import_id,
    notification_id: await addNotification(test, accountId, userId, conversation_id),
    view_id,
    note_id,
    company_id,
    custom_attribute_definition_id,
    attachment_id: attachments[0].id,
    team_id,
    webhook_id,
    agent_bot_id,
    delivery_id: await createDelivery(test, accountId, webhook_id),
    access_token_id: await createTokenOf(test, accountId, userId),
    session_id: await createSessionOf(test, userId),
    notification_subscription_id: await createSubscriptionOf(test, accountId, userId),
  }
}

/** A browser with a push service that does not exist, and a notification that it shows. */
async function createSubscriptionOf(test: TestApp, accountId: number, userId: number): Promise<number> {
  await serverKey(test.app.database)
  const session_id = await createSessionOf(test, userId)
  const endpoint = `https://push.invalid/${session_id}`
  return test.app.database.transaction(null, async (tx) => {
    const keys = { p256dh: 'a key', auth: 'a secret', shows_text: 0, created_at: Date.now() }
    await replaceSubscription(tx, { user_id: userId, session_id, endpoint, ...keys })
    const { id } = (await selectSubscriptions(tx, userId))[0]!
    await insertShown(tx, { account_id: accountId, subscription_id: id, notification_id: 1 }, Date.now())
    return id
  })
}

/** Makes a message one that came as a mail. */
async function addRawMail(
  { app, config }: TestApp,
  message: { account_id: number; conversation_id: number; message_id: number },
): Promise<void> {
  const { account_id } = message
  const { storage, temporaryDirectory } = openFiles(config)
  const file = await writeTemporaryFile(temporaryDirectory, Readable.from([mail()]))
  const key = newKey()
  await storage.put(storedName(account_id, key), file)
  await app.database.transaction(account_id, async (tx) => {
    const id = await nextId(tx, account_id, 'files')
    const { size } = file
    const row = { account_id, id, key, type: 'message/rfc822', name: 'mail.eml', size, thumbnail: 0 }
    await tx.sql
      .insertInto('files')
      .values({ ...row, due_at: null, created_at: Date.now() })
      .execute()
    await insertMail(tx, { ...message, file_key: key })
  })
}

/** Creates a notification, as if another user had written in the conversation. */
function addNotification(
  { app }: TestApp,
  account_id: number,
  user_id: number,
  conversation_id: number,
): Promise<number> {
  return app.database.transaction(account_id, async (tx) => {
    const position = await nextId(tx, account_id, 'notifications')
    const now = Date.now()
    const [stored] = await upsertNotifications(tx, account_id, [
      {
        ...{
          user_id,
          position,
          conversation_id,
          message_id: null,
          ...{ contact_import_id: null, contact_import: null },
          notification_type: 'conversation_mention',
        },
        ...{
          actor_type: 'system',
          actor_id: null,
          count: 1,
          in_app: 1,
          created_at: now,
          last_activity_at: now,
        },
      },
    ])
    return stored!.id
  })
}

/** Gives an inbox the state of a mailbox, whatever its channel is. */
function addMailboxState({ app }: TestApp, account_id: number, inbox_id: number): Promise<void> {
  const nothingYet = {
    error: null,
    failing_since: null,
    told_at: null,
    connected_at: null,
    received_at: null,
  }
  const token = { lag: null, refresh_token: null, refresh_token_of: null }
  return app.database.transaction(account_id, (tx) =>
    addMailbox(tx, {
      ...{ account_id, inbox_id, anchor_key: 'key', state: 'waiting', created_at: 1 },
      ...nothingYet,
      ...token,
    }),
  )
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
      format: 'ndoto',
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
