import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { listen, startHttpServer } from '../../../../../test/local-servers.ts'
import { addMailInbox } from '../../../../../test/mails.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../../../test/smtp-server.ts'

async function start(t: TestContext): Promise<TestApp> {
  const test = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' }, { resolve: undefined })
  t.after(() => test.close())
  return test
}

async function startServer(t: TestContext, ...options: Parameters<typeof startSmtpServer>) {
  const server = await startSmtpServer(...options)
  t.after(() => server.close())
  return server
}

const settingsOf = ({ port }: { port: number }, more: object = {}) => ({
  smtp: { host: '127.0.0.1', port, tls: 'none', ...more },
})

/** What is wrong with the settings of an inbox: the fields, and a sentence for each. */
async function problemsOf(test: TestApp, settings: object): Promise<[string, string][]> {
  const { id } = await addMailInbox(test, settings)
  const { body } = await test.api(`/inboxes/${id}/check`, { method: 'POST' })
  return body.payload.map(({ field, message }: { field: string; message: string }) => [field, message])
}

describe('Trying an e-mail inbox', () => {
  const withPassword = { onAuth: passwordIs('right') }

  it('signs in at the server for outgoing mails, and sends nothing', async (t) => {
    const test = await start(t)
    const server = await startServer(t, withPassword)
    const right = settingsOf(server, { user: 'shop', password: 'right' })
    assert.deepEqual(await problemsOf(test, right), [])
    assert.equal(server.connections, 1)
    assert.equal(server.received.length, 0)
  })

  it('says which field is wrong', async (t) => {
    const test = await start(t)
    const server = await startServer(t, withPassword)
    const wrong = settingsOf(server, { user: 'shop', password: 'wrong' })
    assert.deepEqual(await problemsOf(test, wrong), [
      [
        'channel.smtp.password',
        '127.0.0.1 does not accept the user and the password (535 5.7.8 Bad password): check them, or use an app password',
      ],
    ])
    assert.deepEqual(await problemsOf(test, settingsOf(server, { host: 'mail.invalid', tls: 'starttls' })), [
      ['channel.smtp.host', 'mail.invalid cannot be found: check the name of the server'],
    ])
    for (const tls of ['implicit', 'starttls']) {
      const [[field, sentence]] = (await problemsOf(test, settingsOf(server, { tls }))) as [[string, string]]
      assert.equal(field, 'channel.smtp')
      assert.match(
        sentence,
        /^port \d+ of 127\.0\.0\.1 does not speak TLS in this way: tls is \w+, try the other one$/,
      )
    }
    await server.close()
    const [[field, sentence]] = (await problemsOf(test, settingsOf(server))) as [[string, string]]
    assert.equal(field, 'channel.smtp')
    assert.match(sentence, /^nothing listens on port \d+ of 127\.0\.0\.1: check the port$/)
  })

  it('names both servers, also if neither responds', async (t) => {
    const test = await start(t)
    const silent = await listen(createServer())
    const { smtp } = settingsOf(silent)
    const problems = await problemsOf(test, { smtp, imap: { ...smtp, user: 'shop', password: 'x' } })
    assert.deepEqual(
      problems.map(([field]) => field),
      ['channel.imap', 'channel.smtp'],
    )
    assert.match(problems[1]![1], /^127\.0\.0\.1 does not respond on port \d+: check the port and the/)
  })
})

describe('A mail server that wants a token of the provider', () => {
  /** A provider that grants tokens, and a mail server that takes only the newest one, unless it takes none. */
  async function startProvider(t: TestContext) {
    const provider = { issued: 0, valid: '', takesNone: false }
    const tokens = await startHttpServer((_, response) => {
      provider.valid = `access-${++provider.issued}`
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ access_token: provider.valid, expires_in: 3600 }))
    })
    const server = await startServer(t, {
      authMethods: ['XOAUTH2'],
      onAuth({ method, username, accessToken }, _, done) {
        const isValid = method === 'XOAUTH2' && accessToken === provider.valid && !provider.takesNone
        done(null, isValid ? { user: username } : { data: { status: '401', schemes: 'bearer' } })
      },
    })
    const oauth = {
      provider: 'other',
      client_id: 'ndoto',
      refresh_token: 'refresh',
      token_url: `${tokens.url}token`,
    }
    return { provider, server, settings: { ...settingsOf(server, { user: 'shop' }), oauth } }
  }

  it('gets one, and a new one if it refuses it', async (t) => {
    const test = await start(t)
    const { provider, server, settings } = await startProvider(t)
    const send = await senderIn(test, settings, server)
    await send('One')
    assert.deepEqual([server.mails[0]!.user, provider.issued], ['shop', 1])
    provider.valid = 'revoked'
    // Until then the connection that has signed in before would be used again.
    await eventually(() => server.openConnections === 0)
    await send('Two')
    assert.equal(provider.issued, 2)
  })

  it('and refuses the new one, too, is not asked for ever', async (t) => {
    const test = await start(t)
    const { provider, settings } = await startProvider(t)
    provider.takesNone = true
    const [[field, sentence]] = (await problemsOf(test, settings)) as [[string, string]]
    assert.equal(field, 'channel.smtp.password')
    assert.match(sentence, /: sign in again to renew the access$/)
    assert.equal(provider.issued, 2)
  })

  it('is not asked if the provider grants none', async (t) => {
    const test = await start(t)
    const refusing = await startHttpServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: 'invalid_grant' }))
    })
    const { server, settings } = await startProvider(t)
    const oauth = { ...settings.oauth, token_url: `${refusing.url}token` }
    assert.deepEqual(await problemsOf(test, { ...settings, oauth }), [
      [
        'channel.smtp',
        'other does not grant access to the mailbox (invalid_grant): create a new refresh token',
      ],
    ])
    assert.equal(server.connections, 0)
  })

  it('gets the password instead, if there is one', async (t) => {
    const test = await start(t)
    const { provider, settings } = await startProvider(t)
    const server = await startServer(t, { onAuth: passwordIs('right') })
    const { smtp } = settingsOf(server, { user: 'shop', password: 'right' })
    assert.deepEqual(await problemsOf(test, { ...settings, smtp }), [])
    assert.equal(provider.issued, 0)
  })
})

function passwordIs(expected: string): NonNullable<Parameters<typeof startSmtpServer>[0]>['onAuth'] {
  return ({ username, password }, _, done) =>
    password === expected ? done(null, { user: username }) : done(new Error('5.7.8 Bad password'))
}

/** Begins a conversation in a new inbox; returns what sends a message in it, and waits until it has arrived. */
async function senderIn(test: TestApp, settings: object, server: SmtpTestServer) {
  const { id: inbox_id } = await addMailInbox(test, settings)
  const contact = await test.api('/contacts', {
    method: 'POST',
    body: { name: 'Ann', email: 'ann@example.com' },
  })
  const body = { inbox_id, contact_id: contact.body.id }
  const { id } = (await test.api('/conversations', { method: 'POST', body })).body
  return async (content: string) => {
    await sendMessage(test, content, {}, id)
    await eventually(() => server.mails.some(({ raw }) => raw.includes(content)), content)
  }
}
