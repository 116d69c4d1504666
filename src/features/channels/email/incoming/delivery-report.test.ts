import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { readDeliveryReport } from './delivery-report.ts'

const id = '<ndoto.1.2.abc@shop.example>'

const read = async (raw: string) => {
  const mail = await PostalMime.parse(raw.trimStart().replace(/\n/g, '\r\n'))
  const parts = mail.attachments.map(({ mimeType, content }) => ({
    mimeType,
    text: new TextDecoder().decode(content as ArrayBuffer),
  }))
  const status = parts.find(({ mimeType }) => mimeType === 'message/delivery-status')
  const original = parts.find(({ mimeType }) => /rfc822/.test(mimeType))
  return readDeliveryReport({
    headers: mail.headers.map(({ key, value }) => ({ name: key, value })),
    from: mail.from?.address ? { name: null, address: mail.from.address } : null,
    text: mail.text ?? '',
    report: status ? { status: status.text, original: original?.text ?? '' } : null,
  })
}

/** A report of RFC 3464, as Postfix writes it. */
const structured = (status: string, returned = `message/rfc822\n\nMessage-ID: ${id}`, text = 'Sorry.') => `
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

${text}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 4 May 2026 10:00:00 +0000

${status}

--b
Content-Type: ${returned}
Subject: Order 17

Hello
--b--
`

/** A report that is only a text. */
const plain = (text: string, headers = 'From: MAILER-DAEMON@mx.example\nSubject: failure notice') => `
${headers}

${text}
`

describe('A delivery report of RFC 3464', () => {
  it('says which mail did not arrive, for whom, and why', async () => {
    const report = await read(
      structured(`Final-Recipient: rfc822; jane@example.com
Original-Recipient: rfc822;jane@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 <jane@example.com>: Recipient address
    rejected: User unknown`),
    )
    assert.deepEqual(report, {
      outcome: 'failed',
      recipients: ['jane@example.com'],
      reason:
        'The mail to jane@example.com could not be delivered: 550 5.1.1 <jane@example.com>: Recipient address rejected: User unknown.',
      messageIds: [id],
    })
  })

  it('may be about several recipients, and counts if one of them got nothing', async () => {
    const report = await read(
      structured(`Final-Recipient: rfc822; ann@example.com
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; bo@example.com
Action: failed
Status: 5.2.2

Final-Recipient: rfc822; cy@example.com
Action: delayed
Status: 4.4.1`),
    )
    assert.deepEqual([report?.outcome, report?.recipients], ['failed', ['bo@example.com']])
    assert.equal(report?.reason, 'The mail to bo@example.com could not be delivered: the mailbox is full.')
  })

  it('can say that a mail is late, or that it has arrived', async () => {
    const delayed = await read(
      structured('Final-Recipient: rfc822;ann@example.com\nAction: delayed\nStatus: 4.4.1'),
    )
    assert.equal(delayed?.outcome, 'delayed')
    const delivered = await read(
      structured('Final-Recipient: rfc822;ann@example.com\nAction: relayed\nStatus: 2.0.0'),
    )
    assert.equal(delivered?.outcome, 'delivered')
  })

  it('is understood without an action, as some versions of Exchange write it', async () => {
    const report = await read(
      structured(
        'Final-recipient: RFC822; jane@example.com\nAction: Fehlgeschlagen\nStatus: 5.7.1',
        'message/rfc822\n\nX-Ndoto-Message-ID: <ndoto.1.2.abc@shop.example>\nMessage-ID: <other@outlook.example>',
      ),
    )
    assert.equal(report?.outcome, 'failed')
    assert.match(report!.reason, /refuses mails of this sender/)
    assert.deepEqual(report?.messageIds, [id, '<other@outlook.example>'])
  })

  it('may return only the headers of the mail', async () => {
    const status = 'Final-Recipient: rfc822;ann@example.com\nAction: failed\nStatus: 5.0.0'
    const returned = `text/rfc822-headers\n\nReceived: from x\n by y\nMessage-ID:\n ${id}`
    assert.deepEqual((await read(structured(status, returned)))?.messageIds, [id])
  })

  it('of an old Exchange has no status of its own', async () => {
    const text = `Your message did not reach some or all of the intended recipients.

      Subject:	Order 17
      Sent:	5/4/2026 10:00 AM

The following recipient(s) could not be reached:

      jane@example.com on 5/4/2026 10:01 AM
            The e-mail account does not exist at the organization this message was sent to.
            <mail.example.com #5.1.1>`
    const report = await read(structured('', `message/rfc822\n\nMessage-ID: ${id}`, text))
    assert.deepEqual(
      [report?.outcome, report?.recipients, report?.messageIds],
      ['failed', ['jane@example.com'], [id]],
    )
  })
})

