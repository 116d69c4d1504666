import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { assertRefused, sendMessage, type TestApp } from '../../../test/app.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { startNode } from '../../../test/nodes.ts'
import {
  addWebhook,
  deliveriesOf,
  type Receiver,
  removeWebhooks,
  startReceiver,
  startWebhookApp,
} from '../../../test/webhooks.ts'

let test: TestApp
before(async () => {
  test = await startWebhookApp()
})
after(() => test.close())
afterEach(() => removeWebhooks(test))

const account = { id: 1, name: 'My company' }

/** Types as a user, or as the bot of a token. */
async function type(conversation: number, change: object = {}, more: { token?: string } = {}): Promise<void> {
  const body = { typing_status: 'on', ...change }
  const path = `/conversations/${conversation}/toggle_typing_status`
  assert.equal((await test.api(path, { method: 'POST', body, ...more })).status, 204)
}

/** Starts as a contact of an inbox, and returns how to call the API as this contact. */
async function startContact(inboxId = 1) {
  const { inbox_identifier } = (await test.api(`/inboxes/${inboxId}`)).body
  const base = `//public/api/v1/inboxes/${inbox_identifier}`
  const post = (path: string, body: object = {}) =>
    test.api(base + path, { method: 'POST', body, token: null })
  const { source_id, id } = (await post('/contacts', { name: 'Ada' })).body
  return {
    id,
    base,
    callInbox: post,
    call: (path: string, body?: object) => post(`/contacts/${source_id}${path}`, body),
  }
}

const lost = async () => {
  const { body } = await test.api('//metrics', { token: null })
  return Number(/^ndoto_webhook_signals_lost_total (\d+)/m.exec(body)![1])
}

/** Waits until everything that was to be sent before has been sent: another signal has arrived at another webhook. */
async function settle(conversation: number): Promise<void> {
  const receiver = await startReceiver()
  await addWebhook(test, receiver.url, ['typing'])
  await type(conversation)
  await eventually(() => receiver.received.length > 0)
}

