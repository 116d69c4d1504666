import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createTransport } from 'nodemailer'
import PostalMime from 'postal-mime'
import { sendMessage, startTestApp, type TestApp } from '../../../../test/app.ts'
import { type Dovecot, skipWithoutDovecot, startDovecot } from '../../../../test/dovecot.ts'
import { eventually } from '../../../../test/eventually.ts'
import { addMailInbox } from '../../../../test/mails.ts'
import { type Postfix, skipWithoutPostfix, startPostfix } from '../../../../test/postfix.ts'
import { startSmtpServer } from '../../../../test/smtp-server.ts'

/** Mails go out through a Postfix, which delivers them and reports what it cannot deliver, and come in from a Dovecot. */
describe('A conversation through real mail servers', {
  skip: skipWithoutPostfix || skipWithoutDovecot,
}, () => {
  let dovecot: Dovecot
  let postfix: Postfix
  let test: TestApp
  let inboxId: number
  const ends: (() => unknown)[] = []
  before(async () => {
    const scope = { after: (end: () => unknown) => ends.push(end) }
    dovecot = await startDovecot(scope)
    const elsewhere = await startSmtpServer()
    scope.after(() => elsewhere.close())
    elsewhere.faults.rcptTo = () => '550 5.1.1 Nobody of this name works here'
    postfix = await startPostfix(scope, dovecot, elsewhere)
    test = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' }, { resolve: undefined })
    inboxId = (await addMailInbox(test, { imap: dovecot.imap, smtp: postfix.smtp })).id
    await eventually(async () => (await test.api(`/inboxes/${inboxId}/mailbox`)).body.state === 'connected')
  })
  after(async () => {
    await test?.close()
    for (const end of ends) await end()
  })

  const begin = async (email: string, content: string) => {
    const contact = await test.api('/contacts', { method: 'POST', body: { name: 'Anna', email } })
    const message = { content, content_attributes: { subject: 'Your lamp' } }
    const body = { inbox_id: inboxId, contact_id: contact.body.id, message }
    return (await test.api('/conversations', { method: 'POST', body })).body
  }
  /** The mails that customers have got. */
  const delivered = () => {
    const directory = join(dovecot.mailboxes.directory, 'customers', 'new')
    try {
      return readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'))
    } catch {
      return []
    }
  }
  const messagesOf = async (id: number) => (await test.api(`/conversations/${id}/messages`)).body.payload

  it('reaches the customer, whose answer joins it', async () => {
    const { id } = await begin('anna@example.org', 'Is it there?')
    const mail = await eventually(async () => {
      const [raw] = delivered()
      return raw !== undefined && PostalMime.parse(raw)
    }, 'the mail to the customer')
    assert.deepEqual([mail.subject, mail.text?.trim()], ['Your lamp', 'Is it there?'])
    assert.match(mail.headers.find(({ key }) => key === 'received')!.value, /by mx\.example\.com \(Postfix\)/)
    await createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true }).sendMail({
      from: 'Anna <anna@example.org>',
      to: mail.replyTo![0]!.address!,
      subject: 'Re: Your lamp',
      text: 'It is, thank you.',
    })
    const answer = await eventually(async () => (await messagesOf(id))[1], 'the answer')
    assert.deepEqual([answer.content, answer.message_type], ['It is, thank you.', 'incoming'])
    // Without In-Reply-To: the address with its suffix has led here.
    assert.equal(answer.content_attributes.email.in_reply_to, undefined)
    assert.ok(answer.content_attributes.email.to[0].address.startsWith('support+c.'))
    await sendMessage(test, 'You are welcome.', {}, id)
    await eventually(() => delivered().length === 2, 'the next mail')
  })

  it('says that a mail was not delivered when the mail server reports it later', async () => {
    const { id, last_message } = await begin('nobody@elsewhere.example', 'Hello?')
    const failed = await eventually(async () => {
      const [message] = await messagesOf(id)
      return message.status === 'failed' && message
    }, 'the report')
    assert.equal(failed.id, last_message.id)
    assert.match(failed.content_attributes.external_error, /Nobody of this name works here/)
    assert.equal((await messagesOf(id)).length, 1)
  })
})
