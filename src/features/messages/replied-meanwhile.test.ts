import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
let amara: Awaited<ReturnType<typeof addUser>>
before(async () => {
  test = await startTestApp()
  amara = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const begin = async () => {
  const conversation = await addTestConversation(test)
  const { id } = await sendMessage(test, 'Where is it?', { message_type: 'incoming' }, conversation)
  return { conversation, seen: id as number }
}
const reply = (conversation: number, more: object, { token = test.token, key = '' } = {}) =>
  test.api(`/conversations/${conversation}/messages`, {
    method: 'POST',
    body: { content: 'It ships today', message_type: 'outgoing', ...more },
    headers: key === '' ? {} : { 'idempotency-key': key },
    token,
  })
const contents = async (conversation: number) =>
  (await test.api(`/conversations/${conversation}/messages`)).body.payload.map(
    ({ content }: { content: string }) => content,
  )

describe('a reply with last_seen_message_id', () => {
  it('is refused if another agent has replied since, and says who', async () => {
    const { conversation, seen } = await begin()
    const { body } = await reply(conversation, {}, amara)
    const refused = await reply(conversation, { content: 'Tomorrow', last_seen_message_id: seen })
    assertRefused(refused, 409, new RegExp(`^${amara.name} has replied since .* look at message ${body.id} `))
    assert.equal(refused.body.code, 'stale')
    assert.deepEqual(await contents(conversation), ['Where is it?', 'It ships today'])
    assert.equal((await reply(conversation, { content: 'Hm', last_seen_message_id: body.id })).status, 201)
  })

  it('is sent after what the contact, a note, a deleted reply or the same agent has added', async () => {
    const { conversation, seen } = await begin()
    await sendMessage(test, 'Hello?', { message_type: 'incoming' }, conversation)
    await reply(conversation, { private: true }, amara)
    await reply(conversation, {})
    const { body } = await reply(conversation, {}, amara)
    await test.api(`/conversations/${conversation}/messages/${body.id}`, { method: 'DELETE' })
    assert.equal((await reply(conversation, { last_seen_message_id: seen })).status, 201)
  })

  it('is the message of the first request if it is repeated, whatever was sent since', async () => {
    const { conversation, seen } = await begin()
    const first = await reply(conversation, { last_seen_message_id: seen }, { key: 'once' })
    await reply(conversation, {}, amara)
    const again = await reply(conversation, { last_seen_message_id: seen }, { key: 'once' })
    assert.deepEqual([again.status, again.body.id], [200, first.body.id])
  })

  it('is refused if the message is not in the conversation', async () => {
    const { seen } = await begin()
    const { conversation } = await begin()
    const refused = await reply(conversation, { last_seen_message_id: seen })
    assertRefused(refused, 409, new RegExp(`^message ${seen} is not in this conversation`))
  })

  it('must be a reply to the contact', async () => {
    const { conversation, seen } = await begin()
    const note = await reply(conversation, { private: true, last_seen_message_id: seen })
    assertRefused(note, 422, /^last_seen_message_id is only for replies/)
  })

  it('lets only one of two agents who send at the same time reply', async () => {
    const { conversation, seen } = await begin()
    const both = await Promise.all([
      reply(conversation, { last_seen_message_id: seen }),
      reply(conversation, { last_seen_message_id: seen }, amara),
    ])
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409])
  })
})
