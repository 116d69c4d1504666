import assert from 'node:assert/strict'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import {
  listen,
  resolveToLoopback,
  startHttpServer,
  startTcpServer,
  untilDisconnected,
  withHostname,
} from '../../test/local-servers.ts'
import { freePort } from '../../test/process.ts'
import { type Call, type Failure, post } from './outgoing.ts'

const call = (more: Partial<Call> = {}): Call => ({ headers: {}, body: '{}', allowPrivate: true, ...more })

describe('An outgoing request', () => {
  it('posts the body and headers to the whole path, and returns the response', async () => {
    const { url, port, seen } = await startHttpServer((_, response) => response.end('thank you'))
    const headers = { 'content-type': 'application/json', 'webhook-id': 'evt_1' }
    const outcome = await post(`${url}a/b?c=d%20e#f`, call({ headers, body: '{"text":"žluťoučký"}' }))
    assert.deepEqual(
      { ...outcome, durationMs: 0 },
      { code: 200, error: null, answer: 'thank you', durationMs: 0 },
    )
    const { request, body } = seen[0]!
    assert.equal(`${request.method} ${request.url}`, 'POST /a/b?c=d%20e')
    assert.equal(body, '{"text":"žluťoučký"}')
    assert.deepEqual(request.headers, {
      ...headers,
      host: `127.0.0.1:${port}`,
      connection: 'close',
      'content-length': '24',
    })
  })

  it('posts bytes unchanged', async () => {
    const { url, seen } = await startHttpServer((_, response) => response.end())
    await post(url, call({ body: Buffer.from('ž') }))
    assert.equal(seen[0]!.body, 'ž')
  })

  it('has the host name in its headers, regardless of the address', async () => {
    const { url, port, seen } = await startHttpServer((_, response) => response.end())
    const headers = { Host: 'other.example', Connection: 'keep-alive', 'Content-Length': '1' }
    const outcome = await post(
      withHostname(url, 'hook.example'),
      call({ headers, resolve: resolveToLoopback }),
    )
    assert.equal(outcome.code, 200)
    assert.equal(seen[0]!.request.headers.host, `hook.example:${port}`)
    assert.equal(seen[0]!.request.headers.connection, 'close')
    assert.equal(seen[0]!.body, '{}')
  })

  it('uses its own connection, which is closed afterwards', async () => {
    const { url, count } = await startTcpServer('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    for (const expected of [1, 2]) {
      assert.equal((await post(url, call())).answer, 'ok')
      assert.equal(count(), expected)
    }
    await untilDisconnected()
  })

  it('tries the next address if nothing listens at one', async () => {
    const { url, seen } = await startHttpServer((_, response) => response.end())
    const resolve = async () => [{ address: '::1' }, { address: '127.0.0.1' }]
    assert.equal((await post(withHostname(url, 'hook.example'), call({ resolve }))).error, null)
    assert.equal(seen.length, 1)
  })

  for (const code of [200, 201, 202, 204, 299]) {
    it(`succeeds with status ${code}`, async () => {
      const { url } = await startHttpServer((_, response) => response.writeHead(code).end())
      const { error, ...outcome } = await post(url, call())
      assert.deepEqual([error, outcome.code], [null, code])
    })
  }

  for (const [code, error] of [
    [301, 'redirect'],
    [304, 'redirect'],
    [308, 'redirect'],
    [400, 'status'],
    [410, 'status'],
    [500, 'status'],
  ] as const) {
    it(`fails with status ${code} and the error "${error}", and returns the response`, async () => {
      const target = await startHttpServer((_, response) => response.end())
      const { url } = await startHttpServer((_, response) =>
        response.writeHead(code, { location: target.url }).end(code === 304 ? '' : 'why'),
      )
      const { durationMs, ...outcome } = await post(url, call())
      assert.deepEqual(outcome, { code, error, answer: code === 304 ? '' : 'why' })
      assert.equal(target.count(), 0)
    })
  }
})

