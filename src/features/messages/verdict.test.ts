import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { eventsOf } from '../../../test/events.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
let widget: number
let outsider: string
before(async () => {
  test = await startTestApp()
  widget = await addInbox(test, { channel_type: 'web_widget' })
  outsider = (await addUser(test)).token
})
after(() => test.close())

const incoming = { content: 'Hello?', message_type: 'incoming' }
const reply = { content: 'Hello!', message_type: 'outgoing' }

type Send = (id: number, body: object, key?: string, token?: string) => Promise<ApiResponse>

function sender(toBody: (body: object) => unknown): Send {
  return (id, body, key, token) =>
    test.api(`/conversations/${id}/messages`, {
      method: 'POST',
      body: toBody(body),
      ...(key ? { headers: { 'idempotency-key': key } } : {}),
      ...(token ? { token } : {}),
    })
}

/** Sends a message without files, which takes one statement on PostgreSQL, and one with a file, which takes several. */
const ways: [string, Send][] = [
  ['A message', sender((body) => body)],
  [
    'A message with a file',
    sender((body) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(body)) form.set(name, value)
      form.set('attachments[]', new Blob(['text']), 'a.txt')
      return form
    }),
  ],
]
const send = ways[0]![1]

async function contactOf(id: number): Promise<number> {
  return (await test.api(`/conversations/${id}`)).body.contact.id
}

async function block(id: number, blocked = true): Promise<void> {
  const path = `/contacts/${await contactOf(id)}`
  assert.equal((await test.api(path, { method: 'PATCH', body: { blocked } })).status, 200)
}

async function setStatus(id: number, status: string): Promise<void> {
  const change = { method: 'POST', body: { status } }
  assert.equal((await test.api(`/conversations/${id}/toggle_status`, change)).status, 200)
}

async function statusOf(id: number): Promise<string> {
  return (await test.api(`/conversations/${id}`)).body.status
}

/** Creates a conversation whose contact is blocked, which is resolved, and in which the key "used" was used. */
async function addWorstConversation(inboxId: number): Promise<{ id: number; first: ApiResponse }> {
  const id = await addTestConversation(test, { inboxId })
  const first = await send(id, reply, 'used')
  await block(id)
  await setStatus(id, 'resolved')
  return { id, first }
}

for (const [what, send] of ways) {
  describe(`${what} that`, () => {
    it('several rules refuse gets the error of the first one, and changes nothing', async () => {
      const inWidget = (await addWorstConversation(widget)).id
      const inApi = (await addWorstConversation(1)).id
      const rows = await readAllRows(test)
      assertRefused(await send(inWidget, incoming, 'used', outsider), 404, /^conversation not found$/)
      assertRefused(await send(999_999, incoming, 'used'), 404, /^conversation not found$/)
      assertRefused(await send(inWidget, incoming, 'used'), 422, /^Idempotency-Key was already used/)
      assertRefused(await send(inWidget, incoming, 'new'), 422, /^message_type must be outgoing: programs/)
      assertRefused(await send(inApi, incoming, 'used'), 422, /^Idempotency-Key was already used/)
      assertRefused(await send(inApi, incoming, 'new'), 403, /^this contact is blocked and cannot write$/)
      const now = await readAllRows(test)
      // Files that were stored for a refused message are removed, but their ids are used.
      assert.deepEqual({ ...now, counters: 0, files: 0 }, { ...rows, counters: 0, files: 0 })
      assert.equal(await statusOf(inApi), 'resolved')
    })

    it('was sent before with the same key is returned, although it would now be refused', async () => {
      const id = await addTestConversation(test)
      const first = await send(id, incoming, 'key')
      assert.equal(first.status, 201)
      await block(id)
      await setStatus(id, 'resolved')
      const again = await send(id, incoming, 'key')
      assert.equal(again.status, 200)
      assert.equal(again.body.id, first.body.id)
      assert.equal(await statusOf(id), 'resolved')
      await test.api(`/conversations/${id}/messages/${first.body.id}`, { method: 'DELETE' })
      const tombstone = await send(id, incoming, 'key')
      assert.deepEqual([tombstone.status, tombstone.body.content], [200, null])
    })

    it('only a closed conversation is in the way of reopens it', async () => {
      for (const status of ['resolved', 'snoozed']) {
        const { id } = await addWorstConversation(1)
        await block(id, false)
        await setStatus(id, status)
        assert.equal((await send(id, incoming, 'new')).status, 201)
        assert.equal(await statusOf(id), 'open')
      }
    })

    it('an agent writes is accepted although the contact is blocked and the conversation is resolved', async () => {
      for (const inbox of [1, widget]) {
        const { id } = await addWorstConversation(inbox)
        assert.equal((await send(id, reply)).status, 201)
        assert.equal((await send(id, { ...reply, private: true })).status, 201)
        assert.equal(await statusOf(id), 'resolved')
      }
    })
  })
}

