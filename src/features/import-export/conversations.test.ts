import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { databaseEnvironment, runCommand, writeDataFile } from '../../../test/commands.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addUser } from '../../../test/factories.ts'
import { fetchFile } from '../../../test/files.ts'
import { program } from '../../../test/process.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

const contacts = 'source_id,name,email\nu1,Zoë,zoe@example.com\nu2,Max,max@example.com\n'
const lines = (...records: object[]) => records.map((one) => `${JSON.stringify(one)}\n`).join('')
const conversation = (source_id: string, more: object = {}) => {
  return { type: 'conversation', source_id, contact: 'u1', created_at: 1_700_000_000, ...more }
}
const message = (source_id: string, created_at: number, more: object = {}) => {
  return {
    type: 'message',
    source_id,
    message_type: 'incoming',
    content: `Text ${source_id}`,
    created_at,
    ...more,
  }
}

describe('Conversations from JSON lines', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
    writeDataFile(test, 'contacts.csv', contacts)
    await load('contacts.csv')
  })
  after(() => assertStoredCounts(test).finally(() => test.close()))

  const load = async (name: string, ...options: string[]) => {
    const file = join(test.config.dataDir, name)
    const { code, stdout, stderr } = await runCommand(test, ['import', '--inbox', '1', ...options, file])
    return { code, stdout, faults: stderr.replaceAll(file, 'file').trim().split('\n').filter(Boolean) }
  }
  const write = (name: string, text: string) => {
    writeDataFile(test, name, text)
    return name
  }
  const list = async (query: string) => (await test.api(`/conversations?${query}`)).body.data.payload
  const messagesOf = async (id: number, query = '') =>
    (await test.api(`/conversations/${id}/messages?include_deleted=true&${query}`)).body.payload

  it('are stored once, even if imported again, without any event, and the search finds them', async () => {
    const post = async (path: string, body: object) => {
      const answer = await test.api(path, { method: 'POST', body })
      assert.ok(answer.status < 300, JSON.stringify(answer.body))
      return answer.body
    }
    await post('/labels', { title: 'vip' })
    const team = await post('/teams', { name: 'Sales', allow_auto_assign: true })
    await post('/webhooks', { url: 'https://example.com/hook', subscriptions: ['message_created'] })
    const eventCount = async () =>
      (await test.app.database.read.sql.selectFrom('events').select('data').execute()).length
    const before = await eventCount()
    const file = write(
      'all.jsonl',
      `\uFEFF${lines(
        conversation('c1', {
          status: 'snoozed',
          subject: 'A question',
          snoozed_until: 4_000_000_000,
          priority: 'high',
          assignee: 'ADMIN@example.com',
          team: 'Sales',
          labels: ['vip'],
          unread_count: 2,
          custom_attributes: { order: 7 },
          agent_last_seen_at: 1_700_000_001.5,
        }),
        message('m1', 1_700_000_001.25, { content: 'Where is my pangolin?' }),
        message('m2', 1_700_000_002, {
          message_type: 'outgoing',
          sender: 'admin@example.com',
          status: 'read',
          content_attributes: { edited_at: 1_700_000_003 },
          updated_at: 1_700_000_003,
        }),
        message('m3', 1_700_000_004, {
          message_type: 'outgoing',
          sender: 'admin@example.com',
          private: true,
        }),
        message('m4', 1_700_000_005, { content: undefined, deleted_at: 1_700_000_006 }),
        message('m5', 1_700_000_007, { message_type: 'activity', content: 'Closed by a rule' }),
        conversation('c2', { contact: 'MAX@example.com', status: 'resolved' }),
        message('m1', 1_700_000_001, { message_type: 'outgoing', content: 'From a bot' }),
      )}\n`,
    )
    const first = await load(file)
    assert.deepEqual(first.faults, [])
    assert.match(
      first.stdout,
      /^conversations: 2 stored, 0 .*\nmessages: 6 stored, 0 there already, 0 left out\n/,
    )
    const [imported, ...others] = await list('status=snoozed&q=pangolin')
    assert.deepEqual(others, [])
    const { id, contact, meta, last_message, found_message, ...shown } = imported
    assert.deepEqual([contact.name, meta.assignee.id, meta.team.id], ['Zoë', 1, team.id])
    assert.deepEqual([last_message.content, found_message.content], ['Text m2', 'Where is my pangolin?'])
    assert.deepEqual(shown, {
      inbox_id: 1,
      status: 'snoozed',
      subject: 'A question',
      priority: 'high',
      unread_count: 2,
      created_at: 1_700_000_000,
      updated_at: 1_700_000_007,
      last_activity_at: 1_700_000_007,
      snoozed_until: 4_000_000_000,
      labels: ['vip'],
      custom_attributes: { order: 7 },
      additional_attributes: {},
      agent_last_seen_at: 1_700_000_001,
      contact_last_seen_at: null,
      merged_into_id: null,
    })
    const all = await messagesOf(id)
    const brief = all.map((one: Record<string, unknown> & { sender: { type: string } | null }) =>
      [one.source_id, one.created_at, one.status, one.private, one.sender?.type, one.content].join(' '),
    )
    assert.deepEqual(brief, [
      'm1 1700000001 sent false Contact Where is my pangolin?',
      'm2 1700000002 read false User Text m2',
      'm3 1700000004 sent true User Text m3',
      'm4 1700000005 sent false Contact ',
      'm5 1700000007 sent false  Closed by a rule',
    ])
    assert.deepEqual(all[3].content_attributes, { deleted: true })
    assert.deepEqual(all[1].content_attributes, { edited_at: 1_700_000_003 })
    assert.equal((await test.api('/contacts/search?q=zoe@')).body.payload[0].last_activity_at, 1_700_000_005)
    assert.equal((await messagesOf(id + 1))[0].sender, null)
    assert.equal(await eventCount(), before)

    const rows = await readAllRows(test)
    const second = await load(file)
    assert.match(
      second.stdout,
      /^conversations: 0 stored, 2 .*\nmessages: 0 stored, 6 there already, 0 left out\n/,
    )
    assert.deepEqual(await readAllRows(test), rows)
    const sent = await sendMessage(test, 'Next', {}, id)
    assert.ok(sent.id > all.at(-1).id)
  })

  it('get the new messages of a file, which cached pages show, too', async () => {
    await load(
      write('grow.jsonl', lines(conversation('g', { status: 'resolved' }), message('1', 1_700_000_001))),
    )
    const [{ id, updated_at }] = await list('status=resolved&q=zoe')
    assert.equal(updated_at, 1_700_000_001)
    for (const _ of [1, 2, 3]) assert.equal((await messagesOf(id, 'limit=5')).length, 1)
    const more = lines(conversation('g'), message('1', 1_700_000_001), message('2', 1_700_000_002))
    const { stdout } = await load(write('grow.jsonl', more))
    assert.match(stdout, /^conversations: 0 stored, 1 .*\nmessages: 1 stored, 1 there already/)
    assert.equal((await messagesOf(id, 'limit=5')).length, 2)
    assert.equal((await list('status=resolved&q=zoe'))[0].last_activity_at, 1_700_000_002)
  })

  it('with faults are reported with their lines, and later messages wait until the fault is corrected', async () => {
    const other = await addAccount(test)
    const stranger = await addUser(test, { accountId: other.accountId })
    const agent = await addUser(test)
    const [email, elsewhere] = await Promise.all(
      [agent, stranger].map(async ({ userId }) => {
        const users = test.app.database.read.sql.selectFrom('users').select('email')
        return (await users.where('id', '=', userId).executeTakeFirstOrThrow()).email
      }),
    )
    const bad = [
      message('1', 1, { content: 'Nowhere' }),
      conversation('f1'),
      message('1', 1_700_000_001),
      message('2', 1_700_000_002, { content: ' ' }),
      message('3', 1_700_000_003),
      conversation('f2'),
      message('1', 1_600_000_000),
      conversation('f3'),
      message('1', 1_700_000_001, { message_type: 'outgoing', sender: elsewhere }),
      conversation('f4', { contact: 'nobody' }),
      message('1', 1_700_000_001),
      conversation('f5', { assignee: email }),
      conversation('f6', { labels: ['none', 'vip', 'such'] }),
      conversation('f7', { team: 'Ghosts' }),
      conversation('f8', { stauts: 'open' }),
      conversation('f9', { created_at: 'yesterday' }),
      conversation('fa'),
      message('1', 1_700_000_001, { private: true }),
      conversation('fb'),
      message('1', 1_700_000_001, { content_type: 'cards' }),
      conversation('fc'),
      message('1', 1_700_000_001),
    ]
    const { code, stdout, faults } = await load(write('faults.jsonl', `${lines(...bad)}{"type":\n[]\n`))
    assert.equal(code, 1)
    assert.match(
      stdout,
      /^conversations: 6 stored, 0 there already, 6 left out\nmessages: 2 stored, 0 .*, 10 left out\n/,
    )
    assert.deepEqual(faults, [
      'file:1: a message must come after its conversation',
      'file:4: content must not be empty without attachments',
      'file:7: created_at must not be before that of the conversation or of a message before it',
      'file:9: sender must be the e-mail address of an agent of this account',
      'file:10: contact must be a source_id of this inbox or the e-mail address of a contact',
      'file:12: assignee must be a member of this inbox or an administrator',
      'file:13: labels must exist in this account; missing: none, such',
      'file:14: team must be the name of a team of this account',
      'file:15: stauts is not a field of a conversation',
      'file:16: created_at must be a number',
      'file:18: private must be false for a message of the type incoming',
      'file:20: content_attributes.items is required',
      'file:23: the line must be valid JSON',
      'file:24: the line must be a JSON object',
    ])
    const corrected = lines(...bad.slice(1, 3), message('2', 1_700_000_002), ...bad.slice(4, 5))
    const again = await load(write('faults.jsonl', corrected))
    assert.deepEqual(again.faults, [])
    assert.match(again.stdout, /messages: 2 stored, 1 there already, 0 left out/)
  })

  it('are not stored in a dry run, which knows the contacts of the other file', async () => {
    const before = await readAllRows(test)
    const file = writeDataFile(test, 'dry.csv', 'source_id,name\nnew,New\n')
    const text = lines(
      conversation('d1', { contact: 'new' }),
      message('1', 1_700_000_001),
      conversation('d2', { contact: 'no' }),
      message('1', 1_700_000_001),
    )
    const { code, stdout, faults } = await load(write('dry.jsonl', text), '--dry-run', file)
    assert.equal(code, 1)
    assert.match(
      stdout,
      /^contacts: 1 new, .*\nconversations: 1 new, .* 1 left out\nmessages: 1 new, .* 1 left out\nNothing/,
    )
    assert.deepEqual(faults, [
      'file:3: contact must be a source_id of this inbox or the e-mail address of a contact',
    ])
    assert.deepEqual(await readAllRows(test), before)
  })

  it('bring the files in their folder, and no others', async () => {
    const folder = join(test.config.dataDir, 'moved')
    mkdirSync(join(folder, 'files'), { recursive: true })
    writeDataFile(test, 'moved/files/orders.txt', 'a list of orders')
    writeDataFile(test, 'secret.txt', 'a secret')
    const withFiles = (name: string, file: string, more: object = {}) =>
      message(name, 1_700_000_001, { content: undefined, attachments: [{ file, ...more }] })
    const text = lines(
      conversation('a1', { status: 'pending' }),
      withFiles('1', 'files/orders.txt', { file_name: 'Orders.txt' }),
      conversation('a2'),
      withFiles('1', '../secret.txt'),
      conversation('a3'),
      withFiles('1', 'files/none.txt'),
    )
    const name = write('moved/files.jsonl', text)
    for (const stored of [1, 0]) {
      const { stdout, faults } = await load(name)
      assert.match(stdout, new RegExp(`messages: ${stored} stored, ${1 - stored} there already, 2 left out`))
      assert.deepEqual(faults, [
        'file:4: attachments[0].file must be in the folder of this file',
        'file:6: attachments[0].file does not exist: files/none.txt',
      ])
    }
    const [{ id }] = await list('status=pending')
    const [{ attachments }] = await messagesOf(id)
    const [{ file_name, data_url }] = attachments
    assert.equal(file_name, 'Orders.txt')
    assert.equal(await (await fetchFile(test, data_url)).text(), 'a list of orders')
    const files = await test.app.database.read.sql.selectFrom('files').select('due_at').execute()
    assert.deepEqual(files, [{ due_at: null }])
  })

  it('keep the messages before a fault if others of the same batch bring files', async () => {
    writeDataFile(test, 'receipt.txt', 'a receipt')
    const text = lines(
      conversation('b1', { status: 'pending' }),
      message('1', 1_700_000_001),
      message('2', 1_700_000_002, { content: undefined, attachments: [{ file: 'receipt.txt' }] }),
      message('3', 1_600_000_000),
      message('4', 1_700_000_004),
    )
    const { stdout, faults } = await load(write('receipts.jsonl', text))
    assert.match(stdout, /^conversations: 1 stored, .*\nmessages: 2 stored, 0 there already, 2 left out/)
    assert.deepEqual(faults, [
      'file:4: created_at must not be before that of the conversation or of a message before it',
    ])
  })

  it('are complete and in order if an import is killed and run again while the server gets messages', async () => {
    const messageCount = 12_000
    const records = Array.from({ length: messageCount }, (_, index) => {
      const text = message(`${index}`, 1_700_000_001 + index)
      return index % 3000 === 0 ? [conversation(`k${index / 3000}`, { status: 'pending' }), text] : [text]
    })
    const name = write('messageCount.jsonl', lines(...records.flat()))
    const stored = async () => {
      const rows = test.app.database.read.sql
        .selectFrom('messages')
        .select(({ fn }) => fn.countAll<number>().as('count'))
      return (await rows.where('source_id', 'is not', null).executeTakeFirstOrThrow()).count
    }
    const before = await stored()
    const file = join(test.config.dataDir, name)
    const child = spawn(process.execPath, [program, 'import', '--inbox', '1', file], {
      env: { PATH: process.env.PATH, DATA_DIR: test.config.dataDir, ...databaseEnvironment(test) },
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))
    await eventually(async () => (await stored()) >= before + 1000)
    await sendMessage(test, 'meanwhile')
    child.kill('SIGKILL')
    assert.equal(await ended, 'SIGKILL')
    const half = (await stored()) - before
    assert.ok(half < messageCount, `${half} before the kill`)
    const { stdout, faults } = await load(name)
    assert.deepEqual(faults, [])
    assert.match(stdout, new RegExp(`messages: ${(messageCount - half).toLocaleString('en')} stored, `))
    const pending = await list('status=pending&sort=created_at&q=zoe')
    const ids = pending
      .map(({ id }: { id: number }) => id)
      .slice(0, 4)
      .sort((one: number, other: number) => one - other)
    for (const [part, id] of ids.entries()) {
      const names = (await messagesOf(id)).map(({ source_id }: { source_id: string }) => Number(source_id))
      assert.deepEqual(
        names,
        Array.from({ length: 3000 }, (_, index) => part * 3000 + index),
      )
    }
  })
})
