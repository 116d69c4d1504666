import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { TestApp } from '../../../../../test/app.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { addTestConversation } from '../../../../../test/factories.ts'
import {
  addInboxWebhook,
  type Receiver,
  startReceiver,
  startWebhookApp,
} from '../../../../../test/webhooks.ts'

let test: TestApp
before(async () => {
  test = await startWebhookApp()
})
after(() => test.close())

const call = async (method: string, path: string, body?: object, more = {}) => {
  const response = await test.api(path, { method, ...(body ? { body } : {}), ...more })
  assert.ok(response.status < 300, JSON.stringify(response.body))
  return response.body
}
const dialect = '//chatwoot/api/v1/accounts/1'
const find = async ({ received }: Receiver, event: string) => {
  await eventually(() => received.some(({ body }) => body.event === event))
  return received.find(({ body }) => body.event === event)!
}

describe('A webhook that a program of Chatwoot has created', () => {
  it('can subscribe to typing and to the opened widget, under the names of Chatwoot', async () => {
    const subscriptions = ['message_created', 'conversation_typing_on', 'webwidget_triggered', 'unknown']
    const url = 'http://127.0.0.1:9/'
    const { payload } = await call('POST', `${dialect}/webhooks`, { url, subscriptions })
    const { id } = payload.webhook
    // Typing is one subscription here.
    const both = ['conversation_typing_on', 'conversation_typing_off']
    assert.deepEqual(payload.webhook.subscriptions, ['message_created', ...both, 'webwidget_triggered'])
    const own = await call('GET', `/webhooks/${id}`)
    assert.deepEqual(own.subscriptions, ['message_created', 'typing', 'widget_opened'])
    const changed = await call('PATCH', `${dialect}/webhooks/${id}`, { subscriptions: both })
    assert.deepEqual(changed.payload.webhook.subscriptions, both)
    await call('DELETE', `/webhooks/${id}`)
  })

  it('gets both as Chatwoot sends them, signed', async () => {
    const receiver = await startReceiver()
    const subscriptions = ['conversation_typing_on', 'conversation_typing_off', 'webwidget_triggered']
    const { payload } = await call('POST', `${dialect}/webhooks`, { url: receiver.url, subscriptions })
    const { secret } = payload.webhook
    const inbox = await call('POST', '/inboxes', { name: 'Shop', channel: { type: 'web_widget' } })
    const base = `//public/api/v1/inboxes/${inbox.inbox_identifier}`
    const asVisitor = { token: null, headers: { 'accept-language': 'de-AT,en' } }
    await call('POST', `${base}/openings`, {}, asVisitor)
    const stranger = await find(receiver, 'webwidget_triggered')
    const { event_info, ...nobody } = stranger.body
    assert.deepEqual(nobody, {
      event: 'webwidget_triggered',
      id: null,
      contact: null,
      inbox: { id: inbox.id, name: 'Shop' },
      account: { id: 1, name: 'My company' },
      current_conversation: null,
      source_id: null,
    })
    assert.match(event_info.initiated_at.timestamp, /^\d{4}-.*Z$/)
    assert.deepEqual([event_info.referer, event_info.browser_language], ['', 'de-AT'])
    const timestamp = stranger.headers['x-chatwoot-timestamp']
    const expected = createHmac('sha256', secret).update(`${timestamp}.${stranger.text}`).digest('hex')
    assert.equal(stranger.headers['x-chatwoot-signature'], `sha256=${expected}`)

    const { source_id, id } = await call('POST', `${base}/contacts`, { name: 'Ada' }, asVisitor)
    const visitor = `${base}/contacts/${source_id}`
    const conversation = await call('POST', `${visitor}/conversations`, undefined, asVisitor)
    receiver.received.length = 0
    await call('POST', `${visitor}/openings`, { page_url: 'https://shop.example/a?b' }, asVisitor)
    const { body } = await find(receiver, 'webwidget_triggered')
    assert.deepEqual([body.id, body.contact.name, body.source_id], [id, 'Ada', null])
    assert.equal(body.current_conversation.id, conversation.id)
    assert.equal(body.event_info.referer, 'https://shop.example/a')

    const typing = `${visitor}/conversations/${conversation.id}/toggle_typing`
    await call('POST', typing, { typing_status: 'on' }, asVisitor)
    const on = (await find(receiver, 'conversation_typing_on')).body
    assert.deepEqual([on.user.name, on.user.account.id, on.is_private], ['Ada', 1, false])
    assert.deepEqual([on.conversation.id, on.conversation.meta.sender.name], [conversation.id, 'Ada'])
    const path = `${dialect}/conversations/${conversation.id}/toggle_typing_status`
    await call('POST', path, { typing_status: 'off', is_private: true })
    const off = (await find(receiver, 'conversation_typing_off')).body
    const { name } = await call('GET', '//api/v1/profile')
    assert.deepEqual(off.user, { id: 1, name, email: 'admin@example.com', type: 'user' })
    assert.equal(off.is_private, true)
    await call('DELETE', `/webhooks/${payload.webhook.id}`)
  })
})

describe('The webhook of an API inbox', () => {
  it('gets all typing in the format "chatwoot", as it gets private notes', async () => {
    const receiver = await startReceiver()
    const { inboxId, webhookId } = await addInboxWebhook(test, receiver.url)
    const id = await addTestConversation(test, { inboxId })
    await call('PATCH', `/webhooks/${webhookId}`, { format: 'chatwoot' })
    const change = { typing_status: 'on', is_private: true }
    await call('POST', `/conversations/${id}/toggle_typing_status`, change)
    const { body } = await find(receiver, 'conversation_typing_on')
    assert.deepEqual([body.conversation.id, body.is_private], [id, true])
  })
})
