import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { messaging } from '../../src/features/conversations/messaging.ts'
import { type ActorRef, onBehalfOf } from '../../src/lib/actor.ts'
import { type ApiRequest, type ApiResponse, sendMessage, startTestApp, type TestApp } from '../app.ts'
import { openStream, type StreamEvent } from '../event-stream.ts'
import { addInbox, addTestConversation, addUser } from '../factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const administrator: ActorRef = { type: 'user', id: 1 }
const system: ActorRef = { type: 'system', id: null }

async function call(method: string, path: string, body?: object, more: ApiRequest = {}) {
  const response = await test.api(path, { method, ...(body ? { body } : {}), ...more })
  assert.ok(response.status < 300, JSON.stringify(response.body))
  return response.body as ApiResponse['body']
}

/** Returns the events that `work` leads to, as an administrator gets them on a stream. */
async function eventsOf(work: () => Promise<unknown>): Promise<StreamEvent[]> {
  const stream = await openStream(test)
  await work()
  const { id } = await sendMessage(test, 'The end', { private: true })
  await stream.find(({ data }) => data.id === id && data.event === 'message_created')
  stream.close()
  return stream.logged.slice(0, -1)
}

/** Returns the name of each event with its actor and what was before. */
const summaryOf = (events: StreamEvent[]) => events.map(({ name, data }) => [name, data.actor, data.before])

/** Starts a conversation through the API of customers, and returns its paths. */
async function startOwnConversation() {
  const { inbox_identifier } = await call('GET', '/inboxes/1')
  const path = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
  const contact = await call('POST', path, { name: 'Ada' }, { token: null })
  const own = `${path}/${contact.source_id}`
  const { id } = await call('POST', `${own}/conversations`, undefined, { token: null })
  return { own, id, contact: { type: 'contact', id: contact.id }, one: `${own}/conversations/${id}` }
}

describe('The actor of an event', () => {
  it('is the user who writes, changes, or makes a setting', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const { token } = agent
    const id = await addTestConversation(test)
    const events = await eventsOf(async () => {
      const body = { content: 'Hi', message_type: 'outgoing' }
      const message = await call('POST', `/conversations/${id}/messages`, body, { token })
      const path = `/conversations/${id}/messages/${message.id}`
      await call('PATCH', path, { content: 'Hello' }, { token })
      await call('DELETE', path, undefined, { token })
      await call('POST', `/conversations/${id}/toggle_status`, { status: 'resolved' }, { token })
      await call('POST', '/contacts', { name: 'Ben' }, { token })
      await call('POST', `/conversations/${id}/update_last_seen`, undefined, { token })
    })
    const names = ['message_created', 'message_updated', 'message_deleted', 'message_created']
    const others = ['conversation_status_changed', 'contact_created', 'conversation_updated']
    assert.deepEqual(
      events.map(({ name }) => name),
      [...names, ...others],
    )
    const actor = { type: 'user', id: agent.userId }
    for (const { name, data } of events) assert.deepEqual([data.actor, data.cause], [actor, null], name)
    const label = await eventsOf(() => call('POST', '/labels', { title: 'vip', color: '#1f93ff' }))
    assert.deepEqual(summaryOf(label), [['label_created', administrator, {}]])
  })

  it('is the contact for everything that a customer does', async () => {
    const inbox = await call('GET', '/inboxes/1')
    assert.ok(inbox.inbox_identifier)
    let contact: object = {}
    const events = await eventsOf(async () => {
      const own = await startOwnConversation()
      contact = own.contact
      const token = null
      await call('POST', `${own.one}/messages`, { content: 'Hello?' }, { token })
      const form = { content_type: 'input_email', content_attributes: {} }
      const question = await sendMessage(test, 'Your address?', form, own.id)
      await call('POST', `${own.one}/update_last_seen`, undefined, { token })
      const answer = { submitted_email: `ada${own.id}@example.com` }
      await call('PATCH', `${own.one}/messages/${question.id}`, answer, { token })
      await call('PATCH', own.own, { name: 'Ada Lovelace' }, { token })
      await call('POST', `/conversations/${own.id}/toggle_status`, { status: 'resolved' })
      await call('POST', `${own.one}/messages`, { content: 'One more thing' }, { token })
    })
    assert.deepEqual(
      events.map(({ name, data }) => [name, data.actor]),
      [
        ['contact_created', contact],
        ['conversation_created', contact],
        ['message_created', contact],
        ['message_created', administrator],
        ['message_updated', contact],
        ['conversation_updated', contact],
        ['message_updated', contact],
        ['contact_updated', contact],
        ['contact_updated', contact],
        // The activity message, and the change.
        ['message_created', administrator],
        ['conversation_status_changed', administrator],
        // The activity message of the reopening, the change, and the customer's message.
        ['message_created', contact],
        ['conversation_status_changed', contact],
        ['message_created', contact],
      ],
    )
  })

  it('is the contact for a program that writes as the contact', async () => {
    const id = await addTestConversation(test)
    const { contact } = await call('GET', `/conversations/${id}`)
    const events = await eventsOf(async () => {
      await sendMessage(test, 'Mine', { message_type: 'incoming' }, id)
      await call('POST', `/conversations/${id}/toggle_status`, { status: 'resolved' })
      await sendMessage(test, 'Mine again', { message_type: 'incoming' }, id)
    })
    const actor = { type: 'contact', id: contact.id }
    assert.deepEqual(
      events.map(({ data }) => data.actor),
      [actor, administrator, administrator, actor, actor, actor],
    )
  })

  it('is the system for conversations that lose their assignee, and for the rest the user', async () => {
    const inbox = await addInbox(test)
    const { userId, name } = await addUser(test, { inboxes: [inbox] })
    const id = await addTestConversation(test, { inboxId: inbox })
    await call('POST', `/conversations/${id}/assignments`, { assignee_id: userId })
    const events = await eventsOf(() => call('DELETE', `/inbox_members/${inbox}`, { user_ids: [userId] }))
    assert.deepEqual(summaryOf(events), [
      ['conversation_updated', system, { 'meta.assignee': { id: userId, name } }],
      ['agent_updated', administrator, {}],
    ])
  })

  it('can be a rule or a bot, with a cause', async () => {
    const cause = { type: 'event', id: 7, depth: 2 } as const
    const events = await eventsOf(async () => {
      for (const type of ['rule', 'bot'] as const) {
        const actor = onBehalfOf(1, { type, id: 3 }, cause)
        await test.app.database.transaction(1, (tx) =>
          messaging.of(tx).writeActivity(tx, actor, 1, { kind: 'resolved', actor: type }),
        )
      }
    })
    assert.deepEqual(
      events.map(({ data }) => [data.content, data.actor, data.cause]),
      [
        ['rule resolved the conversation', { type: 'rule', id: 3 }, cause],
        ['bot resolved the conversation', { type: 'bot', id: 3 }, cause],
      ],
    )
  })
})

