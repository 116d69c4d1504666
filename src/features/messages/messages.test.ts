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

/** Makes every call about the messages of a conversation, and returns the responses. */
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

const statuses = (responses: ApiResponse[]) => responses.map(({ status }) => status)

describe('messages', () => {
  it('are refused if the token has expired or was revoked', async () => {
    const expired = await addUser(test, { inboxes: [1], expiresAt: Date.now() - 1 })
    const responses = await everyCall('/conversations/1/messages', 1, expired.token)
    assert.deepEqual(statuses(responses), Array(6).fill(401))

    const { token, userId } = await addUser(test, { inboxes: [1], expiresAt: Date.now() + 60_000 })
    assert.equal((await test.api('/conversations/1/messages', { token })).status, 200)
    await test.app.database.transaction(null, (tx) =>
      tx.sql.deleteFrom('access_tokens').where('user_id', '=', userId).execute(),
    )
    assert.equal((await test.api('/conversations/1/messages', { token })).status, 401)
  })

  it('are visible to agents only in their inboxes; others look as if they did not exist', async () => {
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
      'a hidden conversation gets the same responses as one that does not exist',
    )
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('are no longer visible to agents who have left the inbox', async () => {
    const { token, userId } = await addUser(test, { inboxes: [1] })
    assert.equal((await test.api('/conversations/1/messages?limit=20', { token })).status, 200)
    await test.app.database.transaction(null, (tx) =>
      tx.sql.deleteFrom('inbox_members').where('user_id', '=', userId).execute(),
    )
    const responses = await everyCall('/conversations/1/messages', 1, token)
    assert.deepEqual(statuses(responses), Array(6).fill(404))
  })

  it('are visible to administrators in every inbox', async () => {
    const { token } = await addUser(test, { role: 'administrator' })
    const inboxId = await addInbox(test)
    const base = `/conversations/${await addTestConversation(test, { inboxId })}/messages`
    assert.equal((await test.api(base, { token, method: 'POST', body: hello })).status, 201)
    assert.equal((await test.api(base, { token })).body.payload.length, 1)
  })

  it('can be read with a token that may write', async () => {
    const { token } = await addUser(test, { inboxes: [1], scopes: ['write'] })
    assert.equal((await test.api('/conversations/1/messages', { token })).status, 200)
    const sent = await test.api('/conversations/1/messages', { token, method: 'POST', body: hello })
    assert.equal(sent.status, 201)
  })

  it('of another account are refused with the same 403 whether or not it exists', async () => {
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    const existing = await everyCall(
      `//api/v1/accounts/${other.accountId}/conversations/1/messages`,
      1,
      test.token,
    )
    const missing = await everyCall('//api/v1/accounts/987654/conversations/1/messages', 1, test.token)
    const theirs = await everyCall('/conversations/1/messages', 1, other.token)
    for (const responses of [existing, missing, theirs])
      assert.deepEqual(statuses(responses), Array(6).fill(403))
    assert.deepEqual(existing[0]!.body, missing[0]!.body)
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('two accounts', () => {
  it('have their own ids that start at 1, and see their own messages', async () => {
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
    // On PostgreSQL all accounts share the ids of messages.
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

  it('do not see each other’s conversations by their ids', async () => {
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
  it('is returned by its id, in the same shape as in the list', async () => {
    const sent = await sendMessage(test, 'Only me')
    const { status, body } = await test.api(`/conversations/1/messages/${sent.id}`)
    assert.equal(status, 200)
    assert.deepEqual(body, sent)
  })

  it('is not found in another conversation', async () => {
    const { id } = await sendMessage(test, 'In conversation 1')
    const other = await addTestConversation(test)
    const [, , get, , patch, erase] = await everyCall(`/conversations/${other}/messages`, id, test.token)
    for (const response of [get!, patch!, erase!]) assertRefused(response, 404, /^message not found$/)
    assert.equal((await test.api(`/conversations/1/messages/${id}`)).body.content, 'In conversation 1')
  })
})

describe('a path is 404 if its id is', () => {
  const malformed = {
    zero: '0',
    'a negative number': '-1',
    'a fraction': '1.5',
    'a whole number with a fraction': '1.0',
    'a number with a leading zero': '01',
    'a number with a plus sign': '+1',
    'a number with an exponent': '1e3',
    'a hexadecimal number': '0x1',
    letters: 'abc',
    null: 'null',
    'a list': '1,2',
    'two to the 53rd': '9007199254740992',
    'two to the 64th': '18446744073709551616',
    'two to the 64th plus one, which could wrap to 1': '18446744073709551617',
    'the NUL character': '%00',
    'a number followed by the NUL character': '1%00',
    'a space': '%20',
    'a number followed by a space': '1%20',
    'a slash': '1%2F2',
    'a number in digits of another script': '%D9%A1',
    'an SQL injection': '1%20or%201=1',
    'very long': '1'.repeat(5000),
  }
  for (const [name, id] of Object.entries(malformed)) {
    it(name, async () => {
      const rows = await readAllRows(test)
      const inConversation = await everyCall(`/conversations/${id}/messages`, 1, test.token)
      assert.deepEqual(statuses(inConversation), Array(6).fill(404))
      const base = '/conversations/1/messages'
      for (const [method, body] of [['GET'], ['PATCH', { content: 'x' }], ['DELETE']] as const) {
        const response = await test.api(`${base}/${id}`, { method, body })
        assertRefused(response, 404, /not found$/)
      }
      assert.deepEqual(await readAllRows(test), rows)
    })
  }

  it('the highest possible id, which does not exist', async () => {
    const id = Number.MAX_SAFE_INTEGER
    const responses = await everyCall(`/conversations/${id}/messages`, 1, test.token)
    assert.deepEqual(statuses(responses), Array(6).fill(404))
    assertRefused(await test.api(`/conversations/1/messages/${id}`), 404, /^message not found$/)
  })
})
