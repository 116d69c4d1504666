import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import {
  listen,
  resolveToLoopback,
  startHttpServer,
  startTcpServer,
  withHostname,
} from '../../test/local-servers.ts'
import { type Call, post } from './outgoing.ts'

const directory = mkdtempSync(join(tmpdir(), 'ndoto-tls-'))
after(() => rmSync(directory, { recursive: true }))

const key = join(directory, 'key.pem')
const cert = join(directory, 'cert.pem')
const skip = !makeCertificate() && 'this machine has no openssl that makes a certificate'

/** A self-signed certificate for `hook.example` and 127.0.0.1; false if it cannot be created here. */
function makeCertificate(): boolean {
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=hook.example']
  const names = ['-addext', 'subjectAltName=DNS:hook.example,IP:127.0.0.1']
  try {
    execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function secure() {
  const names: (string | false | null)[] = []
  const server = createHttpsServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (request, response) => {
      names.push((request.socket as TLSSocket & { servername: string | false }).servername)
      response.end('hello')
    },
  )
  const { url, count } = await listen(server)
  return { url: url.replace('http:', 'https:'), names, count }
}

const call = (more: Partial<Call> = {}): Call => ({
  headers: {},
  body: '{}',
  allowPrivate: true,
  resolve: resolveToLoopback,
  ...more,
})
const trusting = (more: Partial<Call> = {}) => call({ ca: readFileSync(cert, 'utf8'), ...more })

describe('A request over TLS', { skip }, () => {
  it('sends the host name, and verifies that the certificate is for it', async () => {
    const { url, names } = await secure()
    const outcome = await post(withHostname(url, 'hook.example'), trusting())
    assert.deepEqual([outcome.code, outcome.error, outcome.answer], [200, null, 'hello'])
    assert.equal((await post(withHostname(url, 'hook.example.'), trusting())).code, 200)
    assert.deepEqual(names, ['hook.example', 'hook.example'])
  })

  it('verifies that the certificate is for the address if there is no name', async () => {
    const { url, names } = await secure()
    assert.equal((await post(url, trusting())).code, 200)
    assert.deepEqual(names, [false])
  })

  it('fails with "tls" if the certificate is for another host, regardless of the headers', async () => {
    const { url, names, count } = await secure()
    const headers = { Host: 'hook.example' }
    const { durationMs, ...outcome } = await post(withHostname(url, 'other.example'), trusting({ headers }))
    assert.deepEqual(outcome, { code: null, error: 'tls', answer: '' })
    assert.deepEqual([names, count()], [[], 1])
  })

  it('fails with "tls" if the certificate is not signed by a trusted authority', async () => {
    const { url, names, count } = await secure()
    const { durationMs, ...outcome } = await post(withHostname(url, 'hook.example'), call())
    assert.deepEqual(outcome, { code: null, error: 'tls', answer: '' })
    assert.deepEqual([names, count()], [[], 1])
  })

  it('uses a connection again only for a request that trusts the same authorities', async () => {
    const { url, names, count } = await secure()
    const again = { reuseConnection: true }
    for (let i = 0; i < 2; i++) assert.equal((await post(url, trusting(again))).code, 200)
    assert.deepEqual([names.length, count()], [2, 1])
    assert.equal((await post(url, call(again))).error, 'tls')
    assert.deepEqual([names.length, count()], [2, 2])
  })

  it('fails with "protocol" if the response is not HTTP', async () => {
    const options = { key: readFileSync(key), cert: readFileSync(cert) }
    const { port } = await listen(createTlsServer(options, (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')))
    assert.equal((await post(`https://hook.example:${port}/`, trusting())).error, 'protocol')
  })

  it('fails with "tls" even if the environment disables the verification', async () => {
    const { url, names, count } = await secure()
    const script = `import { post } from ${JSON.stringify(import.meta.resolve('./outgoing.ts'))}
      const { error } = await post('${url}', { headers: {}, body: '', allowPrivate: true })
      console.log(error)`
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env,
    })
    assert.equal(stdout, 'tls\n')
    assert.deepEqual([names, count()], [[], 1])
  })
})

describe('A request over TLS to a server without TLS', () => {
  it('fails with "tls" if the server responds with plain HTTP', async () => {
    const { url, seen } = await startHttpServer((_, response) => response.end())
    assert.equal((await post(url.replace('http:', 'https:'), call())).error, 'tls')
    assert.equal(seen.length, 0)
  })

  it('fails with "closed" if the server closes the connection', async () => {
    const { url } = await startTcpServer('', (socket) => socket.end())
    assert.equal((await post(url.replace('http:', 'https:'), call())).error, 'closed')
  })

  it('fails with "protocol" if it is HTTP and the server expects TLS', async () => {
    const alert = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])
    const { url } = await startTcpServer(alert, (socket) => socket.end())
    assert.equal((await post(url, call())).error, 'protocol')
  })
})