describe('A delivery report that is a text', () => {
  const copy = `Return-Path: <support@shop.example>\nMessage-ID: ${id}\nSubject: Order 17\n\nUndeliverable? 550 5.0.0 x`

  it('is read as qmail, Exim and sendmail write it', async () => {
    const qmail = await read(
      plain(`Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jane@example.com>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 No such user
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

${copy}`),
    )
    assert.deepEqual(qmail, {
      outcome: 'failed',
      recipients: ['jane@example.com'],
      reason: 'The mail to jane@example.com could not be delivered: 550 5.1.1 No such user.',
      messageIds: [id],
    })
    const exim = await read(
      plain(
        `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  jane@example.com
    host mx.example.com [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<jane@example.com>:
    550 Unrouteable address

------ This is a copy of the message, including all the headers. ------

${copy}`,
        'From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: jane@example.com\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message to sender',
      ),
    )
    assert.deepEqual(
      [exim?.outcome, exim?.recipients, exim?.messageIds],
      ['failed', ['jane@example.com'], [id]],
    )
    assert.match(exim!.reason, /: 550 Unrouteable address\.$/)
    const sendmail = await read(
      plain(
        `The original message was received at Mon, 4 May 2026 10:00:00 GMT

   ----- The following addresses had permanent fatal errors -----
<jane@example.com>
    (reason: 550 5.1.1 <jane@example.com>... User unknown)

   ----- Original message follows -----

${copy}`,
        'From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>\nSubject: Returned mail: see transcript for details',
      ),
    )
    assert.deepEqual([sendmail?.outcome, sendmail?.recipients], ['failed', ['jane@example.com']])
  })

  it('can be a warning that the mail is late', async () => {
    const report = await read(
      plain(
        `A message that you sent has not yet been delivered to one or more of its recipients after more than 24 hours.

The address to which the message has not yet been delivered is:

  jane@example.com

No action is required on your part.`,
        `From: Mail Delivery System <Mailer-Daemon@mx.example>\nReferences: ${id}\nSubject: Warning: message delayed 24 hours`,
      ),
    )
    assert.deepEqual([report?.outcome, report?.messageIds], ['delayed', [id]])
  })
})

describe('No delivery report is', () => {
  it('an answer, automatic or not, even if it speaks of deliveries', async () => {
    const text = `The parcel could not be delivered: 550 5.1.1. Delivery has failed. On Monday you wrote: ${id}`
    const headers = `From: Ann <ann@example.com>\nIn-Reply-To: ${id}\nSubject: Undeliverable`
    assert.equal(await read(plain(text, headers)), undefined)
    const away = `Return-Path: <>\nAuto-Submitted: auto-replied\n${headers}`
    assert.equal(await read(plain('I am away. Mails will not be delivered to my deputy.', away)), undefined)
    assert.equal(
      await read(plain('Your request has been received.', 'From: postmaster@example.com')),
      undefined,
    )
  })

  it('read from any text with an error', async () => {
    const line = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '<',
      '>',
      ':',
      '5',
      '550 ',
      '5.1.1',
      'Action: failed',
      'Message-ID:',
      '@',
      '-',
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 200 }), (pieces) => {
        const text = pieces.join('')
        const headers = [{ name: 'Return-Path', value: '<>' }]
        readDeliveryReport({ headers, from: null, text, report: { status: text, original: text } })
      }),
    )
  })
})
