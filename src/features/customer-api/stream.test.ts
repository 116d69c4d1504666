import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiRequest,
  type ApiResponse,
  assertRefused,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { type EventStream, openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addUser } from '../../../test/factories.ts'

let test: TestApp
let key: string
before(async () => {
  test = await startTestApp({}, { intervals: { heartbeat: 30 } })
  key = (await test.api('/inboxes/1')).body.inbox_identifier
})
after(() => test.close())

const call = (path: string, request: ApiRequest = {}): Promise<ApiResponse> =>
  test.api(`//public/api/v1/inboxes/${key}${path}`, { token: null, ...request })
const post = (path: string, body?: object) => call(path, { method: 'POST', ...(body ? { body } : {}) })

async function startConversation(name = 'Ada') {
  const contact = (await post('/contacts', { name })).body
  const own = `/contacts/${contact.source_id}`
  const { id } = (await post(`${own}/conversations`)).body
  return { contact, own, id, one: `${own}/conversations/${id}`, events: `${own}/events` }
}

const listen = (path: string, query = ''): Promise<EventStream> =>
  openStream(test, { path: `/public/api/v1/inboxes/${key}${path}`, query, token: '' })
const names = ({ logged }: EventStream) => logged.map(({ name }) => name)

describe('The event stream of a contact', () => {
  it('contains messages in the same shape as the list, and can be resumed', async () => {
    const { id, one, events } = await startConversation()
    const stream = await listen(events)
    const { cursor } = stream
    await post(`${one}/messages`, { content: 'Hello?', echo_id: 'e1' })
    const answer = await sendMessage(test, 'Yes!', { content_attributes: { inner: 'MARKER' } }, id)
    await stream.find(({ data }) => data.content === 'Yes!')
    const { payload } = (await call(`${one}/messages`)).body
    const streamed = stream.named('message_created').map(({ data: { event: _, ...message } }) => message)
    assert.deepEqual(streamed, payload)
    const again = await listen(events, `after=${cursor}`)
    await again.find(({ data }) => data.content === 'Yes!')
    assert.deepEqual(again.logged, stream.logged)
    const page = await call(`${events}?after=${cursor}`, { headers: { accept: 'application/json' } })
    assert.deepEqual(
      page.body.payload,
      stream.logged.map(({ data }) => data),
    )
    await test.api(`/conversations/${id}/messages/${answer.id}`, { method: 'DELETE' })
    const deleted = await stream.find(({ name }) => name === 'message_deleted')
    assert.deepEqual([deleted.data.id, deleted.data.content], [answer.id, null])
    // Not who has deleted it.
    assert.deepEqual(deleted.data.content_attributes, { deleted: true })
    const later = await listen(events, `after=${cursor}`)
    await later.find(({ name }) => name === 'message_deleted')
    assert.ok(later.logged.every(({ name, data }) => data.id !== answer.id || name === 'message_deleted'))
    for (const one of [stream, again, later]) one.close()
  })

  it('contains nothing internal, and nothing of other contacts or inboxes', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const { id, contact, events } = await startConversation()
    const stream = await listen(events)
    const other = await startConversation('Eve MARKER')
    await post(`${other.one}/messages`, { content: 'MARKER of another' })
    await sendMessage(test, 'MARKER note', { private: true }, id)
    const inbox_id = await addInbox(test)
    const elsewhere = { inbox_id, contact_id: contact.id, message: { content: 'MARKER elsewhere' } }
    await test.api('/conversations', { method: 'POST', body: elsewhere })
    const change = { custom_attributes: { inner: 'MARKER' } }
    await test.api(`/conversations/${id}`, { method: 'PATCH', body: change })
    const assignment = { assignee_id: agent.userId }
    await test.api(`/conversations/${id}/assignments`, { method: 'POST', body: assignment })
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    const { data } = await stream.find(({ name }) => name === 'conversation_status_changed')
    assert.deepEqual(Object.keys(data.conversation).sort(), [
      'agent_last_seen_at',
      'contact_last_seen_at',
      'created_at',
      'id',
      'last_activity_at',
      'status',
    ])
    assert.equal(data.conversation.status, 'resolved')
    assert.doesNotMatch(JSON.stringify(stream.events), /MARKER|@|account/)
    assert.deepEqual(names(stream), ['conversation_status_changed'])
    stream.close()
  })

  it('can be limited to a conversation and to event names, and refuses conversations of others', async () => {
    const { own, one, events } = await startConversation()
    const second = (await post(`${own}/conversations`)).body.id
    const narrow = await listen(events, `conversation_id=${second}&events=message_created`)
    await post(`${one}/messages`, { content: 'first' })
    await post(`${own}/conversations/${second}/messages`, { content: 'second' })
    await narrow.find(({ data }) => data.content === 'second')
    assert.equal(narrow.logged.length, 1)
    narrow.close()
    const stranger = await startConversation()
    assertRefused(await call(`${events}?conversation_id=${stranger.id}`), 404, /^conversation/)
    assertRefused(await call(`${events}?events=contact_created`), 400, /^events must be names/)
    assertRefused(await call(`/contacts/src_${'A'.repeat(43)}/events`), 404, /^contact not found/)
  })

  it('ends when the inbox is deleted', async () => {
    const { body: inbox } = await test.api('/inboxes', {
      method: 'POST',
      body: { name: 'For a while', channel: { type: 'web_widget' } },
    })
    const open = `//public/api/v1/inboxes/${inbox.inbox_identifier}/contacts`
    const { source_id } = (await test.api(open, { method: 'POST', token: null, body: {} })).body
    const stream = await openStream(test, { path: `${open.slice(1)}/${source_id}/events`, token: '' })
    await test.api(`/inboxes/${inbox.id}`, { method: 'DELETE' })
    await eventually(() => stream.ended)
  })

  it('ends when the contact is erased', async () => {
    const { contact, events } = await startConversation()
    const stream = await listen(events)
    await test.api(`/contacts/${contact.id}`, { method: 'DELETE' })
    await eventually(() => stream.ended)
  })
})

