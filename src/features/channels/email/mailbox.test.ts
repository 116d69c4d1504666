import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { startTestApp, type TestApp } from '../../../../test/app.ts'
import { type Dovecot, skipWithoutDovecot, startDovecot } from '../../../../test/dovecot.ts'
import { openStream } from '../../../../test/event-stream.ts'
import { eventually } from '../../../../test/eventually.ts'
import { startHttpServer } from '../../../../test/local-servers.ts'
import { addMailInbox, type MailInput, mail, storedMails } from '../../../../test/mails.ts'

const environment = { NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' }
const intervals = { lease: 100 }

async function start(t: TestContext): Promise<{ test: TestApp; dovecot: Dovecot }> {
  const dovecot = await startDovecot(t)
  const test = await startTestApp(environment, { intervals, resolve: undefined })
  t.after(() => test.close())
  return { test, dovecot }
}

const mailsOf = (count: number, input: (index: number) => MailInput = () => ({})) =>
  Array.from({ length: count }, (_, index) => mail({ from: `p${index}@example.org`, ...input(index) }))

function stateOf(test: TestApp, inboxId: number) {
  return test.api(`/inboxes/${inboxId}/mailbox`).then(({ body }) => body)
}

async function untilConnected(test: TestApp, inboxId: number): Promise<void> {
  await eventually(async () => (await stateOf(test, inboxId)).state === 'connected')
}

async function untilStored(test: TestApp, count: number): Promise<void> {
  await eventually(async () => (await storedMails(test)).length >= count)
}

describe('A mailbox', { skip: skipWithoutDovecot }, () => {
  it('brings new mails at once, and those from before the inbox not at all', async (t) => {
    const { test, dovecot } = await start(t)
    await dovecot.append(mailsOf(3), { date: new Date(Date.now() - 10 * 86_400_000) })
    const { id } = await addMailInbox(test, { imap: dovecot.imap })
    await untilConnected(test, id)
    assert.deepEqual(await storedMails(test), [])
    const stream = await openStream(test)
    const times: number[] = []
    await dovecot.use(async (client) => {
      for (let count = 1; count <= 100; count++) {
        const sent = performance.now()
        await client.append('INBOX', mail())
        await eventually(() => stream.named('message_created').length === count, `mail ${count}`)
        times.push(performance.now() - sent)
      }
    })
    stream.close()
    times.sort((one, other) => one - other)
    const [median, p99] = [times[50]!, times[98]!]
    t.diagnostic(`from APPEND to the event: median ${median.toFixed()} ms, p99 ${p99.toFixed()} ms`)
    assert.ok(p99 < 2000, `${p99} ms`)
    assert.equal((await storedMails(test)).length, 100)
    const { state, error, lag, received_at } = await stateOf(test, id)
    assert.deepEqual([state, error], ['connected', null])
    assert.ok(received_at > 0 && lag < 60)
    // Reading does not mark them as read for people who use the mailbox, too.
    const flags = await dovecot.use(async (client) => {
      await client.mailboxOpen('INBOX')
      return client.fetchAll('1:*', { flags: true })
    })
    assert.ok(flags.every((one) => !one.flags?.has('\\Seen')))
  })

  it('that was down loses nothing, however old the mails say they are', async (t) => {
    const { test, dovecot } = await start(t)
    const { id } = await addMailInbox(test, { imap: dovecot.imap })
    await untilConnected(test, id)
    await dovecot.stop()
    await eventually(async () => (await stateOf(test, id)).state === 'failing')
    const { error, failing_since } = await stateOf(test, id)
    assert.match(error, /^nothing listens on port \d+ of 127\.0\.0\.1: check the port$|connection/)
    assert.ok(failing_since > 0)
    await test.app.close()
    await dovecot.start()
    for (let days = 0; days < 10; days++) {
      const date = new Date(Date.now() - days * 86_400_000)
      const headers = { Date: date.toUTCString() }
      await dovecot.append(
        mailsOf(50, () => ({ headers })),
        { date },
      )
    }
    await test.restart()
    // In parts, each of which has a minute.
    for (let count = 100; count <= 500; count += 100) await untilStored(test, count)
    await untilConnected(test, id)
    assert.equal((await storedMails(test)).length, 500)
  })

  it('whose UIDVALIDITY changes brings no mail twice, and none from before the inbox', async (t) => {
    const { test, dovecot } = await start(t)
    await dovecot.append(mailsOf(2), { date: new Date(Date.now() - 10 * 86_400_000) })
    const { id } = await addMailInbox(test, { imap: dovecot.imap })
    await untilConnected(test, id)
    await dovecot.append([...mailsOf(9), mail({ id: null })])
    await untilStored(test, 10)
    await dovecot.renumber()
    await dovecot.append([mail({ id: '<after@example.org>' })])
    await eventually(async () =>
      (await storedMails(test)).some(({ source_id }) => source_id === '<after@example.org>'),
    )
    assert.equal((await storedMails(test)).length, 11)
  })

  it('shows an answer that was written in another program, and does not send it again', async (t) => {
    const { test, dovecot } = await start(t)
    const { id } = await addMailInbox(test, { imap: dovecot.imap })
    await untilConnected(test, id)
    await dovecot.append([mail({ id: '<question@example.org>' })])
    await untilStored(test, 1)
    const answer = mail({
      from: 'support@example.com',
      to: 'anna@example.org',
      id: '<from-gmail@example.com>',
      headers: { 'In-Reply-To': '<question@example.org>' },
      text: 'It is on its way.',
    })
    const unrelated = mail({ from: 'support@example.com', to: 'tax@example.net', id: '<other@example.com>' })
    await dovecot.append([unrelated, answer], { folder: 'Sent' })
    // The folder is looked at when something arrives.
    await dovecot.append([mail({ headers: { 'In-Reply-To': '<from-gmail@example.com>' } })])
    await untilStored(test, 3)
    const { conversation_id } = (await storedMails(test))[0]!
    const { payload } = (await test.api(`/conversations/${conversation_id}/messages`)).body
    const shown = payload.map(({ message_type, content, status }: Record<string, unknown>) => [
      message_type,
      content,
      status,
    ])
    assert.deepEqual(shown, [
      ['incoming', 'Where is my order?', 'sent'],
      ['outgoing', 'It is on its way.', 'sent'],
      ['incoming', 'Where is my order?', 'sent'],
    ])
    assert.equal(payload[1].sender, null)
    const ids = (await storedMails(test)).map(({ source_id }) => source_id)
    assert.ok(!ids.includes('<other@example.com>'))
    const deliveries = await test.app.database.read.sql.selectFrom('deliveries').selectAll().execute()
    assert.deepEqual(deliveries, [])
  })

  it('with a wrong password says so when it is tried, and fails until it is corrected', async (t) => {
    const { test, dovecot } = await start(t)
    const wrong = { ...dovecot.imap, password: 'wrong' }
    const { id } = await addMailInbox(test, { imap: wrong })
    const check = () => test.api(`/inboxes/${id}/check`, { method: 'POST' })
    const [{ field, message }] = (await check()).body.payload
    assert.equal(field, 'channel.imap')
    assert.match(message, /^127\.0\.0\.1 does not accept the user and the password/)
    await eventually(async () => (await stateOf(test, id)).state === 'failing')
    await dovecot.append([mail()])
    const body = { channel: { imap: { password: 'secret' } } }
    assert.equal((await test.api(`/inboxes/${id}`, { method: 'PATCH', body })).status, 200)
    assert.deepEqual((await check()).body.payload, [])
    await untilStored(test, 1)
  })

  it('opens with a token of the provider, which is fetched again when it expires or is refused', async (t) => {
    let issued = 0
    let valid = ''
    const refreshTokens: string[] = []
    const server = await startHttpServer((request, response) => {
      const url = new URL(request.url!, 'http://localhost')
      if (url.pathname.startsWith('/introspect')) {
        const isActive = url.searchParams.get('access_token') === valid
        response.writeHead(isActive ? 200 : 401, { 'content-type': 'application/json' })
        return response.end(JSON.stringify(isActive ? { active: true, username: 'support' } : {}))
      }
      const form = new URLSearchParams(server.seen.at(-1)!.body)
      refreshTokens.push(form.get('refresh_token')!)
      response.writeHead(200, { 'content-type': 'application/json' })
      valid = `access-${++issued}`
      const refresh_token = `refresh-${issued}`
      return response.end(JSON.stringify({ access_token: valid, expires_in: 3600, refresh_token }))
    })
    const dovecot = await startDovecot(t, `${server.url}introspect?access_token=`)
    const test = await startTestApp(environment, { intervals, resolve: undefined })
    t.after(() => test.close())
    const { password, ...imap } = dovecot.imap
    const oauth = {
      provider: 'other',
      client_id: 'ndoto',
      client_secret: 'client secret',
      refresh_token: 'refresh-0',
      token_url: `${server.url}token`,
    }
    const { id } = await addMailInbox(test, { imap, oauth })
    await untilConnected(test, id)
    // The provider ends the session, and the token.
    valid = 'revoked'
    await dovecot.stop()
    await dovecot.start()
    await eventually(async () => issued >= 2)
    await dovecot.append([mail()])
    await untilStored(test, 1)
    assert.deepEqual(refreshTokens.slice(0, 2), ['refresh-0', 'refresh-1'])
  })
})
