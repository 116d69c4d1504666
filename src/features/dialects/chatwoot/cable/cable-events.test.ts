import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import {
  type CableClient,
  connectCable,
  contactIdentifier,
  followAsUser,
  subscribe,
} from '../../../../../test/cable-client.ts'
import { addUser } from '../../../../../test/factories.ts'

let test: TestApp
let key: string
let agent: { userId: number; token: string; name: string }
let agents: CableClient
before(async () => {
  test = await startTestApp()
  key = (await test.api('/inboxes/1')).body.inbox_identifier
  agent = await addUser(test, { inboxes: [1] })
  agents = await followAsUser(test, agent.token)
})
after(async () => {
  await test.close()
})

const asContact = (path: string, body?: object, method = 'POST') =>
  test.api(`//public/api/v1/inboxes/${key}${path}`, { token: null, method, ...(body ? { body } : {}) })
const post = (path: string, body?: object) => test.api(path, { method: 'POST', ...(body ? { body } : {}) })
const patch = (path: string, body: object) => test.api(path, { method: 'PATCH', body })

/** A contact with a conversation, who follows it. */
async function arrive(name = 'Ada') {
  const contact = (await asContact('/contacts', { name })).body
  const own = `/contacts/${contact.source_id}`
  const cable = await connectCable(test)
  assert.equal(
    await subscribe(cable, contactIdentifier(test, key, contact.source_id)),
    'confirm_subscription',
  )
  const { id } = (await asContact(`${own}/conversations`)).body
  const path = `/conversations/${id}`
  return { contact, id: id as number, own: `${own}/conversations/${id}`, path, cable }
}

const ofConversation = (id: number) => (data: { id: number }) => data.id === id

describe('Messages', () => {
  it('reach agents and the contact as Chatwoot shows them', async () => {
    const { id, own, cable, contact } = await arrive()
    const { body: sent } = await asContact(`${own}/messages`, { content: 'Hello?', echo_id: 'e1' })
    const data = await agents.event('message.created', ({ content }) => content === 'Hello?')
    const { created_at, updated_at, sender, conversation, ...rest } = data
    assert.deepEqual(rest, {
      id: sent.id,
      content: 'Hello?',
      echo_id: 'e1',
      content_type: 'text',
      content_attributes: {},
      message_type: 0,
      status: 'sent',
      private: false,
      source_id: null,
      account_id: 1,
      inbox_id: 1,
      conversation_id: id,
      sender_type: 'Contact',
      sender_id: contact.id,
      external_source_ids: {},
      additional_attributes: {},
      processed_message_content: 'Hello?',
      sentiment: {},
    })
    assert.equal(created_at, sent.created_at)
    assert.match(updated_at, /^\d{4}-\d\d-\d\dT.*Z$/)
    assert.deepEqual([sender.type, sender.name], ['contact', 'Ada'])
    assert.equal(conversation.unread_count, 1)
    const seen = await cable.event('message.created', ({ content }) => content === 'Hello?')
    assert.deepEqual([seen.id, seen.echo_id, seen.account_id], [sent.id, 'e1', 1])
    cable.close()
  })

  it('say who has acted, what an edit has changed, and leave a tombstone', async () => {
    const { path, id, cable } = await arrive()
    const { id: message } = await sendMessage(test, 'First', {}, id)
    const created = await cable.event('message.created', ({ content }) => content === 'First')
    assert.deepEqual([created.message_type, created.sender.type, created.performer.id], [1, 'user', 1])
    await patch(`${path}/messages/${message}`, { content: 'Second' })
    const edited = await agents.event('message.updated', ({ content }) => content === 'Second')
    assert.deepEqual(edited.previous_changes.content, ['First', 'Second'])
    await test.api(`${path}/messages/${message}`, { method: 'DELETE' })
    for (const one of [agents, cable]) {
      const deleted = await one.event('message.updated', (data) => data.content_attributes.deleted)
      assert.deepEqual(
        [deleted.id, deleted.content, deleted.content_attributes],
        [message, 'This message was deleted', { deleted: true }],
      )
    }
    cable.close()
  })
})