describe('What an event says about before', () => {
  it('are the previous values of the fields of a conversation that have changed', async () => {
    const id = await addTestConversation(test)
    const path = `/conversations/${id}`
    await call('POST', '/labels', { title: 'billing', color: '#1f93ff' })
    const team = await call('POST', '/teams', { name: 'Sales' })
    const change = (name: string, body: object) => call('POST', `${path}/${name}`, body)
    const events = await eventsOf(async () => {
      await change('toggle_priority', { priority: 'high' })
      await change('toggle_priority', { priority: 'low' })
      await change('labels', { labels: ['billing'] })
      await change('labels', { labels: [] })
      await change('assignments', { assignee_id: 1 })
      await change('assignments', { team_id: team.id })
      await change('assignments', { assignee_id: null, team_id: null })
      await call('PATCH', path, { custom_attributes: { order: 1 } })
      await call('PATCH', path, { custom_attributes: { order: 2 } })
      await change('toggle_status', { status: 'resolved' })
      await change('toggle_status', { status: 'open' })
    })
    const changes = events.filter(({ name }) => name.startsWith('conversation_'))
    const assignee = { id: 1, name: 'Administrator' }
    assert.deepEqual(
      changes.map(({ data }) => data.before),
      [
        { priority: null },
        { priority: 'high' },
        { labels: [] },
        { labels: ['billing'] },
        { 'meta.assignee': null },
        { 'meta.team': null },
        { 'meta.assignee': assignee, 'meta.team': { id: team.id, name: 'Sales' } },
        { custom_attributes: {} },
        { custom_attributes: { order: 1 } },
        { status: 'open' },
        { status: 'resolved' },
      ],
    )
    for (const { data } of changes) assert.deepEqual(Object.keys(data.before).sort(), data.changed.sort())
  })

  it('are the previous values of a message, exactly as lists showed them', async () => {
    const id = await addTestConversation(test)
    const listed = async () => (await call('GET', `/conversations/${id}/messages`)).payload
    const { id: messageId } = await sendMessage(test, 'Helo', { content_attributes: { own: 1 } }, id)
    const [before] = await listed()
    const path = `/conversations/${id}/messages/${messageId}`
    const [edited, delivered] = await eventsOf(async () => {
      await call('PATCH', path, { content: 'Hello' })
      await call('PATCH', path, { status: 'delivered' })
    })
    const { content, content_attributes } = before
    assert.deepEqual(edited!.data.before, { content, content_attributes })
    assert.deepEqual(edited!.data.changed, ['content', 'content_attributes'])
    assert.deepEqual([delivered!.data.before, delivered!.data.changed], [{ status: 'sent' }, ['status']])
    const {
      event,
      conversation,
      contact,
      account,
      actor,
      cause,
      changed,
      before: _,
      ...message
    } = delivered!.data
    assert.deepEqual([message], await listed())
  })

  it('are the statuses of messages that are read together', async () => {
    const id = await addTestConversation(test)
    const incoming = { message_type: 'incoming' }
    const sent = []
    for (const content of ['a', 'b', 'c']) sent.push(await sendMessage(test, content, incoming, id))
    await call('PATCH', `/conversations/${id}/messages/${sent[1].id}`, { status: 'delivered' })
    const events = await eventsOf(() => call('POST', `/conversations/${id}/update_last_seen`))
    assert.deepEqual(
      events.map(({ data }) => [data.content ?? data.changed, data.before, data.status]),
      [
        ['a', { status: 'sent' }, 'read'],
        ['b', { status: 'delivered' }, 'read'],
        ['c', { status: 'sent' }, 'read'],
        [['unread_count', 'agent_last_seen_at'], { unread_count: 3, agent_last_seen_at: null }, undefined],
      ],
    )
  })

  it('are the previous values of a contact, but no secret of it', async () => {
    const contact = await call('POST', '/contacts', { name: 'Cid', email: 'cid@example.com' })
    const events = await eventsOf(async () => {
      await call('PATCH', `/contacts/${contact.id}`, { name: 'Cyd', blocked: true })
      await call('POST', `/contacts/${contact.id}/contact_inboxes`, { inbox_id: 1 })
    })
    assert.deepEqual(summaryOf(events), [
      ['contact_updated', administrator, { name: 'Cid', blocked: false }],
      ['contact_updated', administrator, {}],
    ])
  })

  it('are the previous values of a setting, without its secrets', async () => {
    const label = await call('POST', '/labels', { title: 'old', color: '#1f93ff' })
    const channel = { type: 'api', webhook_url: 'https://example.com/first' }
    const inbox = await call('POST', '/inboxes', { name: 'One', channel })
    const next = { name: 'Two', channel: { webhook_url: 'https://example.com/second' } }
    const events = await eventsOf(async () => {
      await call('PATCH', `/labels/${label.id}`, { title: 'new', color: '#1f93ff' })
      await call('PATCH', `/inboxes/${inbox.id}`, next)
      await call('POST', `/inboxes/${inbox.id}/rotate_hmac_token`)
    })
    assert.deepEqual(summaryOf(events), [
      ['label_updated', administrator, { title: 'old' }],
      ['inbox_updated', administrator, { name: 'One', webhook_url: null }],
      ['inbox_updated', administrator, { hmac_token: null }],
    ])
  })

  it('reaches neither customers nor the webhook of an API inbox', async () => {
    const { own, one, id } = await startOwnConversation()
    const path = `${own.slice(1)}/events`
    const stream = await openStream(test, { path, token: '' })
    const note = await sendMessage(test, 'A note', { private: true }, id)
    await call('PATCH', `/conversations/${id}/messages/${note.id}`, { content: 'Another note' })
    const reply = await sendMessage(test, 'MISTAKE', {}, id)
    await call('PATCH', `/conversations/${id}/messages/${reply.id}`, { content: 'A reply' })
    await call('POST', `${one}/messages`, { content: 'Bye' }, { token: null })
    await stream.find(({ data }) => data.content === 'Bye')
    stream.close()
    const edited = stream.named('message_updated')
    assert.deepEqual(
      edited.map(({ data }) => [data.content, 'before' in data, 'actor' in data, 'changed' in data]),
      [['A reply', false, false, false]],
    )
    assert.ok(!JSON.stringify(stream.events).includes('note'))
  })
})
