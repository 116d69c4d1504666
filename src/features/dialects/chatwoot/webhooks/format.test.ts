import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { sendMessage, type TestApp } from '../../../../../test/app.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { addTestConversation } from '../../../../../test/factories.ts'
import {
  addInboxWebhook,
  deliveriesOf,
  type ReceivedRequest,
  type Receiver,
  startReceiver,
  startWebhookApp,
} from '../../../../../test/webhooks.ts'

let test: TestApp
before(async () => {
  test = await startWebhookApp()
})
after(() => test.close())

const call = async (method: string, path: string, body?: object) => {
  const response = await test.api(path, { method, ...(body ? { body } : {}) })
  assert.ok(response.status < 300, JSON.stringify(response.body))
  return response.body
}

/** Creates a webhook of the format. It is deleted afterwards, so that each test sees only its own. */
async function withWebhook(
  subscriptions: string[],
  run: (receiver: Receiver, secret: string) => Promise<void>,
  receiver?: Receiver,
) {
  const own = receiver ?? (await startReceiver())
  const { id, secret } = await call('POST', '/webhooks', { url: own.url, subscriptions, format: 'chatwoot' })
  await run(own, secret)
  await call('DELETE', `/webhooks/${id}`)
}

const find = async ({ received }: Receiver, matches: (body: ReceivedRequest['body']) => boolean) => {
  await eventually(() => received.some(({ body }) => matches(body)))
  return received.find(({ body }) => matches(body))!
}

