import assert from 'node:assert/strict'
import { createReadStream, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  ImportedContact,
  ImportedConversation,
  ImportedMessage,
} from '../../src/features/import-export/schema.ts'
import { readCsv } from '../../src/lib/csv.ts'
import { readAllRows, sendMessage, startTestApp, type TestApp } from '../app.ts'
import { runCommand, writeDataFile } from '../commands.ts'
import { testDatabaseUrl } from '../databases.ts'
import { picture, sendForm } from '../files.ts'
import { assertSucceeded, atEnd, type ProcessResult, project, type Scope } from '../process.ts'

async function start(scope: Scope, environment: Record<string, string> = {}): Promise<TestApp> {
  const test = await startTestApp(environment)
  atEnd(scope, () => test.close())
  return test
}

async function call({ api }: TestApp, path: string, body: object, method = 'POST') {
  const response = await api(path, { method, body })
  assert.ok(response.status < 300, `${path}: ${JSON.stringify(response.body)}`)
  return response.body
}

/** Creates what imported files refer to by name: an inbox, labels, a team and an agent. Returns their ids. */
async function prepareForImport(test: TestApp) {
  const inbox = await call(test, '/inboxes', { name: 'Näxt "inbox"', channel: { type: 'api' } })
  for (const title of ['vip', 'billing']) await call(test, '/labels', { title })
  const team = await call(test, '/teams', { name: 'Sales', allow_auto_assign: false })
  const agent = await call(test, '/agents', {
    name: 'Kim',
    email: 'kim@example.com',
    role: 'administrator',
  })
  return { inbox: inbox.id, team: team.id, agent: agent.id }
}

/** Creates data of every kind in account 1. */
async function fill(test: TestApp): Promise<void> {
  const { inbox, team, agent } = await prepareForImport(test)
  await call(test, '/contacts', { name: 'Only a name' })
  const custom_attributes = { nested: [1, 'ü', null], text: 'line\nline,"quoted" 😀' }
  const person = { name: 'Zoë, "the" 1st\r\nof hers', phone_number: '+14155550101', identifier: 'crm 7' }
  const contact = await call(test, '/contacts', {
    ...person,
    inbox_id: inbox,
    custom_attributes,
    additional_attributes: { city: 'Köln' },
  })
  await call(test, `/contacts/${contact.id}/labels`, { labels: ['vip', 'billing'] })
  await call(test, `/contacts/${contact.id}/contact_inboxes`, { inbox_id: 1, source_id: 'second name' })
  await call(test, `/contacts/${contact.id}/contact_inboxes`, { inbox_id: 1, source_id: 'third name' })
  const begin = async (body: object) => (await call(test, '/conversations', body)).id
  const first = await begin({
    inbox_id: 1,
    contact_id: contact.id,
    source_id: 'second name',
    custom_attributes,
    additional_attributes: { browser: { language: 'ky' } },
    message: { content: 'Hello', message_type: 'incoming' },
  })
  const second = await begin({ inbox_id: inbox, contact_id: contact.id, status: 'pending' })
  const erased = await sendMessage(test, 'Erased later', {}, first)
  await sendMessage(test, 'tab\t \u2028 \\u0041 {"json": true} 😀', { private: true, echo_id: 'echo' }, first)
  for (const text of ['From a bridge', 'And again'])
    await sendMessage(test, text, { source_id: 'same' }, first)
  const items = [{ title: 'x', value: 'ÿ' }]
  await sendMessage(
    test,
    'Choose',
    { content_type: 'input_select', content_attributes: { items, 7: 'own' } },
    first,
  )
  const failed = await sendMessage(test, 'Not delivered', {}, first)
  const path = `/conversations/${first}/messages`
  await call(test, `${path}/${failed.id}`, { status: 'failed', external_error: 'bounced' }, 'PATCH')
  await call(test, `${path}/${failed.id}`, { content: 'Edited' }, 'PATCH')
  await test.api(`${path}/${erased.id}`, { method: 'DELETE' })
  for (const bytes of [await picture(600, 300), 'a list of orders']) {
    const sent = await sendForm(test, {}, [{ bytes, name: 'Ünï.bin' }], { conversationId: second })
    assert.equal(sent.status, 201)
  }
  await call(test, `/conversations/${first}/labels`, { labels: ['vip', 'billing'] })
  await call(test, `/conversations/${first}/assignments`, { team_id: team, assignee_id: agent })
  await call(test, `/conversations/${first}/toggle_priority`, { priority: 'urgent' })
  await call(test, `/conversations/${first}/update_last_seen`, {})
  await call(test, `/conversations/${first}/toggle_status`, {
    status: 'snoozed',
    snoozed_until: 4_000_000_000,
  })
  await sendMessage(test, 'Unread', { message_type: 'incoming' }, second)
  await call(test, `/contacts/${contact.id}`, { blocked: true }, 'PATCH')
}

