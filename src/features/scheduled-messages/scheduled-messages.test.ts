import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'
import { fetchFile, formOf, storedFiles } from '../../../test/files.ts'
import { startNode } from '../../../test/nodes.ts'

let test: TestApp
let agent: { token: string; userId: number }
before(async () => {
  test = await startTestApp({}, { intervals: { sweep: 20 } })
  agent = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const now = () => Math.floor(Date.now() / 1000)
const later = 1_000_000
const pathOf = (conversation: number) => `/conversations/${conversation}/scheduled_messages`
const schedule = (conversation: number, body: object, token = test.token) =>
  test.api(pathOf(conversation), {
    method: 'POST',
    body: { content: 'Does it work?', send_at: now() + later, ...body },
    token,
  })
const list = async (conversation: number) => (await test.api(pathOf(conversation))).body.payload
const messages = async (conversation: number) =>
  (await test.api(`/conversations/${conversation}/messages`)).body.payload

/** Moves the time of a scheduled message to now. */
const makeDue = (id: number) =>
  test.app.database.transaction(1, (tx) =>
    tx.sql.updateTable('scheduled_messages').set({ due_at: Date.now() }).where('id', '=', id).execute(),
  )

describe('A scheduled message', () => {
  it('is sent in the name of its author within two seconds after its time, once', async () => {
    const id = await addTestConversation(test)
    const send_at = now() + 4
    const { status, body } = await schedule(id, { send_at }, agent.token)
    assert.deepEqual([status, body.status, body.author_id], [201, 'pending', agent.userId])
    assert.deepEqual(await list(id), [body])
    assert.deepEqual(await messages(id), [])
    await eventually(async () => (await messages(id)).length === 1)
    const [message] = await messages(id)
    const late = message.created_at - send_at
    assert.ok(late >= 0 && late <= 2, `sent after ${late} s`)
    assert.deepEqual(
      [message.content, message.message_type, message.sender.id, message.private],
      ['Does it work?', 'outgoing', agent.userId, false],
    )
    assert.deepEqual(await list(id), [])
    await setTimeout(1200)
    assert.equal((await messages(id)).length, 1)
  })

  it('is sent with everything that a message can have: quote, files of canned responses, variables, signature', async () => {
    const id = await addTestConversation(test)
    const asAgent = (path: string, body: object | FormData, method: 'POST' | 'PUT' = 'POST') =>
      test.api(path, { method, body: body as object, token: agent.token })
    const form = formOf({ short_code: 'terms', content: 'Dear {{contact.name}}' }, [
      { bytes: 'the terms', name: 'terms.txt' },
    ])
    const canned = (await asAgent('/canned_responses', form)).body
    assert.equal((await asAgent('/inboxes/1/signature', { content: 'Yours' }, 'PUT')).status, 200)
    const asked = await sendMessage(test, 'May I?', {}, id)
    const note = await sendMessage(test, 'A note', { private: true }, id)
    const content = 'Dear {{contact.name}}'
    const more = { canned_response_ids: [canned.id], append_signature: true }
    const quote = (in_reply_to: number) => ({ content_attributes: { in_reply_to } })
    const { status, body } = await schedule(id, { content, ...more, ...quote(asked.id) }, agent.token)
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual([body.content_attributes, body.append_signature], [{ in_reply_to: asked.id }, true])
    // What it was written with may go: it has the files.
    await test.api(`/canned_responses/${canned.id}`, { method: 'DELETE', token: agent.token })
    await makeDue(body.id)
    await eventually(async () => (await list(id)).length === 0)
    const sent = (await messages(id)).at(-1)
    assert.equal(sent.content, 'Dear John Smith\n\nYours')
    assert.deepEqual(sent.content_attributes, { in_reply_to: asked.id })
    assert.equal(await (await fetchFile(test, sent.attachments[0].data_url)).text(), 'the terms')
    const { length } = storedFiles(test)
    await test.api(`/conversations/${id}/messages/${sent.id}`, { method: 'DELETE' })
    await eventually(() => storedFiles(test).length === length - 1)
    assertRefused(await schedule(id, quote(note.id)), 422, /^content_attributes.in_reply_to must not be/)
    assertRefused(await schedule(id, { private: true, append_signature: true }), 422, /^append_signature/)
    assertRefused(await schedule(id, { canned_response_ids: [999] }), 422, /^canned_response_ids names no/)
    const forged = { content_attributes: { edited_at: 1 } }
    assertRefused(await schedule(id, forged), 422, /^content_attributes.edited_at can be set only/)
  })

  it('is sent once by two servers', { skip: skipWithoutPostgres }, async (t) => {
    const id = await addTestConversation(test)
    await startNode(t, test)
    await schedule(id, { send_at: now() + 1 })
    await eventually(async () => (await messages(id)).length > 0)
    await setTimeout(1200)
    assert.equal((await messages(id)).length, 1)
  })

  it('is cancelled by the message of the contact that is stored, if that was wanted', async () => {
    const id = await addTestConversation(test)
    const stream = await openStream(test)
    const cancelled = (await schedule(id, { cancel_if_contact_replies: true })).body
    const other = (await schedule(id, {})).body
    await sendMessage(test, 'By an agent', {}, id)
    await sendMessage(test, 'By an agent', { private: true }, id)
    assert.deepEqual(
      (await list(id)).map((one: { status: string }) => one.status),
      ['pending', 'pending'],
    )
    await sendMessage(test, 'It works', { message_type: 'incoming' }, id)
    const statuses = new Map(
      (await list(id)).map((one: { id: number; status: string }) => [one.id, one.status]),
    )
    assert.deepEqual([statuses.get(cancelled.id), statuses.get(other.id)], ['cancelled', 'pending'])
    const event = await stream.find(({ name }) => name === 'scheduled_message_updated')
    stream.close()
    const { scheduled_message, changed, before, actor } = event.data
    assert.deepEqual([scheduled_message.id, scheduled_message.status], [cancelled.id, 'cancelled'])
    assert.deepEqual([changed, before.status, actor.type], [['status'], 'pending', 'system'])
    const body = { send_at: now() + 1 }
    const again = await test.api(`${pathOf(id)}/${cancelled.id}`, { method: 'PATCH', body })
    assert.deepEqual([again.status, again.body.status], [200, 'pending'])
    await eventually(async () => (await messages(id)).at(-1).content === 'Does it work?')
  })

  it('is cancelled also if the conversation was merged at once, and the others are sent', async () => {
    const target = await addTestConversation(test)
    const contact_id = (await test.api(`/conversations/${target}`)).body.contact.id
    const started = { method: 'POST', body: { inbox_id: 1, contact_id } }
    const { id } = (await test.api('/conversations', started)).body
    const stream = await openStream(test)
    const cancelled = (await schedule(id, { cancel_if_contact_replies: true })).body
    const other = (await schedule(target, {})).body
    await sendMessage(test, 'It works', { message_type: 'incoming' }, id)
    const merging = { method: 'POST', body: { mergee_conversation_id: id } }
    assert.equal((await test.api(`/conversations/${target}/merge`, merging)).status, 200)
    await makeDue(other.id)
    await eventually(async () => (await messages(target)).at(-1).content === 'Does it work?')
    const event = await stream.find(({ name }) => name === 'scheduled_message_updated')
    stream.close()
    assert.deepEqual(
      [event.data.scheduled_message.id, event.data.scheduled_message.status],
      [cancelled.id, 'cancelled'],
    )
  })

  it('is either sent or cancelled if the contact writes at the moment at which it is due', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => addTestConversation(test)))
    const scheduled = await Promise.all(ids.map((id) => schedule(id, { cancel_if_contact_replies: true })))
    await Promise.all(scheduled.map(({ body }) => makeDue(body.id)))
    const writing = ids.map(async (id, index) => {
      await setTimeout(index * 150)
      await sendMessage(test, 'It works', { message_type: 'incoming' }, id)
    })
    await Promise.all(writing)
    for (const id of ids) {
      await eventually(async () => (await list(id))[0]?.status !== 'pending')
      const wasSent = (await messages(id)).some((one: { content: string }) => one.content === 'Does it work?')
      assert.equal((await list(id)).length, wasSent ? 0 : 1)
    }
  })

  it('has failed, with the reason, if its author may no longer write there', async () => {
    const id = await addTestConversation(test)
    const leaving = await addUser(test, { inboxes: [1] })
    const { body } = await schedule(id, {}, leaving.token)
    await test.api(`/agents/${leaving.userId}`, { method: 'DELETE' })
    await makeDue(body.id)
    await eventually(async () => (await list(id))[0].status === 'failed')
    assert.match((await list(id))[0].reason, /no longer a member/)
    const moved = await addUser(test, { inboxes: [1] })
    const second = (await schedule(id, {}, moved.token)).body
    const members = { method: 'DELETE', body: { user_ids: [moved.userId] } }
    assert.ok((await test.api('/inbox_members/1', members)).status < 300)
    await makeDue(second.id)
    const failed = async () => (await list(id)).find((one: { id: number }) => one.id === second.id)
    await eventually(async () => (await failed()).status === 'failed')
    assert.match((await failed()).reason, /conversation not found/)
    assert.deepEqual(await messages(id), [])
  })

  it('can be changed by its author, and deleted by everybody who sees the conversation', async () => {
    const id = await addTestConversation(test)
    const { body } = await schedule(id, {}, agent.token)
    const path = `${pathOf(id)}/${body.id}`
    const change = { content: 'Better', private: true }
    assertRefused(await test.api(path, { method: 'PATCH', body: change }), 403, /^only its author/)
    const changed = await test.api(path, { method: 'PATCH', body: change, token: agent.token })
    assert.deepEqual(
      [changed.body.content, changed.body.private, changed.body.send_at],
      ['Better', true, body.send_at],
    )
    const outsider = await addUser(test)
    assertRefused(await test.api(path, { method: 'DELETE', token: outsider.token }), 404, /^conversation not/)
    assertRefused(await schedule(id, {}, outsider.token), 404, /^conversation not found/)
    assert.equal((await test.api(path, { method: 'DELETE' })).status, 204)
    assertRefused(await test.api(path, { method: 'DELETE' }), 404, /^scheduled message not found/)
    assert.deepEqual(await list(id), [])
  })

  it('has files that become those of the message, and are removed with it', async () => {
    const id = await addTestConversation(test)
    const form = () =>
      formOf({ send_at: String(now() + later) }, [{ bytes: 'an invoice', name: 'invoice.txt' }])
    const post = () => test.api(pathOf(id), { method: 'POST', body: form() })
    const { status, body } = await post()
    assert.equal(status, 201, JSON.stringify(body))
    await makeDue(body.id)
    await eventually(async () => (await messages(id)).length === 1)
    const [message] = await messages(id)
    assert.equal(message.attachments[0].id, body.attachments[0].id)
    assert.equal((await fetchFile(test, message.attachments[0].data_url)).status, 200)
    const dropped = (await post()).body
    assert.equal(storedFiles(test).length, 2)
    await test.api(`${pathOf(id)}/${dropped.id}`, { method: 'DELETE' })
    await eventually(() => storedFiles(test).length === 1)
    await post()
    await test.api(`/conversations/${id}`, { method: 'DELETE' })
    await eventually(() => storedFiles(test).length === 0)
  })

  it('is not in the log, so that a deleted message leaves nothing there', async () => {
    const id = await addTestConversation(test)
    const { body } = await schedule(id, { content: 'a secret okapi' })
    await test.api(`${pathOf(id)}/${body.id}`, { method: 'PATCH', body: { content: 'another secret okapi' } })
    await test.api(`${pathOf(id)}/${body.id}`, { method: 'DELETE' })
    const rows = await test.app.database.read.sql.selectFrom('events').select('data').execute()
    assert.ok(!JSON.stringify(rows).includes('okapi'))
  })

  for (const [what, body, rule] of [
    ['in the past', { send_at: 1_000_000_000 }, /^send_at must be in the future/],
    ['in three years', { send_at: 2_000_000_000 }, /^send_at must be within two years/],
    ['without a content', { content: ' ' }, /^content must not be empty/],
  ] as const) {
    it(`cannot be one ${what}`, async () => assertRefused(await schedule(1, body), 422, rule))
  }

  it('is one of at most 50 in a conversation', async () => {
    const id = await addTestConversation(test)
    for (let count = 0; count < 50; count += 1) assert.equal((await schedule(id, {})).status, 201)
    assertRefused(await schedule(id, {}), 409, /50 scheduled messages already/)
  })

  it('is found by an index when it is due', async () => {
    if (test.app.database.read.engine !== 'sqlite') return
    const query = `explain query plan select account_id, id from scheduled_messages
      where due_at is not null and due_at <= 5 order by due_at limit 100`
    const plan = JSON.stringify(await test.app.database.read.run(CompiledQuery.raw(query)))
    assert.match(plan, /scheduled_messages_due/)
    assert.doesNotMatch(plan, /TEMP B-TREE/)
  })
})
