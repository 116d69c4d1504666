import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { appendEvent } from '../../events/append.ts'
import { logBounds } from '../../events/read.ts'
import { systemOf } from '../../lib/actor.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const json = { accept: 'application/json' }
const page = async (query: string, more: { token?: string; headers?: Record<string, string> } = {}) => {
  const answer = await test.api(`/events?${query}`, { ...more, headers: { ...json, ...more.headers } })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body as { payload: { event: string; content?: string }[]; meta: { after: number } }
}
/** The newest cursor, once the log contains everything so far. */
async function newest(): Promise<number> {
  const { id } = await sendMessage(test, `until here`)
  let cursor = 0
  await eventually(async () => {
    cursor = (await page('')).meta.after
    const { payload, meta } = await page(`after=${Math.max(0, cursor - 1)}`)
    return meta.after === cursor && payload.some((event) => 'id' in event && event.id === id)
  })
  return cursor
}
const contents = ({ payload }: { payload: { content?: string }[] }) => payload.map(({ content }) => content)

describe('a page of events', () => {
  it('has only the newest cursor if the request has none', async () => {
    const from = await newest()
    assert.deepEqual(await page(''), { payload: [], meta: { after: from } })
  })

  it('contains the events after the cursor, oldest first', async () => {
    const from = await newest()
    for (const content of ['one', 'two', 'three']) await sendMessage(test, content)
    const to = await newest()
    const all = await page(`after=${from}`)
    assert.deepEqual(contents(all), ['one', 'two', 'three', 'until here'])
    assert.equal(all.meta.after, to)
    assert.deepEqual(await page('', { headers: { 'last-event-id': String(from) } }), all)
    assert.deepEqual(await page(`after=${to}`), { payload: [], meta: { after: to } })
  })

  it('ends at its limit, and the next one begins there', async () => {
    const from = await newest()
    for (const content of ['one', 'two', 'three']) await sendMessage(test, content)
    await newest()
    const first = await page(`after=${from}&limit=2`)
    assert.deepEqual(contents(first), ['one', 'two'])
    assert.deepEqual(contents(await page(`after=${first.meta.after}&limit=2`)), ['three', 'until here'])
  })

  it('contains a hundred events by default', async () => {
    const event = { name: 'message_deleted', audience: 'agents', inbox_id: 1 } as const
    const data = JSON.stringify({
      event: 'contact_created',
      id: 1,
      changed: [],
      account: { id: 1, name: '' },
    })
    const contact = { id: 1, name: '', email: null, phone_number: null, identifier: null, blocked: false }
    const more = {
      thumbnail: null,
      last_activity_at: null,
      created_at: 1,
      custom_attributes: {},
      additional_attributes: {},
      labels: [],
      company_id: null,
      company: null,
    }
    const whole = JSON.stringify({ ...JSON.parse(data), contact: { ...contact, ...more } })
    const from = await newest()
    await test.app.database.transaction(1, async (tx) => {
      for (let count = 0; count < 150; count++) await appendEvent(tx, systemOf(1), { ...event, data: whole })
    })
    await newest()
    assert.equal((await page(`after=${from}`)).payload.length, 100)
  })

  it('moves its cursor past events that it leaves out', async () => {
    const conversation = await addTestConversation(test)
    const from = await newest()
    for (let count = 0; count < 7; count++) await sendMessage(test, 'elsewhere')
    await sendMessage(test, 'here', {}, conversation)
    const to = await newest()
    const filtered = await page(`after=${from}&limit=2&conversation_id=${conversation}`)
    assert.deepEqual(contents(filtered), ['here'])
    assert.equal(filtered.meta.after, to)
    assert.deepEqual(await page(`after=${from}&events=contact_created`), { payload: [], meta: { after: to } })
  })

  it('contains only events of their inboxes for an agent', async () => {
    const inbox = await addInbox(test)
    const conversation = await addTestConversation(test, { inboxId: inbox })
    const { token } = await addUser(test, { inboxes: [inbox] })
    const from = await newest()
    await sendMessage(test, 'elsewhere')
    await sendMessage(test, 'here', {}, conversation)
    const to = await newest()
    const own = await page(`after=${from}`, { token })
    assert.deepEqual(contents(own), ['here'])
    assert.equal(own.meta.after, to)
  })

  it('contains only a reset if the cursor is beyond the log', async () => {
    const to = await newest()
    const { newest: same } = await logBounds(test.app.database.read, 1)
    assert.equal(same, to)
    assert.deepEqual(await page(`after=${to + 1}`), { payload: [{ event: 'reset' }], meta: { after: to } })
  })

  it('is refused for an invalid limit', async () => {
    for (const limit of ['0', '1001', 'x']) {
      assertRefused(await test.api(`/events?limit=${limit}`, { headers: json }), 400, /^limit must be/)
    }
  })

  it('is sent to clients that accept JSON and not event streams', async () => {
    for (const accept of ['application/json, text/plain, */*', 'Application/JSON;q=0.9']) {
      const { headers } = await test.api('/events', { headers: { accept } })
      assert.match(headers.get('content-type')!, /^application\/json/)
    }
    for (const accept of ['*/*', 'text/event-stream', 'text/event-stream, application/json']) {
      const path = `${test.app.url}/api/v1/accounts/1/events`
      const { headers, body } = await fetch(path, { headers: { accept, api_access_token: test.token } })
      assert.match(headers.get('content-type')!, /^text\/event-stream/)
      await body!.cancel()
    }
  })
})
