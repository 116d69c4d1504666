import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { features } from '../../src/features.ts'
import { type ApiResponse, startTestApp } from '../app.ts'
import { openStream } from '../event-stream.ts'
import { project } from '../process.ts'

const page = readFileSync(join(project, 'docs/events.md'), 'utf8')

/** The examples of the page, by the name of the event: a heading, text, and a `json` block. */
const examples = new Map(
  [...page.matchAll(/^### `(\w+)`\n\n[^\n]*\n\n```json\n(.*?)^```$/gms)].map(([, name, code]) => [
    name!,
    JSON.parse(code!),
  ]),
)

describe('docs/events.md', () => {
  it('shows every event that a feature appends, in the order of docs/realtime.md', () => {
    const names = features.flatMap(({ events }) => events ?? []).map(({ name }) => name)
    assert.deepEqual([...examples.keys()], names)
  })

  it('shows the events as they are sent after these calls', async (t) => {
    const test = await startTestApp()
    t.after(() => test.close())
    const stream = await openStream(test)
    const call = async (method: string, path: string, body?: object): Promise<ApiResponse['body']> => {
      const response = await test.api(path, { method, ...(body ? { body } : {}) })
      assert.ok(response.status < 300, JSON.stringify(response.body))
      return response.body
    }
    const agent = await call('POST', '/agents', { name: 'Kim', email: 'kim@example.com', role: 'agent' })
    await call('PATCH', `/agents/${agent.id}`, { role: 'administrator' })
    await call('DELETE', `/agents/${agent.id}`)
    const inbox = await call('POST', '/inboxes', { name: 'Shop', channel: { type: 'api' } })
    await call('PATCH', `/inboxes/${inbox.id}`, { name: 'Store' })
    await call('DELETE', `/inboxes/${inbox.id}`)
    const label = await call('POST', '/labels', { title: 'billing', color: '#1f93ff' })
    await call('PATCH', `/labels/${label.id}`, { title: 'invoices' })
    await call('DELETE', `/labels/${label.id}`)
    const team = await call('POST', '/teams', { name: 'Sales' })
    await call('PATCH', `/teams/${team.id}`, { name: 'Sales and support' })
    await call('DELETE', `/teams/${team.id}`)
    const contact = await call('POST', '/contacts', { name: 'Ada', email: 'ada@example.com' })
    await call('PATCH', `/contacts/${contact.id}`, { name: 'Ada Lovelace' })
    const conversation = await call('POST', '/conversations', { inbox_id: 1, contact_id: contact.id })
    const path = `/conversations/${conversation.id}`
    const incoming = { content: 'Where is my order?', message_type: 'incoming' }
    await call('POST', `${path}/messages`, incoming)
    const reply = await call('POST', `${path}/messages`, { content: 'On its wa', message_type: 'outgoing' })
    await call('PATCH', `${path}/messages/${reply.id}`, { content: 'On its way' })
    await call('POST', `${path}/toggle_priority`, { priority: 'high' })
    await call('POST', `${path}/toggle_status`, { status: 'resolved' })
    await call('DELETE', `${path}/messages/${reply.id}`)
    await call('DELETE', path)
    await call('DELETE', `/contacts/${contact.id}`)
    await stream.find(({ name }) => name === 'contact_deleted')
    stream.close()
    for (const [name, example] of examples) {
      const [event] = stream.named(name)
      assert.deepEqual(comparable(event!.data), comparable(example), name)
    }
  })
})

/** Returns an event with the same time everywhere, and the same generated names. */
function comparable(event: object): unknown {
  return JSON.parse(JSON.stringify(event), (key, value) => {
    if (/_at$/.test(key) && typeof value === 'number') return 1795493847
    return key === 'inbox_identifier' ? 'inbox_1' : value
  })
}
