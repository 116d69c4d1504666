import assert from 'node:assert/strict'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { storedFiles } from '../../../test/files.ts'

const partOf = (name: string) => `--y\r\nContent-Disposition: form-data; name="${name}"`
const beginningOfFile = `${partOf('attachments[]')}; filename="a.txt"\r\n\r\nhello`
const field = (name: string, value: string) => `${partOf(name)}\r\n\r\n${value}\r\n`

describe('a form that does not end', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  /** Sends the beginning of a form, and returns the request, which stays open. */
  const begin = (conversation: number | string, body: string, token = test.token): ClientRequest => {
    const path = `/api/v1/accounts/1/conversations/${conversation}/messages`
    const headers = { api_access_token: token, 'content-type': 'multipart/form-data; boundary=y' }
    const sending = request(test.app.url + path, { method: 'POST', headers })
    sending.on('error', () => {})
    sending.write(body)
    return sending
  }
  const responseTo = (sending: ClientRequest) =>
    new Promise<IncomingMessage>((resolve) => sending.on('response', resolve))

  it('is refused before its files are read if the sender may not see the conversation', async () => {
    const { token } = await addUser(test, { inboxes: [1] })
    const hidden = await addTestConversation(test, { inboxId: await addInbox(test) })
    for (const conversation of [hidden, 999, '1e3', '9'.repeat(400)]) {
      const sending = begin(conversation, beginningOfFile, token)
      assert.equal((await responseTo(sending)).statusCode, 404)
      sending.destroy()
    }
    assert.deepEqual(storedFiles(test), [])
  })

  it('is disconnected after a minute', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const sending = begin(1, field('content', 'hello') + partOf('private'))
    let isClosed = false
    sending.on('close', () => {
      isClosed = true
    })
    // There is no way to know when the server has begun to read.
    await until(() => {
      t.mock.timers.tick(60_000)
      return isClosed
    })
  })

  it('is not disconnected while it sends a file', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const sending = begin(1, beginningOfFile)
    await until(() => storedFiles(test).length === 1)
    t.mock.timers.tick(600_000)
    sending.end(`\r\n${field('message_type', 'outgoing')}--y--\r\n`)
    const response = await responseTo(sending)
    response.resume()
    assert.equal(response.statusCode, 201)
  })
})

/** Waits until a condition is true, without timers, which the test mocks. */
async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 30_000
  while (!condition()) {
    assert.ok(performance.now() < end, `timed out: ${condition}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
