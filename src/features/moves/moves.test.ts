import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const call = (path: string, method = 'GET', body?: object, more: object = {}) =>
  test.api(path, { method, ...(body ? { body } : {}), ...more })
const shown = async (id: number) => (await call(`/conversations/${id}`)).body
const payload = async (path: string) => (await call(path)).body.payload
const contents = async (id: number) =>
  (await payload(`/conversations/${id}/messages`)).map(({ content }: { content: string }) => content)
const merge = (id: number, mergee_conversation_id: number, more: object = {}) =>
  call(`/conversations/${id}/merge`, 'POST', { mergee_conversation_id }, more)
const undo = (id: number) => call(`/conversations/${id}/merge`, 'DELETE')
const write = async (id: number, content: string, more: object = {}) =>
  (await sendMessage(test, content, more, id)).id as number

/** Two conversations of a contact, with messages by turns. */
async function addPair() {
  const first = await addTestConversation(test)
  const { contact, inbox_id } = await shown(first)
  const { body } = await call('/conversations', 'POST', { inbox_id, contact_id: contact.id })
  const second = body.id as number
  await write(first, 'one', { message_type: 'incoming' })
  await write(second, 'two', { message_type: 'incoming' })
  await write(first, 'three')
  await write(second, 'four', { private: true })
  return { first, second, contact: contact.id as number, inbox: inbox_id as number }
}