/** Exports account 1 to a folder, and returns its path. */
async function exportTo(test: TestApp, name: string, ...options: string[]): Promise<string> {
  const folder = join(test.config.dataDir, name)
  assertSucceeded(await runCommand(test, ['export', '--to', folder, ...options]))
  return folder
}

/** Returns the bytes of all files in a folder, by their names. */
function contentOf(folder: string): Record<string, string> {
  const entries = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  const names = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'latin1')]))
}

function assertStored({ code, stdout, stderr }: ProcessResult, ...counts: string[]): void {
  assert.deepEqual([code, stderr], [0, ''], stdout)
  assert.deepEqual(
    stdout
      .split('\n')
      .slice(0, 3)
      .map((line) => line.replace(/, 0 left out$/, '')),
    counts,
  )
}

// From each engine to the one that the tests run on.
const origins = testDatabaseUrl ? { SQLite: { DATABASE_URL: '' }, PostgreSQL: {} } : { SQLite: {} }

describe('An export', { concurrency: 2 }, () => {
  for (const [engine, environment] of Object.entries(origins)) {
    it(`from ${engine} consists of the same bytes as an export from the account into which it was imported`, async (t) => {
      const [from, to] = await Promise.all([start(t, environment), start(t)])
      await Promise.all([fill(from), prepareForImport(to)])
      assert.equal((await to.api('/contacts/1', { method: 'DELETE' })).status, 204)
      const folder = await exportTo(from, 'export')
      const content = contentOf(folder)
      assert.deepEqual(
        Object.keys(content).map((name) => name.replace(/[0-9a-f]{64}/, 'SHA-256')),
        ['contacts.csv', 'conversations.jsonl', 'files/SHA-256', 'files/SHA-256'],
      )
      const conversations = content['conversations.jsonl']!
      assert.doesNotMatch(content['contacts.csv']! + conversations, /src_/)
      for (const field of Object.keys({
        snoozed_until: 0,
        priority: 0,
        assignee: 0,
        team: 0,
        labels: 0,
        unread_count: 0,
        agent_last_seen_at: 0,
        custom_attributes: 0,
        additional_attributes: 0,
        sender: 0,
        content_attributes: 0,
        private: 0,
        echo_id: 0,
        attachments: 0,
        deleted_at: 0,
        updated_at: 0,
      })) {
        assert.ok(conversations.includes(`"${field}":`), field)
      }
      const counts = ['contacts: 3 stored, 0 there already', 'conversations: 3 stored, 0 there already']
      const messages = conversations.split('"type":"message"').length - 1
      assertStored(
        await runCommand(to, ['import', folder]),
        ...counts,
        `messages: ${messages} stored, 0 there already`,
      )
      assert.deepEqual(contentOf(await exportTo(to, 'again')), content)

      const rows = await readAllRows(from)
      const existing = counts.map((count) => count.replace('3 stored, 0', '0 stored, 3'))
      assertStored(
        await runCommand(from, ['import', folder]),
        ...existing,
        `messages: 0 stored, ${messages} there already`,
      )
      assert.deepEqual(await readAllRows(from), rows)
    })
  }

  it('of one inbox contains only its data, replaces nothing, and refuses two inboxes with the same name', async (t) => {
    const test = await start(t)
    await fill(test)
    const folder = await exportTo(test, 'one', '--inbox', '2')
    const { 'contacts.csv': contacts, 'conversations.jsonl': conversations } = contentOf(folder)
    assert.equal(contacts!.split('+14155550101').length, 2)
    assert.ok(!contacts!.includes('Jane') && !contacts!.includes('second name'))
    const inboxes = conversations!
      .trim()
      .split('\n')
      .flatMap((line) => JSON.parse(line).inbox ?? [])
    assert.deepEqual(
      inboxes.map((name) => Buffer.from(name, 'latin1').toString()),
      ['Näxt "inbox"'],
    )
    const refused = await runCommand(test, ['export', '--to', folder])
    assert.deepEqual([refused.code, refused.stdout], [1, ''])
    assert.match(refused.stderr, /already exists\. Name a folder that does not exist\.$/m)
    await call(test, '/inboxes/2', { name: 'API' }, 'PATCH')
    const twice = await runCommand(test, ['export', '--to', join(test.config.dataDir, 'two')])
    assert.match(twice.stderr, /^Two inboxes are called "API": rename one, or export each with --inbox\./)
    assert.equal(globSync('two*', { cwd: test.config.dataDir }).length, 0)
  })

  it('can be imported into one inbox, and restores a deleted conversation', async (t) => {
    const test = await start(t)
    await fill(test)
    const folder = await exportTo(test, 'all')
    // Its contact has a generated source_id in the inbox.
    assert.equal((await test.api('/conversations/3', { method: 'DELETE' })).status, 204)
    assertStored(
      await runCommand(test, ['import', folder]),
      'contacts: 0 stored, 3 there already',
      'conversations: 1 stored, 2 there already',
      'messages: 3 stored, 12 there already',
    )
    const { contact } = (await test.api('/conversations/4')).body
    assert.equal((await test.api(`/contacts/${contact.id}`)).body.identifier, 'crm 7')
    const to = await start(t)
    await prepareForImport(to)
    const { code, stdout, stderr } = await runCommand(to, ['import', '--inbox', '2', folder])
    assert.deepEqual([code, stderr], [0, ''], stdout)
    const { meta } = (await to.api('/conversations?status=all&inbox_id=2')).body.data
    assert.equal(meta.all_count, 3)
  })
})

