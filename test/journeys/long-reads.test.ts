import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../app.ts'
import { skipOnPostgres } from '../databases.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp({ NDOTO_READ_THREADS: '1' })
})
after(() => test.close())

/** Runs a query that takes about a second, in the way that lists and searches are read. */
function readLong(): Promise<unknown> {
  return sql`with recursive n (i) as (select 1 union all select i + 1 from n where i < 4000000)
    select count(i) from n`.execute(test.app.database.longReads.sql)
}

describe('While a list is being read', () => {
  it('messages, typing and pages of messages are answered', async () => {
    let isRead = false
    const list = readLong().then(() => {
      isRead = true
    })
    await sendMessage(test, 'Not held up')
    const typing = await test.api('/conversations/1/toggle_typing_status', {
      method: 'POST',
      body: { typing_status: 'on' },
    })
    const page = await test.api('/conversations/1/messages?limit=20')
    assert.deepEqual(
      [typing.status, page.status, page.body.payload.at(-1).content],
      [204, 200, 'Not held up'],
    )
    assert.equal(isRead, false)
    await list
  })

  it('other lists wait for their turn, and are complete', { skip: skipOnPostgres }, async () => {
    let isRead = false
    const first = readLong().then(() => {
      isRead = true
    })
    const id = await addTestConversation(test)
    const { body } = await test.api('/conversations')
    assert.deepEqual([isRead, body.data.payload[0].id], [true, id])
    await first
  })

  it('a list that would wait behind too many others is refused', { skip: skipOnPostgres }, async () => {
    const queued = () => test.app.database.stats().longReads!.queued
    const reads = Promise.all(Array.from({ length: 201 }, (_, i) => (i === 0 ? readLong() : readNothing())))
    while (queued() < 200) await setTimeout(0)
    for (const path of ['/conversations', '/conversations/unread', '/contacts', '/contacts/search?q=jane']) {
      const response = await test.api(path)
      assertRefused(response, 503, /^too many lists and searches are waiting/)
      assert.deepEqual([response.body.code, response.headers.get('retry-after')], ['unavailable', '1'])
    }
    assert.equal((await test.api('/conversations/1')).status, 200)
    const { body: metrics } = await test.api('//metrics', { token: null })
    assert.match(metrics, /^ndoto_database_long_reads_running 1$/m)
    assert.match(metrics, /^ndoto_database_long_reads_queued 200$/m)
    await reads
    assert.equal((await test.api('/conversations')).status, 200)
  })
})

function readNothing(): Promise<unknown> {
  return sql`select 1`.execute(test.app.database.longReads.sql)
}

describe('Everybody reads what they wrote', () => {
  it('in the list of conversations and in the unread ones', async () => {
    for (let i = 0; i < 10; i++) {
      const id = await addTestConversation(test)
      const { content } = await sendMessage(test, `Message ${i}`, { message_type: 'incoming' }, id)
      const [newest] = (await test.api('/conversations')).body.data.payload
      assert.deepEqual([newest.id, newest.last_message.content], [id, content])
      const { payload } = (await test.api('/conversations/unread')).body
      assert.ok(payload.some((one: { id: number }) => one.id === id))
    }
  })

  it('in the list and the search of contacts', async () => {
    for (let i = 0; i < 10; i++) {
      const { body } = await test.api('/contacts', { method: 'POST', body: { name: `Zebra ${i}` } })
      const found = await test.api(`/contacts/search?q=${encodeURIComponent(`Zebra ${i}`)}`)
      assert.deepEqual(
        found.body.payload.map(({ id }: { id: number }) => id),
        [body.id],
      )
      const { payload } = (await test.api('/contacts?sort=-created_at')).body
      assert.ok(payload.some(({ id }: { id: number }) => id === body.id))
    }
  })

  it('in the conversations of a contact, and in its export', async () => {
    const { id: contact_id } = (await test.api('/contacts', { method: 'POST', body: { name: 'Ann' } })).body
    const body = { inbox_id: 1, contact_id }
    const { id } = (await test.api('/conversations', { method: 'POST', body })).body
    await sendMessage(test, 'Hello Ann', {}, id)
    const { payload } = (await test.api(`/contacts/${contact_id}/conversations`)).body
    assert.deepEqual(
      payload.map((one: { id: number }) => one.id),
      [id],
    )
    const all = (await test.api(`/contacts/${contact_id}/export`)).body
    assert.equal(all.conversations[0].messages[0].content, 'Hello Ann')
  })

  it('in a search, as soon as the follower has indexed it', async () => {
    const id = await addTestConversation(test)
    await sendMessage(test, 'The quokka', {}, id)
    await eventually(async () => {
      const { payload } = (await test.api('/conversations?q=quokka')).body.data
      return payload.some((one: { id: number }) => one.id === id)
    })
  })
})
