import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ApiRequest, type ApiResponse, sendMessage, startTestApp, type TestApp } from '../app.ts'
import { type EventStream, openStream } from '../event-stream.ts'
import { addInbox, addUser } from '../factories.ts'
import { type Operation, operationsOf, pathOf, sampleBody } from '../operations.ts'

/*
 * Every call of the customer's side, as the OpenAPI document lists them: a new one is tested without anybody remembering
 * it. What a customer must not see has the word MARKER in it.
 */

const marker = /MARKER|@/

let test: TestApp
let key: string
let ids: Record<string, string | number>
let all: Operation[]
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
  await plant(contact_id, conversation_id)
  const items = [{ title: 'Red', value: 'red' }]
  const question = { content_type: 'input_select', content_attributes: { items } }
  const { id: message_id } = await sendMessage(test, 'Which?', question, conversation_id)
  ids = { inbox_identifier: key, source_id, conversation_id, message_id }
  all = operationsOf(test).filter(({ path }) => path.startsWith('/public/'))
})
after(async () => {
  stream.close()
  await test.close()
})

/** Everything that is inner, around a conversation of the contact. */
async function plant(contact_id: number, id: number): Promise<void> {
  const agent = await addUser(test, { inboxes: [1] })
  const secret = { custom_attributes: { inner: 'MARKER' } }
  await test.api(`/contacts/${contact_id}`, { method: 'PATCH', body: secret })
  await test.api(`/conversations/${id}`, { method: 'PATCH', body: { ...secret, priority: 'high' } })
  await post('/labels', { title: 'marker' })
  await post(`/conversations/${id}/labels`, { labels: ['marker'] })
  await post(`/conversations/${id}/assignments`, { assignee_id: agent.userId })
  await sendMessage(test, 'MARKER note', { private: true }, id)
  await sendMessage(test, 'shown', { content_attributes: { inner: 'MARKER' }, echo_id: 'MARKER' }, id)
  const gone = await sendMessage(test, 'MARKER deleted', {}, id)
  await test.api(`/conversations/${id}/messages/${gone.id}`, { method: 'DELETE' })
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

describe('what a customer is answered', () => {
  it('has nothing inner in it, whatever they call, and something of theirs', async () => {
    assert.ok(all.length >= 12, `${all.length} calls`)
    for (const operation of all) {
      const name = `${operation.method} ${operation.path}`
      // Answered as JSON; the stream is read below.
      const headers = { accept: 'application/json' }
      const body = operation.body && { body: bodyFor(operation) }
      const path = `${pathOf(operation, ids)}${operation.path.endsWith('/events') ? '?after=0' : ''}`
      const { method } = operation
      const answer = await test.api(path, { method, token: null, headers, ...body })
      assert.ok(answer.status < 300, `${name}: ${answer.status} ${JSON.stringify(answer.body)}`)
      assert.doesNotMatch(JSON.stringify(answer.body ?? ''), marker, name)
    }
    const { payload } = (await call(`/contacts/${ids.source_id}/events?after=0`, json)).body
    assert.ok(payload.length > 4)
  })

  it('and told has nothing inner in it; what was deleted later they had seen', async () => {
    await sendMessage(test, 'the end', {}, ids.conversation_id as number)
    await stream.find(({ data }) => data.content === 'the end')
    const told = stream.events.filter(({ data }) => data.content !== 'MARKER deleted')
    assert.doesNotMatch(JSON.stringify(told), marker)
    assert.ok(stream.named('message_created').length > 2)
  })
})

const json = { headers: { accept: 'application/json' } }

function bodyFor({ method, path, body }: Operation): Record<string, unknown> {
  if (method === 'PATCH' && path.endsWith('{message_id}')) return { submitted_values: [{ value: 'red' }] }
  const sample = sampleBody(body ?? {})
  // Their own address they may see.
  return 'email' in sample ? { name: 'Ada' } : sample
}
