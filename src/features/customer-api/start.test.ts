import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { addInbox } from '../../../test/factories.ts'
import { formOf } from '../../../test/files.ts'

let test: TestApp
before(async () => {
  test = await startTestApp({ RATE_LIMIT: 'off' })
})
after(() => test.close())

/** Creates a contact at a new inbox; returns what they send to its conversations. */
async function addCustomer() {
  const { inbox_identifier } = (await test.api(`/inboxes/${await addInbox(test)}`)).body
  const contacts = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
  const contact = (await test.api(contacts, { method: 'POST', body: { name: 'Ada' }, token: null })).body
  const path = `${contacts}/${contact.source_id}/conversations`
  const start = (body?: object, key?: string) =>
    test.api(path, {
      method: 'POST',
      token: null,
      ...(body === undefined ? {} : { body }),
      headers: key === undefined ? {} : { 'idempotency-key': key },
    })
  const messages = async (id: number) =>
    (await test.api(`${path}/${id}/messages`, { token: null })).body.payload
  return { start, messages, id: contact.id }
}
const file = { bytes: 'a screenshot', name: 'screen.txt' }
const messagesOf = async (id: number) => (await test.api(`/conversations/${id}/messages`)).body.payload

describe('A customer whose message is answered', () => {
  it('learns which one it was, but nothing of notes', async () => {
    const { start, messages } = await addCustomer()
    const { body: own } = await start({ message: { content: 'First' } })
    const [first] = await messagesOf(own.id)
    const note = await sendMessage(test, 'A note', { private: true }, own.id)
    const answering = (id: unknown, more = {}) => ({ content_attributes: { in_reply_to: id }, ...more })
    await sendMessage(test, 'Second', answering(first.id), own.id)
    await sendMessage(test, 'Internal', answering(note.id, { private: true }), own.id)
    const body = { content: 'Sly', message_type: 'outgoing', ...answering(note.id) }
    const refused = await test.api(`/conversations/${own.id}/messages`, { method: 'POST', body })
    assertRefused(refused, 422, /^content_attributes.in_reply_to must not be a private note/)
    // An id of another system.
    await sendMessage(test, 'Third', answering('wamid.7'), own.id)
    const seen = await messages(own.id)
    assert.deepEqual(
      seen.map((one: { content_attributes: object }) => one.content_attributes),
      [{}, { in_reply_to: first.id }, {}],
    )
  })
})

describe('A customer who starts a conversation', () => {
  it('can write its first message with files, once, however often the request is repeated', async () => {
    const { start } = await addCustomer()
    const form = () => formOf({ message: '{"content":"It is broken","echo_id":"e"}' }, [file])
    const first = await start(form(), 'k')
    assert.equal(first.status, 201, JSON.stringify(first.body))
    const [message, ...others] = await messagesOf(first.body.id)
    assert.deepEqual(others, [])
    assert.deepEqual(
      [message.content, message.message_type, message.sender.name, message.echo_id],
      ['It is broken', 'incoming', 'Ada', 'e'],
    )
    assert.equal(message.attachments[0].file_name, 'screen.txt')
    assert.equal((await test.api(`/conversations/${first.body.id}`)).body.unread_count, 1)
    for (let i = 0; i < 6; i++) {
      const again = await start(form(), 'k')
      assert.deepEqual([again.status, again.body.id], [200, first.body.id])
    }
    assertRefused(
      await start({ message: { content: 'Else' } }, 'k'),
      422,
      /^Idempotency-Key was already used/,
    )
    const other = await addCustomer()
    assert.equal((await other.start(form(), 'k')).status, 201, 'the keys of another contact are their own')
  })

  it('may still start one without a message', async () => {
    const { start } = await addCustomer()
    const { status, body } = await start()
    assert.deepEqual([status, body.last_message], [201, null])
    assert.deepEqual(await messagesOf(body.id), [])
  })

  it('cannot write what customers cannot, and a blocked one nothing', async () => {
    const { start, id } = await addCustomer()
    assertRefused(await start({ message: { content: ' ' } }), 422, /^message.content must not be empty/)
    assertRefused(await start({ message: {} }), 422, /^message.content is required/)
    const sly = { content: 'x', private: true, message_type: 'outgoing', content_type: 'cards' }
    const { body } = await start({ message: sly })
    const [message] = await messagesOf(body.id)
    assert.deepEqual(
      [message.private, message.message_type, message.content_type],
      [false, 'incoming', 'text'],
    )
    await test.api(`/contacts/${id}`, { method: 'PATCH', body: { blocked: true } })
    const refused = await start(formOf({}, [file]))
    assert.deepEqual([refused.status, refused.body.code], [403, 'contact_blocked'])
  })
})