describe('The first message of a conversation', () => {
  it('is refused for the same reasons, and then there is no conversation', async () => {
    const id = await addTestConversation(test)
    const contact_id = await contactOf(id)
    const create = (inbox_id: number, status = 'open') => {
      const body = { inbox_id, contact_id, status, message: incoming }
      return test.api('/conversations', { method: 'POST', body })
    }
    assert.equal((await create(1, 'resolved')).body.status, 'open')
    await block(id)
    const rows = await readAllRows(test)
    assertRefused(await create(1), 403, /^this contact is blocked and cannot write$/)
    assertRefused(await create(widget), 422, /^message.message_type must be outgoing/)
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('A message that the customer sends', () => {
  it('is accepted in inboxes of every type, unless the contact is blocked', async () => {
    for (const inbox of [1, widget]) {
      const key = (await test.api(`/inboxes/${inbox}`)).body.inbox_identifier
      const base = `//public/api/v1/inboxes/${key}/contacts`
      const contact = (await test.api(base, { method: 'POST', body: {}, token: null })).body
      const own = `${base}/${contact.source_id}/conversations`
      const { id } = (await test.api(own, { method: 'POST', token: null })).body
      const write = (name: string, to = id) =>
        test.api(`${own}/${to}/messages`, {
          method: 'POST',
          body: { content: 'Hi' },
          token: null,
          headers: { 'idempotency-key': name },
        })
      assert.equal((await write('a')).status, 201)
      await setStatus(id, 'resolved')
      assert.equal((await write('b')).status, 201)
      assert.equal(await statusOf(id), 'open')
      await block(id)
      assertRefused(await write('c'), 403, /^this contact is blocked and cannot write$/)
      assert.equal((await write('a')).status, 200)
      assertRefused(await write('c', 1), 404, /^conversation not found$/)
    }
  })
})

describe('While messages of a contact arrive,', () => {
  it('blocking the contact refuses all that come after it', async () => {
    const id = await addTestConversation(test)
    const posts = Array.from({ length: 30 }, () => send(id, incoming))
    const blocking = block(id)
    const during = Array.from({ length: 30 }, () => send(id, incoming))
    await blocking
    const late = await Promise.all(Array.from({ length: 5 }, () => send(id, incoming)))
    for (const response of late) assertRefused(response, 403, /blocked/)
    const all = await Promise.all([...posts, ...during])
    const sent = all.filter(({ status }) => status === 201)
    for (const response of all) if (response.status !== 201) assertRefused(response, 403, /blocked/)
    const { payload } = (await test.api(`/conversations/${id}/messages`)).body
    const ids = payload.map((one: { id: number }) => one.id)
    assert.deepEqual(
      sent.map(({ body }) => body.id).sort((a, b) => a - b),
      ids,
    )
  })

  it('resolving the conversation never leaves one of them in a resolved conversation', async () => {
    const id = await addTestConversation(test)
    const events = await eventsOf(test, async () => {
      const posts: Promise<ApiResponse>[] = []
      for (let round = 0; round < 8; round++) {
        const several = Array.from({ length: 4 }, () => send(id, incoming))
        posts.push(...several)
        await Promise.race(several)
        await setStatus(id, 'resolved')
      }
      for (const { status } of await Promise.all(posts)) assert.equal(status, 201)
    })
    const created = events.filter(
      ({ name, data }) => name === 'message_created' && data.message_type === 'incoming',
    )
    assert.equal(created.length, 32)
    for (const { data } of created) assert.equal(data.conversation.status, 'open')
    assert.equal((await test.api(`/conversations/${id}`)).body.unread_count, 32)
    await sendMessage(test, 'One more', { message_type: 'incoming' }, id)
    assert.equal(await statusOf(id), 'open')
  })

  it('one that has waited for its conversation to be resolved reopens it', {
    skip: skipWithoutPostgres,
  }, async () => {
    const id = await addTestConversation(test)
    const { database } = test.app
    const isWaiting = async () => {
      const { rows } = await sql`select from pg_stat_activity
        where wait_event = 'transactionid' and datname = current_database()`.execute(database.read.sql)
      return rows.length > 0
    }
    // Of another account, so that only the row of the conversation is locked.
    const resolving = database.transaction(7, async (tx) => {
      await tx.sql.updateTable('conversations').set({ status: 'resolved' }).where('id', '=', id).execute()
      const sent = send(id, incoming, 'waited')
      while (!(await isWaiting())) await setTimeout(5)
      return { sent }
    })
    const { sent } = await resolving
    assert.equal((await sent).status, 201)
    assert.equal(await statusOf(id), 'open')
  })
})
