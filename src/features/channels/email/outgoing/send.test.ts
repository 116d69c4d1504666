import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import PostalMime from 'postal-mime'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../../../test/smtp-server.ts'

let test: TestApp
let smtp: SmtpTestServer
let inboxId: number
let skew = 0
before(async () => {
  smtp = await startSmtpServer()
  test = await startTestApp(
    { NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' },
    { deliveries: { now: () => Date.now() + skew } },
  )
  const server = { host: '127.0.0.1', port: smtp.port, tls: 'none' }
  const channel = {
    type: 'email',
    email: 'support@shop.example',
    smtp: server,
    signature: 'The shop',
    plus_addressing: true,
  }
  inboxId = (await test.api('/inboxes', { method: 'POST', body: { name: 'Shop', channel } })).body.id
})
after(async () => {
  await test.close()
  await smtp.close()
})
beforeEach(() => {
  smtp.mails.length = 0
  smtp.received.length = 0
  smtp.faults.data = undefined
})

let count = 0
/** Begins a conversation by mail; returns its id, and the address of its contact. */
async function begin(attributes: object = { subject: 'Your order' }, content = 'Hello') {
  const email = `ann${++count}@example.com`
  const contact = await test.api('/contacts', { method: 'POST', body: { name: 'Ann', email } })
  const message = { content, content_attributes: attributes }
  const body = { inbox_id: inboxId, contact_id: contact.body.id, message }
  const created = await test.api('/conversations', { method: 'POST', body })
  return { created, id: created.body.id as number, email }
}
const mailAt = (index: number) => eventually(() => smtp.mails[index], `mail ${index}`)
const read = async (index: number) => PostalMime.parse((await mailAt(index)).raw)
const sent = (conversation: number, id: number, status = 'sent') =>
  eventually(async () => {
    const { body } = await test.api(`/conversations/${conversation}/messages/${id}`)
    const isOver = status === 'failed' ? body.status === 'failed' : body.source_id !== null
    return isOver && body
  }, `message ${id} to be ${status}`)

describe('A message in an e-mail inbox', () => {
  it('begins a conversation by mail, with its subject and signature', async () => {
    const { created, id, email } = await begin()
    assert.deepEqual([created.status, created.body.subject], [201, 'Your order'])
    const mail = await read(0)
    assert.equal(mail.subject, 'Your order')
    assert.deepEqual(mail.from, { name: 'Shop', address: 'support@shop.example' })
    assert.deepEqual(mail.to, [{ name: 'Ann', address: email }])
    assert.equal(mail.text?.trim(), 'Hello\n\n-- \nThe shop')
    assert.match(mail.html!, /<p[^>]*>Hello<\/p>/)
    assert.match(mail.replyTo![0]!.address!, new RegExp(`^support\\+c\\.${id}\\.[0-9a-f]+@shop\\.example$`))
    const message = await sent(id, created.body.last_message.id)
    assert.equal(message.source_id, mail.messageId)
    assert.match(message.source_id, /^<ndoto\.1\.\d+\.\d+\.[0-9a-f]+@shop\.example>$/)
    const { email: shown } = message.content_attributes
    assert.deepEqual(
      [shown.subject, shown.to, shown.message_id],
      ['Your order', [{ name: 'Ann', address: email }], mail.messageId],
    )
  })

  it('is part of the thread of the mails before', async () => {
    const { id } = await begin()
    const first = await read(0)
    const second = await sendMessage(test, 'And one more thing', {}, id)
    const mail = await read(1)
    assert.deepEqual(
      [mail.subject, mail.inReplyTo, mail.references],
      ['Re: Your order', first.messageId, first.messageId],
    )
    await sent(id, second.id)
    await sendMessage(test, 'The last one', { content_attributes: { subject: 'Another subject' } }, id)
    const last = await read(2)
    assert.deepEqual(
      [last.subject, last.references],
      ['Another subject', `${first.messageId} ${mail.messageId}`],
    )
  })

  it('goes to cc and bcc, and to others instead of the contact', async () => {
    const { id, email } = await begin()
    await mailAt(0)
    const content_attributes = { cc_emails: ['bo@example.com'], bcc_emails: ['cy@example.com'] }
    const { id: messageId } = await sendMessage(test, 'To all', { content_attributes }, id)
    const mail = await mailAt(1)
    assert.deepEqual(mail.to, [email, 'bo@example.com', 'cy@example.com'])
    assert.ok(!mail.raw.includes('cy@example.com'))
    const { email: shown } = (await sent(id, messageId)).content_attributes
    assert.deepEqual([shown.cc[0].address, shown.bcc[0].address], ['bo@example.com', 'cy@example.com'])
    await sendMessage(test, 'To Dee', { content_attributes: { to_emails: ['dee@example.com'] } }, id)
    assert.deepEqual((await mailAt(2)).to, ['dee@example.com'])
  })

  it('never goes to the inbox itself', async () => {
    const { id } = await begin()
    const [{ raw }, { replyTo }] = [await mailAt(0), await read(0)]
    assert.ok(raw.length > 0)
    const own = ['Support@shop.example', 'support+x@shop.example', replyTo![0]!.address!]
    const content_attributes = {
      to_emails: ['dee@example.com', own[0]],
      cc_emails: [...own, 'support@other.example'],
      bcc_emails: own,
    }
    await sendMessage(test, 'To all', { content_attributes }, id)
    const mail = await mailAt(1)
    assert.deepEqual(mail.to, ['dee@example.com', 'support@other.example'])
    assert.ok(!/^(?:To|Cc):.*shop\.example/im.test(mail.raw))
    const { id: alone } = await sendMessage(test, 'x', { content_attributes: { to_emails: own } }, id)
    const { external_error } = (await sent(id, alone, 'failed')).content_attributes
    assert.equal(external_error, 'The mail has no recipient but the inbox itself.')
  })

  it('brings its files, and forwards a message with those', async () => {
    const { id } = await begin()
    await mailAt(0)
    const form = new FormData()
    form.set('message_type', 'outgoing')
    form.set('content', 'The bill')
    form.append('attachments[]', new File(['A FILE'], 'bill.txt'))
    const { body } = await test.api(`/conversations/${id}/messages`, { method: 'POST', body: form })
    const files = (mail: Awaited<ReturnType<typeof read>>) =>
      mail.attachments.map((file) => [file.filename, Buffer.from(file.content as ArrayBuffer).toString()])
    assert.deepEqual(files(await read(1)), [['bill.txt', 'A FILE']])
    const content_attributes = { to_emails: ['tax@example.com'], forwarded_message_id: body.id }
    await sendMessage(test, 'Please check', { content_attributes }, id)
    const forwarded = await read(2)
    assert.deepEqual(files(forwarded), [['bill.txt', 'A FILE']])
    assert.equal(forwarded.subject, 'Fwd: Re: Your order')
    assert.deepEqual([forwarded.inReplyTo, forwarded.to?.[0]?.address], [undefined, 'tax@example.com'])
    assert.match(forwarded.text!, /^Please check\n\n-+ Forwarded message -+\n(?:.*\n)+\nThe bill\n/)
  })

  it('is refused with wrong addresses, too many, or what only the server sets', async () => {
    const { id } = await begin()
    const many = Array.from({ length: 26 }, (_, i) => `a${i}@example.com`)
    const refused: [object, RegExp][] = [
      [{ cc_emails: ['nobody'] }, /^content_attributes\.cc_emails\[0\] must look like name@example\.com$/],
      [{ cc_emails: 'a@example.com' }, /^content_attributes\.cc_emails must be an array$/],
      [
        { cc_emails: many, bcc_emails: many },
        /must be at most 50 addresses together with cc_emails and bcc_emails$/,
      ],
      [{ forwarded_message_id: 1 }, /^content_attributes\.to_emails is required with forwarded_message_id$/],
      [
        { email: { subject: 'x' } },
        /^content_attributes\.email can be set only by the server: leave it out$/,
      ],
      [{ subject: 7 }, /^content_attributes\.subject must be a string$/],
    ]
    const path = `/conversations/${id}/messages`
    for (const [content_attributes, sentence] of refused) {
      const body = { content: 'x', message_type: 'outgoing', content_attributes }
      assertRefused(await test.api(path, { method: 'POST', body }), 422, sentence)
      const { created } = await begin(content_attributes)
      assertRefused(created, 422, new RegExp(sentence.source.replace('^', '^message\\.')))
    }
    // In other inboxes these are fields of the client's own.
    const own = await sendMessage(test, 'x', { content_attributes: { subject: 7, email: 'x' } })
    assert.deepEqual(own.content_attributes, { subject: 7, email: 'x' })
  })

  it('says why it was not sent', async () => {
    const contact = await test.api('/contacts', { method: 'POST', body: { name: 'No address' } })
    const body = { inbox_id: inboxId, contact_id: contact.body.id, message: { content: 'Hello' } }
    const { body: created } = await test.api('/conversations', { method: 'POST', body })
    const message = await sent(created.id, created.last_message.id, 'failed')
    assert.equal(message.content_attributes.external_error, 'The contact has no e-mail address.')
    smtp.faults.data = () => '550 5.7.1 Looks like spam'
    const other = await begin()
    const refused = await sent(other.id, other.created.body.last_message.id, 'failed')
    assert.match(
      refused.content_attributes.external_error,
      /^127\.0\.0\.1 has refused the mail: 550 5\.7\.1 Looks/,
    )
  })

  it('is sent again until it is taken, as the same mail', async (t) => {
    const { id } = await begin()
    await mailAt(0)
    smtp.faults.data = () => (smtp.received.length < 3 ? '451 4.3.0 Later' : undefined)
    const { id: messageId } = await sendMessage(test, 'Again', {}, id)
    // The next attempt is a minute after the result of the first one was recorded, whenever that is.
    const clock = setInterval(() => {
      skew += 61_000
    }, 1000)
    t.after(() => clearInterval(clock))
    await sent(id, messageId)
    const [, one, other] = smtp.received
    assert.equal(one!.raw, other!.raw)
  })
})

describe('What never leaves', () => {
  it('are private notes, the addresses of agents, and what was deleted', async () => {
    const { id } = await begin()
    await mailAt(0)
    const options = { private: true, content_attributes: { cc_emails: ['x@example.com'] } }
    for (let i = 0; i < 1000; i++) await sendMessage(test, `SECRET-MARKER ${i}`, options, id)
    const note = await sendMessage(test, 'SECRET-MARKER', { private: true }, id)
    const content_attributes = { to_emails: ['dee@example.com'], forwarded_message_id: note.id }
    const { id: forwarding } = await sendMessage(test, 'Forward', { content_attributes }, id)
    const failed = await sent(id, forwarding, 'failed')
    assert.equal(failed.content_attributes.external_error, 'The message to forward does not exist.')
    await sendMessage(test, 'The end', {}, id)
    await mailAt(1)
    const bytes = smtp.received.map(({ raw, from, to }) => [raw, from, ...to].join('\n')).join('\n')
    assert.equal(smtp.mails.length, 2)
    assert.ok(!bytes.includes('SECRET-MARKER'))
    const { body: profile } = await test.api('//api/v1/profile')
    assert.ok(profile.email && !bytes.includes(profile.email))
  })
})