describe('Conversations', () => {
  it('are sent under the names that Chatwoot has for each change', async () => {
    const { id, path, own, cable } = await arrive()
    const team = (await post('/teams', { name: 'Sales' })).body
    await agents.event('conversation.created', ofConversation(id))
    await post(`${path}/assignments`, { assignee_id: agent.userId })
    const assigned = await agents.event('assignee.changed', ofConversation(id))
    assert.deepEqual([assigned.meta.assignee.id, assigned.meta.assignee.type], [agent.userId, 'user'])
    await post(`${path}/assignments`, { team_id: team.id })
    assert.deepEqual((await agents.event('team.changed', ofConversation(id))).meta.team, {
      id: team.id,
      name: 'sales',
    })
    await sendMessage(test, 'Look', {}, id)
    await asContact(`${own}/update_last_seen`)
    await agents.event('conversation.read', ofConversation(id))
    await post(`${path}/toggle_status`, { status: 'resolved' })
    const resolved = await agents.event('conversation.status_changed', ofConversation(id))
    assert.deepEqual([resolved.status, resolved.messages.length], ['resolved', 1])
    await cable.event('conversation.status_changed')
    const names = new Set(cable.events.map(({ event }) => event))
    assert.deepEqual([...names].sort(), [
      'conversation.created',
      'conversation.status_changed',
      'conversation.updated',
      'message.created',
      'message.updated',
      'presence.update',
    ])
    cable.close()
  })

  it('say once that a bot has taken over from a user', async () => {
    const { id, path, cable } = await arrive()
    const bot = (await post('/agent_bots', { name: 'Robot' })).body
    await post('/inboxes/1/agent_bot', { agent_bot: bot.id })
    await post(`${path}/assignments`, { assignee_id: agent.userId })
    await post(`${path}/assignments`, { assignee_id: bot.id, assignee_type: 'AgentBot' })
    const isTaken = (data: { id: number; meta: { assignee: { type: string } | null } }) =>
      data.id === id && data.meta.assignee?.type === 'agent_bot'
    await agents.event('conversation.updated', isTaken)
    const changes = agents.events.filter(({ event, data }) => event === 'assignee.changed' && isTaken(data))
    assert.equal(changes.length, 1)
    await post('/inboxes/1/agent_bot', { agent_bot: null })
    cable.close()
  })

  it('say that somebody is typing to all but them, and to the contact unless it is a note', async () => {
    const { id, path, own, cable } = await arrive()
    const typing = (is_private: boolean, typing_status = 'on') =>
      post(`${path}/toggle_typing_status`, { typing_status, is_private })
    await typing(true)
    await typing(false)
    await typing(false, 'off')
    const on = await cable.event('conversation.typing_on')
    assert.deepEqual([on.is_private, on.user.type, on.conversation.id], [false, 'user', id])
    await cable.event('conversation.typing_off')
    assert.equal(cable.events.filter(({ event }) => event === 'conversation.typing_on').length, 1)
    await agents.event('conversation.typing_on', ({ is_private }) => is_private)
    await asContact(`${own}/toggle_typing`, { typing_status: 'on' })
    const visitor = await agents.event('conversation.typing_on', ({ user }) => user.type === 'contact')
    assert.equal(visitor.user.name, 'Ada')
    const own_ = await test.api(`${path}/toggle_typing_status`, {
      method: 'POST',
      token: agent.token,
      body: { typing_status: 'on' },
    })
    assert.equal(own_.status, 204)
    await cable.event('conversation.typing_on', ({ user }) => user.id === agent.userId)
    const isOwn = ({ event, data }: { event: string; data: { user?: { id: number; type: string } } }) =>
      event === 'conversation.typing_on' && data.user?.type === 'user' && data.user.id === agent.userId
    assert.ok(!agents.events.some(isOwn))
    cable.close()
  })
})

