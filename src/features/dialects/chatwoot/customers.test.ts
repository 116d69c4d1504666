import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../../test/app.ts'
import { account, type ChatwootCall, chatwootClient, succeeded } from '../../../../test/chatwoot-client.ts'
import { openPubsubToken } from './pubsub-tokens.ts'

describe('The customers of Chatwoot', () => {
  let test: TestApp
  let call: ChatwootCall
  let base: string
  before(async () => {
    test = await startTestApp()
    call = chatwootClient(test)
    const { inbox_identifier } = await succeeded(call('GET', `${account}/inboxes/1`))
    base = `/public/api/v1/inboxes/${inbox_identifier}`
  })
  after(() => test.close())
  const stranger = { token: null }

  it('write and read without a token', async () => {
    const contact = await succeeded(call('POST', `${base}/contacts`, { name: 'Jane', email: '' }, stranger))
    assert.deepEqual(
      Object.keys(contact).sort(),
      ['email', 'id', 'name', 'phone_number', 'pubsub_token', 'source_id'].sort(),
    )
    const own = `${base}/contacts/${contact.source_id}`
    const conversation = await succeeded(call('POST', `${own}/conversations`, undefined, stranger))
    assert.deepEqual([conversation.status, conversation.messages], ['open', []])
    const path = `${own}/conversations/${conversation.id}`
    const sent = await succeeded(call('POST', `${path}/messages`, { content: 'Hi', echo_id: 'e' }, stranger))
    assert.deepEqual([sent.message_type, sent.content, sent.sender.type], [0, 'Hi', 'contact'])
    const agents = `${account}/conversations/${conversation.id}/messages`
    await succeeded(call('POST', agents, { content: 'Hello' }))
    await succeeded(call('POST', agents, { content: 'A secret of agents', private: true }))
    const messages = await succeeded(call('GET', `${path}/messages`, undefined, stranger))
    assert.deepEqual(
      messages.map(({ content }: { content: string }) => content),
      ['Hi', 'Hello'],
    )
    const [before] = await succeeded(
      call('GET', `${path}/messages?before=${messages[1].id}`, undefined, stranger),
    )
    assert.equal(before.id, messages[0].id)
    const [listed] = await succeeded(call('GET', `${own}/conversations`, undefined, stranger))
    assert.deepEqual([listed.id, listed.messages.length], [conversation.id, 1])
    assert.equal((await call('POST', `${path}/update_last_seen`, undefined, stranger)).body, '')
    assert.equal((await call('POST', `${path}/toggle_typing`, { typing_status: 'on' }, stranger)).status, 200)
    const resolved = await succeeded(call('POST', `${path}/toggle_status`, undefined, stranger))
    assert.equal(resolved.status, 'resolved')
    const file = new FormData()
    file.set('content', 'A file')
    file.append('attachments[]', new Blob(['text']), 'notes.txt')
    const withFile = await succeeded(call('POST', `${path}/messages`, file, stranger))
    assert.equal(withFile.attachments[0].file_type, 'file')
  })

  it('answer interactive messages, and change themselves', async () => {
    const { source_id } = await succeeded(call('POST', `${base}/contacts`, { name: 'John' }, stranger))
    const own = `${base}/contacts/${source_id}`
    const { id } = await succeeded(call('POST', `${own}/conversations`, undefined, stranger))
    const items = [{ title: 'Yes', value: 'yes' }]
    const question = { content: 'Well?', content_type: 'input_select', content_attributes: { items } }
    const asked = await succeeded(call('POST', `${account}/conversations/${id}/messages`, question))
    const path = `${own}/conversations/${id}/messages/${asked.id}`
    const answer = { submitted_values: [{ title: 'Yes', value: 'yes' }] }
    const answered = await succeeded(call('PATCH', path, answer, stranger))
    assert.deepEqual(answered.content_attributes.submitted_values, answer.submitted_values)
    const changed = await succeeded(call('PATCH', own, { name: 'Johnny' }, stranger))
    assert.equal(changed.name, 'Johnny')
  })

  it('get a token for events that is not their secret, and that only this server can open', async () => {
    const { source_id, pubsub_token } = await succeeded(call('POST', `${base}/contacts`, {}, stranger))
    assert.ok(!pubsub_token.includes(source_id))
    const { database } = test.app
    const { kind, ...credential } = openPubsubToken(database, pubsub_token) as { kind: string }
    assert.equal(kind, 'contact')
    assert.deepEqual(credential, { inbox_identifier: base.split('/').at(-1), source_id })
    assert.equal(openPubsubToken(database, `${pubsub_token.slice(0, -2)}AA`), undefined)
    assert.equal(openPubsubToken(database, source_id), undefined)
  })

  it('cannot be read with the name that a program has given them', async () => {
    const named = { name: 'Jane', inbox_id: 1, source_id: 'wa:1' }
    await succeeded(call('POST', `${account}/contacts`, named))
    const expected = { status: 404, body: { error: 'Resource could not be found' } }
    for (const sourceId of ['wa:1', 'unknown']) {
      const { status, body } = await call('GET', `${base}/contacts/${sourceId}`, undefined, stranger)
      assert.deepEqual({ status, body }, expected)
    }
  })

  it('are described by their inbox', async () => {
    const inbox = await succeeded(call('GET', base, undefined, stranger))
    assert.equal(inbox.identity_validation_enabled, false)
  })
})
