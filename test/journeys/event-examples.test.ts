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
    const company = await call('POST', '/companies', { name: 'Analytical Engines' })
    const domain = { domain: 'engines.example' }
    await call('PATCH', `/companies/${company.id}`, domain)
    await call('DELETE', `/companies/${company.id}`)
    const contact = await call('POST', '/contacts', { name: 'Ada', email: 'ada@example.com' })
    await call('PATCH', `/contacts/${contact.id}`, { name: 'Ada Lovelace' })
    const conversation = await call('POST', '/conversations', { inbox_id: 1, contact_id: contact.id })
    const path = `/conversations/${conversation.id}`
    await call('POST', `${path}/participants`, { user_ids: [1] })
    const incoming = { content: 'Where is my order?', message_type: 'incoming' }
    await call('POST', `${path}/messages`, incoming)
    const reply = await call('POST', `${path}/messages`, { content: 'On its wa', message_type: 'outgoing' })
    await call('PATCH', `${path}/messages/${reply.id}`, { content: 'On its way' })
    await call('POST', `${path}/toggle_priority`, { priority: 'high' })
    await call('POST', `${path}/toggle_status`, { status: 'resolved' })
    await call('DELETE', `${path}/messages/${reply.id}`)
    const proposal = await call('POST', `${path}/proposals`, { content: 'It arrives today.' })
    await call('POST', `${path}/proposals/${proposal.id}/refuse`, { reason: 'It arrived.' })
    const later = { content: 'Did it arrive?', send_at: 1_850_000_000 }
    const scheduled = await call('POST', `${path}/scheduled_messages`, later)
    const scheduledPath = `${path}/scheduled_messages/${scheduled.id}`
    await call('PATCH', scheduledPath, { cancel_if_contact_replies: true })
    await call('DELETE', scheduledPath)
    await call('DELETE', path)
    const canned = await call('POST', '/canned_responses', {
      short_code: 'refund',
      content: 'It takes a day.',
    })
    await call('PATCH', `/canned_responses/${canned.id}`, { content: 'It takes two days.' })
    await call('DELETE', `/canned_responses/${canned.id}`)
    const actions = [{ action_name: 'change_status', action_params: ['resolved'] }]
    const macro = await call('POST', '/macros', { name: 'Close', actions })
    await call('PATCH', `/macros/${macro.id}`, { name: 'Resolve' })
    await call('DELETE', `/macros/${macro.id}`)
    const note = await call('POST', '/contacts/1/notes', { content: 'Prefers mail.' })
    await call('PATCH', `/contacts/1/notes/${note.id}`, { content: 'Prefers calls.' })
    await call('DELETE', `/contacts/1/notes/${note.id}`)
    const definition = await call('POST', '/custom_attribute_definitions', {
      attribute_model: 'contact_attribute',
      attribute_key: 'plan',
      attribute_display_name: 'Plan',
      attribute_display_type: 'list',
      attribute_values: ['free', 'gold'],
    })
    const changed = { attribute_display_name: 'Tariff' }
    await call('PATCH', `/custom_attribute_definitions/${definition.id}`, changed)
    await call('DELETE', `/custom_attribute_definitions/${definition.id}`)
    const filter = [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'] }]
    const view = await call('POST', '/views', { name: 'Open', filter })
    await call('PATCH', `/views/${view.id}`, { name: 'Not resolved' })
    await call('DELETE', `/views/${view.id}`)
    const bot = await call('POST', '/agent_bots', { name: 'Ada', outgoing_url: 'https://example.com/ada' })
    await call('POST', '/inboxes/1/agent_bot', { agent_bot: bot.id })
    await call('DELETE', `/agent_bots/${bot.id}`)
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
