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
  it('with the same body gives the first answer again: 200, marked, and no second message', async () => {
    const number = await addTestConversation(test)
    const first = await send('same', hello, number)
    assert.equal(first.status, 201)
    assert.equal(first.headers.get('idempotent-replayed'), null)
    const rows = await readAllRows(test)
    const again = await send('same', hello, number)
    assert.equal(again.status, 200)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    assert.deepEqual(again.body, first.body)
    assert.deepEqual(await readAllRows(test), rows, 'a replay writes nothing and takes no number')
    assert.deepEqual(await list(number), [first.body])
  })

  it('makes one message of 60 requests that race', async () => {
    const number = await addTestConversation(test)
    const racers = await Promise.all(Array.from({ length: 60 }, () => send('race', hello, number)))
    const created = racers.filter(({ status }) => status === 201)
    const replayed = racers.filter(({ status }) => status === 200)
    assert.deepEqual([created.length, replayed.length], [1, 59])
    assert.equal(created[0]!.headers.get('idempotent-replayed'), null)
    for (const { headers, body } of replayed) {
      assert.equal(headers.get('idempotent-replayed'), 'true')
      assert.deepEqual(body, created[0]!.body)
    }
    assert.deepEqual(await list(number), [created[0]!.body])
  })

  it('makes one message of racers with two bodies, and refuses those with the other', async () => {
    const number = await addTestConversation(test)
    const racers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => send('two', { ...hello, content: `Body ${i % 2}` }, number)),
    )
    const statuses = racers.map(({ status }) => status).toSorted()
    assert.deepEqual(statuses, [...Array(19).fill(200), 201, ...Array(20).fill(422)])
    assert.equal((await list(number)).length, 1)
  })

  it('counts an incoming message once', async () => {
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
  ]
  for (const [field, other] of others) {
    it(`with another ${field} is refused`, async () => {
      const key = `other ${field}`
      await send(key)
      const rows = await readAllRows(test)
      const answer = await send(key, { ...hello, ...other })
      assertRefused(answer, 422, /^Idempotency-Key was used for another message/)
      assert.deepEqual(await readAllRows(test), rows)
      assert.equal((await send(key)).status, 200, 'and is still good for the first body')
    })
  }

  it('takes what is left out for what it defaults to', async () => {
    await send('defaults')
    const spelled = { ...hello, private: false, content_type: 'text', content_attributes: {} }
    assert.equal((await send('defaults', spelled)).status, 200)
  })

  it('takes fields in any order', async () => {
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

  it('is good once in each conversation', async () => {
    const other = await addTestConversation(test)
    assert.equal((await send('each')).status, 201)
    const second = await send('each', hello, other)
    assert.equal(second.status, 201)
    assert.equal(second.body.conversation_id, other)
  })

  it('is another one in other letters', async () => {
    assert.equal((await send('Case')).status, 201)
    assert.equal((await send('case')).status, 201)
  })

  it('of a refused message is still free', async () => {
    assert.equal((await send('free', { ...hello, content: '' })).status, 422)
    assert.equal((await send('free', { ...hello, content_type: 'input_select' })).status, 422)
    assert.equal((await send('free')).status, 201)
  })

  it('is remembered over a restart', async () => {
    const first = await send('restart')
    await test.restart()
    const again = await send('restart')
    assert.equal(again.status, 200)
    assert.deepEqual(again.body, first.body)
  })

  it('of a message that was deleted brings it not back', async () => {
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

  it('may have 1 to 255 characters, and no other number', async () => {
    for (const key of ['k', '7', 'k'.repeat(255)]) assert.equal((await send(key)).status, 201)
    assertRefused(await send('k'.repeat(256)), 400, /^idempotency-key must have at most 255 characters/)
    assertRefused(await send(''), 400, /^idempotency-key must not be empty/)
    assertRefused(await send('  '), 400, /^idempotency-key must not be empty/)
  })

  it('may hold anything that a header can', async () => {
    const keys = ['a b', "' or 1=1 --", '{"a":1}', '%00', '../..', 'é', '__proto__']
    for (const key of keys) assert.equal((await send(key)).status, 201)
    for (const key of keys) assert.equal((await send(key)).status, 200)
  })
})

it('without an Idempotency-Key the same message is sent as often as it is asked for', async () => {
  const number = await addTestConversation(test)
  for (let i = 0; i < 2; i++) {
    const path = `/conversations/${number}/messages`
    assert.equal((await test.api(path, { method: 'POST', body: hello })).status, 201)
  }
  assert.equal((await list(number)).length, 2)
})
