import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { type EventStream, openStream } from '../../../test/event-stream.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
let agent: { token: string; userId: number }
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const pathOf = (conversation: number) => `/conversations/${conversation}/draft`
const read = async (conversation: number, token = test.token) =>
  (await test.api(pathOf(conversation), { token })).body
const write = (conversation: number, body: object, token = test.token) =>
  test.api(pathOf(conversation), { method: 'PUT', body, token })
const none = { content: '', private: false, version: 0, updated_at: null }
const signals = (stream: EventStream) => stream.named('draft').map(({ data }) => data)

describe('A draft', () => {
  it('is the same in every browser of its user, and no other user sees it', async () => {
    const id = await addTestConversation(test)
    assert.deepEqual(await read(id), none)
    const { status, body } = await write(id, { content: 'Dear Ada', private: true, version: 0 })
    assert.equal(status, 200)
    assert.deepEqual(await read(id), body)
    assert.deepEqual([body.content, body.private], ['Dear Ada', true])
    assert.deepEqual(await read(id, agent.token), none)
  })

  it('is not overwritten by a browser that has not seen its last version', async () => {
    const id = await addTestConversation(test)
    const first = (await write(id, { content: 'one', version: 0 })).body
    const second = (await write(id, { content: 'two', version: first.version })).body
    const refused = await write(id, { content: 'other', version: first.version })
    assertRefused(refused, 409, /^the draft was changed elsewhere/)
    assert.deepEqual([refused.body.code, refused.body.draft], ['stale', second])
    assertRefused(await write(id, { content: 'new', version: 0 }), 409, /changed elsewhere/)
    assert.equal((await read(id)).content, 'two')
    assert.equal((await write(id, { content: 'three', version: second.version })).status, 200)
  })

  it('never has the version of an earlier draft, also after that was deleted', async () => {
    const id = await addTestConversation(test)
    const first = (await write(id, { content: 'one', version: 0 })).body
    assert.deepEqual((await write(id, { content: '', version: first.version })).body, none)
    const second = (await write(id, { content: 'two', version: 0 })).body
    assert.notEqual(second.version, first.version)
    assertRefused(await write(id, { content: 'three', version: first.version }), 409, /changed elsewhere/)
  })

  it('is announced to the streams of its user only, without its content', async () => {
    const id = await addTestConversation(test)
    const [own, elsewhere, other] = [
      await openStream(test),
      await openStream(test, { query: 'conversation_id=1' }),
      await openStream(test, agent),
    ]
    const { version } = (await write(id, { content: 'secret', version: 0 })).body
    const { id: cursor, data } = await own.find(({ name }) => name === 'draft')
    assert.equal(cursor, undefined)
    assert.deepEqual(data, { event: 'draft', conversation_id: id, version })
    await sendMessage(test, 'later', {}, id)
    await other.find(({ name }) => name === 'message_created')
    assert.deepEqual([...signals(other), ...signals(elsewhere)], [])
    for (const stream of [own, elsewhere, other]) stream.close()
  })

  it('is gone when it is sent, together with the message, and the other browsers learn it', async () => {
    const id = await addTestConversation(test)
    const { version } = (await write(id, { content: 'Hello', version: 0 })).body
    await sendMessage(test, 'By a program', {}, id)
    assert.equal((await read(id)).content, 'Hello')
    const stream = await openStream(test)
    await sendMessage(test, 'Hello', { draft_version: version }, id)
    assert.deepEqual(await read(id), none)
    await stream.find(({ name, data }) => name === 'draft' && data.version === 0)
    stream.close()
  })

  it('stays if it was changed after the message was written', async () => {
    const id = await addTestConversation(test)
    const { version } = (await write(id, { content: 'Hello', version: 0 })).body
    await write(id, { content: 'Hello, and more', version })
    await sendMessage(test, 'Hello', { draft_version: version }, id)
    assert.equal((await read(id)).content, 'Hello, and more')
  })

  it('stays if the message is refused', async () => {
    const id = await addTestConversation(test)
    const { version } = (await write(id, { content: 'Hello', version: 0 })).body
    const body = {
      content: 'Hello',
      message_type: 'outgoing',
      draft_version: version,
      canned_response_ids: [99],
    }
    const refused = await test.api(`/conversations/${id}/messages`, { method: 'POST', body })
    assertRefused(refused, 422, /^canned_response_ids/)
    assert.equal((await read(id)).content, 'Hello')
  })

  it('is deleted with its conversation, and with the membership of its user', async () => {
    const rows = () =>
      test.app.database.read.sql.selectFrom('drafts').select(['conversation_id', 'user_id']).execute()
    const id = await addTestConversation(test)
    const leaving = await addUser(test, { inboxes: [1] })
    const other = await addTestConversation(test)
    await write(id, { content: 'of a conversation', version: 0 })
    await write(other, { content: 'of a user', version: 0 }, leaving.token)
    assert.equal((await test.api(`/conversations/${id}`, { method: 'DELETE' })).status, 204)
    assert.equal((await test.api(`/agents/${leaving.userId}`, { method: 'DELETE' })).status, 204)
    const left = await rows()
    assert.ok(!left.some((one) => one.conversation_id === id || one.user_id === leaving.userId))
  })

  it('can have as many characters as a message, and no more', async () => {
    const id = await addTestConversation(test)
    assertRefused(await write(id, { content: 'x'.repeat(150_001), version: 0 }), 422, /^content must/)
    assert.equal((await write(id, { content: '🦊'.repeat(150_000), version: 0 })).status, 200)
  })

  it('cannot be written in a conversation that the user does not see', async () => {
    const id = await addTestConversation(test)
    const outsider = await addUser(test)
    assertRefused(
      await write(id, { content: 'x', version: 0 }, outsider.token),
      404,
      /^conversation not found/,
    )
    assertRefused(await test.api(pathOf(id), { token: outsider.token }), 404, /^conversation not found/)
  })
})
