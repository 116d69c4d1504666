import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { createResources } from '../../../test/api-resources.ts'
import { assertRefused, readAllRows, sendMessage, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventsOf } from '../../../test/events.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { formOf } from '../../../test/files.ts'
import { operationsOf, pathOf, sampleBody } from '../../../test/operations.ts'
import { addWebhook, startReceiver, startWebhookApp } from '../../../test/webhooks.ts'
import { updateTarget } from '../../deliveries/target.store.ts'
import { botRoutes } from './access.ts'
import { findBot } from './store.ts'

interface Bot {
  id: number
  access_token: string
  secret: string
}

let test: TestApp
before(async () => {
  test = await startWebhookApp()
})
after(() => test.close())

const post = (path: string, body: object, token = test.token) =>
  test.api(path, { method: 'POST', body, token })

const giveTo = async ({ id }: { id: number }, conversation: number) => {
  const body = { assignee_id: id, assignee_type: 'AgentBot' }
  assert.equal((await post(`/conversations/${conversation}/assignments`, body)).status, 200)
}

async function createBot(more: object = {}): Promise<Bot> {
  const { status, body } = await post('/agent_bots', { name: 'Ada', ...more })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

/** Stores why the server has switched a bot off, which it does after days of failures. */
async function noteFailure(id: number): Promise<void> {
  await test.app.database.transaction(1, async (tx) => {
    const bot = await findBot(tx, { account_id: 1, id })
    await updateTarget(tx, bot!, { disabled_reason: 'https://example.com/: 500' })
  })
  const { body } = await test.api(`/agent_bots/${id}`)
  assert.equal(body.disabled_reason, 'https://example.com/: 500')
}

/** Creates a bot of an inbox of its own, in which there is one conversation. */
async function botWithInbox(more: object = {}) {
  const bot = await createBot(more)
  const inbox_id = await addInbox(test)
  assert.equal((await post(`/inboxes/${inbox_id}/agent_bot`, { agent_bot: bot.id })).status, 200)
  const conversation = await post('/conversations', { inbox_id, contact_id: 1 })
  return { bot, token: bot.access_token, inbox_id, conversation: conversation.body.id as number }
}

describe('Bots', () => {
  it('show their token and their secret once, and only a hash and a sealed text are stored', async () => {
    const { id, access_token, secret, ...shown } = await createBot({ description: 'Answers first' })
    assert.match(access_token, /^bot_[\w-]{43}$/)
    assert.match(secret, /^whsec_/)
    const { body } = await test.api(`/agent_bots/${id}`)
    assert.deepEqual(body, { id, ...shown })
    const { body: list } = await test.api('/agent_bots')
    assert.deepEqual(list.payload.at(-1), body)
    const stored = JSON.stringify(await readAllRows(test))
    assert.ok(!stored.includes(access_token) && !stored.includes(secret))
  })

  it('are changed, and switched off and on', async () => {
    const { id } = await createBot()
    const change = (body: object) => test.api(`/agent_bots/${id}`, { method: 'PATCH', body })
    const { body } = await change({ name: 'Grace', outgoing_url: 'https://example.com/', active: false })
    assert.deepEqual([body.name, body.outgoing_url, body.active], ['Grace', 'https://example.com/', false])
    assert.equal((await change({ active: true, outgoing_url: null })).body.active, true)
    assertRefused(await change({ name: ' ' }), 422, /^name/)
    assertRefused(await change({ outgoing_url: 'ftp://example.com/' }), 422, /^outgoing_url/)
  })

  it('can be 50 in an account', async () => {
    const other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}/agent_bots`
    for (let i = 0; i < 50; i++) assert.equal((await post(path, { name: 'One' }, other.token)).status, 201)
    assertRefused(await post(path, { name: 'One more' }, other.token), 409, /already has 50 bots/)
  })

  it('are for administrators only', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    assertRefused(await test.api('/agent_bots/1', { token: agent.token }), 403, /administrator/)
    assertRefused(await post('/agent_bots', { name: 'Bob' }, agent.token), 403, /administrator/)
    assertRefused(await post('/inboxes/1/agent_bot', { agent_bot: null }, agent.token), 403, /administrator/)
  })

  it('are listed for agents, with their own inboxes, and without URLs, secrets and reasons of failures', async () => {
    const { bot, inbox_id } = await botWithInbox({ outgoing_url: 'https://example.com/?key=secret' })
    const other = await addInbox(test)
    await post(`/inboxes/${other}/agent_bot`, { agent_bot: bot.id })
    await noteFailure(bot.id)
    const agent = await addUser(test, { inboxes: [inbox_id] })
    const { status, body } = await test.api('/agent_bots', { token: agent.token })
    const { payload: all } = (await test.api('/agent_bots')).body
    const own = (bots: { id: number }[]) => bots.find(({ id }) => id === bot.id)
    const seen = { outgoing_url: null, disabled_reason: null, inbox_ids: [inbox_id] }
    assert.deepEqual([status, own(body.payload)], [200, { ...own(all), ...seen }])
    assert.deepEqual((own(all) as Bot & { inbox_ids: number[] }).inbox_ids, [inbox_id, other])
    assert.doesNotMatch(JSON.stringify(body), /https:|whsec_|bot_|access_token/)
    const events = await eventsOf(test, () =>
      test.api(`/agent_bots/${bot.id}`, { method: 'PATCH', body: { name: 'Ben' } }),
    )
    assert.deepEqual(
      events.map(({ name, audience }) => [name, audience]),
      [['agent_bot_updated', 'agents']],
    )
    assert.doesNotMatch(JSON.stringify(events), /https:/)
  })

  it('are shown to the agents of their inbox, without their URL and other inboxes', async () => {
    const { bot, inbox_id } = await botWithInbox({ outgoing_url: 'https://example.com/?key=secret' })
    await post(`/inboxes/${await addInbox(test)}/agent_bot`, { agent_bot: bot.id })
    await noteFailure(bot.id)
    const path = `/inboxes/${inbox_id}/agent_bot`
    const agent = await addUser(test, { inboxes: [inbox_id] })
    const { body } = await test.api(path, { token: agent.token })
    const { id, outgoing_url, disabled_reason, inbox_ids } = body.agent_bot
    assert.deepEqual([id, outgoing_url, disabled_reason, inbox_ids], [bot.id, null, null, [inbox_id]])
    const stranger = await addUser(test, { inboxes: [1] })
    assert.equal((await test.api(path, { token: stranger.token })).status, 404)
  })

  it('get a new token, which ends the old one, and a new secret', async () => {
    const { bot, conversation } = await botWithInbox()
    const path = `/conversations/${conversation}`
    const { body: token } = await post(`/agent_bots/${bot.id}/rotate_token`, {})
    assert.deepEqual(Object.keys(token), ['access_token'])
    assertRefused(await test.api(path, { token: bot.access_token }), 401, /not valid/)
    assert.equal((await test.api(path, { token: token.access_token })).status, 200)
    const { body: secret } = await post(`/agent_bots/${bot.id}/rotate_secret`, {})
    assert.match(secret.secret, /^whsec_/)
    assert.notEqual(secret.secret, bot.secret)
    assertRefused(await post('/agent_bots/999/rotate_secret', {}), 404, /not found/)
  })

  it('cannot answer in an inbox of another account, nor a bot of another account in an inbox', async () => {
    const other = await addAccount(test)
    const theirs = `//api/v1/accounts/${other.accountId}`
    const { body: foreign } = await post(`${theirs}/agent_bots`, { name: 'Theirs' }, other.token)
    const ours = { agent_bot: foreign.id + 1000 }
    assertRefused(await post('/inboxes/1/agent_bot', ours), 422, /^agent_bot names no bot/)
    const path = `/conversations/1`
    assertRefused(await test.api(path, { token: foreign.access_token }), 401, /not valid/)
  })
})