describe('A webhook of the format "chatwoot"', () => {
  it('gets a message with its conversation, signed as Chatwoot does', async () => {
    await withWebhook(['message_created'], async (receiver, secret) => {
      const { id, created_at } = await sendMessage(test, 'Hello', { source_id: 'S1' })
      const { headers, text, body } = await find(receiver, ({ content }) => content === 'Hello')
      const { conversation, ...rest } = body
      assert.deepEqual(rest, {
        event: 'message_created',
        account: conversation.account,
        additional_attributes: {},
        content: 'Hello',
        content_attributes: {},
        content_type: 'text',
        created_at: new Date(created_at * 1000).toISOString(),
        id,
        inbox: { id: 1, name: rest.inbox.name },
        message_type: 'outgoing',
        private: false,
        sender: { id: 1, name: rest.sender.name, email: 'admin@example.com', type: 'user' },
        source_id: 'S1',
      })
      assert.deepEqual(
        [conversation.id, conversation.status, conversation.channel],
        [1, 'open', 'Channel::Api'],
      )
      assert.equal(conversation.meta.sender.name, 'Jane Doe')
      const timestamp = headers['x-chatwoot-timestamp']
      assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 60)
      const expected = createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex')
      assert.equal(headers['x-chatwoot-signature'], `sha256=${expected}`)
      assert.match(String(headers['x-chatwoot-delivery']), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/)
      assert.deepEqual([headers.accept, headers['content-type']], ['application/json', 'application/json'])
      assert.equal(headers['webhook-signature'], undefined)
    })
  })

  it('is tried again under the same name of the delivery, in the order of the conversation', async () => {
    let failures = 2
    const receiver = await startReceiver((response) => {
      if (failures-- > 0) response.writeHead(500).end()
    })
    await withWebhook(
      ['message_created'],
      async () => {
        const id = await addTestConversation(test)
        for (const content of ['one', 'two']) await sendMessage(test, content, {}, id)
        await eventually(() => receiver.received.length === 4)
        assert.deepEqual(receiver.contents(), ['one', 'one', 'one', 'two'])
        const names = receiver.received.map(({ headers }) => headers['x-chatwoot-delivery'])
        assert.equal(new Set(names.slice(0, 3)).size, 1)
        assert.notEqual(names[3], names[0])
      },
      receiver,
    )
  })

  it('gets notes and deletions, but no activity messages, and nothing when a conversation was seen', async () => {
    const names = [
      'message_created',
      'message_updated',
      'conversation_updated',
      'conversation_status_changed',
    ]
    await withWebhook(names, async (receiver) => {
      const conversation = await addTestConversation(test)
      const path = `/conversations/${conversation}`
      const note = await sendMessage(test, 'A note', { private: true }, conversation)
      await find(receiver, ({ content }) => content === 'A note')
      await call('DELETE', `${path}/messages/${note.id}`)
      await call('POST', `${path}/update_last_seen`)
      await call('POST', `${path}/assignments`, { assignee_id: 1 })
      await call('POST', `${path}/toggle_status`, { status: 'resolved' })
      const { body } = await find(receiver, ({ event }) => event === 'conversation_status_changed')
      assert.deepEqual(body.changed_attributes, [
        { status: { previous_value: 'open', current_value: 'resolved' } },
      ])
      assert.deepEqual([body.id, body.status, body.account.id], [conversation, 'resolved', 1])
      const rest = receiver.received.map((one) => [
        one.body.event,
        one.body.content,
        one.body.content_attributes,
      ])
      assert.deepEqual(rest, [
        ['message_created', 'A note', {}],
        ['message_updated', 'This message was deleted', { deleted: true }],
        ['conversation_updated', undefined, undefined],
        ['conversation_status_changed', undefined, undefined],
      ])
      const { changed_attributes } = receiver.received[2]!.body
      assert.deepEqual(changed_attributes, [{ assignee_id: { previous_value: null, current_value: 1 } }])
    })
  })

  it('gets changes of the status as updates if it subscribes only to these', async () => {
    await withWebhook(['conversation_updated'], async (receiver) => {
      const id = await addTestConversation(test)
      await call('POST', `/conversations/${id}/toggle_status`, { status: 'pending' })
      const { body } = await find(receiver, (one) => one.id === id)
      assert.deepEqual([body.event, body.status], ['conversation_updated', 'pending'])
    })
  })

  it('gets contacts and inboxes', async () => {
    await withWebhook(['contact_created', 'contact_updated', 'inbox_created'], async (receiver) => {
      const details = { name: 'Ada', email: 'ada@example.com', custom_attributes: { plan: 'pro' } }
      const { id } = await call('POST', '/contacts', details)
      await call('PATCH', `/contacts/${id}`, { name: 'Ada Byron' })
      const { body: created } = await find(receiver, ({ event }) => event === 'contact_created')
      assert.deepEqual(created, {
        event: 'contact_created',
        account: created.account,
        additional_attributes: {},
        avatar: '',
        thumbnail: '',
        custom_attributes: { plan: 'pro' },
        email: 'ada@example.com',
        id,
        identifier: null,
        name: 'Ada',
        phone_number: null,
        blocked: false,
      })
      const { body: updated } = await find(receiver, ({ event }) => event === 'contact_updated')
      assert.deepEqual(updated.changed_attributes, [
        { name: { previous_value: 'Ada', current_value: 'Ada Byron' } },
      ])
      const inbox = await call('POST', '/inboxes', { name: 'New', channel: { type: 'api' } })
      const { body } = await find(receiver, ({ event }) => event === 'inbox_created')
      assert.deepEqual([body.id, body.name, body.channel_type], [inbox.id, 'New', 'Channel::Api'])
    })
  })

  it('is shown with its format, which can be changed', async () => {
    const receiver = await startReceiver()
    const webhook = await call('POST', '/webhooks', { url: receiver.url, subscriptions: ['message_created'] })
    assert.equal(webhook.format, 'ndoto')
    const changed = await call('PATCH', `/webhooks/${webhook.id}`, { format: 'chatwoot' })
    assert.equal(changed.format, 'chatwoot')
    await sendMessage(test, 'changed')
    await find(receiver, ({ content, conversation }) => content === 'changed' && conversation.meta)
    await call('DELETE', `/webhooks/${webhook.id}`)
  })

  it('fails for waiting events that Chatwoot does not have once the format was changed, and sends the next', async () => {
    const changed = Promise.withResolvers<void>()
    const receiver = await startReceiver(async (response, { body }) => {
      await changed.promise
      response.writeHead(body.conversation?.meta ? 204 : 500).end()
    })
    const subscriptions = ['participants_changed', 'message_created', 'label_created']
    const { id } = await call('POST', '/webhooks', { url: receiver.url, subscriptions })
    const conversation = await addTestConversation(test)
    await call('POST', '/labels', { title: 'late-delivery' })
    await call('POST', `/conversations/${conversation}/participants`, { user_ids: [1] })
    await sendMessage(test, 'waiting', {}, conversation)
    await eventually(() => receiver.received.length > 1)
    await call('PATCH', `/webhooks/${id}`, { format: 'chatwoot' })
    changed.resolve()
    const ended = await eventually(async () => {
      const all = await deliveriesOf(test, id)
      return all.length === 3 && all.every(({ state }) => /succeeded|failed/.test(state)) && all
    })
    const endings = ended.map(({ event, state, attempts }) => [event, state, attempts.at(-1).error])
    assert.deepEqual(endings, [
      ['label_created', 'failed', 'format'],
      ['participants_changed', 'failed', 'format'],
      ['message_created', 'succeeded', null],
    ])
    await call('DELETE', `/webhooks/${id}`)
  })
})

