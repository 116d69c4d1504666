import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { assertErrorBody } from '../assert-error.ts'
import { type Operation, operationsIn } from '../operations.ts'
import { type ServerProcess, startProgram, temporaryDirectory, token } from '../process.ts'
import { worstBodies, worstForms, worstTexts } from '../worst-input.ts'

/*
 * Sends the worst bodies and queries to each route in the OpenAPI document that requires no token, or a `read` token.
 * Meanwhile, the server must respond to others, use little memory, and keep its streams open.
 */

// What a route accepts at most is just above one of them.
const largeBody = 2 * 1024 * 1024 - 1024
const smallBody = 120 * 1024
const queryLimit = 12 * 1024
// The longest time that others may wait, in milliseconds, and the most memory, in bytes.
const longestWait = 250
const mostMemory = 400 * 1024 * 1024

let server: ServerProcess
let operations: Operation[]
let ids: Record<string, string | number>
let watch: HealthWatch
const cleanups: (() => unknown)[] = []
const scope = { after: (clean: () => unknown) => void cleanups.push(clean) }
before(async () => {
  server = await startProgram(scope, { data: temporaryDirectory(scope) })
  operations = operationsIn(await (await fetch(`${server.url}/openapi.json`)).json())
  ids = await createIds()
  watch = new HealthWatch(server.url)
})
after(async () => {
  await watch.end()
  for (const clean of cleanups) await clean()
})

const call = (path: string, init: RequestInit = {}) =>
  fetch(server.url + path, {
    signal: AbortSignal.timeout(60_000),
    ...init,
    headers: { api_access_token: token, 'content-type': 'application/json', ...init.headers },
  })

async function post(path: string, body: object) {
  const response = await call(path, { method: 'POST', body: JSON.stringify(body) })
  assert.ok(response.ok, `${path}: ${response.status}`)
  return (await response.json()) as Record<string, string | number>
}

async function createIds(): Promise<Record<string, string | number>> {
  const { inbox_identifier } = (await (await call('/api/v1/accounts/1/inboxes/1')).json()) as {
    inbox_identifier: string
  }
  const inbox = `/public/api/v1/inboxes/${inbox_identifier}`
  const { source_id } = await post(`${inbox}/contacts`, {})
  const { id } = await post(`${inbox}/contacts/${source_id}/conversations`, {})
  return { inbox_identifier, source_id: source_id!, conversation_id: id! }
}

/** Calls `/health` all the time from another thread, and measures the slowest response. */
class HealthWatch {
  readonly #worker: Worker
  constructor(url: string) {
    const program = `
      const { parentPort } = require('node:worker_threads')
      let slowest = 0
      parentPort.on('message', () => { parentPort.postMessage(slowest); slowest = 0 })
      ;(async () => {
        for (;;) {
          const start = performance.now()
          await (await fetch('${url}/health')).text()
          slowest = Math.max(slowest, performance.now() - start)
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      })()`
    this.#worker = new Worker(program, { eval: true })
  }