describe('An inbox with a bot', () => {
  it('has one bot at most, and says which', async () => {
    const { bot, inbox_id } = await botWithInbox()
    const path = `/inboxes/${inbox_id}/agent_bot`
    assert.equal((await test.api(path)).body.agent_bot.id, bot.id)
    const other = await createBot({ name: 'Grace' })
    const { body } = await post(path, { agent_bot: other.id })
    assert.deepEqual([body.agent_bot.id, body.agent_bot.inbox_ids], [other.id, [inbox_id]])
    assert.deepEqual((await test.api(`/agent_bots/${bot.id}`)).body.inbox_ids, [])
    assert.deepEqual((await post(path, { agent_bot: null })).body, { agent_bot: null })
    assert.deepEqual((await test.api(path)).body, { agent_bot: null })
  })

  it('begins its conversations as pending, unless their creator says otherwise', async () => {
    const { inbox_id, conversation } = await botWithInbox()
    const statusOf = async (id: number) => (await test.api(`/conversations/${id}`)).body.status
    assert.equal(await statusOf(conversation), 'pending')
    const { body } = await post('/conversations', { inbox_id, contact_id: 1, status: 'open' })
    assert.equal(body.status, 'open')
    const other = await post('/conversations', { inbox_id: await addInbox(test), contact_id: 1 })
    assert.equal(other.body.status, 'open')
  })

  it('begins its conversations as open while the bot is switched off', async () => {
    const { bot, inbox_id } = await botWithInbox()
    await test.api(`/agent_bots/${bot.id}`, { method: 'PATCH', body: { active: false } })
    const { body } = await post('/conversations', { inbox_id, contact_id: 1 })
    assert.equal(body.status, 'open')
  })

  it('begins the conversations that customers start as pending', async () => {
    const { inbox_id } = await botWithInbox()
    const { inbox_identifier } = (await test.api(`/inboxes/${inbox_id}`)).body
    const base = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
    const { body: contact } = await test.api(base, { method: 'POST', body: {}, token: null })
    const path = `${base}/${contact.source_id}/conversations`
    const { body } = await test.api(path, { method: 'POST', body: {}, token: null })
    assert.equal((await test.api(`/conversations/${body.id}`)).body.status, 'pending')
  })

  it('can be deleted', async () => {
    const { bot, inbox_id } = await botWithInbox()
    const { status } = await test.api(`/inboxes/${inbox_id}?force=true`, { method: 'DELETE' })
    assert.ok(status < 300)
    await eventually(async () => (await test.api(`/agent_bots/${bot.id}`)).body.inbox_ids.length === 0)
  })
})