describe('A connection that is used again', () => {
  const again = call({ reuseConnection: true })
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

  it('is that of the same host, until the time that the server announces is over', async () => {
    const { url, count } = await startHttpServer((_, response) =>
      response.writeHead(200, { 'keep-alive': 'timeout=2' }).end('ok'),
    )
    for (let i = 0; i < 3; i++) assert.equal((await post(url, again)).answer, 'ok')
    assert.equal(count(), 1)
    await untilDisconnected()
  })

  it('is not used again if the host has other addresses', async () => {
    const server = createHttpServer((request, response) =>
      request.resume().on('end', () => response.end('ok')),
    )
    const { url, count } = await listen(server, '0.0.0.0')
    for (const addresses of [
      ['127.0.0.1'],
      ['127.0.0.2'],
      ['127.0.0.2', '127.0.0.1'],
      ['127.0.0.1', '127.0.0.2'],
    ]) {
      const resolve = async () => addresses.map((address) => ({ address }))
      assert.equal(
        (await post(withHostname(url, 'hook.example'), call({ resolve, reuseConnection: true }))).answer,
        'ok',
      )
    }
    assert.equal(count(), 3)
  })

  it('is replaced by a new one if the server has closed it, and the request is sent again', async () => {
    const requests: number[] = []
    let connections = 0
    const { url } = await listen(
      createServer((socket) => {
        const connection = ++connections
        socket.on('data', () => {
          requests.push(connection)
          if (requests.length === 2) socket.destroy()
          else socket.write(ok)
        })
      }),
    )
    for (let i = 0; i < 2; i++) assert.deepEqual((await post(url, again)).answer, 'ok')
    assert.deepEqual(requests, [1, 1, 2])
  })

  it('is not used again if the server has sent something that nobody asked for', async () => {
    const { url, count } = await startTcpServer(ok, async (socket) => {
      await setTimeout(20)
      socket.write(ok.replace('ok', 'no'))
    })
    assert.equal((await post(url, again)).answer, 'ok')
    await setTimeout(100)
    assert.equal((await post(url, again)).answer, 'ok')
    assert.equal(count(), 2)
  })

  it('is closed after a response that is not read to its end', async () => {
    const { url, count } = await startHttpServer((_, response) => response.end('x'.repeat(100_000)))
    for (let i = 0; i < 2; i++) await post(url, again)
    assert.equal(count(), 2)
    await untilDisconnected()
  })
})

describe('A response', () => {
  const head = 'HTTP/1.1 200 OK\r\n\r\n'

  it('is cut off if it is too long, and the connection is closed', async () => {
    const endless = (socket: Socket) => {
      const more = () => {
        while (socket.write('x'.repeat(10_000)));
      }
      socket.on('drain', more)
      more()
    }
    const { url } = await startTcpServer(head, endless)
    const outcome = await post(url, call())
    assert.deepEqual([outcome.code, outcome.error, outcome.answer], [200, null, 'x'.repeat(1024)])
    assert.equal((await post(url, call({ maxAnswerBytes: 10 }))).answer, 'x'.repeat(10))
    await untilDisconnected()
  })

  for (const reuseConnection of [false, true]) {
    const kept = reuseConnection ? ', even one that could be used again' : ''
    it(`that comes before the request has been read ends its connection${kept}`, async () => {
      const body = Buffer.alloc(50_000_000)
      let server: Socket | undefined
      const { url } = await startTcpServer('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', (socket) => {
        server = socket.pause()
      })
      assert.equal((await post(url, call({ body, reuseConnection }))).code, 200)
      server!.resume()
      await untilDisconnected()
      assert.ok(server!.bytesRead < body.length, `all of the request was sent: ${server!.bytesRead} bytes`)
    })
  }

  it('is complete if it has exactly the maximum length, even if the server keeps the connection open', async () => {
    const staying = await startTcpServer(`${head}${'x'.repeat(10)}`)
    const ending = await startTcpServer(`${head}${'x'.repeat(10)}`, (socket) => socket.end())
    for (const [url, maxAnswerBytes] of [
      [staying.url, 10],
      [ending.url, 10],
      [ending.url, 11],
    ] as const) {
      const { error, answer } = await post(url, call({ maxAnswerBytes }))
      assert.deepEqual([error, answer], [null, 'x'.repeat(10)])
    }
  })

  it('is also cut off if the options are undefined', async () => {
    const { url } = await startHttpServer((_, response) => response.end('x'.repeat(5000)))
    const unset = { timeoutMs: undefined, maxAnswerBytes: undefined, ca: undefined, resolve: undefined }
    assert.deepEqual((await post(url, call(unset))).answer, 'x'.repeat(1024))
  })

  it('is converted to text, regardless of its bytes', async () => {
    const body = Buffer.from([0x61, 0x00, 0xff, 0xed, 0xa0, 0x80, 0xc3, 0xa9])
    const { url } = await startTcpServer(Buffer.concat([Buffer.from(head), body]), (socket) => socket.end())
    const { answer } = await post(url, call())
    assert.match(answer, /^a\ufffd+é$/)
    assert.ok(answer.isWellFormed())
  })

  it('does not end with a part of a character', async () => {
    const { url } = await startTcpServer(`${head}aé`, (socket) => socket.end())
    assert.equal((await post(url, call({ maxAnswerBytes: 2 }))).answer, 'a')
  })
})

