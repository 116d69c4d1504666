import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../../test/app.ts'
import {
  account,
  type ChatwootCall,
  chatwootClient,
  startChatwootConversation,
} from '../../../../test/chatwoot-client.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../../test/factories.ts'

describe('The errors of Chatwoot', () => {
  let test: TestApp
  let call: ChatwootCall
  before(async () => {
    test = await startTestApp()
    call = chatwootClient(test)
  })
  after(() => test.close())
  const refused = async (...request: Parameters<ChatwootCall>) => {
    const { status, body } = await call(...request)
    return { status, body }
  }

  it('say what is wrong with a token', async () => {
    const path = `${account}/agents`
    const body = { errors: ['You need to sign in or sign up before continuing.'] }
    assert.deepEqual(await refused('GET', path, undefined, { token: null }), { status: 401, body })
    const unknown = { error: 'Invalid Access Token' }
    const request = { token: 'ndoto_unknown' }
    assert.deepEqual(await refused('GET', path, undefined, request), { status: 401, body: unknown })
  })

  it('refuse what an agent, or a token, may not do', async () => {
    const agent = await addUser(test)
    const other = await addAccount(test)
    const reader = await addUser(test, { scopes: ['read'], role: 'administrator' })
    const expected = { status: 401, body: { error: 'You are not authorized to do this action' } }
    const labels = `${account}/labels`
    assert.deepEqual(await refused('POST', labels, { title: 'a' }, { token: agent.token }), expected)
    assert.deepEqual(await refused('GET', labels, undefined, { token: other.token }), expected)
    assert.deepEqual(await refused('POST', labels, { title: 'a' }, { token: reader.token }), expected)
  })

  it('do not reveal what exists', async () => {
    const hidden = await addTestConversation(test, { inboxId: await addInbox(test) })
    const { token } = await addUser(test, { inboxes: [1] })
    const expected = { status: 404, body: { error: 'Resource could not be found' } }
    for (const id of [hidden, 99_999, 'abc'])
      assert.deepEqual(await refused('GET', `${account}/conversations/${id}`, undefined, { token }), expected)
    assert.deepEqual(await refused('GET', `${account}/nothing`), expected)
    assert.deepEqual(await refused('GET', '/nothing'), expected)
    assert.deepEqual(await refused('PUT', `${account}/agents`), expected)
  })

  it('name the fields that break a rule', async () => {
    const contacts = `${account}/contacts`
    await call('POST', contacts, { email: 'taken@example.com', phone_number: '+14155550100' })
    assert.deepEqual(await refused('POST', contacts, { email: 'taken@example.com' }), {
      status: 422,
      body: { message: 'Email has already been taken', attributes: ['email'] },
    })
    const phone = await refused('POST', contacts, { phone_number: '+14155550100' })
    assert.equal(phone.body.message, 'Phone number has already been taken')
    const wrong = await refused('POST', contacts, { email: 'nonsense', phone_number: '12' })
    assert.deepEqual([wrong.status, wrong.body.attributes], [422, ['email', 'phone_number']])
    assert.match(wrong.body.message, /^email must look like/)
  })

  it('have the words of Chatwoot for messages that it refuses', async () => {
    const { path } = await startChatwootConversation(call)
    const long = { content: 'a'.repeat(150_001) }
    const sentence = 'Validation failed: Content is too long (maximum is 150000 characters)'
    assert.deepEqual(await refused('POST', `${path}/messages`, long), {
      status: 422,
      body: { error: sentence },
    })
    const inboxId = await addInbox(test, { channel_type: 'web_widget' })
    const website = `${account}/conversations/${await addTestConversation(test, { inboxId })}/messages`
    assert.deepEqual(await refused('POST', website, { content: 'Hi', message_type: 'incoming' }), {
      status: 422,
      body: { error: 'Incoming messages are only allowed in Api inboxes' },
    })
    const { body: sent } = await call('POST', website, { content: 'Hi' })
    assert.deepEqual(await refused('PATCH', `${website}/${sent.id}`, { status: 'read' }), {
      status: 403,
      body: { error: 'Message status update is only allowed for API inboxes' },
    })
  })

  it('describe a filter that cannot be read', async () => {
    const filter = (payload: unknown) => refused('POST', `${account}/contacts/filter`, { payload })
    const test = { attribute_key: 'email', filter_operator: 'is_greater_than', values: ['a'] }
    const { status, body } = await filter([test])
    assert.deepEqual([status, Object.keys(body)], [422, ['error']])
    assert.match(body.error, /filter_operator/)
    assert.equal((await filter('nonsense')).status, 422)
    const search = await refused('GET', `${account}/contacts/search`)
    assert.deepEqual(search, { status: 422, body: { error: 'Specify search string with parameter q' } })
  })

  it('are sent for bodies that cannot be read', async () => {
    const headers = { 'content-type': 'application/json' }
    const { status, body } = await call('POST', `${account}/contacts`, '{', { headers })
    assert.deepEqual([status, Object.keys(body)], [422, ['error']])
    const csv = await call('POST', `${account}/contacts`, 'a,b', { headers: { 'content-type': 'text/csv' } })
    assert.deepEqual([csv.status, Object.keys(csv.body)], [415, ['error']])
  })
})