describe('A conversation of a bot', () => {
  const metaOf = async (id: number) => (await test.api(`/conversations/${id}`)).body.meta

  it('is assigned to it from the beginning, until it is opened', async () => {
    const { bot, conversation, token } = await botWithInbox()
    assert.deepEqual(await metaOf(conversation), {
      assignee: null,
      team: null,
      bot: { id: bot.id, name: 'Ada' },
    })
    await post(`/conversations/${conversation}/toggle_status`, { status: 'open' }, token)
    assert.equal((await metaOf(conversation)).bot, null)
  })

  it('is assigned to a user instead of it, and back', async () => {
    const { bot, conversation } = await botWithInbox()
    const path = `/conversations/${conversation}`
    const { body: taken } = await post(`${path}/assignments`, { assignee_id: 1 })
    assert.deepEqual([taken.meta.assignee.id, taken.meta.bot], [1, null])
    const back = { assignee_id: bot.id, assignee_type: 'AgentBot' }
    const { body: given } = await post(`${path}/assignments`, back)
    assert.deepEqual([given.meta.assignee, given.meta.bot.id], [null, bot.id])
    await post(`${path}/assignments`, { assignee_id: null, assignee_type: 'AgentBot' })
    assert.equal((await metaOf(conversation)).bot, null)
    const { body: list } = await test.api(`${path}/messages`)
    assert.deepEqual(
      list.payload.map((one: { content: string }) => one.content),
      [
        'Administrator took the conversation',
        'Administrator assigned the conversation to Ada',
        'Administrator unassigned Ada from the conversation',
      ],
    )
    const { body: events } = await test.api(`/events?after=0&limit=1000&conversation_id=${conversation}`, {
      headers: { accept: 'application/json' },
    })
    assert.deepEqual(events.payload.findLast((one: { changed?: string[] }) => one.changed)?.changed, [
      'meta.bot',
    ])
  })

  it('is given to a bot of no inbox, which reads and answers it until it is taken away', async () => {
    const bot = await createBot()
    const conversation = await addTestConversation(test)
    const path = `/conversations/${conversation}`
    assertRefused(await test.api(path, { token: bot.access_token }), 404, /conversation/)
    await giveTo(bot, conversation)
    const answer = { content: 'Ada here.', message_type: 'outgoing' }
    assert.equal((await post(`${path}/messages`, answer, bot.access_token)).status, 201)
    const elsewhere = await addTestConversation(test)
    assertRefused(
      await test.api(`/conversations/${elsewhere}`, { token: bot.access_token }),
      404,
      /conversation/,
    )
    await post(`${path}/assignments`, { assignee_id: 1 })
    assertRefused(await post(`${path}/messages`, answer, bot.access_token), 404, /conversation/)
  })

  it('is not given to a bot that is switched off, deleted or of another account', async () => {
    const off = await createBot()
    await test.api(`/agent_bots/${off.id}`, { method: 'PATCH', body: { active: false } })
    const gone = await createBot()
    await test.api(`/agent_bots/${gone.id}`, { method: 'DELETE' })
    const path = `/conversations/${await addTestConversation(test)}/assignments`
    for (const assignee_id of [off.id, gone.id, gone.id + 1000])
      assertRefused(
        await post(path, { assignee_id, assignee_type: 'AgentBot' }),
        422,
        /^assignee_id must be a bot of this account that is switched on/,
      )
  })

  it('is assigned to nobody after the bot was deleted', async () => {
    const { bot, conversation } = await botWithInbox()
    await test.api(`/agent_bots/${bot.id}`, { method: 'DELETE' })
    assert.equal((await metaOf(conversation)).bot, null)
  })
})