describe('The error of a failed request', () => {
  const ok = 'HTTP/1.1 200 OK\r\n'
  const endSoon = (socket: Socket) => socket.end()
  const resetSoon = (socket: Socket) => setTimeout(20).then(() => socket.resetAndDestroy())

  for (const [what, text, after, code, error] of [
    ['closes the connection before the response', '', endSoon, null, 'closed'],
    ['resets the connection', '', resetSoon, null, 'closed'],
    ['closes the connection within the headers', `${ok}content-`, endSoon, null, 'closed'],
    ['closes the connection within the body', `${ok}content-length: 9\r\n\r\nhalf`, endSoon, 200, 'closed'],
    ['resets the connection within the body', `${ok}content-length: 9\r\n\r\nhalf`, resetSoon, 200, 'closed'],
    [
      'leaves out the last piece',
      `${ok}transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n`,
      endSoon,
      200,
      'closed',
    ],
    ['speaks SSH', 'SSH-2.0-OpenSSH_9.6\r\n', undefined, null, 'protocol'],
    ['speaks HTTP 0.9', '<html>', endSoon, null, 'protocol'],
    ['never ends its headers', `${ok}x: ${'y'.repeat(100_000)}`, undefined, null, 'protocol'],
    [
      'sends chunks without a length',
      `${ok}transfer-encoding: chunked\r\n\r\nz\r\n`,
      undefined,
      200,
      'protocol',
    ],
    [
      'changes the protocol',
      'HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      undefined,
      101,
      'status',
    ],
    ['sends no status code', 'HTTP/1.1 000 X\r\n\r\n', endSoon, 0, 'status'],
    ['sends an unknown status code', 'HTTP/1.1 999 X\r\n\r\n', endSoon, 999, 'status'],
  ] as [string, string, ((socket: Socket) => void) | undefined, number | null, Failure][]) {
    it(`is "${error}" if the server ${what}`, async () => {
      const { url } = await startTcpServer(text, after)
      const outcome = await post(url, call())
      assert.deepEqual([outcome.code, outcome.error], [code, error])
      await untilDisconnected()
    })
  }

  it('is "refused" if nothing listens', async () => {
    const { durationMs, ...outcome } = await post(`http://127.0.0.1:${await freePort()}/`, call())
    assert.deepEqual(outcome, { code: null, error: 'refused', answer: '' })
  })

  it('is "refused" if nothing listens at any address', async () => {
    const resolve = async () => [{ address: '::1' }, { address: '127.0.0.1' }]
    const { error } = await post(`http://hook.example:${await freePort()}/`, call({ resolve }))
    assert.equal(error, 'refused')
  })

  it('is "unreachable" if there is no route', async () => {
    assert.equal((await post('http://255.255.255.255/', call())).error, 'unreachable')
  })

  it('is "dns" if the name has no address', async () => {
    const { durationMs, ...outcome } = await post('http://nowhere.invalid/', call())
    assert.deepEqual(outcome, { code: null, error: 'dns', answer: '' })
  })

  it('comes with the whole response if the server refuses the request before all of it is sent', async () => {
    const { url } = await listen(
      createServer((socket) => socket.write('HTTP/1.1 413 X\r\ncontent-length: 3\r\n\r\nbig')),
    )
    const outcome = await post(url, call({ body: Buffer.alloc(10_000_000) }))
    assert.deepEqual([outcome.code, outcome.error, outcome.answer], [413, 'status', 'big'])
  })
})