describe('In a conversation', () => {
  it('each side sees that the other is typing, but the contact does not see it for private notes', async () => {
    const { id, one, events, contact } = await startConversation()
    const [agents, customer] = [await openStream(test), await listen(events)]
    assert.equal((await post(`${one}/toggle_typing`, { typing_status: 'on' })).status, 204)
    const { data } = await agents.find(({ name }) => name === 'typing')
    assert.deepEqual(data, {
      event: 'typing',
      conversation_id: id,
      contact: { id: contact.id, name: 'Ada' },
      is_private: false,
      typing_status: 'on',
    })
    const type = (is_private: boolean) =>
      test.api(`/conversations/${id}/toggle_typing_status`, {
        method: 'POST',
        body: { typing_status: 'on', is_private },
      })
    await type(true)
    await type(false)
    await customer.find(({ name }) => name === 'typing')
    assert.deepEqual(
      customer.named('typing').map(({ data }) => [data.user.name, data.is_private]),
      [['Administrator', false]],
    )
    for (const stream of [agents, customer]) stream.close()
    const stranger = await startConversation()
    const elsewhere = `${stranger.own}/conversations/${id}`
    assertRefused(await post(`${elsewhere}/toggle_typing`, { typing_status: 'on' }), 404, /^conversation/)
    assertRefused(await post(`${elsewhere}/update_last_seen`), 404, /^conversation/)
  })

  it('messages are unread until the contact has seen them', async () => {
    const { id, own, one } = await startConversation()
    await sendMessage(test, 'One', {}, id)
    await sendMessage(test, 'a note', { private: true }, id)
    const listed = async () =>
      (await call(`${own}/conversations`)).body.payload.find((row: { id: number }) => row.id === id)
    const before = await listed()
    assert.deepEqual([before.unread_count, before.last_message.content], [1, 'One'])
    const agents = await openStream(test)
    const seen = await post(`${one}/update_last_seen`)
    assert.deepEqual([seen.status, seen.body.unread_count], [200, 0])
    assert.ok(seen.body.contact_last_seen_at >= seen.body.created_at)
    const { data } = await agents.find(({ name }) => name === 'message_updated')
    assert.deepEqual([data.content, data.status], ['One', 'read'])
    const { data: updated } = await agents.find(({ name }) => name === 'conversation_updated')
    assert.deepEqual(updated.changed, ['contact_last_seen_at'])
    const { payload } = (await test.api(`/conversations/${id}/messages`)).body
    assert.deepEqual(
      payload.map(({ status }: { status: string }) => status),
      ['read', 'sent'],
    )
    agents.close()
  })
})
