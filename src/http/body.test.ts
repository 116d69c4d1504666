import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../test/app.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const post = (path: string, body: string) => test.api(path, { method: 'POST', body })

describe('a body', () => {
  it('with too many fields and items is refused before they are created', async () => {
    const zeros = (count: number) => `[${'0,'.repeat(count - 1)}0]`
    assertRefused(await post('/contacts', zeros(1_000_000)), 413, /more than 20000 fields and items/)
    const keys = Array.from({ length: 20_001 }, (_, i) => `"k${i}":0`)
    assertRefused(await post('/contacts', `{${keys}}`), 413, /more than 20000 fields and items/)
    assertRefused(await post('/contacts', zeros(19_000)), 422, /must be an object/)
  })

  it('can have any number of commas and brackets in its texts', async () => {
    const content = `,[{"\\`.repeat(20_000)
    const body = JSON.stringify({ content, message_type: 'outgoing' })
    assert.equal((await post('/conversations/1/messages', body)).body.content, content)
  })

  it('with a text that is too long gets no other error for that field', async () => {
    const { body } = await post('/contacts', JSON.stringify({ email: 'x'.repeat(300), name: '' }))
    assert.deepEqual(body.errors, [
      { field: 'email', message: 'must have at most 254 characters', code: 'too_long', limit: 254 },
    ])
  })

  it('with a field name that is too long is refused', async () => {
    const custom_attributes = { ['k'.repeat(256)]: 1 }
    assertRefused(await post('/contacts', JSON.stringify({ custom_attributes })), 422, /255 characters/)
  })
})

/** Begins a request whose body is never completed, and returns the connection. */
async function begin(head: string, sent = ''): Promise<Socket> {
  const socket = connect(Number(new URL(test.app.url).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`${head}\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n${sent}`)
  return socket
}

describe('a request that is refused before its body has arrived', () => {
  it('gets a response, and is disconnected although the body continues', async () => {
    const socket = await begin(
      'POST /api/v1/accounts/1/conversations/1/messages HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=x',
      '--x\r\n',
    )
    const [response] = await once(socket, 'data')
    assert.match(String(response), /^HTTP\/1\.1 401 /)
    const drip = setInterval(() => socket.write('more'), 100)
    await once(socket, 'close')
    clearInterval(drip)
  })

  it('can send the rest of its body, and use the connection for the next request', async () => {
    const body = Buffer.alloc(3 * 1024 * 1024, ' ')
    const request = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    for (let count = 0; count < 5; count++) {
      assertRefused(await test.api('/contacts', request), 413, /larger than this server accepts/)
    }
  })
})

describe('an unknown caller of the customer API', () => {
  it('is refused before the body is parsed', async () => {
    const inbox = (await test.api('/inboxes/1')).body.inbox_identifier
    const invented = `src_${'A'.repeat(43)}`
    const call = (path: string, method: string, body: string) =>
      test.api(`//public/api/v1/inboxes/${path}`, { method, body, token: null })
    const long = JSON.stringify({ email: 'x'.repeat(200_000) })
    assertRefused(await call(`${inbox}/contacts/${invented}`, 'PATCH', '{'), 404, /^contact not found/)
    assertRefused(await call(`${inbox}/contacts/${invented}`, 'PATCH', long), 404, /^contact not found/)
    assertRefused(await call('none/contacts', 'POST', '{'), 404, /^inbox not found/)
    assertRefused(await call(`${inbox}/contacts`, 'POST', long), 413, /larger than this server accepts/)
  })
})
