import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  assertNoStack,
  assertSound,
  call,
  listMessages,
  postMessage,
  program,
  type ServerProcess,
  skipWithoutCommands,
  startProgram,
  temporaryDirectory,
  token,
} from '../process.ts'

// The largest size of a file, in KiB. Writes beyond it fail as they do on a full disk.
const limit = 4096

function raiseLimit({ pid }: ServerProcess): void {
  execFileSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited'])
}

const skip = skipWithoutCommands('bash', 'prlimit')

describe('A server whose disk is full', { skip }, () => {
  const command = [
    'bash',
    '-c',
    `trap '' XFSZ; ulimit -S -f ${limit}; exec "$0" "$1" start`,
    process.execPath,
    program,
  ]

  it('refuses writes with 503, still reads, and writes again as soon as there is space', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data, command })
    const confirmed = new Map<string, number>()
    const filler = 'x'.repeat(5000)
    let refusals = 0

    // Many at once, until all are refused: the batch that reaches the limit is refused completely or in part.
    for (let round = 0; refusals < 16; round++) {
      assert.ok(round < 200, 'the limit does not work')
      refusals = 0
      const contents = Array.from({ length: 16 }, (_, index) => `${round}.${index} ${filler}`)
      for (const response of await Promise.all(
        contents.map(async (content) => ({
          content,
          ...(await postMessage(server, content, content.slice(0, 9))),
        })),
      )) {
        if (response.status === 201) {
          confirmed.set(response.content, response.body.id)
          continue
        }
        refusals++
        assert.equal(response.status, 503)
        assert.deepEqual(Object.keys(response.body), ['error', 'code'])
        assert.match(response.body.error, /nothing was saved/)
        assert.match(response.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
        assertNoStack(response.body.error)
      }
    }
    assert.ok(confirmed.size > 16, `only ${confirmed.size} messages were stored`)

    const stored = async () => (await listMessages(server)).slice(1)
    const expected = () => new Map([...confirmed].sort(([, one], [, other]) => one - other))
    const actual = async () => new Map((await stored()).map(({ content, id }) => [content, id]))
    assert.deepEqual([...(await actual())], [...expected()])
    assert.equal((await fetch(`${server.url}/health`)).status, 200)
    assert.equal((await call(server, '/conversations')).status, 200)
    // A checkpoint may have made a little space in the files meanwhile.
    const lateContents = Array.from({ length: 200 }, (_, index) => `late ${index} ${filler}`)
    let late = { content: '', key: '' }
    for (const content of lateContents) {
      late = { content, key: content.slice(0, 9) }
      const { status, body } = await postMessage(server, content, late.key)
      if (status === 503) break
      confirmed.set(content, body.id)
    }
    assert.ok(!confirmed.has(late.content), 'the limit does not work')

    raiseLimit(server)
    const again = await postMessage(server, late.content, late.key)
    assert.equal(again.status, 201)
    confirmed.set(late.content, again.body.id)
    const many = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const content = `after ${index} ${filler}`
        return { content, ...(await postMessage(server, content)) }
      }),
    )
    for (const { content, status, body } of many) {
      assert.equal(status, 201)
      confirmed.set(content, body.id)
    }
    assert.equal((await stored()).length, confirmed.size)
    assert.deepEqual([...(await actual())], [...expected()])

    server.kill('SIGTERM')
    assert.equal((await server.ended).code, 0)
    assertSound(join(data, 'ndoto.db'))
    const next = await startProgram(t, { data })
    assert.equal((await listMessages(next)).length, confirmed.size + 1)
  })

  it('refuses a file that does not fit with 503, and removes what it has stored of it', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data, command })
    const send = async (bytes: number) => {
      const form = new FormData()
      form.append('message_type', 'outgoing')
      form.append('attachments[]', new Blob([new Uint8Array(bytes)]), 'file')
      const path = '/api/v1/accounts/1/conversations/1/messages'
      const headers = { api_access_token: token }
      const response = await fetch(server.url + path, { method: 'POST', headers, body: form })
      return { status: response.status, text: await response.text() }
    }
    const refused = await send(limit * 1024 + 1)
    assert.equal(refused.status, 503)
    assert.match(refused.text, /files cannot be stored at the moment/)
    assert.deepEqual(readdirSync(join(data, 'files', 'arriving')), [])
    assert.equal((await send(limit * 1024)).status, 201)
  })

  it('has what it has confirmed if it is killed before there is space', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data, command })
    const ids: number[] = []
    for (let status = 201; status === 201; ) {
      const response = await postMessage(server, 'y'.repeat(50_000))
      status = response.status
      if (status === 201) ids.push(response.body.id)
      assert.ok(ids.length < 200, 'the limit does not work')
    }
    server.kill('SIGKILL')
    await server.ended
    const next = await startProgram(t, { data })
    assert.deepEqual(
      (await listMessages(next)).slice(1).map(({ id }) => id),
      ids,
    )
    assert.equal((await postMessage(next, 'there is space')).status, 201)
    assertSound(join(data, 'ndoto.db'))
  })
})