describe('The timeout of a request', () => {
  const timeoutMs = 200
  const drip = (text: string) => async (socket: Socket) => {
    for (; !socket.destroyed; await setTimeout(20)) socket.write(text)
  }

  for (const [what, text, after, code, error] of [
    ['nothing is sent', '', undefined, null, 'timeout'],
    ['the headers arrive slowly', 'HTTP/1.1 200 OK\r\n', drip('x: y\r\n'), null, 'timeout'],
    ['interim responses do not end', '', drip('HTTP/1.1 102 X\r\n\r\n'), null, 'timeout'],
    ['the body arrives slowly', 'HTTP/1.1 200 OK\r\n\r\n', drip('x'), 200, 'timeout'],
    ['the body of an error arrives slowly', 'HTTP/1.1 500 X\r\n\r\n', drip('x'), 500, 'status'],
  ] as [string, string, ((socket: Socket) => void) | undefined, number | null, Failure][]) {
    it(`ends the request and its connection if ${what}`, async () => {
      const { url } = await startTcpServer(text, after)
      const outcome = await post(url, call({ timeoutMs }))
      assert.deepEqual([outcome.code, outcome.error], [code, error])
      assertEnded(outcome.durationMs)
      if (code) assert.match(outcome.answer, /^x+$/)
      await untilDisconnected()
    })
  }

  it('ends the request if the server does not read the body', async () => {
    const { url } = await listen(createServer((socket) => socket.pause()))
    const outcome = await post(url, call({ timeoutMs, body: Buffer.alloc(10_000_000) }))
    assert.equal(outcome.error, 'timeout')
    assertEnded(outcome.durationMs)
  })

  it('ends the request if the TLS handshake gets no response', async () => {
    const { port } = await listen(createServer())
    const outcome = await post(`https://127.0.0.1:${port}/`, call({ timeoutMs }))
    assert.equal(outcome.error, 'timeout')
    assertEnded(outcome.durationMs)
  })

  it('ends the request if the lookup takes too long, and nothing is requested later', async () => {
    const { url, count } = await startHttpServer((_, response) => response.end())
    const resolve = () => setTimeout(timeoutMs + 50).then(resolveToLoopback)
    const outcome = await post(withHostname(url, 'hook.example'), call({ timeoutMs, resolve }))
    assert.deepEqual([outcome.code, outcome.error], [null, 'timeout'])
    assertEnded(outcome.durationMs)
    await setTimeout(150)
    assert.equal(count(), 0)
  })

  it('covers the lookup and the response together', async () => {
    const { url } = await startHttpServer(async (_, response) => {
      await setTimeout(150)
      response.end()
    })
    const resolve = () => setTimeout(150).then(resolveToLoopback)
    assert.equal(
      (await post(withHostname(url, 'hook.example'), call({ timeoutMs, resolve }))).error,
      'timeout',
    )
  })

  function assertEnded(durationMs: number): void {
    assert.ok(durationMs >= timeoutMs - 10 && durationMs < timeoutMs + 4000, `after ${durationMs} ms`)
  }
})
