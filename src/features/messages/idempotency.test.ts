import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { addTestConversation } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const hello = { content: 'Hello', message_type: 'outgoing' }

function send(key: string, body: object = hello, conversationId = 1): Promise<ApiResponse> {
  return test.api(`/conversations/${conversationId}/messages`, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': key },
  })
}

async function list(conversationId: number): Promise<ApiResponse['body'][]> {
  return (await test.api(`/conversations/${conversationId}/messages`)).body.payload
}

describe('an Idempotency-Key', () => {
  it('with the same body returns the first message again, marked as a replay, and sends no second one', async () => {
    const number = await addTestConversation(test)
    const first = await send('same', hello, number)
    assert.equal(first.status, 201)
    assert.equal(first.headers.get('idempotent-replayed'), null)
    const rows = await readAllRows(test)
    const again = await send('same', hello, number)
    assert.equal(again.status, 200)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    assert.deepEqual(again.body, first.body)
    assert.deepEqual(await readAllRows(test), rows, 'a replay writes nothing and uses no id')
    assert.deepEqual(await list(number), [first.body])
  })

  it('sends one message if 60 requests arrive at once', async () => {
    const number = await addTestConversation(test)
    const responses = await Promise.all(Array.from({ length: 60 }, () => send('race', hello, number)))
    const created = responses.filter(({ status }) => status === 201)
    const replayed = responses.filter(({ status }) => status === 200)
    assert.deepEqual([created.length, replayed.length], [1, 59])
    assert.equal(created[0]!.headers.get('idempotent-replayed'), null)
    for (const { headers, body } of replayed) {
      assert.equal(headers.get('idempotent-replayed'), 'true')
      assert.deepEqual(body, created[0]!.body)
    }
    assert.deepEqual(await list(number), [created[0]!.body])
  })

  it('sends one message if requests with two bodies arrive at once, and refuses those with the other', async () => {
    const number = await addTestConversation(test)
    const responses = await Promise.all(
      Array.from({ length: 40 }, (_, i) => send('two', { ...hello, content: `Body ${i % 2}` }, number)),
    )
    const statuses = responses.map(({ status }) => status).toSorted()
    assert.deepEqual(statuses, [...Array(19).fill(200), 201, ...Array(20).fill(422)])
    assert.equal((await list(number)).length, 1)
  })

  it('increases the unread count once', async () => {
    const number = await addTestConversation(test)
    const incoming = { content: 'Help', message_type: 'incoming' }
    await Promise.all(Array.from({ length: 5 }, () => send('once', incoming, number)))
    assert.equal((await test.api(`/conversations/${number}`)).body.unread_count, 1)
  })

  const others: [string, object][] = [
    ['content', { content: 'Hello!' }],
    ['message_type', { message_type: 'incoming' }],
    ['private', { private: true }],
    ['content_type', { content_type: 'input_email' }],
    ['content_attributes', { content_attributes: { a: 1 } }],
    ['echo_id', { echo_id: 'e' }],
    ['source_id', { source_id: 's' }],
  ]
  for (const [field, other] of others) {
    it(`is refused with another ${field}`, async () => {
      const key = `other ${field}`
      await send(key)
      const rows = await readAllRows(test)
      const response = await send(key, { ...hello, ...other })
      assertRefused(response, 422, /^Idempotency-Key was already used for another message/)
      assert.deepEqual(await readAllRows(test), rows)
      assert.equal((await send(key)).status, 200, 'it still works with the first body')
    })
  }

  it('treats fields that are left out like their defaults', async () => {
    await send('defaults')
    const explicit = { ...hello, private: false, content_type: 'text', content_attributes: {} }
    assert.equal((await send('defaults', explicit)).status, 200)
  })

  it('ignores the order of fields', async () => {
    const attributes = (value: object) => ({ ...hello, content_attributes: value })
    await send('order', attributes({ a: 1, b: { c: [1, 2], d: null } }))
    const again = await send('order', attributes({ b: { d: null, c: [1, 2] }, a: 1 }))
    assert.equal(again.status, 200)
    assertRefused(
      await send('order', attributes({ b: { d: null, c: [2, 1] }, a: 1 })),
      422,
      /another message/,
    )
  })

  it('can be used once in each conversation', async () => {
    const other = await addTestConversation(test)
    assert.equal((await send('each')).status, 201)
    const second = await send('each', hello, other)
    assert.equal(second.status, 201)
    assert.equal(second.body.conversation_id, other)
  })

  it('is case-sensitive', async () => {
    assert.equal((await send('Case')).status, 201)
    assert.equal((await send('case')).status, 201)
  })

  it('can be used again if the message was refused', async () => {
    assert.equal((await send('free', { ...hello, content: '' })).status, 422)
    assert.equal((await send('free', { ...hello, content_type: 'input_select' })).status, 422)
    assert.equal((await send('free')).status, 201)
  })

  it('is remembered after a restart', async () => {
    const first = await send('restart')
    await test.restart()
    const again = await send('restart')
    assert.equal(again.status, 200)
    assert.deepEqual(again.body, first.body)
  })

  it('returns the tombstone if the message was deleted', async () => {
    const number = await addTestConversation(test)
    const { id } = (await send('deleted', hello, number)).body
    await test.api(`/conversations/${number}/messages/${id}`, { method: 'DELETE' })
    const again = await send('deleted', hello, number)
    assert.equal(again.status, 200)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    assert.equal(again.body.id, id)
    assert.equal(again.body.content, null)
    assert.deepEqual(await list(number), [])
  })

  it('must have 1 to 255 characters', async () => {
    for (const key of ['k', '7', 'k'.repeat(255)]) assert.equal((await send(key)).status, 201)
    assertRefused(await send('k'.repeat(256)), 400, /^idempotency-key must have at most 255 characters/)
    assertRefused(await send(''), 400, /^idempotency-key must not be empty/)
    assertRefused(await send('  '), 400, /^idempotency-key must not be empty/)
  })

  it('may contain anything that a header can', async () => {
    const keys = ['a b', "' or 1=1 --", '{"a":1}', '%00', '../..', 'é', '__proto__']
    for (const key of keys) assert.equal((await send(key)).status, 201)
    for (const key of keys) assert.equal((await send(key)).status, 200)
  })
})

it('without an Idempotency-Key, the same message can be sent repeatedly', async () => {
  const number = await addTestConversation(test)
  for (let i = 0; i < 2; i++) {
    const path = `/conversations/${number}/messages`
    assert.equal((await test.api(path, { method: 'POST', body: hello })).status, 201)
  }
  assert.equal((await list(number)).length, 2)
})
