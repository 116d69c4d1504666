import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Chatwoot, createChatwoot, skipWithoutChatwoot } from '../../../../test/chatwoot.ts'
import { addSample } from '../../../../test/chatwoot-sample.ts'
import { counts, createTarget, type Target } from '../../../../test/chatwoot-target.ts'
import { skipWithoutDovecot, startDovecot } from '../../../../test/dovecot.ts'
import { eventually } from '../../../../test/eventually.ts'
import { mail } from '../../../../test/mails.ts'
import { atEnd } from '../../../../test/process.ts'
import { startSmtpServer } from '../../../../test/smtp-server.ts'

const allowPrivate = { NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' }

/** Lets Zoe write to the e-mail inbox with two others, and Bob answer her. */
async function addMails({ add }: Chatwoot): Promise<void> {
  await add('contacts', { id: 26, account_id: 1, name: 'Zoe', email: 'zoe@example.org' })
  await add('contact_inboxes', { id: 50, contact_id: 26, inbox_id: 8, source_id: 'Zoe@example.org' })
  await add('conversations', {
    ...{ id: 510, account_id: 1, display_id: 12, inbox_id: 8, contact_id: 26, contact_inbox_id: 50 },
    additional_attributes: { mail_subject: 'A broken lamp' },
  })
  const message = { account_id: 1, inbox_id: 8, conversation_id: 510 }
  const email = {
    ...{ from: ['zoe@example.org'], to: ['support@example.com', 'ann@example.org'], cc: ['ben@example.org'] },
    ...{ subject: 'A broken lamp', message_id: 'lamp-1@example.org', date: '2026-03-01T09:00:00Z' },
    html_content: { full: '<p>It is broken</p>' },
  }
  await add(
    'messages',
    {
      ...{ ...message, id: 1101, message_type: 0, content_type: 8, content: 'It is broken' },
      ...{ sender_type: 'Contact', sender_id: 26, source_id: 'lamp-1@example.org' },
      content_attributes: JSON.stringify(JSON.stringify({ email })),
    },
    {
      ...{ ...message, id: 1102, message_type: 1, content: 'We send another one' },
      ...{ sender_type: 'User', sender_id: 9, source_id: 'conversation/9/messages/1102@example.com' },
      content_attributes: JSON.stringify(JSON.stringify({ cc_emails: ['eve@example.org'] })),
    },
  )
}

async function channelOf(target: Target) {
  const { body } = await target.api('/inboxes/8')
  return body.channel_settings
}

describe('An e-mail inbox of Chatwoot', { skip: skipWithoutChatwoot || skipWithoutDovecot }, () => {
  it('goes on with its mailbox: nothing comes twice, and answers to old mails join their conversation', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    await addMails(chatwoot)
    const dovecot = await startDovecot(t)
    const smtp = await startSmtpServer()
    atEnd(t, () => smtp.close())
    await chatwoot.run(`update channel_email set imap_address = '127.0.0.1', imap_port = ${dovecot.port},
      imap_login = 'support', imap_password = 'secret', imap_enable_ssl = false, smtp_address = '127.0.0.1',
      smtp_port = ${smtp.port}, smtp_login = '', smtp_password = '', smtp_enable_starttls_auto = false`)
    await chatwoot.run(
      "update inboxes set greeting_enabled = true, greeting_message = 'Thanks!', business_name = 'Acme Ltd' where id = 8",
    )
    const target = await createTarget(t, allowPrivate)
    const first = await target.run(chatwoot)
    assert.match(first, /1 × e-mail inbox that is not connected yet.*--mail: Support/)
    // Chatwoot still runs, and has both mails when it is stopped.
    const late = mail({ from: 'Zoe <zoe@example.org>', id: '<lamp-2@example.org>', text: 'Thank you' })
    await dovecot.append([mail({ id: '<lamp-1@example.org>' }), late])
    await chatwoot.add('messages', {
      ...{
        account_id: 1,
        inbox_id: 8,
        conversation_id: 510,
        id: 1103,
        message_type: 0,
        content: 'Thank you',
      },
      ...{ sender_type: 'Contact', sender_id: 26, source_id: 'lamp-2@example.org' },
    })
    const answer = (from: string, id: string) =>
      mail({
        from,
        id,
        headers: { 'In-Reply-To': '<conversation/9/messages/1102@example.com>' },
        text: `From ${from}`,
      })
    await dovecot.append([
      answer('zoe@example.org', '<lamp-3@example.org>'),
      answer('eve@example.org', '<lamp-4@example.org>'),
    ])
    await dovecot.append([answer('stranger@example.org', '<lamp-5@example.org>')])
    const second = await target.run(chatwoot, '--mail')
    assert.deepEqual(counts(second, 'inboxes').slice(1, 4), [0, 1, 2])
    const app = await target.start()
    assert.deepEqual((await channelOf(target)).smtp.port, smtp.port)
    await eventually(async () => (await target.messages(12)).length >= 5)
    const stranger = () =>
      target.query("select conversation_id from messages where source_id = '<lamp-5@example.org>'")
    await eventually(async () => (await stranger()).length > 0)
    const messages = await target.messages(12)
    assert.deepEqual(
      messages.map((one) => [one.source_id, one.sender.name]),
      [
        ['<lamp-1@example.org>', 'Zoe'],
        ['<conversation/9/messages/1102@example.com>', 'Bob'],
        ['<lamp-2@example.org>', 'Zoe'],
        ['<lamp-3@example.org>', 'Zoe'],
        ['<lamp-4@example.org>', 'eve@example.org'],
      ],
    )
    assert.notEqual((await stranger())[0]!.conversation_id, 12)
    const reply = { content: 'You are welcome', message_type: 'outgoing' }
    await target.api('/conversations/12/messages', { method: 'POST', body: reply })
    await eventually(() => smtp.mails.length === 1)
    const [sent] = smtp.mails
    assert.deepEqual(sent!.to, ['zoe@example.org'])
    assert.match(sent!.raw, /^From: (?:"Acme Ltd"|Acme Ltd) <support@example.com>/m)
    assert.match(sent!.raw, /^Subject: Re: A broken lamp/m)
    assert.match(
      sent!.raw,
      /^References:(?:.*\n){1,3}.*<lamp-1@example.org>|^References:.*<lamp-1@example.org>/m,
    )
    await app.close()
  })

  it('shows its old mails as mails', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    await addMails(chatwoot)
    const email = { from: ['zoe@example.org'], html_content: { full: 'x'.repeat(70_000) } }
    await chatwoot.add('messages', {
      ...{ account_id: 1, inbox_id: 8, conversation_id: 510, id: 1104, message_type: 0, content: 'Long' },
      ...{ content_type: 8, content_attributes: { email } },
    })
    const target = await createTarget(t)
    const report = await target.run(chatwoot)
    assert.match(report, /1 × mail without its HTML, which is larger than 64 KiB: 1104/)
    await target.start()
    const [mail, , long] = await target.messages(12)
    const person = (address: string) => ({ name: null, address })
    assert.deepEqual(mail.content_attributes.email, {
      ...{ subject: 'A broken lamp', from: person('zoe@example.org'), cc: [person('ben@example.org')] },
      to: [person('support@example.com'), person('ann@example.org')],
      ...{ message_id: '<lamp-1@example.org>', date: Date.UTC(2026, 2, 1, 9) / 1000 },
      ...{ sender_verified: false, has_html: false, inbox_addresses: ['support@example.com'] },
    })
    assert.equal(mail.content_attributes.chatwoot_email.html_content.full, '<p>It is broken</p>')
    assert.deepEqual(Object.keys(long.content_attributes), ['email', 'content_type'])
    const { body } = await target.api('/contacts/26')
    assert.deepEqual(
      body.contact_inboxes.map((one: { source_id: string }) => one.source_id),
      ['zoe@example.org'],
    )
  })

  it('gets the servers that can be used, and the report says what to enter for the others', async (t: TestContext) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    const add = async (id: number, name: string, channel: Record<string, unknown>) => {
      await chatwoot.add('channel_email', { id, account_id: 1, email: `${name}@example.com`, ...channel })
      await chatwoot.add('inboxes', {
        id,
        account_id: 1,
        name,
        channel_type: 'Channel::Email',
        channel_id: id,
      })
    }
    const imap = { imap_enabled: true, imap_address: 'imap.example.com', imap_port: 993, imap_login: 'me' }
    const smtp = { smtp_enabled: true, smtp_address: 'smtp.example.com', smtp_port: 465, smtp_login: 'me' }
    await add(20, 'sealed', { ...imap, imap_password: '{"p":"x","h":{}}', ...smtp, smtp_password: 'open' })
    await add(21, 'google', { ...imap, provider: 'google', provider_config: { refresh_token: 'theirs' } })
    await add(22, 'forwarded', { forward_to_email: 'abc@inbound.example.com' })
    await add(23, 'plain', { ...imap, imap_port: 143, imap_enable_ssl: false, imap_password: 'open' })
    await add(24, 'private', { ...imap, imap_address: '127.0.0.1', imap_password: 'open' })
    await add(25, 'odd', { email: 'no address' })
    const target = await createTarget(t)
    const dryRun = await target.run(chatwoot, '--mail', '--dry-run')
    const report = await target.run(chatwoot, '--mail')
    const aboutMail = (text: string) => text.split('\n').filter((line) => /e-mail inbox|server/.test(line))
    assert.deepEqual(aboutMail(dryRun), aboutMail(report))
    for (const line of [
      /without its IMAP server, whose password Chatwoot has encrypted.*: sealed, me at imap.example.com:993/,
      /signs in with OAuth.*: google, google/,
      /mails were forwarded to Chatwoot.*: forwarded, abc@inbound.example.com/,
      /SMTP server: forwarded, plain, private/,
      /IMAP server that was used without TLS, now with STARTTLS: plain, me at imap.example.com:143/,
      /IMAP server, which cannot be used: private, me at 127.0.0.1:993 imap.host must not lead to a private/,
      /now an API inbox: replies are not sent: odd, Email/,
    ])
      assert.match(report, line)
    await target.start()
    const settings = async (id: number) => (await target.api(`/inboxes/${id}`)).body.channel_settings
    const { imap: none, smtp: open } = await settings(20)
    assert.deepEqual([none, open.tls, open.port], [undefined, 'implicit', 465])
    assert.deepEqual(await settings(21), { email: 'google@example.com' })
    assert.equal((await settings(23)).imap.tls, 'starttls')
    assert.equal((await target.api('/inboxes/25')).body.channel_type, 'api')
    const own = {
      type: 'email',
      imap: { host: 'own.example.com', port: 993, user: 'a', password: 'b', tls: 'implicit' },
    }
    await target.api('/inboxes/21', { method: 'PATCH', body: { channel: own } })
    await chatwoot.run("update channel_email set provider = null, imap_password = 'open' where id = 21")
    await target.run(chatwoot, '--mail')
    assert.equal((await settings(21)).imap.host, 'own.example.com')
  })
})