describe('A bot', () => {
  it('answers in its name, and hands over to people', async () => {
    const { bot, token, conversation } = await botWithInbox()
    const path = `/conversations/${conversation}`
    const content = 'Ada here. How can I help?'
    const { status, body } = await post(`${path}/messages`, { content, message_type: 'outgoing' }, token)
    assert.equal(status, 201)
    assert.deepEqual(body.sender, { id: bot.id, name: 'Ada', type: 'AgentBot', avatar_url: null })
    const opened = await post(`${path}/toggle_status`, { status: 'open' }, token)
    assert.equal(opened.body.status, 'open')
    const { body: list } = await test.api(`${path}/messages`, { token })
    assert.deepEqual(
      list.payload.map((one: { content: string }) => one.content),
      [content, 'Ada reopened the conversation'],
    )
    const { body: events } = await test.api(`/events?after=0&limit=1000&conversation_id=${conversation}`, {
      headers: { accept: 'application/json' },
    })
    const actors = events.payload.map(({ actor }: { actor: object }) => actor)
    assert.deepEqual(actors.at(-1), { type: 'bot', id: bot.id })
  })

  it('sends a message once with an Idempotency-Key, and files', async () => {
    const { bot, token, conversation } = await botWithInbox()
    const path = `/conversations/${conversation}/messages`
    const headers = { 'idempotency-key': 'one' }
    const body = { content: 'Once', message_type: 'outgoing' }
    const send = (headerToken: string) =>
      test.api(path, { method: 'POST', body, headers, token: headerToken })
    assert.equal((await send(token)).status, 201)
    const again = await send(token)
    assert.deepEqual([again.status, again.body.sender.id], [200, bot.id])
    assertRefused(await send(test.token), 422, /already used/)
    const form = formOf({ message_type: 'outgoing', content: 'A map' }, [{ bytes: 'a map', name: 'map.txt' }])
    const sent = await test.api(path, { method: 'POST', body: form, token })
    assert.deepEqual([sent.status, sent.body.sender.type, sent.body.attachments.length], [201, 'AgentBot', 1])
  })

  it('is named in activity lines, and never mistaken for the user with its id', async () => {
    const { token, conversation } = await botWithInbox()
    await post(`/conversations/${conversation}/assignments`, { assignee_id: 1 }, token)
    const { body: label } = await post('/labels', { title: `asked${conversation}` })
    await post(`/conversations/${conversation}/labels`, { labels: [label.title] }, token)
    const { body } = await test.api(`/conversations/${conversation}/messages`)
    const lines = body.payload.map(({ content }: { content: string }) => content)
    assert.match(lines[0], /^Ada assigned the conversation to /)
    assert.equal(lines[1], `Ada added the label ${label.title}`)
  })

  it('shows that it is typing', async () => {
    const { bot, token, conversation } = await botWithInbox()
    const stream = await openStream(test)
    await post(`/conversations/${conversation}/toggle_typing_status`, { typing_status: 'on' }, token)
    const { data } = await stream.find(({ name }) => name === 'typing')
    assert.deepEqual(data.bot, { id: bot.id, name: 'Ada' })
    stream.close()
  })

  it('does not write as the contact, nor with what belongs to users', async () => {
    const { token, inbox_id, conversation } = await botWithInbox()
    const path = `/conversations/${conversation}/messages`
    const message = { content: 'Hello', message_type: 'outgoing' }
    const incoming = { ...message, message_type: 'incoming' }
    assertRefused(await post(path, incoming, token), 422, /does not write as the contact/)
    for (const more of [{ canned_response_ids: [1] }, { append_signature: true }, { draft_version: 1 }])
      assertRefused(await post(path, { ...message, ...more }, token), 422, /cannot be used by a bot/)
    const first = { inbox_id, contact_id: 1, message: incoming }
    assertRefused(await post('/conversations', first, token), 422, /^message.message_type/)
  })

  it('starts conversations with the contacts of its inboxes only', async () => {
    const { token, inbox_id } = await botWithInbox()
    const started = await post('/conversations', { inbox_id, contact_id: 1 }, token)
    assert.deepEqual([started.status, started.body.status], [201, 'pending'])
    const { body: stranger } = await post('/contacts', { name: 'A stranger' })
    const of = { inbox_id, contact_id: stranger.id }
    assertRefused(await post('/conversations', of, token), 422, /^contact_id names no contact of this inbox/)
    assertRefused(await post('/conversations', { inbox_id: 1, contact_id: 1 }, token), 422, /^inbox_id names/)
    assertRefused(await post('/conversations', { source_id: 'x' }, token), 422, /^inbox_id is required/)
  })

  it('keeps only its conversations without its inbox, and loses its token when it is deleted', async () => {
    const { bot, token, inbox_id, conversation } = await botWithInbox()
    const { body: open } = await post('/conversations', { inbox_id, contact_id: 1, status: 'open' })
    const path = `/conversations/${conversation}`
    await post(`${path}/messages`, { content: 'Still here', message_type: 'outgoing' }, token)
    await post(`/inboxes/${inbox_id}/agent_bot`, { agent_bot: null })
    assertRefused(await test.api(`/conversations/${open.id}`, { token }), 404, /conversation/)
    assert.equal((await test.api(path, { token })).status, 200)
    await post(`${path}/toggle_status`, { status: 'open' }, token)
    assertRefused(await test.api(path, { token }), 404, /conversation/)
    await post(`/inboxes/${inbox_id}/agent_bot`, { agent_bot: bot.id })
    assert.equal((await test.api(path, { token })).status, 200)
    assert.equal((await test.api(`/agent_bots/${bot.id}`, { method: 'DELETE' })).status, 204)
    assertRefused(await test.api(path, { token }), 401, /not valid/)
    assertRefused(await test.api(`/agent_bots/${bot.id}`), 404, /bot/)
    assert.deepEqual((await test.api(`/inboxes/${inbox_id}/agent_bot`)).body, { agent_bot: null })
    assert.equal((await test.api(`${path}/messages`)).body.payload[0].sender.name, 'Ada')
  })
})

