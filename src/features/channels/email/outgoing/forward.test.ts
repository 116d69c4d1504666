import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import PostalMime from 'postal-mime'
import { sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import { bodyOf } from '../../../../../test/browser/mails.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { addMailInbox, type MailInbox, type MailInput } from '../../../../../test/mails.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../../../test/smtp-server.ts'

describe('A mail that is forwarded', () => {
  let smtp: SmtpTestServer
  let test: TestApp
  let inbox: MailInbox
  before(async () => {
    smtp = await startSmtpServer()
    test = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' })
    const server = { host: '127.0.0.1', port: smtp.port, tls: 'none' }
    inbox = await addMailInbox(test, { smtp: server, signature: 'The shop' })
  })
  after(async () => {
    await test.close()
    await smtp.close()
  })
  /** Forwards a mail to the tax office, and returns what has arrived there. */
  const forward = async (input: MailInput) => {
    const { id, conversation_id } = await inbox.receive(input)
    const content_attributes = { to_emails: ['tax@example.com'], forwarded_message_id: id }
    const count = smtp.mails.length
    await sendMessage(test, 'Please check <this>', { content_attributes }, conversation_id)
    const { raw } = await eventually(() => smtp.mails[count], 'the mail')
    return PostalMime.parse(raw)
  }

  it('has the HTML of the original, with the pictures that came with it', async () => {
    const picture = Buffer.from('a picture')
    const html = `<html><head><style>p {}</style></head><body><p style="color: red">The <b>bill</b></p>
      <img src="cid:lamp@x"><img src="https://evil.example/pixel.png"><script>x</script></div></body></html>`
    const body = bodyOf({ text: 'The bill', html, pictures: { 'lamp@x': picture } })
    const mail = await forward({ subject: 'Order 7', from: 'Ann <ann@example.org>', body })
    assert.match(
      mail.html!,
      /^<div[^>]*><p[^>]*>Please check &lt;this&gt;<\/p>\n<p[^>]*>-+ Forwarded message -+<br>\nFrom: Ann &lt;<a [^>]*>ann@example\.org<\/a>&gt;<br>/,
    )
    assert.match(
      mail.html!,
      /<div><p style="color: red">The <b>bill<\/b><\/p>\s+<img src="cid:picture0">\s*<\/div>/,
    )
    assert.match(mail.html!, /-- <br>\n<p[^>]*>The shop<\/p><\/div><\/div>\s*$/)
    assert.ok(!mail.html!.includes('evil.example'))
    assert.match(
      mail.text!,
      /^Please check <this>\n\n-+ Forwarded message -+\n(?:.*\n)+Subject: Order 7\n(?:.*\n)+The bill\n/,
    )
    const [file, ...others] = mail.attachments
    assert.deepEqual(
      [file!.contentId, Buffer.from(file!.content as ArrayBuffer), others],
      ['<picture0>', picture, []],
    )
  })

  it('that came as text has the text in its HTML, too', async () => {
    const mail = await forward({ text: 'Only <text>' })
    assert.match(mail.html!, /Only &lt;text&gt;/)
    assert.match(mail.text!, /\nOnly <text>\n/)
  })
})