describe('the signal that somebody is typing', () => {
  it('is posted, signed, to webhooks that subscribe to it, and is not among their deliveries', async () => {
    const receiver = await startReceiver()
    const { id, secret } = await addWebhook(test, receiver.url, ['typing'])
    const inbox = await addInbox(test)
    const conversation = await addTestConversation(test, { inboxId: inbox })
    await type(conversation)
    await type(conversation, { typing_status: 'off' })
    await eventually(() => receiver.received.length === 2)
    const [first, second] = receiver.received
    const { name } = (await test.api('//api/v1/profile')).body
    assert.deepEqual(first!.body, {
      event: 'typing',
      conversation_id: conversation,
      inbox_id: inbox,
      user: { id: 1, name },
      is_private: false,
      typing_status: 'on',
      account,
    })
    assert.equal(second!.body.typing_status, 'off')
    for (const { text, headers } of receiver.received)
      new Webhook(secret).verify(text, headers as Record<string, string>)
    assert.match(String(first!.headers['webhook-id']), /^sig_/)
    assert.notEqual(first!.headers['webhook-id'], second!.headers['webhook-id'])
    assert.deepEqual(await deliveriesOf(test, id), [])
  })

  it('names the contact or the bot who types', async () => {
    const receiver = await startReceiver()
    await addWebhook(test, receiver.url, ['typing'])
    const contact = await startContact()
    const conversation = (await contact.call('/conversations')).body
    await contact.call(`/conversations/${conversation.id}/toggle_typing`, { typing_status: 'on' })
    await eventually(() => receiver.received.length === 1)
    assert.deepEqual(receiver.received[0]!.body.contact, { id: contact.id, name: 'Ada' })
    const inbox = await addInbox(test)
    const bot = (await test.api('/agent_bots', { method: 'POST', body: { name: 'Robo' } })).body
    await test.api(`/inboxes/${inbox}/agent_bot`, { method: 'POST', body: { agent_bot: bot.id } })
    await type(await addTestConversation(test, { inboxId: inbox }), {}, { token: bot.access_token })
    await eventually(() => receiver.received.length === 2)
    assert.deepEqual(receiver.received[1]!.body.bot, { id: bot.id, name: 'Robo' })
  })

  it('goes to no webhook of another account, without the subscription, or that is switched off', async () => {
    const receiver = await startReceiver()
    const other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}/webhooks`
    const body = { url: receiver.url, subscriptions: ['typing', 'widget_opened'] }
    assert.equal((await test.api(path, { method: 'POST', body, token: other.token })).status, 201)
    await addWebhook(test, receiver.url, ['message_created', 'widget_opened'])
    const { id } = await addWebhook(test, receiver.url, ['typing'])
    await test.api(`/webhooks/${id}`, { method: 'PATCH', body: { active: false } })
    const before = await lost()
    await type(1)
    await settle(1)
    assert.deepEqual(receiver.received, [])
    assert.equal(await lost(), before)
  })

  it('goes to the webhook of its API inbox if the contact may see it, and to no other inbox’s', async () => {
    const receivers: Receiver[] = []
    const inboxes: number[] = []
    for (const name of ['Own', 'Other']) {
      const receiver = await startReceiver()
      receivers.push(receiver)
      const channel = { type: 'api', webhook_url: receiver.url }
      inboxes.push((await test.api('/inboxes', { method: 'POST', body: { name, channel } })).body.id)
    }
    const everything = await startReceiver()
    await addWebhook(test, everything.url, ['typing'])
    const contact = await startContact(inboxes[0]!)
    const { id } = (await contact.call('/conversations')).body
    await contact.call(`/conversations/${id}/toggle_typing`, { typing_status: 'on' })
    const typist = await addUser(test, { inboxes: [inboxes[0]!] })
    await type(id, { is_private: true }, typist)
    await eventually(() => everything.received.length === 2)
    assert.equal(everything.received.find(({ body }) => body.user)!.body.is_private, true)
    await type(id)
    const [own, other] = receivers
    const typing = () => own!.received.filter(({ body }) => body.event === 'typing').map(({ body }) => body)
    await eventually(() => typing().length > 0)
    await settle(id)
    for (const { user, is_private } of typing()) assert.deepEqual([user.id, is_private], [1, false])
    assert.deepEqual(other!.received, [])
    for (const inbox of inboxes)
      await test.api(`/inboxes/${inbox}`, { method: 'PATCH', body: { channel: { webhook_url: null } } })
  })

  it('is not sent again if the receiver fails', async () => {
    const receiver = await startReceiver((response) => void response.writeHead(500).end())
    await addWebhook(test, receiver.url, ['typing'])
    const before = await lost()
    await type(1)
    await eventually(async () => (await lost()) === before + 1)
    await sleep(150)
    assert.equal(receiver.received.length, 1)
  })

  it('is dropped for a receiver that is too slow, while its deliveries and other receivers get theirs', async () => {
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const slow = await startReceiver((_, { body }) => (body.event === 'typing' ? end : undefined))
    await addWebhook(test, slow.url, ['typing', 'message_created'])
    const quick = await startReceiver()
    await addWebhook(test, quick.url, ['typing'])
    const conversations: number[] = []
    for (let i = 0; i < 10; i++) conversations.push(await addTestConversation(test))
    const before = await lost()
    for (const id of conversations) {
      await type(id)
      await eventually(() => quick.received.some(({ body }) => body.conversation_id === id))
    }
    const typing = () => slow.received.filter(({ body }) => body.event === 'typing')
    // Eight requests at a time.
    await eventually(() => typing().length === 8)
    assert.equal(await lost(), before + 2)
    await sendMessage(test, 'meanwhile', {}, conversations[0])
    await eventually(() => slow.contents().includes('meanwhile'))
    resolve()
    await eventually(async () => {
      await type(conversations[9]!)
      return typing().length > 8
    })
  })

  it('comes in order, and only the newest of a person waits for the one that is being sent', async () => {
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const receiver = await startReceiver(() => end)
    await addWebhook(test, receiver.url, ['typing'])
    const before = await lost()
    await type(1)
    await eventually(() => receiver.received.length === 1)
    for (const typing_status of ['on', 'off', 'on', 'off']) await type(1, { typing_status })
    await eventually(async () => (await lost()) === before + 3)
    resolve()
    await eventually(() => receiver.received.length === 2)
    await settle(await addTestConversation(test))
    const states = receiver.received.filter(({ body }) => body.conversation_id === 1)
    assert.deepEqual(
      states.map(({ body }) => body.typing_status),
      ['on', 'off'],
    )
  })

  it('does not reach an address that the server may not call', async () => {
    const receiver = await startReceiver()
    const careful = await startWebhookApp(
      { resolve: async () => [{ address: '127.0.0.1', family: 4 }] },
      { NDOTO_WEBHOOK_ALLOW_PRIVATE: 'false' },
    )
    await addWebhook(careful, `http://receiver.example:${receiver.port}/`, ['typing'])
    const body = { typing_status: 'on' }
    await careful.api('/conversations/1/toggle_typing_status', { method: 'POST', body })
    await eventually(async () => {
      const { body } = await careful.api('//metrics', { token: null })
      return /^ndoto_webhook_signals_lost_total 1$/m.test(body)
    })
    assert.deepEqual(receiver.received, [])
    await careful.close()
  })
})

