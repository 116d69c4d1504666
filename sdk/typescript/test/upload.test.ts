import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { createNdoto, type Ndoto } from '../src/ndoto.ts'
import { startLossyProxy } from './lossy-proxy.ts'

describe('An upload with the SDK', () => {
  let test: TestApp
  let ndoto: Ndoto
  before(async () => {
    test = await startTestApp()
    ndoto = createNdoto({ url: test.app.url, token: test.token, pause: 1 })
  })
  after(() => test.close())
  const bytesAt = async (link: string) => {
    const { pathname, search } = new URL(link)
    return Buffer.from(await (await fetch(test.app.url + pathname + search)).arrayBuffer())
  }

  it('stores files byte for byte with the fields of the message, and reports its progress', async () => {
    const bytes = randomBytes(5_000_000)
    const shares: number[] = []
    const message = await ndoto.messages.send(
      1,
      {
        content: 'Grüße',
        message_type: 'outgoing',
        private: true,
        content_attributes: { order: { id: 42 } },
        echo_id: null,
        attachments: [new File([bytes], 'Übersicht.bin'), new File(['small'], 'note.txt')],
      },
      { onProgress: (share) => shares.push(share) },
    )
    assert.equal(message.content, 'Grüße')
    assert.equal(message.private, true)
    assert.deepEqual(message.content_attributes, { order: { id: 42 } })
    assert.deepEqual(
      message.attachments.map(({ file_name }) => file_name),
      ['Übersicht.bin', 'note.txt'],
    )
    assert.deepEqual(await bytesAt(message.attachments[0]!.data_url), bytes)
    assert.ok(shares.length >= 5, String(shares.length))
    assert.deepEqual(
      shares,
      shares.toSorted((one, other) => one - other),
    )
    assert.equal(shares.at(-1), 1)
  })

  it('is sent again as a whole if it is lost, and stored once', async () => {
    const proxy = await startLossyProxy(test.app.url, { requests: 0.2, responses: 0.3 })
    const lossy = createNdoto({ url: proxy.url, token: test.token, pause: 1, retries: 50 })
    const { id } = await ndoto.conversations.create({ inbox_id: 1, contact_id: 1 })
    const contents = Array.from({ length: 20 }, () => randomBytes(10_000))
    for (const bytes of contents) {
      const attachments = [new File([bytes], 'file.bin')]
      await lossy.messages.send(id, { message_type: 'outgoing', attachments })
    }
    const stored: Buffer[] = []
    for await (const { attachments } of ndoto.messages.list(id, { after_id: 0 }))
      stored.push(await bytesAt(attachments[0]!.data_url))
    assert.deepEqual(stored, contents)
    assert.ok(proxy.lost.requests + proxy.lost.responses > 5)
  })

  it('sends JSON if the list of files is empty, and reports what the server refuses', async () => {
    const { content } = await ndoto.messages.send(1, {
      content: 'x',
      message_type: 'outgoing',
      attachments: [],
    })
    assert.equal(content, 'x')
    const files = Array.from({ length: 16 }, () => new File(['x'], 'x'))
    await assert.rejects(ndoto.messages.send(1, { message_type: 'outgoing', attachments: files }), {
      status: 413,
      code: 'too_large',
    })
  })
})