describe('merging a conversation', () => {
  it('puts its messages between those of the other one, in the order of time', async () => {
    const { first, second } = await addPair()
    const before = await shown(first)
    const { status, body } = await merge(first, second)
    assert.deepEqual([status, body.id, body.unread_count], [200, first, 2])
    assert.deepEqual(await contents(first), ['one', 'two', 'three', 'four'])
    const merged = await shown(second)
    assert.deepEqual([merged.merged_into_id, merged.status, merged.unread_count], [first, 'resolved', 0])
    assert.equal(merged.last_message, null)
    // Pages by cursor go through both.
    const [one, two, three] = await payload(`/conversations/${first}/messages`)
    const page = (await call(`/conversations/${first}/messages?limit=1&before_id=${three.id}`)).body
    assert.deepEqual([page.payload[0].id, page.meta], [two.id, { before_id: two.id, after_id: two.id }])
    assert.equal(one.conversation_id, first)
    assert.equal(two.conversation_id, first)
    assert.equal(before.merged_into_id, null)
    assert.equal((await merge(first, second)).status, 200)
    assert.deepEqual(await contents(first), ['one', 'two', 'three', 'four'])
  })

  it('lets whoever knows only the merged one reach the other one', async () => {
    const { first, second } = await addPair()
    await merge(first, second)
    assert.equal(
      (await sendMessage(test, 'five', { message_type: 'incoming' }, second)).conversation_id,
      first,
    )
    const key = { headers: { 'idempotency-key': 'five' } }
    const body = { content: 'again', message_type: 'outgoing' }
    const sent = await call(`/conversations/${first}/messages`, 'POST', body, key)
    const again = await call(`/conversations/${second}/messages`, 'POST', body, key)
    assert.deepEqual([again.status, again.body.id], [200, sent.body.id])
    assert.deepEqual(await contents(second), ['one', 'two', 'three', 'four', 'five', 'again'])
    assert.deepEqual((await call(`/conversations/${second}`, 'PATCH', { priority: 'high' })).body.id, first)
    const late = await call(`/conversations/${second}/messages/${sent.body.id}`, 'PATCH', {
      status: 'delivered',
    })
    assert.equal(late.body.status, 'delivered')
    assert.equal((await call(`/conversations/${second}/update_last_seen`, 'POST')).body.unread_count, 0)
    assertRefused(await call(`/conversations/${second}`, 'DELETE'), 409, /was merged into conversation/)
  })

  it('is followed along a chain', async () => {
    const { first, second, contact, inbox } = await addPair()
    const third = (await call('/conversations', 'POST', { inbox_id: inbox, contact_id: contact })).body.id
    await merge(second, third)
    await merge(first, second)
    assert.equal((await sendMessage(test, 'here', {}, third)).conversation_id, first)
    assertRefused(await undo(third), 409, /undo that first/)
    assert.equal((await undo(second)).status, 200)
    assert.equal((await sendMessage(test, 'there', {}, third)).conversation_id, second)
    assert.equal((await undo(third)).body.merged_into_id, null)
    assert.deepEqual(await contents(second), ['two', 'four', 'there'])
  })

  it('takes over what is prepared, labels, and drafts', async () => {
    const { first, second } = await addPair()
    const title = `late${first}`
    await call('/labels', 'POST', { title })
    await call(`/conversations/${second}/labels`, 'POST', { labels: [title] })
    const send_at = Math.floor(Date.now() / 1000) + 10_000
    const { body: later } = await call(`/conversations/${second}/scheduled_messages`, 'POST', {
      content: 'Later',
      send_at,
    })
    const { body: proposed } = await call(`/conversations/${second}/proposals`, 'POST', {
      content: 'Perhaps',
    })
    await call(`/conversations/${first}/draft`, 'PUT', { content: 'Mine', version: 0 })
    await call(`/conversations/${second}/draft`, 'PUT', { content: 'Also mine', version: 0 })
    await merge(first, second)
    assert.deepEqual((await shown(first)).labels, [title])
    assert.equal((await payload(`/conversations/${first}/scheduled_messages`))[0].id, later.id)
    assert.equal((await payload(`/conversations/${first}/proposals`))[0].id, proposed.id)
    assert.equal((await call(`/conversations/${second}/draft`)).body.content, 'Mine\n\nAlso mine')
    await undo(second)
    assert.deepEqual((await shown(first)).labels, [])
    assert.equal((await payload(`/conversations/${second}/scheduled_messages`))[0].id, later.id)
    assert.deepEqual(await payload(`/conversations/${first}/proposals`), [])
  })

  it('tells the streams that both have other messages', async () => {
    const { first, second } = await addPair()
    const events = await eventsOf(test, () => merge(first, second))
    const last = events.map(({ name, data }) => [name, data.id, data.changed])
    assert.deepEqual(last, [
      ['conversation_status_changed', second, ['status']],
      ['conversation_updated', second, ['unread_count', 'merged_into_id', 'messages']],
      ['conversation_updated', first, ['unread_count', 'messages']],
    ])
  })

  it('opens the other one if it was open, so that nobody overlooks it', async () => {
    const { first, second } = await addPair()
    await call(`/conversations/${first}/toggle_status`, 'POST', { status: 'resolved' })
    assert.equal((await merge(first, second)).body.status, 'open')
    assert.equal((await undo(second)).body.status, 'open')
    assert.equal((await shown(first)).status, 'resolved')
  })

  it('is refused for another contact or inbox, itself, and one that the user does not see', async () => {
    const { first, contact } = await addPair()
    const foreign = await addTestConversation(test)
    assertRefused(await merge(first, foreign), 422, /same contact: merge the contacts first/)
    const inbox = await addInbox(test)
    const { body } = await call('/conversations', 'POST', { inbox_id: inbox, contact_id: contact })
    assertRefused(await merge(first, body.id), 422, /same inbox/)
    assertRefused(await merge(first, first), 422, /must not be the conversation itself/)
    assertRefused(await merge(first, 999_999), 422, /names no conversation/)
    const stranger = await addUser(test, { inboxes: [inbox] })
    assertRefused(await merge(body.id, first, stranger), 422, /names no conversation/)
    assert.equal((await undo(first)).body.merged_into_id, null)
  })

  it('is listed, and can be undone for a week', async () => {
    const { first, second } = await addPair()
    await merge(first, second)
    const [move] = await payload(`/conversations/${second}/moves`)
    assert.deepEqual(
      [move.kind, move.from_conversation_id, move.to_conversation_id, move.message_count, move.moved_by.name],
      ['merge', second, first, 2, 'Administrator'],
    )
    assert.ok(move.undoable_until > Date.now() / 1000 + 6 * 24 * 3600)
    await test.app.database.transaction(1, async (tx) => {
      await tx.sql
        .updateTable('conversation_moves')
        .set({ expires_at: 1 })
        .where('id', '=', move.id)
        .execute()
    })
    assertRefused(await undo(second), 409, /too late/)
    assert.equal((await payload(`/conversations/${first}/moves`))[0].undoable_until, null)
  })

  it('is erased with the conversation that it was merged into', async () => {
    const { first, second } = await addPair()
    await merge(first, second)
    assert.equal((await call(`/conversations/${first}`, 'DELETE')).status, 204)
    assert.equal((await call(`/conversations/${second}`)).status, 404)
  })
})

describe('undoing a merge', () => {
  it('leaves what was written since where it is', async () => {
    const { first, second } = await addPair()
    await merge(first, second)
    await write(second, 'five', { message_type: 'incoming' })
    const { body } = await undo(second)
    assert.deepEqual([body.id, body.unread_count, body.merged_into_id], [second, 1, null])
    assert.deepEqual(await contents(second), ['two', 'four'])
    assert.deepEqual(await contents(first), ['one', 'three', 'five'])
    assert.equal((await shown(first)).unread_count, 2)
    assert.equal((await write(second, 'six')) > 0, true)
    assert.deepEqual(await contents(second), ['two', 'four', 'six'])
  })
})