describe('The webhook of an API inbox', () => {
  it('gets private notes only in the format "chatwoot"', async () => {
    const receiver = await startReceiver()
    const { inboxId, webhookId } = await addInboxWebhook(test, receiver.url)
    const id = await addTestConversation(test, { inboxId })
    await sendMessage(test, 'hidden', { private: true }, id)
    await sendMessage(test, 'shown', {}, id)
    await find(receiver, ({ content }) => content === 'shown')
    await call('PATCH', `/webhooks/${webhookId}`, { format: 'chatwoot' })
    await sendMessage(test, 'a note', { private: true }, id)
    const { body } = await find(receiver, ({ content }) => content === 'a note')
    assert.deepEqual([body.private, body.conversation.id], [true, id])
    assert.ok(!receiver.contents().includes('hidden'))
  })
})

describe('A bot of the format "chatwoot"', () => {
  it('gets what customers may see, with the names that Chatwoot has for bots', async () => {
    const receiver = await startReceiver()
    const inbox = await call('POST', '/inboxes', { name: 'Bots', channel: { type: 'api' } })
    const details = { name: 'Ada', outgoing_url: receiver.url, format: 'chatwoot' }
    const bot = await call('POST', '/agent_bots', details)
    assert.equal(bot.format, 'chatwoot')
    await call('POST', `/inboxes/${inbox.id}/agent_bot`, { agent_bot: bot.id })
    const id = await addTestConversation(test, { inboxId: inbox.id, status: 'pending' })
    await sendMessage(test, 'a note', { private: true }, id)
    await sendMessage(test, 'A question', { message_type: 'incoming' }, id)
    for (const status of ['open', 'resolved', 'pending'])
      await call('POST', `/conversations/${id}/toggle_status`, { status })
    await find(receiver, ({ status }) => status === 'pending')
    const { body, headers, text } = await find(receiver, ({ content }) => content === 'A question')
    assert.equal(body.message_type, 'incoming')
    assert.deepEqual([body.sender.name, body.sender.account.id], ['John Smith', 1])
    const expected = createHmac('sha256', bot.secret).update(`${headers['x-chatwoot-timestamp']}.${text}`)
    assert.equal(headers['x-chatwoot-signature'], `sha256=${expected.digest('hex')}`)
    await eventually(() => receiver.received.some((one) => one.body.event === 'conversation_status_changed'))
    const statuses = receiver.received
      .map((one) => one.body.event)
      .filter((name) => /_(?:opened|resolved|status_changed)$/.test(name))
    assert.deepEqual(statuses, [
      'conversation_opened',
      'conversation_resolved',
      'conversation_status_changed',
    ])
    assert.ok(!receiver.contents().includes('a note'))
  })
})