describe('An export for spreadsheets', () => {
  it('contains no cell that is run as a formula, while an ordinary export contains names unchanged', async (t) => {
    const test = await start(t)
    const key = (await test.api('/inboxes/1')).body.inbox_identifier
    const names = [
      '=HYPERLINK("https://evil.example")',
      '@SUM(1)',
      '+1',
      '-2',
      '\t=1',
      '\uff1d1',
      'Ann = Bob',
    ]
    for (const name of names) {
      const body = { name }
      await test.api(`//public/api/v1/inboxes/${key}/contacts`, { method: 'POST', body, token: null })
    }
    const namesIn = async (folder: string) => {
      const records = await Array.fromAsync(readCsv(createReadStream(join(folder, 'contacts.csv'))))
      const column = records[0]!.fields.indexOf('name')
      return records.slice(2).map(({ fields }) => fields[column])
    }
    const safe = await exportTo(test, 'safe', '--for-spreadsheets')
    assert.deepEqual(await namesIn(safe), [...names.slice(0, -1).map((name) => `'${name}`), 'Ann = Bob'])
    const plain = await exportTo(test, 'plain')
    assert.deepEqual(await namesIn(plain), names)
  })
})

describe('The examples of docs/import.md', () => {
  it('can be imported, and the page describes every field', async (t) => {
    const page = readFileSync(join(project, 'docs', 'import.md'), 'utf8')
    const example = (kind: string) => new RegExp(`\`\`\`${kind}\n([^]*?)\`\`\``).exec(page)![1]!
    const test = await start(t)
    const csv = writeDataFile(test, 'example.csv', example('csv'))
    const jsonl = writeDataFile(test, 'example.jsonl', example('jsonl'))
    assertStored(
      await runCommand(test, ['import', '--inbox', '1', jsonl, csv]),
      'contacts: 2 stored, 0 there already',
      'conversations: 2 stored, 0 there already',
      'messages: 4 stored, 0 there already',
    )
    for (const { properties } of [ImportedContact, ImportedConversation, ImportedMessage]) {
      for (const name of Object.keys(properties).filter((one) => one !== 'type')) {
        assert.ok(page.includes(`\`${name}\``), `${name} is missing in docs/import.md`)
      }
    }
  })
})
