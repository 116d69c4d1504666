import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import type { ApiResponse } from '../app.ts'
import { eventually } from '../eventually.ts'
import { interlacedPng } from '../files.ts'
import {
  assertSound,
  call,
  program,
  readDatabase,
  runProgram,
  type ServerProcess,
  startProgram,
  temporaryDirectory,
  token,
} from '../process.ts'

const path = '/api/v1/accounts/1/conversations/1/messages'

/** Replaces the public address in a link by that of the server, whose port is different. */
function reachable(server: ServerProcess, link: string): string {
  return link.replace(/^http:\/\/[^/]+/, server.url)
}

/** Sends a file that is generated chunk by chunk. Returns the attachment and the SHA-256 of the file. */
async function sendLarge(server: ServerProcess, megabytes: number) {
  const hash = createHash('sha256')
  async function* body() {
    yield '--y\r\nContent-Disposition: form-data; name="message_type"\r\n\r\noutgoing\r\n'
    yield '--y\r\nContent-Disposition: form-data; name="attachments[]"; filename="large.bin"\r\n\r\n'
    for (let sent = 0; sent < megabytes * 16; sent++) {
      const chunk = randomBytes(64 * 1024)
      hash.update(chunk)
      yield chunk
    }
    yield '\r\n--y--\r\n'
  }
  const headers = { api_access_token: token, 'content-type': 'multipart/form-data; boundary=y' }
  const response = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sending = request(server.url + path, { method: 'POST', headers }, async (incoming) => {
      const chunks = await Array.fromAsync(incoming.setEncoding('utf8'))
      resolve({ status: incoming.statusCode!, body: chunks.join('') })
    })
    sending.on('error', reject)
    Readable.from(body()).pipe(sending)
  })
  assert.equal(response.status, 201, response.body)
  return { attachment: JSON.parse(response.body).attachments[0], sha256: hash.digest('hex') }
}

// As `npm start` does.
const command = [process.execPath, '--max-semi-space-size=8', program, 'start']

async function hashOf(link: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of (await fetch(link)).body!) hash.update(chunk)
  return hash.digest('hex')
}

/** Returns the highest memory use of a process so far, in MB. */
function peakOf({ pid }: ServerProcess): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

describe('Files of 40 MB', { skip: process.platform !== 'linux' && 'reads /proc' }, () => {
  it('are received and sent by a server whose memory does not grow', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t), command })
    // Loads the code and fills buffers.
    const small = await sendLarge(server, 2)
    await hashOf(reachable(server, small.attachment.data_url))
    const before = peakOf(server)
    for (let times = 0; times < 3; times++) {
      const { attachment, sha256 } = await sendLarge(server, 40)
      assert.equal(attachment.file_size, 40 * 1024 ** 2)
      assert.equal(await hashOf(reachable(server, attachment.data_url)), sha256)
    }
    const growth = peakOf(server) - before
    assert.ok(growth < 60, `grew by ${growth} MB for 120 MB of files`)
  })
})

describe('Eight hostile forms at once,', { skip: process.platform !== 'linux' && 'reads /proc' }, () => {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const send = async (
    server: ServerProcess,
    parts: number,
    pieces: number,
    name: (part: number) => string,
  ) => {
    function* body() {
      for (let part = 0; part < parts; part++) {
        yield `--y\r\nContent-Disposition: form-data; name="${name(part)}"\r\n\r\n`
        for (let piece = 0; piece < pieces; piece++) yield chunk
        yield '\r\n'
      }
      yield '--y--\r\n'
    }
    const headers = { api_access_token: token, 'content-type': 'multipart/form-data; boundary=y' }
    const sending = request(server.url + path, { method: 'POST', headers })
    const status = new Promise<number | undefined>((resolve) => {
      // The server may close the connection while more is sent.
      sending.on('error', () => resolve(undefined))
      sending.on('response', (response) => resolve(response.resume().statusCode))
    })
    Readable.from(body()).pipe(sending)
    return status
  }

  for (const [what, parts, pieces, name] of [
    ['99 parts of 2 MiB', 99, 32, (part: number) => `f${part}`],
    ['99 parts of 2 MiB of a field of the route', 99, 32, () => 'content'],
    ['19 parts of 64 KiB', 19, 1, (part: number) => `f${part}`],
    ['names of a megabyte', 30, 1, (part: number) => `f${part}`.repeat(500_000)],
  ] as const) {
    it(`each with ${what}, need little memory`, async (t) => {
      const server = await startProgram(t, { data: temporaryDirectory(t), command })
      assert.equal(await send(server, 1, 1, () => 'warm'), 422)
      const before = peakOf(server)
      const statuses = await Promise.all(Array.from({ length: 8 }, () => send(server, parts, pieces, name)))
      const growth = peakOf(server) - before
      assert.ok(growth < 100, `grew by ${growth} MB`)
      for (const status of statuses) assert.ok([413, 422, undefined].includes(status), `${status}`)
    })
  }
})

