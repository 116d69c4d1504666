import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readAllRows, sendMessage, type TestApp } from '../../test/app.ts'
import { openStream } from '../../test/event-stream.ts'
import { eventually } from '../../test/eventually.ts'
import { addWebhook, removeWebhooks, startReceiver, startWebhookApp } from '../../test/webhooks.ts'
import { nextId } from '../db/ids.ts'
import type { Tables } from '../db/tables.ts'

let test: TestApp
before(async () => {
  test = await startWebhookApp()
})
after(() => test.close())

const account = { id: 1, name: 'My company' }
const time = '2024-04-01T10:00:00.123Z'
const seconds = 1711965600

/** A message event as version 13 of the format had it. */
const oldMessage = (id: number, content: string | null, more: object = {}) => ({
  event: 'message_created',
  id: String(id),
  content,
  content_type: 'text',
  content_attributes: {},
  message_type: 'incoming',
  status: 'sent',
  private: false,
  echo_id: null,
  source_id: null,
  sender: { id: 1, name: 'Jane Doe', type: 'Contact', avatar_url: null },
  attachments: [],
  created_at: time,
  updated_at: time,
  conversation: { id: 1, status: 'open', inbox_id: 1 },
  contact: { id: 1, name: 'Jane Doe', email: 'jane@example.com' },
  account,
  ...more,
})

/** Appends an event as the previous version did. */
function appendOld(data: { event: string; id: string }, more: Partial<Tables['events']> = {}): Promise<void> {
  return test.app.database.transaction(1, async (tx) => {
    const position = tx.engine === 'sqlite' ? await nextId(tx, 1, 'events') : null
    const subject = { conversation_id: 1, inbox_id: 1, contact_id: 1 }
    const message_id = data.event.startsWith('message_') ? Number(data.id) : null
    const row = {
      account_id: 1,
      position,
      name: data.event,
      audience: 'everyone',
      ...subject,
      message_id,
    } as const
    const values = { ...row, data: JSON.stringify(data), created_at: Date.now(), ...more }
    await tx.sql
      .insertInto('events')
      .values(values as never)
      .execute()
  })
}

const newest = async () => (await openStream(test)).cursor!

describe('An event that an earlier version has logged', () => {
  it('has the shape of new events on streams and pages, and its sender as actor', async () => {
    const message = await sendMessage(test, 'Hi', { message_type: 'incoming' })
    const { data: shape } = { data: (await pageAfter(0)).at(-1)! }
    const cursor = await newest()
    await appendOld(oldMessage(message.id, 'Hi'))
    const stream = await openStream(test, { query: `after=${cursor}` })
    const { data } = await stream.find(({ data }) => data.content === 'Hi')
    stream.close()
    assert.deepEqual(await pageAfter(cursor), [data])
    const times = { created_at: seconds, updated_at: seconds }
    assert.deepEqual(data, { ...shape, ...times })
  })

  it('that is not about a message has its id as a number, and the system as actor', async () => {
    const cursor = await newest()
    const event = { event: 'conversation_deleted', id: '7', conversation: { id: 7, inbox_id: 1 }, account }
    await appendOld(event, { audience: 'agents' })
    assert.deepEqual(await pageAfter(cursor), [
      { ...event, id: 7, actor: { type: 'system', id: null }, cause: null, before: {} },
    ])
  })

  it('reaches the customer as before', async () => {
    const key = (await test.api('/inboxes/1')).body.inbox_identifier
    const path = `/public/api/v1/inboxes/${key}/contacts`
    const own = (await test.api(`/${path}`, { method: 'POST', body: {}, token: null })).body
    const stream = await openStream(test, { path: `${path}/${own.source_id}/events`, token: '' })
    await appendOld(oldMessage(4711, 'For the customer'), { contact_id: own.id })
    const { data } = await stream.find(({ name }) => name === 'message_created')
    stream.close()
    assert.deepEqual([data.id, data.content, data.created_at], [4711, 'For the customer', seconds])
    assert.deepEqual([data.conversation_id, 'actor' in data, 'contact' in data], [1, false, false])
  })

  it('is sent by webhooks in the shape that it had', async () => {
    const receiver = await startReceiver()
    await addWebhook(test, receiver.url)
    const old = oldMessage(4712, 'For the program')
    await appendOld(old)
    const { body } = await eventually(() => receiver.received[0])
    const { actor, cause, changed, before, ...rest } = body
    const times = { created_at: '2024-04-01T10:00:00.000Z', updated_at: '2024-04-01T10:00:00.000Z' }
    assert.deepEqual(rest, { ...old, ...times })
    assert.deepEqual(
      { actor, cause, changed, before },
      { actor: { type: 'contact', id: 1 }, cause: null, changed: [], before: {} },
    )
    await removeWebhooks(test)
  })

  it('loses its content when its message is deleted, and is still readable', async () => {
    const message = await sendMessage(test, 'ERASED-TEXT', { message_type: 'incoming' })
    const cursor = await newest()
    await appendOld(oldMessage(message.id, 'ERASED-TEXT'))
    await test.api(`/conversations/1/messages/${message.id}`, { method: 'DELETE' })
    assert.ok(!JSON.stringify(await readAllRows(test)).includes('ERASED-TEXT'))
    const [event] = await pageAfter(cursor)
    assert.deepEqual([event.id, event.content, event.created_at], [message.id, null, message.created_at])
  })
})

// biome-ignore lint/suspicious/noExplicitAny: events of every shape
async function pageAfter(cursor: number): Promise<any[]> {
  const headers = { accept: 'application/json' }
  return (await test.api(`/events?after=${cursor}&limit=1000`, { headers })).body.payload
}
