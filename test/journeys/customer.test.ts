import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ApiRequest, type ApiResponse, sendMessage, startTestApp, type TestApp } from '../app.ts'
import { type EventStream, openStream } from '../event-stream.ts'
import { addInbox, addUser } from '../factories.ts'
import { type Operation, operationsOf, pathOf, sampleBody } from '../operations.ts'

/*
 * Tests every call for customers in the OpenAPI document, so that a new one is tested automatically. Everything that a
 * customer must not see contains the word MARKER.
 */

const marker = /MARKER|@/

let test: TestApp
let key: string
let ids: Record<string, string | number>
let operations: Operation[]
let stream: EventStream

const call = (path: string, request: ApiRequest = {}): Promise<ApiResponse> =>
  test.api(`//public/api/v1/inboxes/${key}${path}`, { token: null, ...request })
const post = (path: string, body: object): Promise<ApiResponse> => test.api(path, { method: 'POST', body })

before(async () => {
  test = await startTestApp()
  key = (await test.api('/inboxes/1')).body.inbox_identifier
  const { source_id, id: contact_id } = (await call('/contacts', { method: 'POST', body: { name: 'Ada' } }))
    .body
  const own = `/contacts/${source_id}/conversations`
  const conversation_id: number = (await call(own, { method: 'POST' })).body.id
  const events = `/public/api/v1/inboxes/${key}/contacts/${source_id}/events`
  stream = await openStream(test, { path: events, token: '' })
  await addInternalData(contact_id, conversation_id)
  await post('/labels', { title: 'question' })
  await test.api('/inboxes/1/visitor_labels', { method: 'PUT', body: { labels: ['question'] } })
  const items = [{ title: 'Red', value: 'red' }]
  const question = { content_type: 'input_select', content_attributes: { items } }
  const { id: message_id } = await sendMessage(test, 'Which?', question, conversation_id)
  ids = { inbox_identifier: key, source_id, conversation_id, message_id }
  operations = operationsOf(test).filter(({ path }) => path.startsWith('/public/'))
})
after(async () => {
  stream.close()
  await test.close()
})

/** Creates all kinds of internal data around a conversation of the contact. */
async function addInternalData(contact_id: number, id: number): Promise<void> {
  const agent = await addUser(test, { inboxes: [1] })
  const secret = { custom_attributes: { internal: 'MARKER' } }
  await test.api(`/contacts/${contact_id}`, { method: 'PATCH', body: secret })
  await test.api(`/conversations/${id}`, { method: 'PATCH', body: { ...secret, priority: 'high' } })
  await post('/labels', { title: 'marker' })
  await post(`/conversations/${id}/labels`, { labels: ['marker'] })
  await post(`/conversations/${id}/assignments`, { assignee_id: agent.userId })
  await sendMessage(test, 'MARKER note', { private: true }, id)
  await sendMessage(test, 'visible', { content_attributes: { internal: 'MARKER' }, echo_id: 'MARKER' }, id)
  const deleted = await sendMessage(test, 'MARKER deleted', {}, id)
  await test.api(`/conversations/${id}/messages/${deleted.id}`, { method: 'DELETE' })
  const edited = await sendMessage(test, 'MARKER before', { private: true }, id)
  await test.api(`/conversations/${id}/messages/${edited.id}`, {
    method: 'PATCH',
    body: { content: 'MARKER after' },
  })
  const stranger = (await post('/contacts', { name: 'MARKER', email: 'marker@example.com', inbox_id: 1 }))
    .body
  const message = { content: 'MARKER of another', message_type: 'outgoing' }
  await post('/conversations', { inbox_id: 1, contact_id: stranger.id, message })
  const inbox_id = await addInbox(test)
  await post('/conversations', { inbox_id, contact_id, message })
}

describe('A customer', () => {
  it('gets their own data and nothing internal from any call', async () => {
    assert.ok(operations.length >= 12, `${operations.length} calls`)
    for (const operation of operations) {
      const name = `${operation.method} ${operation.path}`
      // Events as JSON; the next test reads the stream.
      const headers = { accept: 'application/json' }
      const body = operation.body && { body: bodyFor(operation) }
      const path = `${pathOf(operation, ids)}${operation.path.endsWith('/events') ? '?after=0' : ''}`
      const { method } = operation
      const response = await test.api(path, { method, token: null, headers, ...body })
      assert.ok(response.status < 300, `${name}: ${response.status} ${JSON.stringify(response.body)}`)
      assert.doesNotMatch(JSON.stringify(response.body ?? ''), marker, name)
    }
    const { payload } = (await call(`/contacts/${ids.source_id}/events?after=0`, json)).body
    assert.ok(payload.length > 4)
  })

  it('gets nothing internal from the event stream, except a message that was deleted later', async () => {
    await sendMessage(test, 'the end', {}, ids.conversation_id as number)
    await stream.find(({ data }) => data.content === 'the end')
    const events = stream.events.filter(({ data }) => data.content !== 'MARKER deleted')
    assert.doesNotMatch(JSON.stringify(events), marker)
    assert.ok(stream.named('message_created').length > 2)
  })
})

const json = { headers: { accept: 'application/json' } }

function bodyFor({ method, path, body }: Operation): Record<string, unknown> {
  if (method === 'PATCH' && path.endsWith('{message_id}')) return { submitted_values: [{ value: 'red' }] }
  if (/\/(visits|openings)$/.test(path)) return { page_url: 'https://example.com/', page_title: 'Home' }
  if (path.endsWith('/labels')) return { add: ['question'] }
  const sample = sampleBody(body ?? {})
  // They may see their own address.
  return 'email' in sample ? { name: 'Ada' } : sample
}
