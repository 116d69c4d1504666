import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { addMailInbox, type MailInbox, mail } from '../../../../../test/mails.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../../../test/smtp-server.ts'

let smtp: SmtpTestServer
let test: TestApp
let inbox: MailInbox
before(async () => {
  smtp = await startSmtpServer()
  test = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' })
  inbox = await addMailInbox(test, { smtp: { host: '127.0.0.1', port: smtp.port, tls: 'none' } })
})
after(async () => {
  await test.close()
  await smtp.close()
})

/** Sends an answer by mail; returns its message, and the Message-ID under which it went out. */
async function answer() {
  const { conversation_id } = await inbox.receive()
  const before = smtp.mails.length
  const message = await sendMessage(test, 'On its way', {}, conversation_id)
  const { raw } = await eventually(() => smtp.mails[before], 'the mail')
  return { message, messageId: /^Message-ID: (.*)\r$/m.exec(raw)![1]! }
}
const report = (messageId: string, action = 'failed') =>
  mail({
    from: 'Mail Delivery System <MAILER-DAEMON@mx.example>',
    subject: 'Undelivered Mail Returned to Sender',
    headers: { 'Auto-Submitted': 'auto-replied', 'MIME-Version': '1.0' },
    body: `Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@example.org
Action: ${action}
Status: ${action === 'failed' ? '5.1.1' : '4.4.1'}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

Message-ID: ${messageId}
Subject: On its way

On its way
--b--
`,
  })
const countOf = async () => (await test.api('/conversations?status=all')).body.data.meta.all_count
const read = async ({ conversation_id, id }: { conversation_id: number; id: number }) =>
  (await test.api(`/conversations/${conversation_id}/messages/${id}`)).body

describe('A report about the delivery of a mail', () => {
  it('makes its message failed with the reason, and no conversation', async () => {
    const { message, messageId } = await answer()
    const before = await countOf()
    const { status, body } = await inbox.deliver(report(messageId))
    assert.deepEqual([status, body.state], [200, 'handled'])
    const failed = await read(message)
    assert.equal(failed.status, 'failed')
    assert.equal(
      failed.content_attributes.external_error,
      'The mail to anna@example.org could not be delivered: 550 5.1.1 User unknown.',
    )
    assert.equal(await countOf(), before)
    assert.equal((await inbox.deliver(report(messageId))).body.state, 'handled')
  })

  it('changes nothing if the mail is only late', async () => {
    const { message, messageId } = await answer()
    assert.equal((await inbox.deliver(report(messageId, 'delayed'))).body.state, 'handled')
    assert.equal((await read(message)).status, 'sent')
  })

  it('that names a mail of somebody else, or a forged one, is an ordinary mail', async () => {
    const { message, messageId } = await answer()
    const forged = messageId.replace(
      /\.([0-9a-f])([0-9a-f]+)@/,
      (_, first, rest) => `.${first === '0' ? '1' : '0'}${rest}@`,
    )
    assert.equal((await inbox.deliver(report(forged))).body.state, 'stored')
    assert.equal((await inbox.deliver(report('<other@example.net>'))).body.state, 'stored')
    assert.equal((await read(message)).status, 'sent')
  })
})