describe('splitting a conversation', () => {
  const split = (id: number, body: object) => call(`/conversations/${id}/split`, 'POST', body)

  it('moves a message and all after it to a new one of the same contact', async () => {
    const { first, second, contact } = await addPair()
    await merge(first, second)
    await call(`/conversations/${first}/assignments`, 'POST', { assignee_id: 1 })
    const [, two] = await payload(`/conversations/${first}/messages`)
    const { status, body } = await split(first, { message_id: two.id })
    assert.equal(status, 201)
    assert.deepEqual(
      [body.contact.id, body.meta.assignee.id, body.unread_count, body.status],
      [contact, 1, 1, 'open'],
    )
    assert.deepEqual((await contents(body.id)).slice(0, 3), ['two', 'three', 'four'])
    assert.deepEqual(await contents(first), ['one'])
    assert.equal((await shown(first)).unread_count, 1)
    // The messages that came with the merge are in the new one now.
    await undo(second)
    assert.deepEqual(await contents(second), [])
    assert.deepEqual((await contents(body.id)).slice(0, 3), ['two', 'three', 'four'])
  })

  it('leaves no event of the first one when that is deleted, and none of the messages when the new one is', async () => {
    const { first } = await addPair()
    await write(first, 'A SECRET of the third')
    await call(`/conversations/${first}`, 'PATCH', { custom_attributes: { plan: 'A SECRET of the first' } })
    const [, , third] = await payload(`/conversations/${first}/messages`)
    const { body: created } = await split(first, { message_id: third.id })
    const log = async () => {
      const { sql } = test.app.database.read
      const rows = await sql.selectFrom('events').selectAll().where('account_id', '=', 1).execute()
      return JSON.stringify(rows.map(({ data, before }) => [data, before]))
    }
    assert.match(await log(), /A SECRET of the first/)
    await call(`/conversations/${first}`, 'DELETE')
    assert.doesNotMatch(await log(), /A SECRET of the first/)
    assert.match(await log(), /A SECRET of the third/)
    await call(`/conversations/${created.id}`, 'DELETE')
    assert.doesNotMatch(await log(), /A SECRET of the third/)
  })

  it('lets the request of a message be repeated, and what is written since have keys of its own', async () => {
    const { first } = await addPair()
    const send = (id: number, content: string, key: string) =>
      call(
        `/conversations/${id}/messages`,
        'POST',
        { content, message_type: 'outgoing' },
        { headers: { 'idempotency-key': key } },
      )
    const sent = await send(first, 'Your order has left', 'order 1')
    const { body: created } = await split(first, { message_id: sent.body.id })
    const again = await send(first, 'Your order has left', 'order 1')
    assert.deepEqual(
      [again.status, again.body.id, again.body.conversation_id],
      [200, sent.body.id, created.id],
    )
    assertRefused(await send(first, 'Another text', 'order 1'), 422, /was already used for another message/)
    assert.equal((await send(created.id, 'In the new one', 'order 2')).status, 201)
    const independent = await send(first, 'In the first one', 'order 2')
    assert.deepEqual([independent.status, independent.body.conversation_id], [201, first])
    assert.deepEqual(await contents(created.id), ['Your order has left', 'In the new one'])
  })

  it('lets the request of a conversation be repeated if its first message was moved', async () => {
    const contact_id = (await call('/contacts', 'POST', { name: 'Ada' })).body.id
    const begin = (content: string, key: string) =>
      call(
        '/conversations',
        'POST',
        { inbox_id: 1, contact_id, message: { content } },
        { headers: { 'idempotency-key': key } },
      )
    const [other, merged, source] = await Promise.all(
      ['a', 'b', 'c'].map((key) => begin('Hello', `begin ${key}`)),
    )
    await merge(other!.body.id, merged!.body.id)
    const { id } = (await payload(`/conversations/${source!.body.id}/messages`))[0]
    await write(source!.body.id, 'What remains')
    assert.equal((await split(source!.body.id, { message_ids: [id] })).status, 201)
    for (const [key, begun] of [
      ['b', merged],
      ['c', source],
    ] as const) {
      const again = await begin('Hello', `begin ${key}`)
      assert.deepEqual([again.status, again.body.id], [200, begun!.body.id], JSON.stringify(again.body))
    }
    assertRefused(await begin('Another text', 'begin c'), 422, /was already used for another/)
  })

  it('moves the messages that are named', async () => {
    const { first } = await addPair()
    await write(first, 'five')
    const [one, three, five] = await payload(`/conversations/${first}/messages`)
    const { body } = await split(first, { message_ids: [three.id] })
    assert.deepEqual(await contents(body.id), ['three'])
    assert.deepEqual(await contents(first), ['one', 'five'])
    assertRefused(await split(first, { message_ids: [one.id, five.id] }), 422, /must leave a message/)
    assertRefused(await split(first, { message_id: one.id }), 422, /must leave a message/)
    assertRefused(await split(first, { message_id: three.id }), 422, /must be in this conversation/)
    assertRefused(await split(first, {}), 422, /message_id is required/)
  })
})
