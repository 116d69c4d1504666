import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { assertRefused, sendMessage, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import {
  addWebhook,
  deliveriesOf,
  removeWebhooks,
  startReceiver,
  startWebhookApp,
} from '../../../test/webhooks.ts'

let test: TestApp
before(async () => {
  test = await startWebhookApp()
})
after(() => test.close())
afterEach(() => setUrl(1, null).then(() => removeWebhooks(test)))

async function setUrl(inboxId: number, webhook_url: string | null): Promise<void> {
  const change = { method: 'PATCH', body: { channel: { webhook_url } } }
  assert.equal((await test.api(`/inboxes/${inboxId}`, change)).status, 200)
}

const webhookOf = async (inboxId: number) => {
  const { payload } = (await test.api('/webhooks')).body
  return payload.find((one: { inbox_id: number | null }) => one.inbox_id === inboxId)
}

describe('the webhook of an API inbox', () => {
  it('exists as long as the inbox has a URL, and always has this URL', async () => {
    assert.equal(await webhookOf(1), undefined)
    await setUrl(1, 'http://127.0.0.1:9/a')
    const { created_at, id, ...others } = await webhookOf(1)
    const state = { format: 'ndoto', active: true, disabled_reason: null }
    const rest = { name: null, subscriptions: [], ...state, inbox_id: 1 }
    assert.deepEqual(others, { url: 'http://127.0.0.1:9/a', ...rest })
    await setUrl(1, 'http://127.0.0.1:9/b')
    assert.deepEqual(await webhookOf(1), { id, created_at, url: 'http://127.0.0.1:9/b', ...rest })
    await setUrl(1, null)
    assert.equal(await webhookOf(1), undefined)
  })

  it('is changed and deleted only through its inbox, but switched off like any other', async () => {
    await setUrl(1, 'http://127.0.0.1:9/')
    const { id } = await webhookOf(1)
    const change = (body: object) => test.api(`/webhooks/${id}`, { method: 'PATCH', body })
    assertRefused(
      await change({ url: 'https://example.com/' }),
      409,
      /inbox 1: change the inbox’s webhook_url/,
    )
    assertRefused(await change({ subscriptions: ['message_created'] }), 409, /inbox 1/)
    assertRefused(await test.api(`/webhooks/${id}`, { method: 'DELETE' }), 409, /inbox 1/)
    assert.equal((await change({ active: false })).body.active, false)
  })

  it('that was switched off gets events again from the time its URL is changed', async () => {
    const receiver = await startReceiver()
    await setUrl(1, 'http://127.0.0.1:9/')
    const { id } = await webhookOf(1)
    await test.api(`/webhooks/${id}`, { method: 'PATCH', body: { active: false } })
    await sendMessage(test, 'while it is off')
    await setUrl(1, receiver.url)
    await sendMessage(test, 'at the new URL')
    await eventually(() => receiver.received.length > 0)
    assert.deepEqual(receiver.contents(), ['at the new URL'])
  })

  it('is signed with its own secret, which rotate_secret returns', async () => {
    const receiver = await startReceiver()
    await setUrl(1, receiver.url)
    await sendMessage(test, 'before anybody knows the secret')
    await eventually(() => receiver.received.length === 1)
    const { id } = await webhookOf(1)
    const { secret } = (await test.api(`/webhooks/${id}/rotate_secret`, { method: 'POST' })).body
    await sendMessage(test, 'after')
    const { text, headers, body } = await eventually(() => receiver.received[1])
    assert.deepEqual(new Webhook(secret).verify(text, headers as never), body)
    assert.throws(() =>
      new Webhook(secret).verify(receiver.received[0]!.text, receiver.received[0]!.headers as never),
    )
  })

  it('gets events of the conversations of its inbox, and no others', async () => {
    const receiver = await startReceiver()
    const other = await addInbox(test)
    await setUrl(1, receiver.url)
    const elsewhere = await addTestConversation(test, { inboxId: other })
    const closed = await addTestConversation(test, { status: 'resolved' })
    await sendMessage(test, 'elsewhere', {}, elsewhere)
    await test.api('/contacts', { method: 'POST', body: { name: 'Somebody', inbox_id: 1 } })
    const { id } = await sendMessage(test, 'It opens again', { message_type: 'incoming' }, closed)
    await test.api(`/conversations/${closed}/messages/${id}`, { method: 'DELETE' })
    await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id: 1 } })
    await eventually(() => receiver.received.length === 4)
    assert.deepEqual(receiver.received.map(({ body }) => body.event).toSorted(), [
      'conversation_created',
      'conversation_status_changed',
      'message_created',
      'message_deleted',
    ])
  })

  it('gets neither who acted nor what was before, which only agents may see', async () => {
    const receiver = await startReceiver()
    await setUrl(1, receiver.url)
    const { id } = await sendMessage(test, 'Helo')
    await test.api(`/conversations/1/messages/${id}`, { method: 'PATCH', body: { content: 'Hello' } })
    await test.api('/conversations/1/toggle_priority', { method: 'POST', body: { priority: 'high' } })
    await eventually(() => receiver.received.length === 3)
    for (const { body } of receiver.received) {
      for (const field of ['actor', 'cause', 'before']) assert.ok(!(field in body), field)
    }
    const [, edited, changed] = receiver.received.map(({ body }) => body)
    assert.deepEqual([edited.id, edited.content, 'changed' in edited], [String(id), 'Hello', false])
    assert.deepEqual(changed.changed, ['priority'])
    await setUrl(1, null)
  })

  it('never gets a private note, the e-mail address of an agent, or a token', async () => {
    const [inbox, own] = [await startReceiver(), await startReceiver()]
    await setUrl(1, inbox.url)
    const all = [
      'message_created',
      'message_updated',
      'message_deleted',
      'conversation_created',
      'conversation_updated',
      'conversation_status_changed',
    ]
    await addWebhook(test, own.url, all)
    const agent = await addUser(test, { inboxes: [1] })
    const marker = 'never-to-be-sent'
    const note = { content: marker, message_type: 'outgoing', private: true, content_attributes: { marker } }
    const path = '/conversations/1/messages'
    const { id } = (await test.api(path, { method: 'POST', body: note, token: agent.token })).body
    await test.api(`${path}/${id}`, { method: 'PATCH', body: { content: `${marker} 2` }, token: agent.token })
    await test.api(`${path}/${id}`, { method: 'DELETE' })
    const first = { content: marker, private: true }
    const conversation = { inbox_id: 1, contact_id: 1, assignee_id: agent.userId, message: first }
    await test.api('/conversations', { method: 'POST', body: conversation })
    await sendMessage(test, 'the last')
    await eventually(() => inbox.contents().includes('the last') && own.contents().includes('the last'))
    await eventually(() => own.received.length === 6)
    assert.ok(own.contents().includes(marker), 'the account’s own webhook gets notes')
    assert.deepEqual(inbox.received.map(({ body }) => body.event).toSorted(), [
      'conversation_created',
      'message_created',
    ])
    const sent = JSON.stringify(inbox.received)
    const { email } = await test.app.database.read.sql
      .selectFrom('users')
      .select('email')
      .where('id', '=', agent.userId)
      .executeTakeFirstOrThrow()
    for (const secret of [marker, email, 'admin@example.com', agent.token, test.token, 'src_', 'inbox_']) {
      if (secret === 'inbox_') assert.doesNotMatch(sent, /inbox_[\w-]{43}/)
      else assert.ok(!sent.includes(secret), `${secret} was sent`)
    }
    const hook = await webhookOf(1)
    const deliveries = await deliveriesOf(test, hook.id)
    assert.equal(deliveries.length, 2, 'there is no delivery of a note, not even a pending one')
  })
})