describe('the signal that the chat was opened', () => {
  const page = {
    page_url: 'https://shop.example/boots?token=secret#here',
    page_title: 'Boots',
    referrer_url: 'https://search.example/?q=boots',
  }
  const seen = {
    page_url: 'https://shop.example/boots',
    page_title: 'Boots',
    referrer_url: 'https://search.example/',
  }
  const addWebsite = async (widget: object = {}) => {
    const body = { name: 'Shop', channel: { type: 'web_widget', widget } }
    return (await test.api('/inboxes', { method: 'POST', body })).body.id
  }

  it('says who it was and on which page, without what can be secret, and is not stored', async () => {
    const receiver = await startReceiver()
    await addWebhook(test, receiver.url, ['widget_opened'])
    const inbox = await addWebsite()
    const visitor = await startContact(inbox)
    assert.equal((await visitor.call('/openings', page)).status, 204)
    await eventually(() => receiver.received.length === 1)
    const { contact, ...rest } = receiver.received[0]!.body
    assert.deepEqual(rest, { event: 'widget_opened', inbox_id: inbox, ...seen, language: null, account })
    assert.deepEqual(contact, (await test.api(`/contacts/${visitor.id}`)).body)
    assert.deepEqual((await test.api(`/contacts/${visitor.id}/visits`)).body.payload, [])
    await visitor.callInbox('/openings')
    await eventually(() => receiver.received.length === 2)
    const { body } = receiver.received[1]!
    assert.deepEqual([body.contact, body.page_url], [null, null])
  })

  it('does not say on which page if the inbox does not record visits', async () => {
    const receiver = await startReceiver()
    await addWebhook(test, receiver.url, ['widget_opened'])
    const visitor = await startContact(await addWebsite({ record_visits: false }))
    await visitor.call('/openings', page)
    await visitor.callInbox('/openings', page)
    await eventually(() => receiver.received.length === 2)
    for (const { body } of receiver.received) assert.deepEqual([body.page_url, body.page_title], [null, null])
  })

  it('is refused for a blocked contact, and with an address that is not of a web page', async () => {
    const visitor = await startContact(await addWebsite())
    assertRefused(
      await visitor.call('/openings', { page_url: 'javascript:1' }),
      422,
      /^page_url must be an http/,
    )
    await test.api(`/contacts/${visitor.id}`, { method: 'PATCH', body: { blocked: true } })
    assertRefused(await visitor.call('/openings'), 403, /blocked/)
  })
})

describe('nodes', { skip: skipWithoutPostgres }, () => {
  it('send a signal once, from the node that got the request', async (t) => {
    const node = await startNode(t, test)
    const receiver = await startReceiver()
    await addWebhook(test, receiver.url, ['typing'])
    const path = `${node.url}/api/v1/accounts/1/conversations/1/toggle_typing_status`
    const headers = { api_access_token: test.token, 'content-type': 'application/json' }
    await fetch(path, { method: 'POST', headers, body: '{"typing_status":"on"}' })
    await eventually(() => receiver.received.length > 0)
    await settle(await addTestConversation(test))
    assert.equal(receiver.received.filter(({ body }) => body.conversation_id === 1).length, 1)
  })
})