describe('Contacts', () => {
  it('are sent to every agent of the account, and to no contact', async () => {
    const { cable } = await arrive()
    const elsewhere = await followAsUser(test, (await addUser(test)).token)
    const { id } = (await post('/contacts', { name: 'Grace', custom_attributes: { plan: 'pro' } })).body
    const created = await elsewhere.event('contact.created', ofConversation(id))
    assert.deepEqual(
      [created.name, created.custom_attributes, created.type],
      ['Grace', { plan: 'pro' }, 'contact'],
    )
    await patch(`/contacts/${id}`, { name: 'Grace Hopper' })
    assert.equal((await elsewhere.event('contact.updated', ofConversation(id))).name, 'Grace Hopper')
    const { id: other } = (await post('/contacts', { name: 'Same' })).body
    await post('/actions/contact_merge', { base_contact_id: id, mergee_contact_id: other })
    assert.equal((await elsewhere.event('contact.merged')).id, id)
    await test.api(`/contacts/${id}`, { method: 'DELETE' })
    await elsewhere.event('contact.deleted', ofConversation(id))
    assert.ok(!cable.events.some(({ event }) => event.startsWith('contact.')))
    for (const one of [cable, elsewhere]) one.close()
  })
})

describe('The connection of a contact', () => {
  it('never gets what only agents see', async () => {
    const { id, path, own, contact, cable } = await arrive()
    const secret = 'PLANTED MARKER'
    const note = await sendMessage(test, secret, { private: true }, id)
    await patch(`${path}/messages/${note.id}`, { content: `${secret} again` })
    await post('/labels', { title: 'planted-marker' })
    await post(`${path}/labels`, { labels: ['planted-marker'] })
    await patch(path, {
      priority: 'urgent',
      custom_attributes: { inner: secret },
      additional_attributes: { inner: secret },
    })
    await patch(`/contacts/${contact.id}`, {
      custom_attributes: { inner: secret },
      additional_attributes: { inner: secret },
    })
    const team = (await post('/teams', { name: secret })).body
    await post(`${path}/assignments`, { team_id: team.id })
    await post(`${path}/assignments`, { assignee_id: agent.userId })
    const answer = await sendMessage(test, 'Seen', { content_attributes: { inner: secret } }, id)
    await patch(`${path}/messages/${answer.id}`, { content: 'Seen again' })
    await asContact(`${own}/messages`, { content: 'Thanks' })
    await post(`${path}/toggle_typing_status`, { typing_status: 'on', is_private: true })
    await post(`${path}/toggle_status`, { status: 'snoozed' })
    await test.api(`${path}/messages/${note.id}`, { method: 'DELETE' })
    const other = await arrive('Eve')
    await asContact(`${other.own}/messages`, { content: secret })
    // Everything is delivered in order: the agents have got all of it.
    await sendMessage(test, 'The end', {}, id)
    await cable.event('message.created', ({ content }) => content === 'The end')
    await agents.event('message.created', ({ content }) => content === 'The end')
    const all = JSON.stringify(cable.received)
    for (const marker of ['PLANTED', 'planted-marker', 'urgent', '"private":true', '"email":"person'])
      assert.ok(!all.includes(marker), marker)
    assert.ok(!cable.events.some(({ data }) => data.message_type === 2))
    const inAll = JSON.stringify(agents.received)
    assert.ok(inAll.includes(secret) && inAll.includes('planted-marker'))
    // Also in what is replayed of a conversation that ends with a note.
    await sendMessage(test, secret, { private: true }, id)
    await post(`${path}/toggle_status`, { status: 'resolved' })
    const { messages } = await cable.event(
      'conversation.status_changed',
      ({ status }) => status === 'resolved',
    )
    assert.deepEqual(
      messages.map((one: { content: string }) => one.content),
      ['The end'],
    )
    for (const one of [cable, other.cable]) one.close()
  })
})
