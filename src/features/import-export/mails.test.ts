import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { databaseEnvironment, runCommand, writeDataFile } from '../../../test/commands.ts'
import { eventually } from '../../../test/eventually.ts'
import { addMailInbox, type MailInbox, type MailInput, mail } from '../../../test/mails.ts'
import { mbox } from '../../../test/mbox.ts'
import { oddMails } from '../../../test/odd-mails.ts'
import { program } from '../../../test/process.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../test/smtp-server.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

const support = 'Support <support@example.com>'

/** A mail of this day in January 2024. */
function dated(day: number, { headers, ...input }: MailInput): Buffer {
  const date = new Date(Date.UTC(2024, 0, day)).toUTCString()
  return mail({ ...input, headers: { Date: date, ...headers } })
}

/** By which the relay vouches for a sender: only then a mail is answered automatically. */
const verified = { 'Authentication-Results': 'mx.example; dmarc=pass header.from=example.org' }

const seconds = (day: number) => Date.UTC(2024, 0, day) / 1000

describe('Mails of mbox files', () => {
  let test: TestApp
  let smtp: SmtpTestServer
  let inbox: MailInbox
  before(async () => {
    smtp = await startSmtpServer()
    test = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' })
    inbox = await addMailInbox(test, {
      smtp: { host: '127.0.0.1', port: smtp.port, tls: 'none' },
      auto_reply: 'We have got your mail.',
      trusted_relay: 'mx.example',
    })
  })
  after(async () => {
    await assertStoredCounts(test)
    await test.close()
    await smtp.close()
  })

  const load = async (files: string[], ...options: string[]) => {
    const args = ['import', '--inbox', `${inbox.id}`, ...options, ...files]
    const { code, stdout, stderr } = await runCommand(test, args)
    const lines = stderr.replaceAll(`${test.config.dataDir}/`, '').trim().split('\n').filter(Boolean)
    // A slow import says how far it is.
    const faults = lines.filter((line) => !line.endsWith(' mails a second'))
    return { code, faults, counts: stdout.split('\n')[0] }
  }
  const write = (name: string, ...mails: Buffer[]) => writeDataFile(test, name, mbox(...mails))
  const conversationsOf = async (address: string) => {
    const { body } = await test.api(`/contacts/search?q=${encodeURIComponent(address)}`)
    const [{ id }] = body.payload
    return (await test.api(`/contacts/${id}/conversations`)).body.payload
  }
  const messagesOf = async (id: number) => (await test.api(`/conversations/${id}/messages`)).body.payload
  /** All rows but the leases, which a server renews. */
  const storedRows = async () => {
    const { inbox_leases: _, ...rows } = await readAllRows(test)
    return rows
  }
  const eventCount = async () =>
    (await test.app.database.read.sql.selectFrom('events').select('data').execute()).length

  it('become conversations with the times of the mails, in whatever order and file they are', async () => {
    const before = await eventCount()
    const question = {
      from: 'Ann <ann@example.org>',
      subject: 'My pangolin',
      id: '<q@example.org>',
      headers: verified,
    }
    const answer = { from: support, to: 'ann@example.org', id: '<a@example.com>', text: 'It is fine.' }
    const thanks = {
      from: 'Ann <ann@example.org>',
      id: '<t@example.org>',
      text: 'Thanks!\n\nFrom my heart\n>From a quotation',
    }
    const sent = write('Sent.mbox', dated(2, { ...answer, headers: { 'In-Reply-To': '<q@example.org>' } }))
    mkdirSync(join(test.config.dataDir, 'Inbox.mbox'))
    const received = write(
      'Inbox.mbox/mbox',
      dated(3, { ...thanks, headers: { 'In-Reply-To': '<a@example.com>' } }),
      // The clock of its sender is ahead of that of the answer.
      dated(2.5, question),
      mail({ from: 'Ann <ann@example.org>', id: null, subject: 'Undated', text: 'No date, no name' }),
    )
    const folder = received.slice(0, -'/mbox'.length)
    const first = await load([sent, folder])
    assert.deepEqual(first, { code: 0, faults: [], counts: 'mails: 4 stored, 0 there already, 0 left out' })

    const conversations = await conversationsOf('ann@example.org')
    const { id, status, subject, unread_count, created_at, last_activity_at } = conversations.find(
      (one: { subject: string }) => one.subject === 'My pangolin',
    )
    assert.deepEqual(
      [conversations.length, status, subject, unread_count, created_at, last_activity_at],
      [2, 'resolved', 'My pangolin', 0, seconds(2.5), seconds(3)],
    )
    const messages = await messagesOf(id)
    assert.deepEqual(
      messages.map((one: Record<string, unknown> & { sender: { name: string } | null }) => [
        one.source_id,
        one.message_type,
        one.status,
        one.created_at,
        one.sender?.name,
        one.content,
      ]),
      [
        ['<q@example.org>', 'incoming', 'sent', seconds(2.5), 'Ann', 'Where is my order?'],
        ['<a@example.com>', 'outgoing', 'sent', seconds(2.5), undefined, 'It is fine.'],
        ['<t@example.org>', 'incoming', 'sent', seconds(3), 'Ann', 'Thanks!\n\nFrom my heart'],
      ],
    )
    assert.equal(messages[1].content_attributes.email.date, seconds(2))
    const raw = await test.api(`/conversations/${id}/messages/${messages[2].id}/email`)
    assert.match(raw.body.text, /^From my heart\r?\n>From a quotation$/m)
    const [undated] = await messagesOf(conversations.find((one: { id: number }) => one.id !== id).id)
    assert.equal(undated.created_at, seconds(2) + 10 * 3600)
    assert.equal((await test.api('/conversations?status=resolved&q=pangolin')).body.data.payload.length, 0)
    assert.equal((await test.api('/conversations?status=resolved&q=heart')).body.data.payload[0].id, id)
    assert.equal(await eventCount(), before)

    const rows = await storedRows()
    const second = await load([sent, folder])
    assert.deepEqual(second, { code: 0, faults: [], counts: 'mails: 0 stored, 4 there already, 0 left out' })
    assert.deepEqual(await storedRows(), rows)

    const live = await inbox.receive({
      from: 'Ann <ann@example.org>',
      headers: { 'In-Reply-To': '<a@example.com>' },
    })
    assert.equal(live.conversation_id, id)
    assert.equal((await test.api(`/conversations/${id}`)).body.status, 'open')
    await inbox.receive({ from: 'late@example.org', headers: verified })
    await eventually(() => smtp.mails.length > 0)
    assert.deepEqual(
      smtp.mails.map(({ to }) => to),
      [['late@example.org']],
    )
  })

  it('from the inbox begin conversations of their recipients, whose answers join them', async () => {
    const offer = {
      from: support,
      to: 'Bob <bob@example.org>',
      id: '<offer@example.com>',
      subject: 'An offer',
    }
    const form = { from: support, to: support, subject: 'Form', headers: { 'Reply-To': 'cid@example.org' } }
    const file = write(
      'offers.mbox',
      dated(4, offer),
      dated(5, { from: 'bob@example.org', headers: { References: '<offer@example.com>' } }),
      dated(6, { from: 'eve@example.net', headers: { References: '<offer@example.com>' } }),
      dated(7, form),
      dated(8, { from: support, to: support, id: '<note@example.com>' }),
    )
    const { code, faults, counts } = await load([file])
    assert.deepEqual([code, counts], [1, 'mails: 4 stored, 0 there already, 1 left out'])
    assert.equal(faults.length, 1)
    assert.match(
      faults[0]!,
      /^offers\.mbox:\d+: the mail is from the inbox and names no recipient outside of it$/,
    )
    const [{ id, contact, subject }] = await conversationsOf('bob@example.org')
    assert.deepEqual([contact.name, subject], ['Bob', 'An offer'])
    const types = (await messagesOf(id)).map((one: { message_type: string }) => one.message_type)
    assert.deepEqual(types, ['outgoing', 'incoming'])
    const [stranger] = await conversationsOf('eve@example.net')
    const [{ content_attributes }] = await messagesOf(stranger.id)
    assert.equal(content_attributes.email.linked_conversation_id, id)
    const [{ id: formId }] = await conversationsOf('cid@example.org')
    assert.equal((await messagesOf(formId))[0].message_type, 'incoming')
  })

  it('show what they would show if they had arrived, and those that cannot be read are files', async () => {
    const other = await addMailInbox(test)
    const mails = oddMails.map(({ raw }) => raw())
    const shown = async (inboxId: number) => {
      const { sql } = test.app.database.read
      const rows = sql.selectFrom('messages').select(['content', 'content_attributes', 'attachments'])
      const found = await rows
        .where('inbox_id', '=', inboxId)
        .where('message_type', '=', 'incoming')
        .execute()
      return found.map(({ content, content_attributes, attachments }) => {
        const { spam: _, linked_conversation_id: __, ...email } = JSON.parse(content_attributes).email
        const files = JSON.parse(attachments ?? '[]').map((one: { file_name: string; file_size: number }) => {
          // The end of a line is added to a mail that has none.
          return [one.file_name, one.file_name === 'mail.eml' ? 0 : one.file_size]
        })
        return JSON.stringify([content, email, files])
      })
    }
    for (const raw of mails) assert.equal((await other.deliver(raw)).status, 200)
    const before = new Set(await shown(inbox.id))
    const { faults, counts } = await load([write('odd.mbox', ...mails)])
    assert.match(counts!, /, 0 left out$/)
    const expected = await shown(other.id)
    const unreadable = expected.filter((one) => one.includes('"unreadable":true'))
    assert.ok(unreadable.length >= 2)
    assert.deepEqual(
      faults.map((one) => one.replace(/^odd\.mbox:\d+: /, '')),
      unreadable.map(() => 'the mail cannot be read: it is stored as a file'),
    )
    const imported = (await shown(inbox.id)).filter((one) => !before.has(one))
    assert.deepEqual(imported.sort(), expected.sort())
  })

  it('are only counted in a dry run', async () => {
    const raw = dated(9, { from: 'dora@example.org' })
    const file = write('dry.mbox', raw, dated(9, {}), raw)
    const before = await storedRows()
    const { code, counts } = await load([file], '--dry-run')
    assert.deepEqual([code, counts], [0, 'mails: 2 new, 1 there already, 0 left out'])
    assert.deepEqual(await storedRows(), before)
  })

  it('are refused without an e-mail inbox, and if the file is something else', async () => {
    const file = write('refused.mbox', dated(9, {}))
    const without = await runCommand(test, ['import', file])
    assert.match(without.stderr, /--inbox is required for mails/)
    const api = await runCommand(test, ['import', '--inbox', '1', file])
    assert.match(api.stderr, /Inbox 1 of account 1 is not an e-mail inbox/)
    const page = writeDataFile(test, 'page.mbox', '<html>\nFrom - Tue Jan  2 10:00:00 2024\n')
    const { stderr, code } = await runCommand(test, ['import', '--inbox', `${inbox.id}`, page])
    assert.match(stderr, /page\.mbox is not an mbox file/)
    assert.notEqual(code, 0)
  })

  it('are stored once if an import is killed and run again while the server gets messages', async () => {
    const mailCount = 600
    const mails = Array.from({ length: mailCount }, (_, index) => {
      const headers: Record<string, string> =
        index % 30 === 0 ? {} : { 'In-Reply-To': `<k${index - 1}@example.org>` }
      const text = `Text ${index}`
      return dated(10 + index / 1000, {
        from: 'kim@example.org',
        id: `<k${index}@example.org>`,
        headers,
        text,
      })
    })
    const file = write('killed.mbox', ...mails.reverse())
    const stored = async () => {
      const rows = test.app.database.read.sql
        .selectFrom('messages')
        .select('id')
        .where('source_id', 'like', '<k%@example.org>')
      return (await rows.execute()).length
    }
    const child = spawn(process.execPath, [program, 'import', '--inbox', `${inbox.id}`, file], {
      env: { PATH: process.env.PATH, DATA_DIR: test.config.dataDir, ...databaseEnvironment(test) },
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))
    await eventually(async () => (await stored()) >= 50)
    await sendMessage(test, 'meanwhile')
    child.kill('SIGKILL')
    assert.equal(await ended, 'SIGKILL')
    const half = await stored()
    assert.ok(half < mailCount, `${half} before the kill`)
    const { counts } = await load([file])
    assert.equal(counts, `mails: ${mailCount - half} stored, ${half} there already, 0 left out`)
    const conversations = await conversationsOf('kim@example.org')
    const texts = await Promise.all(
      conversations.map(async ({ id }: { id: number }) =>
        (await messagesOf(id)).map(({ content }: { content: string }) => Number(content.slice(5))),
      ),
    )
    const expected = Array.from({ length: mailCount / 30 }, (_, part) =>
      Array.from({ length: 30 }, (_, index) => part * 30 + index),
    )
    assert.deepEqual(
      texts.sort((one, other) => one[0] - other[0]),
      expected,
    )
  })
})