describe('Five pictures at once that would fill the memory', {
  skip: process.platform !== 'linux' && 'reads /proc',
}, () => {
  const password = 'correct horse battery'
  /** Returns the current memory use of a process and its children, in MB. */
  const memoryOf = ({ pid }: ServerProcess): number => {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    const sizes = [pid, ...children].map((id) => {
      try {
        return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0)
      } catch {
        return 0
      }
    })
    return sizes.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024
  }
  const send = async (server: ServerProcess, bytes: Buffer) => {
    const form = new FormData()
    form.append('message_type', 'outgoing')
    form.append('attachments[]', new Blob([bytes as Uint8Array<ArrayBuffer>]), 'picture.png')
    const headers = { api_access_token: token }
    const response = await fetch(server.url + path, { method: 'POST', headers, body: form })
    return { status: response.status, body: (await response.json()) as ApiResponse['body'] }
  }

  for (const [what, side, channels, isDecoded] of [
    ['too large to decode', 14_800, 1, false],
    ['just small enough to decode', 6_400, 4, true],
  ] as const) {
    it(`and are ${what} neither slow the server down nor need much memory`, async (t) => {
      const environment = { NDOTO_ADMIN_EMAIL: 'jane@example.com', NDOTO_ADMIN_PASSWORD: password }
      const server = await startProgram(t, { data: temporaryDirectory(t), environment, command })
      const signIn = async () => {
        const body = JSON.stringify({ email: 'jane@example.com', password })
        const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
        return (await fetch(`${server.url}/auth/sign_in`, { method: 'POST', headers, body })).status
      }
      assert.equal(await signIn(), 200)
      const bytes = await interlacedPng(side, channels)
      const before = memoryOf(server)
      let peak = before
      let slowest = 0
      let done = false
      const sent = Promise.all(Array.from({ length: 5 }, () => send(server, bytes))).finally(() => {
        done = true
      })
      const watching = setInterval(() => {
        peak = Math.max(peak, memoryOf(server))
      }, 20)
      try {
        do {
          const start = performance.now()
          assert.equal((await fetch(`${server.url}/health`)).status, 200)
          assert.equal(await signIn(), 200)
          slowest = Math.max(slowest, performance.now() - start)
        } while (!done)
      } finally {
        clearInterval(watching)
      }
      const widths = (await sent).map(({ status, body }) => {
        assert.equal(status, 201)
        const { file_type, thumb_url, width } = body.attachments[0]
        assert.equal(file_type, 'image')
        assert.equal(thumb_url !== null, width !== null)
        return width
      })
      // A slow machine may not decode all of them in time.
      assert.deepEqual([...new Set(widths.filter((width) => width !== null))], isDecoded ? [side] : [])
      t.diagnostic(`${Math.round(slowest)} ms, ${Math.round(peak - before)} MB`)
      assert.ok(slowest < 1000, `a sign-in took ${slowest} ms`)
      assert.ok(peak - before < 400, `grew by ${peak - before} MB`)
    })
  }
})

describe('A server that is killed while files are sent', () => {
  it('has the file of each message, and a row for each file without a message', async (t) => {
    const data = temporaryDirectory(t)
    let server = await startProgram(t, { data })
    for (let crash = 0; crash < 3; crash++) {
      let confirmed = 0
      const { url } = server
      const client = async (name: number) => {
        for (let count = 0; ; count++) {
          const content = `${crash} ${name} ${count} `.repeat(20_000)
          const form = new FormData()
          form.append('message_type', 'outgoing')
          form.append('content', createHash('sha256').update(content).digest('hex'))
          form.append('attachments[]', new Blob([content]), 'file')
          const sent = { method: 'POST', headers: { api_access_token: token }, body: form }
          const response = await fetch(url + path, sent).catch(() => undefined)
          if (response?.status !== 201) return
          confirmed++
        }
      }
      const clients = Array.from({ length: 8 }, (_, name) => client(name))
      await eventually(() => confirmed >= 10)
      server.kill('SIGKILL')
      await server.ended
      await Promise.all(clients)
      server = await startProgram(t, { data })
    }
    const { body } = await call(server, '/conversations/1/messages')
    const sent = body.payload.filter(({ attachments }: { attachments: unknown[] }) => attachments.length > 0)
    assert.ok(sent.length >= 30)
    for (const { content, attachments } of sent) {
      assert.equal(await hashOf(reachable(server, attachments[0].data_url)), content)
    }
    const file = join(data, 'ndoto.db')
    assertSound(file)
    const rows = readDatabase(file, (database) =>
      database.prepare('select key, due_at from files').all(),
    ) as {
      key: string
      due_at: number | null
    }[]
    assert.equal(rows.filter(({ due_at }) => due_at === null).length, sent.length)
    const keys = new Set(rows.map(({ key }) => key))
    const stored = globSync('files/1/*/*', { cwd: data }).map((name) => name.split('/').at(-1)!)
    assert.ok(stored.length >= sent.length)
    for (const key of stored) assert.ok(keys.has(key), `${key} has no row`)
  })
})

describe('ndoto doctor', () => {
  it('names the place where files are stored', async (t) => {
    const data = temporaryDirectory(t)
    const good = await runProgram(['doctor'], { data })
    assert.match(good.stdout, /✓ files of messages are stored in .*files/)
  })

  it('reports that less disk space is free than NDOTO_MIN_FREE_DISK', async (t) => {
    const environment = { NDOTO_MIN_FREE_DISK: '90000000' }
    const { code, stdout } = await runProgram(['doctor'], { data: temporaryDirectory(t), environment })
    assert.equal(code, 1)
    assert.match(
      stdout,
      /✗ [\d.]+ GiB free on the disk of .+, less than NDOTO_MIN_FREE_DISK \([\d.]+ GiB\)\n {2}→ free some space/,
    )
  })

  it('reports a bucket that does not respond, without its secret', async (t) => {
    const data = temporaryDirectory(t)
    const environment = { FILES_URL: 's3+http://KEY:hunter2@127.0.0.1:1/bucket' }
    const bad = await runProgram(['doctor'], { data, environment })
    assert.equal(bad.code, 1)
    assert.match(
      bad.stdout,
      /✗ files of messages cannot be stored in the bucket of FILES_URL: .+\n {2}→ check the host/,
    )
    assert.doesNotMatch(bad.stdout + bad.stderr, /hunter2/)
  })
})
