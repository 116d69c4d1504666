import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { addMailInbox, type MailInbox, mail } from '../../../../../test/mails.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../../../test/smtp-server.ts'
import { claimAutomaticMail } from '../automatic-mails.store.ts'

const relay = 'mx.example'

/** The header fields by which the relay vouches for a sender. */
const verified = (domain = 'example.org') => ({
  'Authentication-Results': `${relay}; dmarc=pass header.from=${domain}`,
})

let smtp: SmtpTestServer
let test: TestApp
before(async () => {
  smtp = await startSmtpServer()
  test = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' })
})
after(async () => {
  await test.close()
  await smtp.close()
})
afterEach(() => {
  smtp.mails.length = 0
})

const start = (app: TestApp, server: SmtpTestServer, settings: object = {}) =>
  addMailInbox(app, {
    trusted_relay: relay,
    auto_reply: 'We have got your mail.',
    smtp: { host: '127.0.0.1', port: server.port, tls: 'none' },
    ...settings,
  })

/** Waits until everything that has arrived is processed. */
async function settle(inbox: MailInbox) {
  const marker = `last${Math.random()}`.replace('.', '')
  await inbox.receive({ from: `${marker}@example.org`, headers: verified() })
  await eventually(() => smtp.mails.some(({ to }) => to[0]!.startsWith(marker)), 'the last answer')
  return smtp.mails.filter(({ to }) => !to[0]!.startsWith(marker))
}

describe('An automatic answer', () => {
  it('confirms the first mail of a conversation, and is visible to agents', async () => {
    const inbox = await start(test, smtp)
    const { conversation_id } = await inbox.receive({
      from: 'ann@example.org',
      headers: verified(),
      text: 'FOREIGN TEXT',
    })
    const answer = await eventually(() => smtp.mails[0], 'an answer')
    assert.deepEqual(answer.to, ['ann@example.org'])
    assert.match(answer.raw, /^Auto-Submitted: auto-replied\r$/m)
    assert.match(answer.raw, /We have got your mail\./)
    assert.ok(!answer.raw.includes('FOREIGN TEXT'))
    const { payload } = (await test.api(`/conversations/${conversation_id}/messages`)).body
    const [, shown] = payload
    assert.deepEqual(
      [shown.content, shown.sender, shown.content_attributes.automatic],
      ['We have got your mail.', null, true],
    )
  })

  it('goes to an address at most once a day, also if it has a suffix', async () => {
    const inbox = await start(test, smtp)
    for (const from of ['bo@example.org', 'bo@example.org', 'Bo+1@example.org', 'bo+2@example.org']) {
      await inbox.receive({ from, headers: verified() })
    }
    const answers = await settle(inbox)
    assert.deepEqual(
      answers.map(({ to }) => to),
      [['bo@example.org']],
    )
    // The limit ends with the day.
    const now = Date.now() + 86_400_001
    const claim = { account_id: 1, address: 'bo@example.org', now }
    const claims = await Promise.all(
      [1, 2, 3].map(() => test.app.database.transaction(1, (tx) => claimAutomaticMail(tx, claim))),
    )
    assert.deepEqual(claims.toSorted(), [false, false, true])
  })

  it('never goes to whoever is only named as the sender, however many mails there are', async () => {
    const inbox = await start(test, smtp)
    for (let i = 0; i < 100; i++) {
      // Every fourth one brings a result along that the relay has not written, or that is about another domain.
      const headers = [
        {},
        { 'Authentication-Results': 'evil.example; dmarc=pass header.from=example.org' },
        verified('evil.example'),
        { 'Authentication-Results': `${relay}; dmarc=fail header.from=example.org` },
      ][i % 4]!
      const { status } = await inbox.deliver(
        mail({ from: 'victim@example.org', headers, text: 'Buy at evil.example' }),
      )
      assert.equal(status, 200)
    }
    const answers = await settle(inbox)
    assert.deepEqual(answers, [])
  })

  it('is one mail at most, even if 100 mails of the victim are genuine', async () => {
    const inbox = await start(test, smtp)
    for (let i = 0; i < 100; i++)
      await inbox.deliver(mail({ from: 'victim2@example.org', headers: verified() }))
    assert.equal((await settle(inbox)).length, 1)
  })

  it('answers no program, no report, no spam, and no later mail of a conversation', async () => {
    const inbox = await start(test, smtp)
    const headers: Record<string, string>[] = [
      { 'Auto-Submitted': 'auto-generated' },
      { Precedence: 'bulk' },
      { 'List-Id': '<news.example.org>' },
      { 'Return-Path': '<>' },
      { 'X-Auto-Response-Suppress': 'All' },
    ]
    for (const [index, one] of headers.entries()) {
      const { content_attributes } = await inbox.receive({
        from: `p${index}@example.org`,
        headers: { ...verified(), ...one },
      })
      assert.ok(content_attributes.email.automatic, JSON.stringify(one))
    }
    await inbox.receive({ from: 'noreply@example.org', headers: verified() })
    assert.deepEqual(await settle(inbox), [])
  })
})

describe('Two installations that answer each other', () => {
  it('send at most one automatic mail each', async (t) => {
    const otherSmtp = await startSmtpServer()
    const other = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' })
    t.after(async () => {
      await other.close()
      await otherSmtp.close()
    })
    const one = await start(test, smtp, { email: 'help@one.example' })
    const two = await start(other, otherSmtp, { email: 'help@two.example' })
    // A bad relay, which removes what says that a mail is automatic.
    const pass = (raw: string, domain: string) =>
      Buffer.from(
        `${Object.entries(verified(domain))
          .map((line) => line.join(': '))
          .join('\r\n')}\r\n${raw.replace(/^(?:Auto-Submitted|X-Auto-Response-Suppress):.*\r\n/gm, '')}`,
      )
    let passed = 0
    const exchange = async () => {
      const mails = [
        ...smtp.mails.splice(0).map(({ raw }) => [two, pass(raw, 'one.example')] as const),
        ...otherSmtp.mails.splice(0).map(({ raw }) => [one, pass(raw, 'two.example')] as const),
      ]
      passed += mails.length
      for (const [inbox, raw] of mails) assert.equal((await inbox.deliver(raw)).status, 200)
    }
    const { body: contact } = await test.api('/contacts', {
      method: 'POST',
      body: { name: 'Two', email: 'help@two.example' },
    })
    const body = { inbox_id: one.id, contact_id: contact.id, message: { content: 'Hello' } }
    const { body: conversation } = await test.api('/conversations', { method: 'POST', body })
    await eventually(() => smtp.mails.length === 1)
    // The mail of the agent, and the answer of the other side; its answer belongs to a conversation that exists.
    await eventually(async () => {
      await exchange()
      return passed >= 2
    }, 'the answer of the other side')
    for (let round = 0; round < 10; round++) {
      await exchange()
      await sleep(100)
    }
    assert.ok(passed <= 3, `${passed} mails`)
    await sendMessage(test, 'Is anybody there?', {}, conversation.id)
    await eventually(() => smtp.mails.length === 1)
    await exchange()
    await sleep(500)
    assert.equal(smtp.mails.length + otherSmtp.mails.length, 0)
  })
})