describe('The token of a bot', () => {
  let bot: Awaited<ReturnType<typeof botWithInbox>>
  beforeEach(async () => {
    bot = await botWithInbox()
  })
  const nameOf = ({ method, path }: { method: string; path: string }) =>
    `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`

  it('opens the calls of the list and no other one, in the inboxes of the bot and no other one', async () => {
    const foreign = await createResources(test, { accountId: 1, token: test.token, userId: 1 })
    const operations = operationsOf(test).filter(({ isPublic }) => !isPublic)
    const found = operations.filter((one) => botRoutes.includes(nameOf(one)))
    assert.equal(found.length, botRoutes.length)
    const before = await readAllRows(test)
    for (const operation of operations) {
      const { method, body } = operation
      const sent = body && { body: { ...sampleBody(body), inbox_id: foreign.inbox_id, contact_id: 1 } }
      const request = { method, token: bot.token, headers: { accept: 'application/json' }, ...sent }
      const { status } = await test.api(pathOf(operation, { ...foreign, account_id: 1 }), request)
      const isCreation = nameOf(operation).endsWith('POST /api/v1/accounts/:account_id/conversations')
      // Outside of an account, nobody looks for bots.
      const refused = operation.path.includes('{account_id}') ? 403 : 401
      const expected = isCreation ? 422 : found.includes(operation) ? 404 : refused
      assert.equal(status, expected, nameOf(operation))
    }
    assert.deepEqual(await readAllRows(test), before)
  })

  it('opens every call of the list in an inbox of the bot', async () => {
    const bodies: Record<string, object> = {
      'POST /conversations': { inbox_id: bot.inbox_id, contact_id: 1 },
      PATCH: { priority: 'low' },
      messages: { content: 'Hello', message_type: 'outgoing' },
      toggle_status: { status: 'open' },
      toggle_priority: { priority: 'high' },
      toggle_typing_status: { typing_status: 'on' },
      assignments: { assignee_id: 1 },
      custom_attributes: { custom_attributes: { plan: 'gold' } },
      labels: { labels: [] },
    }
    for (const route of botRoutes) {
      const [method = '', url = ''] = route.split(' ')
      const path = url
        .replace('/api/v1/accounts/:account_id', '')
        .replace(':conversation_id', String(bot.conversation))
      const body = bodies[`${method} ${path}`] ?? bodies[path.split('/')[3] ?? method]
      const request = { method, token: bot.token, ...(method === 'GET' ? {} : { body }) }
      const { status, body: response } = await test.api(path, request)
      assert.ok(status < 300, `${route}: ${JSON.stringify(response)}`)
    }
  })
})

