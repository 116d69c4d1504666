import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readAllRows, startTestApp, type TestApp } from '../../../../test/app.ts'
import { addMailInbox, type MailInbox } from '../../../../test/mails.ts'

const relay = 'mx.example.com'
const pass = `${relay}; dkim=pass header.d=example.org; spf=fail smtp.mailfrom=bounce@other.example`

describe('The sender of a mail', () => {
  let test: TestApp
  let inbox: MailInbox
  before(async () => {
    test = await startTestApp()
    inbox = await addMailInbox(test, { trusted_relay: relay })
  })
  after(() => test.close())
  const isVerified = async (
    results: string | undefined,
    from = 'Anna <anna@example.org>',
    target = inbox,
  ) => {
    const headers: Record<string, string> = results === undefined ? {} : { 'Authentication-Results': results }
    return (await target.receive({ from, headers })).content_attributes.email.sender_verified
  }

  it('is verified if the trusted relay says so for the domain in From', async () => {
    assert.equal(await isVerified(pass), true)
    assert.equal(await isVerified(`${relay} 1; dmarc=pass (p=reject; sp=none) header.from=example.org`), true)
    assert.equal(await isVerified(`${relay}; spf=pass smtp.mailfrom=anna@example.org`), true)
    assert.equal(await isVerified(pass, 'anna@mail.example.org'), true)
  })

  it('is not verified by another server, for another domain, or against DMARC', async () => {
    const wrong = [
      undefined,
      'mx.attacker.example; dkim=pass header.d=example.org',
      `${relay}; dkim=pass header.d=attacker.example`,
      `${relay}; dkim=fail header.d=example.org`,
      `${relay}; dmarc=fail header.from=example.org; dkim=pass header.d=example.org`,
      `${relay}; dkim=pass header.d=org`,
      `${relay}; none`,
      `"; ${relay}"; dkim=pass header.d=example.org`,
      `x (${relay}; dkim=pass header.d=example.org)`,
    ]
    for (const results of wrong) assert.equal(await isVerified(results), false, String(results))
    assert.equal(await isVerified(pass, 'One <a@example.org>\nFrom: Two <b@example.org>'), false)
  })

  it('is not verified by a second field of the relay, which may have been there before', async () => {
    const forged = `${relay}; dkim=none\nAuthentication-Results: ${pass}`
    assert.equal(await isVerified(forged), false)
  })

  it('is never verified without a trusted relay', async () => {
    const other = await addMailInbox(test, { email: 'sales@example.com' })
    assert.equal(await isVerified(pass, undefined, other), false)
  })
})

describe('A mail that is marked as spam', () => {
  it('is resolved with a label, until an agent says that it is no spam', async (t) => {
    const test = await startTestApp()
    t.after(() => test.close())
    const inbox = await addMailInbox(test)
    const headers = { 'X-Spam-Flag': 'YES' }
    const from = 'seller@example.net'
    const first = await inbox.receive({ from, headers })
    assert.equal(first.content_attributes.email.spam, true)
    const path = `/conversations/${first.conversation_id}`
    const shown = async () => {
      const { status, labels } = (await test.api(path)).body
      return [status, labels]
    }
    assert.deepEqual(await shown(), ['resolved', ['spam']])
    const second = await inbox.receive({ from, headers: { ...headers, 'In-Reply-To': first.source_id } })
    assert.equal(second.conversation_id, first.conversation_id)
    assert.deepEqual(await shown(), ['resolved', ['spam']])
    const { status } = await test.api(`${path}/spam`, { method: 'POST', body: { spam: false } })
    assert.equal(status, 200)
    assert.deepEqual(await shown(), ['open', []])
    const third = await inbox.receive({ from, headers })
    assert.equal(third.content_attributes.email.spam, undefined)
    assert.equal((await test.api(`/conversations/${third.conversation_id}`)).body.status, 'open')
  })
})

describe('Erasing somebody who has written in the conversation of another', () => {
  it('erases their messages and addresses there, and nothing else', async (t) => {
    const test = await startTestApp()
    t.after(() => test.close())
    const inbox = await addMailInbox(test)
    const question = await inbox.receive({
      id: '<q@example.org>',
      headers: { Cc: 'Guest <guest@example.net>' },
    })
    const answer = await inbox.receive({
      from: 'Guest <guest@example.net>',
      headers: { 'In-Reply-To': '<q@example.org>' },
      text: 'The secret word is pangolin.',
    })
    assert.equal(answer.conversation_id, question.conversation_id)
    assert.equal((await test.api(`/contacts/${answer.sender.id}`, { method: 'DELETE' })).status, 204)
    const { payload } = (await test.api(`/conversations/${question.conversation_id}/messages`)).body
    assert.deepEqual(
      payload.map(({ id }: { id: number }) => id),
      [question.id],
    )
    const { mail_people, guest_messages, mails, events } = await readAllRows(test)
    assert.deepEqual(guest_messages, [])
    assert.equal(mails!.length, 1)
    assert.doesNotMatch(JSON.stringify(mail_people), /guest/)
    assert.doesNotMatch(JSON.stringify(events), /pangolin/)
  })
})
