import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const hello = { content: 'Hello', message_type: 'outgoing' }

/** The answers to every call there is about the messages of a conversation. */
async function everyCall(
  base: string,
  messageId: number | string,
  token: string | null,
): Promise<ApiResponse[]> {
  return [
    await test.api(base, { token }),
    await test.api(`${base}?limit=20`, { token }),
    await test.api(`${base}/${messageId}`, { token }),
    await test.api(base, { token, method: 'POST', body: hello }),
    await test.api(`${base}/${messageId}`, { token, method: 'PATCH', body: { content: 'Changed' } }),
    await test.api(`${base}/${messageId}`, { token, method: 'DELETE' }),
  ]
}

const statuses = (answers: ApiResponse[]) => answers.map(({ status }) => status)

describe('who may read and write messages', () => {
  it('nobody without a valid token', async () => {
    for (const token of [null, 'nonsense']) {
      const answers = await everyCall('/conversations/1/messages', 1, token)
      assert.deepEqual(statuses(answers), Array(6).fill(401))
    }
  })

  it('nobody whose token has expired or was revoked', async () => {
    const expired = await addUser(test, { inboxes: [1], expiresAt: Date.now() - 1 })
    const answers = await everyCall('/conversations/1/messages', 1, expired.token)
    assert.deepEqual(statuses(answers), Array(6).fill(401))

    const { token, userId } = await addUser(test, { inboxes: [1], expiresAt: Date.now() + 60_000 })
    assert.equal((await test.api('/conversations/1/messages', { token })).status, 200)
    await test.app.database.transaction(null, (tx) =>
      tx.sql.deleteFrom('access_tokens').where('user_id', '=', userId).execute(),
    )
    assert.equal((await test.api('/conversations/1/messages', { token })).status, 401)
  })

  it('an agent in the inboxes they are a member of: elsewhere there is nothing', async () => {
    const inboxId = await addInbox(test)
    const number = await addTestConversation(test, { inboxId })
    const { id } = await sendMessage(test, 'Not for all', {}, number)
    const base = `/conversations/${number}/messages`
    const member = await addUser(test, { inboxes: [inboxId] })
    const outsider = await addUser(test, { inboxes: [1] })
    assert.equal((await test.api(base, { token: member.token })).body.payload.length, 1)
    assert.equal((await test.api(base, { token: member.token, method: 'POST', body: hello })).status, 201)

    const rows = await readAllRows(test)
    const hidden = await everyCall(base, id, outsider.token)
    const missing = await everyCall('/conversations/999999/messages', id, outsider.token)
    assert.deepEqual(statuses(hidden), Array(6).fill(404))
    assert.deepEqual(
      hidden.map(({ body }) => body),
      missing.map(({ body }) => body),
      'what is hidden answers as what does not exist',
    )
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('an agent no longer once they have left the inbox', async () => {
    const { token, userId } = await addUser(test, { inboxes: [1] })
    assert.equal((await test.api('/conversations/1/messages?limit=20', { token })).status, 200)
    await test.app.database.transaction(null, (tx) =>
      tx.sql.deleteFrom('inbox_members').where('user_id', '=', userId).execute(),
    )
    const answers = await everyCall('/conversations/1/messages', 1, token)
    assert.deepEqual(statuses(answers), Array(6).fill(404))
  })

  it('an administrator in every inbox, without being a member', async () => {
    const { token } = await addUser(test, { role: 'administrator' })
    const inboxId = await addInbox(test)
    const base = `/conversations/${await addTestConversation(test, { inboxId })}/messages`
    assert.equal((await test.api(base, { token, method: 'POST', body: hello })).status, 201)
    assert.equal((await test.api(base, { token })).body.payload.length, 1)
  })

  it('a token that may only read: no writing', async () => {
    const { token } = await addUser(test, { inboxes: [1], scopes: ['read'] })
    const rows = await readAllRows(test)
    const answers = await everyCall('/conversations/1/messages', 1, token)
    assert.deepEqual(statuses(answers), [200, 200, 200, 403, 403, 403])
    for (const { body } of answers.slice(3)) assert.match(body.error, /lacks the scope "write"/)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('a token that may write: reading too', async () => {
    const { token } = await addUser(test, { inboxes: [1], scopes: ['write'] })
    assert.equal((await test.api('/conversations/1/messages', { token })).status, 200)
    const sent = await test.api('/conversations/1/messages', { token, method: 'POST', body: hello })
    assert.equal(sent.status, 201)
  })

  it('nobody in another account: the same 403 whether or not it exists', async () => {
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    const existing = await everyCall(
      `//api/v1/accounts/${other.accountId}/conversations/1/messages`,
      1,
      test.token,
    )
    const missing = await everyCall('//api/v1/accounts/987654/conversations/1/messages', 1, test.token)
    const theirs = await everyCall('/conversations/1/messages', 1, other.token)
    for (const answers of [existing, missing, theirs]) assert.deepEqual(statuses(answers), Array(6).fill(403))
    assert.deepEqual(existing[0]!.body, missing[0]!.body)
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('two accounts', () => {
  it('count their conversations and messages each from 1 and see their own', async () => {
    const other = await addAccount(test)
    const inboxId = await addInbox(test, { accountId: other.accountId })
    const number = await addTestConversation(test, { accountId: other.accountId, inboxId })
    assert.equal(number, 1)
    const base = `//api/v1/accounts/${other.accountId}/conversations/1/messages`
    const sent = await test.api(base, {
      token: other.token,
      method: 'POST',
      body: { ...hello, content: 'Theirs' },
    })
    // On PostgreSQL messages are numbered through the installation.
    if (test.app.database.read.engine === 'sqlite') assert.equal(sent.body.id, 1)
    const [ours] = (await test.api('/conversations/1/messages')).body.payload
    assert.equal(ours.content, 'Hi, I need help with my order.')
    const theirs = (await test.api(`${base}?limit=20`, { token: other.token })).body.payload
    assert.deepEqual(
      theirs.map(({ content }: { content: string }) => content),
      ['Theirs'],
    )
    await test.api(`${base}/1`, { token: other.token, method: 'DELETE' })
    assert.equal((await test.api('/conversations/1/messages/1')).status, 200)
  })

  it('do not see each other’s conversations by their numbers', async () => {
    const other = await addAccount(test)
    const ours = await addTestConversation(test)
    const { id } = await sendMessage(test, 'Ours', {}, ours)
    const rows = await readAllRows(test)
    const base = `//api/v1/accounts/${other.accountId}/conversations/${ours}/messages`
    assert.deepEqual(statuses(await everyCall(base, id, other.token)), Array(6).fill(404))
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('one message', () => {
  it('is given by its id, in the shape of the list', async () => {
    const sent = await sendMessage(test, 'Only me')
    const { status, body } = await test.api(`/conversations/1/messages/${sent.id}`)
    assert.equal(status, 200)
    assert.deepEqual(body, sent)
  })

  it('is not found below another conversation', async () => {
    const { id } = await sendMessage(test, 'In conversation 1')
    const other = await addTestConversation(test)
    const [, , get, , patch, erase] = await everyCall(`/conversations/${other}/messages`, id, test.token)
    for (const answer of [get!, patch!, erase!]) assertRefused(answer, 404, /^message not found$/)
    assert.equal((await test.api(`/conversations/1/messages/${id}`)).body.content, 'In conversation 1')
  })
})

describe('an id in the path that cannot be one is 404', () => {
  const none = {
    zero: '0',
    'below zero': '-1',
    'a fraction': '1.5',
    'a fraction that is whole': '1.0',
    'a zero in front': '01',
    'a plus in front': '+1',
    'a power of ten': '1e3',
    hexadecimal: '0x1',
    letters: 'abc',
    'a word of the language': 'null',
    'a list': '1,2',
    'two to the 53rd': '9007199254740992',
    'two to the 64th': '18446744073709551616',
    'two to the 64th and one, which would wrap to 1': '18446744073709551617',
    'the NUL character': '%00',
    'the NUL character behind a number': '1%00',
    'a space': '%20',
    'a space behind a number': '1%20',
    'a slash': '1%2F2',
    'digits of another script': '%D9%A1',
    'an injection': '1%20or%201=1',
    'very long': '1'.repeat(5000),
  }
  for (const [name, id] of Object.entries(none)) {
    it(name, async () => {
      const rows = await readAllRows(test)
      const inConversation = await everyCall(`/conversations/${id}/messages`, 1, test.token)
      assert.deepEqual(statuses(inConversation), Array(6).fill(404))
      const base = '/conversations/1/messages'
      for (const [method, body] of [['GET'], ['PATCH', { content: 'x' }], ['DELETE']] as const) {
        const answer = await test.api(`${base}/${id}`, { method, body })
        assertRefused(answer, 404, /not found$/)
      }
      assert.deepEqual(await readAllRows(test), rows)
    })
  }

  it('and so is the largest that can be one and names nothing', async () => {
    const id = Number.MAX_SAFE_INTEGER
    const answers = await everyCall(`/conversations/${id}/messages`, 1, test.token)
    assert.deepEqual(statuses(answers), Array(6).fill(404))
    assertRefused(await test.api(`/conversations/1/messages/${id}`), 404, /^message not found$/)
  })
})
