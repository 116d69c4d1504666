import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { temporaryDirectory } from '../../../../../test/process.ts'
import { startSmtpServer } from '../../../../../test/smtp-server.ts'
import { failureOf, partlyRejected } from './smtp-failure.ts'
import { SmtpPool } from './smtp-pool.ts'
import type { SmtpServer } from './smtp-session.ts'

async function start(t: TestContext, options: Parameters<typeof startSmtpServer>[0] = {}) {
  const server = await startSmtpServer(options)
  t.after(() => server.close())
  const pool = new SmtpPool()
  const settings: SmtpServer = { host: 'mx.example', address: '127.0.0.1', port: server.port, tls: 'none' }
  const send = (
    to = ['ann@example.com'],
    more: Partial<SmtpServer> = {},
    signal = AbortSignal.timeout(10_000),
  ) => {
    const raw = async () => Readable.from(['Subject: Hi\r\n\r\nHello\r\n'])
    return pool.send({ ...settings, ...more }, { from: 'shop@example.com', to }, raw, signal)
  }
  /** Sends a mail that is not taken, and returns what this means. */
  const fail = async (...parameters: Parameters<typeof send>) => {
    const error = await send(...parameters).then(
      () => assert.fail('the mail was taken'),
      (reason) => reason,
    )
    return failureOf(error, 'mx.example')
  }
  return { server, send, fail }
}

describe('A connection to a mail server', () => {
  it('sends one mail after another, and a few connections send many at once', async (t) => {
    const { server, send } = await start(t)
    for (let i = 0; i < 5; i++) assert.deepEqual(await send(), [])
    assert.equal(server.connections, 1)
    await Promise.all(Array.from({ length: 50 }, () => send()))
    assert.equal(server.mails.length, 55)
    assert.ok(server.connections <= 4, `${server.connections} connections`)
  })

  it('is replaced if the server has closed it', async (t) => {
    const { server, send } = await start(t, { socketTimeout: 300 })
    await send()
    await new Promise((resolve) => setTimeout(resolve, 800))
    await send()
    assert.equal(server.mails.length, 2)
  })

  it('signs in, and says so if the password is wrong', async (t) => {
    const { server, send, fail } = await start(t, {
      onAuth: ({ username, password }, _, done) =>
        password === 'right' ? done(null, { user: username }) : done(new Error('535 5.7.8 Bad password')),
    })
    await send(undefined, { user: 'shop', password: 'right' })
    assert.equal(server.mails[0]!.user, 'shop')
    const failure = await fail(undefined, { user: 'shop', password: 'wrong' })
    assert.equal(failure.state, 'retry')
    assert.match(
      failure.reason,
      /^mx\.example does not accept the user name or the password of this inbox: 535/,
    )
  })

  it('is encrypted with a trusted certificate, or nothing is sent', async (t) => {
    // The server's own certificate is not trusted.
    const { server, fail } = await start(t, { secure: true })
    const failure = await fail(undefined, { tls: 'implicit' })
    assert.equal(failure.state, 'retry')
    assert.match(failure.reason, /^The connection to mx\.example cannot be encrypted: .*certificate/)
    const plain = await start(t)
    const missing = await plain.fail(undefined, { tls: 'starttls' })
    assert.equal(missing.state, 'retry')
    assert.match(missing.reason, /^The connection to mx\.example cannot be encrypted/)
    assert.equal(server.received.length + plain.server.received.length, 0)
  })

  it('checks the name in the certificate, not the address', async (t) => {
    const directory = temporaryDirectory(t)
    const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
    const names = ['-subj', '/CN=mx.example', '-addext', 'subjectAltName=DNS:mx.example']
    const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2']
    try {
      execFileSync('openssl', [...kind, ...names, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
    } catch {
      return t.skip('this machine has no openssl that makes a certificate')
    }
    const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')]
    const before = getCACertificates()
    setDefaultCACertificates([...before, cert])
    t.after(() => setDefaultCACertificates(before))
    const implicit = await start(t, { secure: true, key, cert })
    await implicit.send(undefined, { tls: 'implicit' })
    const upgraded = await start(t, { key, cert, disabledCommands: ['AUTH'] })
    await upgraded.send(undefined, { tls: 'starttls' })
    assert.match(
      (await upgraded.fail(undefined, { tls: 'starttls', host: 'other.example' })).reason,
      /altname/,
    )
    assert.deepEqual([implicit.server.mails.length, upgraded.server.mails.length], [1, 1])
  })
})

describe('A mail that a server does not take', () => {
  it('is sent again after a reply 4xx, not at once, and fails after 5xx', async (t) => {
    const { server, fail } = await start(t)
    server.faults.rcptTo = () => '450 4.2.0 Greylisted, try again'
    assert.deepEqual(await fail(), {
      state: 'retry',
      reason: 'mx.example does not accept the mail at the moment: 450 4.2.0 Greylisted, try again',
      after: 60_000,
    })
    server.faults.rcptTo = () => '550 5.1.1 No such user'
    assert.deepEqual(await fail(), {
      state: 'failed',
      reason: 'mx.example has refused the mail: 550 5.1.1 No such user',
    })
    server.faults.rcptTo = () => undefined
    server.faults.data = () => '421 4.3.0 Going down'
    assert.equal((await fail()).state, 'retry')
    server.faults.data = () => '552 5.3.4 Too large'
    assert.equal((await fail()).state, 'failed')
    server.faults.mailFrom = () => '530 5.7.0 Authentication required'
    assert.match((await fail()).reason, /does not accept the user name/)
  })

  it('is sent again if the connection ends, also after the whole mail, and if the server is silent', async (t) => {
    const { server, fail } = await start(t)
    server.faults.closesAfterData = () => true
    const closed = await fail()
    assert.equal(closed.state, 'retry')
    assert.match(closed.reason, /^The connection to mx\.example was lost: /)
    server.faults.closesAfterData = () => false
    server.faults.data = () => new Promise(() => {})
    const slow = await fail(undefined, {}, AbortSignal.timeout(1000))
    assert.deepEqual(slow, {
      state: 'retry',
      reason: 'The connection to mx.example was lost: it took too long.',
    })
    await server.close()
    assert.deepEqual(await fail(), { state: 'retry', reason: 'mx.example refuses connections to this port.' })
  })

  it('for one of its recipients is not sent again, because the others have got it', async (t) => {
    const { server, send } = await start(t)
    server.faults.rcptTo = (address) => (address === 'bo@example.com' ? '550 5.1.1 No such user' : undefined)
    const rejected = await send(['ann@example.com', 'bo@example.com'])
    assert.deepEqual(server.mails[0]!.to, ['ann@example.com'])
    assert.deepEqual(partlyRejected(rejected, 'mx.example'), {
      state: 'failed',
      reason:
        'mx.example has refused the mail for bo@example.com, and sent it to the others: 550 5.1.1 No such user',
    })
  })

  it('leaves no place for a connection occupied', async (t) => {
    const { server, send, fail } = await start(t)
    server.faults.data = () => new Promise(() => {})
    const all = await Promise.all(
      Array.from({ length: 9 }, () => fail(undefined, {}, AbortSignal.timeout(1000))),
    )
    assert.ok(all.every(({ state }) => state === 'retry'))
    server.faults.data = () => undefined
    assert.deepEqual(await send(), [])
  })
})
