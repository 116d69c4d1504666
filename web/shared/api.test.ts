import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { startHttpServer } from '../../test/local-servers.ts'
import { CallError, type CallOptions, call } from './api.ts'

describe('a call', () => {
  const ask = async (
    answer: (response: ServerResponse, request: IncomingMessage) => void,
    options: CallOptions = {},
  ) => {
    const { url, seen } = await startHttpServer((request, response) => answer(response, request))
    const result = await call<unknown>(url, options).catch((error: CallError) => error)
    return { result, seen }
  }
  const failure = async (answer: (response: ServerResponse) => void, options?: CallOptions) => {
    const { result } = await ask(answer, options)
    assert.ok(result instanceof CallError)
    return result
  }

  it('sends JSON and returns what was answered', async () => {
    const { result, seen } = await ask((response) => response.writeHead(201).end('{"id":1}'), {
      method: 'POST',
      body: { name: 'é' },
      headers: { 'idempotency-key': 'k' },
    })
    assert.deepEqual(result, { id: 1 })
    const { request, body } = seen[0]!
    assert.equal(request.method, 'POST')
    assert.equal(request.headers['content-type'], 'application/json')
    assert.equal(request.headers['idempotency-key'], 'k')
    assert.equal(body, '{"name":"é"}')
  })

  it('sends a form as it is, and returns undefined for an answer without a body', async () => {
    const body = new FormData()
    body.append('content', 'Hello')
    const { result, seen } = await ask((response) => response.writeHead(204).end(), { method: 'POST', body })
    assert.equal(result, undefined)
    assert.match(seen[0]!.request.headers['content-type']!, /^multipart\/form-data; boundary=/)
  })

  it('fails with the sentence, the code and the fields of the server', async () => {
    const errors = [{ field: 'name', message: 'is too long', code: 'too_long' }]
    const refusal = { error: 'name is too long', code: 'invalid', errors }
    const error = await failure((response) => response.writeHead(422).end(JSON.stringify(refusal)))
    assert.deepEqual([error.status, error.message, error.isPassing], [422, 'name is too long', false])
    assert.equal(error.code, 'invalid')
    assert.deepEqual(error.fields, errors)
  })

  for (const status of [408, 429, 500, 502, 503]) {
    it(`may be tried again after ${status}, when Retry-After says`, async () => {
      const error = await failure((response) =>
        response.writeHead(status, { 'retry-after': '7' }).end('<h1>A proxy</h1>'),
      )
      assert.deepEqual([error.status, error.isPassing, error.retryAfter], [status, true, 7])
      assert.equal(error.message, `The server responded with ${status}.`)
      assert.equal(error.code, undefined)
    })
  }

  it('may be tried again if there was no answer, half of one, or that of a proxy', async () => {
    for (const answer of [
      (response: ServerResponse) => response.destroy(),
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"id":')
        setTimeout(() => response.destroy(), 20)
      },
      (response: ServerResponse) => response.writeHead(200).end('<h1>Sign in to this network</h1>'),
    ]) {
      const error = await failure(answer)
      assert.deepEqual([error.status, error.isPassing], [0, true])
    }
  })

  it('ends after its timeout, and when a signal aborts it', async () => {
    const silence = () => {}
    const start = performance.now()
    assert.equal((await failure(silence, { timeout: 50 })).status, 0)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const signals = [new AbortController().signal, stop.signal]
    assert.equal((await failure(silence, { signals })).status, 0)
    assert.equal((await failure(silence, { signals })).status, 0, 'one that has been aborted before')
    assert.ok(performance.now() - start < 5000)
  })
})
