import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer, Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import {
  type LocalServer,
  listen,
  resolveToLoopback,
  startHttpServer,
  withHostname,
} from '../../test/local-servers.ts'
import { freePort } from '../../test/process.ts'
import { type Call, post } from './outgoing.ts'

const call = (more: Partial<Call> = {}): Call => ({ headers: {}, body: '{}', allowPrivate: true, ...more })

/** The lookup function of a connection. */
type Lookup = (host: string, options: object, callback: (error: null, ...result: unknown[]) => void) => void

describe('A request that must not reach private addresses', () => {
  const inside = (more: Partial<Call> = {}) => call({ allowPrivate: false, ...more })

  /** All addresses that this process connects to during the test. */
  function connections(t: TestContext) {
    return t.mock.method(Socket.prototype, 'connect').mock
  }

  /** A server on all addresses of this machine. */
  async function everywhere(): Promise<LocalServer> {
    const server = () => createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nsecret'))
    return listen(server(), '::').catch(() => listen(server(), '0.0.0.0'))
  }

  const hostile = {
    blocked: `127.0.0.1 127.0.0.1. 127.1 127.0.1 127.255.255.254 2130706433 017700000001 0x7f000001 0x7f.1 0X7F.0.0.1
      0177.0.0.1 0177.0x0.1 00000177.1 %31%32%37.0.0.1 １２７.０.０.１ 127。0。0。1 ①②⑦.① 0 0.0.0.0 0x0 1 127.0.0.0x
      10.0.0.1 172.16.0.1 192.168.1.1 100.64.0.1 100.100.100.200 169.254.169.254 0xa9fea9fe 2852039166
      192.0.0.192 198.18.0.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 4294967295 [::1] [::] [0:0:0:0:0:0:0:1]
      [::127.0.0.1] [::ffff:127.0.0.1] [::FFFF:7F00:1] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1]
      [2002:7f00:1::] [2001::1] [fe80::1] [fec0::1] [fd00:ec2::254] [fc00::1] [ff02::1] [2001:db8::1] localhost
      LOCALHOST ⓛocalhost localhost. a.localhost inside.example mixed.example`,
    url: 'jane@127.0.0.1 jane:secret@inside.example 1.1.1.1@127.0.0.1 [fe80::1%25lo] [::1 127.0.0.256',
  }
  const names: Record<string, string[]> = {
    'inside.example': ['127.0.0.1'],
    'mixed.example': ['1.1.1.1', '127.0.0.1'],
  }
  const resolve = async (name: string) => (names[name] ?? []).map((address) => ({ address }))

  it('connects to nothing, regardless of the notation of the address', async (t) => {
    const { port, count } = await everywhere()
    const connecting = connections(t)
    for (const [error, hosts] of Object.entries(hostile)) {
      for (const host of hosts.split(/\s+/)) {
        for (const scheme of ['http', 'https']) {
          const { durationMs, ...outcome } = await post(`${scheme}://${host}:${port}/`, inside({ resolve }))
          assert.deepEqual(outcome, { code: null, error, answer: '' }, host)
        }
      }
    }
    for (const url of [
      `http:127.0.0.1:${port}`,
      `http:\\\\127.0.0.1:${port}`,
      `http:/\t/127.0.0\n.1:${port}`,
    ]) {
      assert.equal((await post(url, inside())).error, 'blocked', url)
    }
    for (const url of [
      `ftp://127.0.0.1:${port}/`,
      'file:///etc/passwd',
      `//127.0.0.1:${port}/`,
      'localhost',
      '',
    ]) {
      assert.equal((await post(url, inside())).error, 'url', url)
    }
    assert.equal(connecting.callCount(), 0)
    assert.equal(count(), 0)
  })

  it('connects if that is allowed, and this test notices it', async (t) => {
    const { port, count } = await everywhere()
    const connecting = connections(t)
    const outcome = await post(`http://0x7f.1:${port}/`, call())
    assert.deepEqual([outcome.code, outcome.answer], [200, 'secret'])
    assert.equal(
      (await post(`http://mixed.example:${port}/`, call({ resolve: resolveToLoopback }))).code,
      200,
    )
    assert.equal(connecting.callCount(), 2)
    assert.equal(count(), 2)
  })

  it('connects to nothing if one of the addresses of the name is private, in any order', async (t) => {
    const { port, count } = await everywhere()
    const connecting = connections(t)
    for (const addresses of [
      ['1.1.1.1', '127.0.0.1'],
      ['127.0.0.1', '1.1.1.1'],
      ['2606:4700::1111', '::1'],
      ['1.1.1.1', '::ffff:127.0.0.1'],
      ['1.1.1.1', 'fe80::1%lo'],
    ]) {
      const resolve = async () => addresses.map((address) => ({ address }))
      assert.equal((await post(`http://hook.example:${port}/`, inside({ resolve }))).error, 'blocked')
    }
    assert.equal(connecting.callCount(), 0)
    assert.equal(count(), 0)
  })

  it('connects to the addresses that were checked, even if the name resolves to others a moment later', async (t) => {
    // Nothing leaves this machine: the connection looks up its host, and then connects to a closed port.
    const port = await freePort()
    const connect = Socket.prototype.connect
    const lookups: unknown[] = []
    t.mock.method(Socket.prototype, 'connect', function (this: Socket, ...args: unknown[]) {
      const [{ host, lookup }] = args.flat() as [{ host: string; lookup: Lookup }]
      lookups.push(host)
      for (const all of [true, true]) lookup(host, { all }, (_, addresses) => lookups.push(addresses))
      lookup(host, { all: false }, (_, ...address) => lookups.push(address))
      return Reflect.apply(connect, this, [port, '127.0.0.1'])
    })
    for (const scheme of ['http', 'https']) {
      const answers = ['1.1.1.1', '127.0.0.1', '127.0.0.1']
      const resolve = t.mock.fn(async () => [{ address: answers.shift()! }])
      lookups.length = 0
      assert.equal((await post(`${scheme}://hook.example/`, inside({ resolve }))).error, 'refused')
      assert.equal(resolve.mock.callCount(), 1)
      const one = { address: '1.1.1.1', family: 4 }
      assert.deepEqual(lookups, ['hook.example', [one], [one], ['1.1.1.1', 4]])
    }
  })

  it('uses the addresses of the first lookup in a real connection too', async (t) => {
    const { url, seen } = await startHttpServer((_, response) => response.end())
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2']
    const resolve = t.mock.fn(async () => [{ address: answers.shift()! }])
    assert.equal((await post(withHostname(url, 'hook.example'), call({ resolve }))).code, 200)
    assert.equal(resolve.mock.callCount(), 1)
    assert.equal(seen.length, 1)
  })

  it('uses no proxy, even if the environment sets one', async () => {
    const proxy = await startHttpServer((_, response) => response.end('from the proxy'))
    const direct = await startHttpServer((_, response) => response.end('direct'))
    const script = `import { post } from ${JSON.stringify(import.meta.resolve('./outgoing.ts'))}
      const { answer } = await post('${direct.url}', { headers: {}, body: '', allowPrivate: true })
      console.log(answer)`
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy.url, http_proxy: proxy.url }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env,
    })
    assert.equal(stdout, 'direct\n')
    assert.equal(proxy.count(), 0)
  })
})