describe('The events of a bot', () => {
  const eventsIn = (received: { body: { event: string; content?: string } }[]) =>
    received.map(({ body }) => [body.event, body.content].filter(Boolean).join(': '))

  it('are signed, those of its inboxes, and neither its own nor about private notes', async () => {
    const receiver = await startReceiver()
    const { bot, token, conversation } = await botWithInbox({ outgoing_url: receiver.url })
    const elsewhere = await addTestConversation(test)
    await sendMessage(test, 'In another inbox', {}, elsewhere)
    await sendMessage(test, 'A secret of agents', { private: true }, conversation)
    await sendMessage(test, 'Where is it?', { message_type: 'incoming' }, conversation)
    await post(`/conversations/${conversation}/messages`, { content: 'Own', message_type: 'outgoing' }, token)
    await sendMessage(test, 'From an agent', {}, conversation)
    await post(`/conversations/${conversation}/toggle_status`, { status: 'resolved' })
    await eventually(() => receiver.received.length === 4)
    assert.deepEqual(eventsIn(receiver.received), [
      'conversation_created',
      'message_created: Where is it?',
      'message_created: From an agent',
      'conversation_status_changed',
    ])
    const { headers, text, body } = receiver.received[1]!
    assert.deepEqual(new Webhook(bot.secret).verify(text, headers as never), body)
    assert.equal(body.conversation.status, 'pending')
    assert.equal(body.actor.type, 'contact')
    assert.doesNotMatch(JSON.stringify(receiver.received), /A secret of agents|In another inbox/)
  })

  it('are those of conversations that are assigned to it, from then on until they are taken away', async () => {
    const receiver = await startReceiver()
    const bot = await createBot({ outgoing_url: receiver.url })
    // What it has got, the bot would have got too.
    const webhook = await startReceiver()
    await addWebhook(test, webhook.url)
    const conversation = await addTestConversation(test, { status: 'pending' })
    const path = `/conversations/${conversation}`
    await sendMessage(
      test,
      'In another conversation',
      { message_type: 'incoming' },
      await addTestConversation(test),
    )
    await giveTo(bot, conversation)
    await sendMessage(test, 'A secret of agents', { private: true }, conversation)
    await sendMessage(test, 'For the bot', { message_type: 'incoming' }, conversation)
    await eventually(() => receiver.received.length === 2)
    await post(`${path}/toggle_status`, { status: 'open' })
    await eventually(() => receiver.received.length === 4)
    await sendMessage(test, 'Taken away', { message_type: 'incoming' }, conversation)
    await eventually(() => webhook.contents().includes('Taken away'))
    await giveTo(bot, conversation)
    await eventually(() => receiver.received.length === 5)
    assert.deepEqual(eventsIn(receiver.received), [
      'conversation_updated',
      'message_created: For the bot',
      'conversation_status_changed',
      'conversation_updated',
      'conversation_updated',
    ])
  })

  it('are sent again after a failure, in their order', async () => {
    let failures = 2
    const receiver = await startReceiver((response) => {
      if (failures-- > 0) response.writeHead(500).end()
    })
    const { conversation } = await botWithInbox({ outgoing_url: receiver.url })
    await sendMessage(test, 'Hello?', { message_type: 'incoming' }, conversation)
    await eventually(() => receiver.received.length === 4)
    const names = eventsIn(receiver.received)
    assert.deepEqual(names.slice(2), ['conversation_created', 'message_created: Hello?'])
    assert.equal(new Set(receiver.received.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size, 1)
  })

  it('are not sent while it is switched off, nor to a bot without a URL', async () => {
    const receiver = await startReceiver()
    const { bot, conversation } = await botWithInbox()
    await sendMessage(test, 'Without a URL', { message_type: 'incoming' }, conversation)
    const change = (body: object) => test.api(`/agent_bots/${bot.id}`, { method: 'PATCH', body })
    await change({ outgoing_url: receiver.url, active: false })
    await sendMessage(test, 'While it is off', { message_type: 'incoming' }, conversation)
    await change({ active: true })
    await sendMessage(test, 'While it is on', { message_type: 'incoming' }, conversation)
    await eventually(() => receiver.received.length > 0)
    assert.deepEqual(eventsIn(receiver.received), ['message_created: While it is on'])
  })
})
