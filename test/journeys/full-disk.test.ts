import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  assertNoStack,
  assertSound,
  call,
  messages,
  post,
  program,
  type Running,
  startProgram,
  temporaryDirectory,
  token,
  without,
} from '../process.ts'

// No file may grow beyond this, in KiB: writes of the server then fail as they do on a full disk.
const limit = 2048

function raiseLimit({ pid }: Running): void {
  execFileSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited'])
}

const skip = without('bash', 'prlimit')

describe('a server whose disk is full', { skip }, () => {
  const command = [
    'bash',
    '-c',
    `trap '' XFSZ; ulimit -S -f ${limit}; exec "$0" "$1" start`,
    process.execPath,
    program,
  ]

  it('refuses writes with 503, goes on reading, and goes on writing once there is room', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data, command })
    const told = new Map<string, number>()
    const filler = 'x'.repeat(5000)
    let refusals = 0

    // Many at once, until nothing gets through: the batch that hits the limit is lost as a whole or in part.
    for (let round = 0; refusals < 16; round++) {
      assert.ok(round < 200, 'the limit does not work')
      refusals = 0
      const contents = Array.from({ length: 16 }, (_, index) => `${round}.${index} ${filler}`)
      for (const answer of await Promise.all(
        contents.map(async (content) => ({ content, ...(await post(server, content, content.slice(0, 9))) })),
      )) {
        if (answer.status === 201) {
          told.set(answer.content, answer.body.id)
          continue
        }
        refusals++
        assert.equal(answer.status, 503)
        assert.deepEqual(Object.keys(answer.body), ['error'])
        assert.match(answer.body.error, /nothing was saved/)
        assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
        assertNoStack(answer.body.error)
      }
    }
    assert.ok(told.size > 16, `only ${told.size} messages got through`)

    const stored = async () => (await messages(server)).slice(1)
    const wanted = () => new Map([...told].sort(([, one], [, other]) => one - other))
    const asTold = async () => new Map((await stored()).map(({ content, id }) => [content, id]))
    assert.deepEqual([...(await asTold())], [...wanted()])
    assert.equal((await fetch(`${server.url}/health`)).status, 200)
    assert.equal((await call(server, '/conversations')).status, 200)
    // A checkpoint may have made a little room in the files meanwhile.
    const lateOnes = Array.from({ length: 200 }, (_, index) => `late ${index} ${filler}`)
    let late = { content: '', key: '' }
    for (const content of lateOnes) {
      late = { content, key: content.slice(0, 9) }
      const { status, body } = await post(server, content, late.key)
      if (status === 503) break
      told.set(content, body.id)
    }
    assert.ok(!told.has(late.content), 'the limit does not work')

    raiseLimit(server)
    const again = await post(server, late.content, late.key)
    assert.equal(again.status, 201)
    told.set(late.content, again.body.id)
    const many = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const content = `after ${index} ${filler}`
        return { content, ...(await post(server, content)) }
      }),
    )
    for (const { content, status, body } of many) {
      assert.equal(status, 201)
      told.set(content, body.id)
    }
    assert.equal((await stored()).length, told.size)
    assert.deepEqual([...(await asTold())], [...wanted()])

    server.kill('SIGTERM')
    assert.equal((await server.ended).code, 0)
    assertSound(join(data, 'ndoto.db'))
    const next = await startProgram(t, { data })
    assert.equal((await messages(next)).length, told.size + 1)
  })

  it('refuses a file that does not fit with 503, and leaves nothing of it', async (t) => {
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

  it('has what it answered also when it is killed before there is room', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data, command })
    const told: number[] = []
    for (let status = 201; status === 201; ) {
      const answer = await post(server, 'y'.repeat(50_000))
      status = answer.status
      if (status === 201) told.push(answer.body.id)
      assert.ok(told.length < 200, 'the limit does not work')
    }
    server.kill('SIGKILL')
    await server.ended
    const next = await startProgram(t, { data })
    assert.deepEqual(
      (await messages(next)).slice(1).map(({ id }) => id),
      told,
    )
    assert.equal((await post(next, 'there is room')).status, 201)
    assertSound(join(data, 'ndoto.db'))
  })
})