  /** Returns the milliseconds of the slowest response since the last call. */
  slowest(): Promise<number> {
    const result = new Promise<number>((resolve) => this.#worker.once('message', resolve))
    this.#worker.postMessage('')
    return result
  }

  end() {
    return this.#worker.terminate()
  }
}

/** Returns the bytes of memory of the server and its process for pictures on Linux; 0 on other systems. */
function memory(): number {
  const children = read(`/proc/${server.pid}/task/${server.pid}/children`).split(' ')
  const kilobytes = [server.pid, ...children].map((pid) => {
    return Number(/VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
  })
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024
}

/** Returns the text of a file; an empty one if the file does not exist any more. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const pathOf = ({ path }: Operation, values: Record<string, string | number>) =>
  path.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? 1))

/**
 * Sends a request while others are measured. If they had to wait, it is sent up to three times: the machine may have been
 * busy, but a slow request is slow each time. Returns the status.
 */
async function attack(what: string, send: () => Promise<Response>): Promise<number> {
  let wait = Infinity
  let most = 0
  let status = 0
  const sampling = setInterval(() => {
    most = Math.max(most, memory())
  }, 20)
  for (let tries = 0; tries < 3 && wait > longestWait; tries++) {
    await watch.slowest()
    const response = await send()
    status = response.status
    assert.ok(status < 500, `${what}: ${status}`)
    if (status >= 400) assertErrorBody(status, await response.json())
    await sleep(1)
    wait = await watch.slowest()
  }
  clearInterval(sampling)
  assert.ok(wait <= longestWait, `${what}: others waited ${Math.round(wait)} ms`)
  assert.ok(most < mostMemory, `${what}: ${Math.round(most / 1024 ** 2)} MiB of memory`)
  return status
}

describe('The worst input', () => {
  it('as a body of any route without a token delays nobody and needs little memory', async (context) => {
    const stream = await openStream()
    let count = 0
    for (const operation of operations.filter(({ isPublic }) => isPublic)) {
      if (!operation.body) continue
      const { method } = operation
      const path = pathOf(operation, ids)
      const send = (body: string) => call(path, { method, body, headers: { api_access_token: '' } })
      const isSmall = (await attack(path, () => send(`"${'x'.repeat(largeBody - 2)}"`))) === 413
      let number = 0
      for (const body of worstBodies(operation.body, isSmall ? smallBody : largeBody)) {
        const what = `${method} ${path} with ${body.slice(0, 60)}... (body ${number++} of ${body.length})`
        await attack(what, () => send(body))
        count += 1
      }
    }
    assert.ok(count > 500, `${count}`)
    context.diagnostic(`${count} bodies`)
    const { id } = await post('/api/v1/accounts/1/conversations/1/messages', {
      content: 'after the attack',
      message_type: 'outgoing',
    })
    await stream.find(`"event":"message_created","id":${id},`)
    stream.close()
  })

  it('as a form delays nobody and needs little memory', async () => {
    const forms = await worstForms()
    const takingFiles = operations.filter(({ isPublic, bodies }) => isPublic && bodies.length > 1)
    assert.ok(takingFiles.length > 0)
    for (const operation of takingFiles) {
      for (const [what, form] of forms) {
        const headers = typeof form === 'string' ? { 'content-type': 'multipart/form-data; boundary=x' } : {}
        const init = { method: operation.method, body: form, headers }
        await attack(what, () => fetch(server.url + pathOf(operation, ids), init))
      }
    }
  })

  it('as a form without files delays nobody and needs little memory', async () => {
    const withBody = operations.filter(({ isPublic, bodies }) => isPublic && bodies.length > 0)
    assert.ok(withBody.length > 5)
    const names = ['name', 'custom_attributes', 'content', 'submitted_values']
    const size = smallBody
    for (const operation of withBody) {
      for (const unit of ['&', 'a&', '%41', '+', ...names.map((name) => `${name}={"a":[0,0,0]}&`)]) {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        const init = { method: operation.method, body: unit.repeat(size / unit.length), headers }
        await attack(`${operation.path} with ${unit}`, () => fetch(server.url + pathOf(operation, ids), init))
      }
      const part = `--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n`
      const headers = { 'content-type': 'multipart/form-data; boundary=x' }
      const init = { method: operation.method, body: part.repeat(size / part.length), headers }
      await attack(`${operation.path} with parts`, () => fetch(server.url + pathOf(operation, ids), init))
    }
  })

  it('as a query of any route for a read token delays nobody', async () => {
    const { token: readToken } = await post('/api/v1/profile/access_tokens', {
      name: 'reader',
      scopes: ['read'],
    })
    const reading = operations.filter(({ method, path }) => method === 'GET' && !/\/events$/.test(path))
    assert.ok(reading.length > 20)
    const texts = [...worstTexts(200), ...worstTexts(queryLimit / 6)]
    for (const operation of reading) {
      for (const { name } of operation.query) {
        for (const text of texts) {
          const path = `${pathOf(operation, ids)}?${name}=${encodeURIComponent(text).slice(0, queryLimit).replace(/%.?$/, '')}`
          await attack(`GET ${path.slice(0, 100)}`, () =>
            call(path, { headers: { api_access_token: String(readToken) } }),
          )
        }
      }
    }
  })
})

/** Opens the event stream of the account. */
async function openStream() {
  const ended = new AbortController()
  const response = await call('/api/v1/accounts/1/events', { signal: ended.signal })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    async find(what: string) {
      setTimeout(() => ended.abort(new Error(`the stream has no ${what}`)), 10_000).unref()
      while (!text.includes(what)) {
        const { value, done } = await reader.read()
        assert.ok(!done, 'the stream has ended')
        text += value
      }
    },
    close: () => reader.cancel(),
  }
}
