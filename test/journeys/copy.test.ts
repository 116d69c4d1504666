import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import pg from 'pg'
import { type App, startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { migratePostgres } from '../../src/db/migrate-postgres.ts'
import { parkEvent } from '../../src/events/parked.ts'
import { claimAutomaticMail } from '../../src/features/channels/email/automatic-mails.store.ts'
import { saveFolder } from '../../src/features/channels/email/mailbox.store.ts'
import { insertTarget } from '../../src/features/channels/store.ts'
import { insertIds, saveImport } from '../../src/features/import-export/chatwoot/ids.store.ts'
import { migrations } from '../../src/migrations.ts'
import { createResources } from '../api-resources.ts'
import { sendMessage, type TestApp } from '../app.ts'
import { createDatabase, insertableColumns, skipWithoutPostgres } from '../databases.ts'
import { followed } from '../events.ts'
import { eventually } from '../eventually.ts'
import { addAccount, addUser } from '../factories.ts'
import { sendFile } from '../files.ts'
import { addMailInbox } from '../mails.ts'
import { operationsOf } from '../operations.ts'
import {
  assertFailed,
  atEnd,
  type ProcessResult,
  program,
  runProgram,
  type Scope,
  startProgram,
  temporaryDirectory,
} from '../process.ts'
import { callingWebhooks, startReceiver, startWebhookApp } from '../webhooks.ts'

const password = 'correct horse battery'
const key = { 'idempotency-key': 'used before the copy' }
const messageWithKey = { content: 'Sent with a key: pangolin', message_type: 'outgoing' }

/** Creates an empty database on the test server, and a connection to it. */
async function createTarget(t: Scope): Promise<{ url: string; outside: pg.Client }> {
  const { url, drop } = await createDatabase()
  atEnd(t, drop)
  const outside = new pg.Client({ connectionString: url })
  await outside.connect()
  atEnd(t, () => outside.end())
  return { url, outside }
}

function copy(data: string, url: string, ...more: string[]): Promise<ProcessResult> {
  return runProgram(['copy', '--from', data, '--to', url, ...more], { data, cwd: '/' })
}

/** Credentials that must work before and after the copy. */
interface Credentials {
  tokens: string[]
  cookie: string
  sourceIds: string[]
}

/** Creates rows in every table: two accounts, one of them with everything that the API can create. */
async function fill(test: TestApp, webhookUrl: string): Promise<Credentials> {
  const { api } = test
  const post = async (path: string, body: object, headers = {}) => {
    const response = await api(path, { method: 'POST', body, headers })
    assert.ok(response.status < 300, `${path}: ${JSON.stringify(response.body)}`)
    return response.body
  }
  const ids = await createResources(test, { accountId: 1, token: test.token, userId: 1 })
  await post('/webhooks', { url: webhookUrl, subscriptions: ['message_created'] })
  await post('/inboxes', {
    name: 'With a hook',
    channel: { type: 'api', webhook_url: webhookUrl },
  })
  await post(`/inbox_members/${ids.inbox_id}`, { user_ids: [1] })
  await post('/conversations/1/labels', { labels: [(await api('/labels')).body.payload[0].title] })
  await post('/contacts/1/labels', { labels: [(await api('/labels')).body.payload[0].title] })
  await post(`/teams/${ids.team_id}/team_members`, { user_ids: [1] })
  await post('/conversations/1/assignments', { team_id: ids.team_id })
  await post('/conversations/1/toggle_status', { status: 'snoozed', snoozed_until: 4_000_000_000 })
  await post('/conversations/1/messages', messageWithKey, key)
  await post('/companies', { name: 'Ünïcode AG', domain: 'unicode.example' })
  await post('/contacts', { name: 'Zo', email: 'zo@unicode.example' })
  await post('/contacts', { name: 'Zoë 😀 "quoted"\\', custom_attributes: { nested: [1, 'ü', null] } })
  const erased = await sendMessage(test, 'Erased later: okapi')
  await sendMessage(test, 'line\nline\ttab 😀 \u2028 \\u0041 {"json": true}', { private: true })
  await sendMessage(test, 'Café élan', {
    content_attributes: { items: [{ title: 'x', value: 'ÿ' }] },
    content_type: 'cards',
  })
  await api(`/conversations/1/messages/${erased.id}`, { method: 'DELETE' })
  await sendFile(test, { bytes: 'a list of orders', name: 'orders.txt' })
  await sendMessage(test, 'With a shared file', { canned_response_ids: [ids.canned_response_id] })
  await api('/conversations/1/draft', { method: 'PUT', body: { content: 'Not sent yet', version: 0 } })
  await api('/notification_settings', { method: 'PATCH', body: { kinds: {} } })
  const visitorLabels = [(await api('/labels')).body.payload[0].title]
  await api('/inboxes/1/visitor_labels', { method: 'PUT', body: { labels: visitorLabels } })
  await api('/inboxes/1/signature', { method: 'PUT', body: { content: 'Yours, {{agent.name}}' } })
  const mails = await addMailInbox(test)
  const { source_id } = await mails.receive({ headers: { Cc: 'guest@example.org' } })
  await mails.receive({ from: 'guest@example.org', headers: { 'In-Reply-To': source_id } })
  await post(`/inboxes/${ids.inbox_id}/agent_bot`, { agent_bot: ids.agent_bot_id })
  await post('/agents', { email: 'invited@example.com', name: 'Invited', role: 'agent' })
  const wrong = { email: 'admin@example.com', password: 'a wrong password' }
  await api('//auth/sign_in', { method: 'POST', body: wrong, token: null })
  const right = { email: 'admin@example.com', password }
  const session = await api('//auth/sign_in', { method: 'POST', body: right, token: null })
  await api('//auth/sign_in', { method: 'POST', body: { ...wrong, email: 'x@example.com' }, token: null })
  const other = await addAccount(test)
  const otherIds = await createResources(test, other)
  const agent = await addUser(test, { inboxes: [1] })
  await test.app.database.transaction(1, async (tx) => {
    await parkEvent(tx, { account_id: 1, follower: 'search', position: 1 }, new Error('a bug'))
    // Of no account, so that it does not change what searches respond.
    const backfill = { account_id: 999, before_contact: 5, before_conversation: 5, before_message: 5 }
    await tx.sql.insertInto('search_backfills').values(backfill).execute()
    // No channel of the server itself sends messages.
    await insertTarget(tx, { account_id: 1, inbox_id: 1, target_id: 1 })
    await claimAutomaticMail(tx, { account_id: 1, address: 'ann@example.com', now: Date.now() })
    const folder = { account_id: 1, inbox_id: mails.id, folder: 'INBOX' }
    // Moving messages would notify, and these notifications cannot be pushed.
    const move = { account_id: 1, kind: 'merge', from_id: 2, to_id: 1, status: 'done' } as const
    const times = { expires_at: 4_000_000_000_000, created_at: 1, updated_at: 1 }
    const what = { id: 1, author_id: 1, first_message_id: 1, before: '{}', message_count: 1 }
    await tx.sql
      .insertInto('conversation_moves')
      .values({ ...move, ...what, ...times })
      .execute()
    const message = { account_id: 1, move_id: 1, message_id: 1, idempotency_key: null }
    await tx.sql.insertInto('moved_messages').values(message).execute()
    // No import from Chatwoot runs here.
    const kind = { account_id: 1, kind: 'contacts' }
    await saveImport(tx, { ...kind, last_id: 7, changed_since: 8, reserved: '[[1,7]]' })
    await insertIds(tx, [{ ...kind, chatwoot_id: 3, id: 9 }])
    // No mail server is set here.
    const digest = { account_id: 1, user_id: 1, due_at: null, sent_at: null, tries: 0 }
    await tx.sql.insertInto('notification_digests').values(digest).execute()
    await saveFolder(tx, { ...folder, uid_validity: 7, last_uid: 8, known_until: 0 })
  })
  return {
    tokens: [test.token, agent.token, other.token],
    cookie: session.headers.get('set-cookie')!.split(';')[0]!,
    sourceIds: [String(ids.source_id), String(otherIds.source_id)],
  }
}

/** Waits for the followers of the log, and for the webhooks. */
async function waitForBackgroundWork({ app }: TestApp): Promise<void> {
  const { sql } = app.database.read
  for (const name of ['search', 'participants']) await followed({ app }, name)
  await eventually(async () => {
    const unfinished = await sql
      .selectFrom('deliveries')
      .select('state')
      .where('state', 'in', ['pending', 'running'])
      .execute()
    const hooks = await sql.selectFrom('followers').selectAll().where('name', '=', 'deliveries').execute()
    return unfinished.length === 0 && hooks.some((one) => one.account_id === 1)
  })
}

/** Returns the responses to every GET of the API, for each account, id and credential. */
async function readEverything(
  app: App,
  { tokens, cookie, sourceIds }: Credentials,
): Promise<Record<string, unknown>> {
  const { sql } = app.database.read
  const ids = async (
    table:
      | 'inboxes'
      | 'labels'
      | 'teams'
      | 'contacts'
      | 'conversations'
      | 'messages'
      | 'webhooks'
      | 'canned_responses'
      | 'scheduled_messages'
      | 'proposals'
      | 'custom_attribute_definitions'
      | 'contact_notes'
      | 'companies'
      | 'macros'
      | 'bulk_actions'
      | 'contact_imports'
      | 'views'
      | 'notifications'
      | 'agent_bots',
  ) => (await sql.selectFrom(table).select('id').distinct().orderBy('id').execute()).map(({ id }) => id)
  const inboxes = await sql.selectFrom('inboxes').select('identifier').orderBy('id').execute()
  const values: Record<string, (number | string)[]> = {
    inbox_identifier: inboxes.map(({ identifier }) => identifier),
    source_id: sourceIds,
    account_id: [1, 2],
    inbox_id: await ids('inboxes'),
    label_id: await ids('labels'),
    team_id: await ids('teams'),
    contact_id: await ids('contacts'),
    conversation_id: await ids('conversations'),
    message_id: await ids('messages'),
    webhook_id: await ids('webhooks'),
    canned_response_id: await ids('canned_responses'),
    scheduled_message_id: await ids('scheduled_messages'),
    proposal_id: await ids('proposals'),
    note_id: await ids('contact_notes'),
    company_id: await ids('companies'),
    custom_attribute_definition_id: await ids('custom_attribute_definitions'),
    macro_id: await ids('macros'),
    bulk_action_id: await ids('bulk_actions'),
    contact_import_id: await ids('contact_imports'),
    view_id: await ids('views'),
    notification_id: await ids('notifications'),
    agent_bot_id: await ids('agent_bots'),
  }
  const reads = operationsOf({ app } as TestApp).filter(
    ({ method, path }) => method === 'GET' && !['/health', '/api'].includes(path),
  )
  const paths = reads
    .flatMap(({ path }) => fillPath(path, values))
    .flatMap((path) => [path, ...withQueries(path)])
  const responses: Record<string, unknown> = {}
  for (const [index, credential] of [
    ...tokens.map((token) => ({ api_access_token: token })),
    { cookie },
  ].entries()) {
    for (const path of paths) {
      const response = await fetch(app.url + path, {
        headers: { accept: 'application/json', ...credential } as never,
      })
      const text = (await response.text())
        .replace(/"last_used_at":(?:\d+|null)/g, '"last_used_at":0')
        // Using a session moves its end.
        .replace(/("current":(?:true|false),.*?"expires_at":)\d+/g, '$10')
        .replace(/&signature=[0-9a-f]+/g, '')
      responses[`${index} ${path}`] = { status: response.status, text }
    }
  }
  return responses
}

function fillPath(path: string, values: Record<string, (number | string)[]>): string[] {
  const [parameter, name] = /\{(\w+)\}/.exec(path) ?? []
  if (!parameter) return [path]
  assert.ok(values[name!], `{${name}} is unknown: add its values here`)
  return values[name!]!.flatMap((value) => fillPath(path.replace(parameter, String(value)), values))
}

function withQueries(path: string): string[] {
  const queries: Record<string, string[]> = {
    conversations: [
      'status=all',
      'status=all&q=caf',
      'status=all&q=pangolin',
      'status=all&q=okapi',
      'sort=created_at_asc&status=all',
    ],
    messages: ['include_deleted=true', 'limit=2', 'limit=2&after_id=1'],
    events: ['limit=1000', 'after=3'],
    contacts: ['include_contact_inboxes=true', 'sort=-name'],
    search: ['q=o'],
  }
  const queriesOf = queries[path.split('/').at(-1)!] ?? []
  return queriesOf.map((query) => `${path}?${query}`)
}

/** Returns the rows of all tables in an SQLite file and in PostgreSQL, in a form that can be compared. */
async function rowsOfBoth(file: string, outside: pg.Client) {
  const database = new DatabaseSync(file, { readOnly: true })
  const tables = database
    .prepare(`select name from sqlite_schema where type = 'table' and name not like 'search\\_index%' escape '\\'
      and name not like 'sqlite%' and name not in ('migrations', 'file_links', 'inbox_leases')`)
    .all()
  const both: Record<string, { sqlite: string[]; postgres: string[] }> = {}
  const plain = (row: object) => {
    const { id, lexemes, ...rest } = row as { id?: number; lexemes?: string }
    const comparable = 'words' in rest || 'position' in rest ? rest : { ...rest, id }
    return JSON.stringify(Object.entries(comparable).sort(([one], [other]) => (one < other ? -1 : 1)))
  }
  for (const { name } of tables) {
    const sqlite = database.prepare(`select * from "${name}"`).all().map(plain).sort()
    const { rows: columns } = await outside.query(insertableColumns(`"${name}"`))
    const { rows } = await outside.query({
      text: `select ${columns.map((column) => `"${column.name}"`).join(', ')} from "${name}"`,
      types: { getTypeParser: numbers } as never,
    })
    both[String(name)] = { sqlite, postgres: rows.map(plain).sort() }
  }
  database.close()
  return both
}

function numbers(type: number): (text: string) => unknown {
  return [20, 21, 23].includes(type) ? Number : String
}

// Links to files begin with this address, and must be the same before and after the copy.
const publicUrl = { PUBLIC_URL: 'https://support.example' }

describe('ndoto copy', { skip: skipWithoutPostgres }, () => {
  it('copies every row, so that the API responds as before and new rows do not collide', async (t) => {
    const receiver = await startReceiver()
    const test = await startWebhookApp({}, { DATABASE_URL: '', NDOTO_ADMIN_PASSWORD: password, ...publicUrl })
    t.after(() => test.close())
    const credentials = await fill(test, receiver.url)
    const { tokens } = credentials
    await waitForBackgroundWork(test)
    const before = await readEverything(test.app, credentials)
    await test.app.close()
    const file = join(test.config.dataDir, 'ndoto.db')
    const { url, outside } = await createTarget(t)
    const ended = await copy(test.config.dataDir, url)
    assert.equal(ended.code, 0, ended.stderr)
    assert.match(ended.stdout, /^Copied [\d,]+ rows in /)
    const rows = await rowsOfBoth(file, outside)
    for (const [name, { sqlite, postgres }] of Object.entries(rows)) {
      assert.ok(sqlite.length > 0, `no row of ${name} was copied: create one in fill()`)
      assert.deepEqual(postgres, sqlite, name)
    }

    const environment = {
      DATABASE_URL: url,
      // The files stay where they are.
      DATA_DIR: test.config.dataDir,
      PORT: '0',
      LOG_LEVEL: 'silent',
      NDOTO_RATE_LIMIT: 'off',
      NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true',
      NDOTO_SECRET_KEY: readFileSync(join(test.config.dataDir, 'secret.key'), 'utf8'),
      ...publicUrl,
    }
    const app = await startApp(readConfig(environment), callingWebhooks())
    t.after(() => app.close())
    assert.equal(app.installation, undefined)
    const after = await readEverything(app, credentials)
    assert.ok(Object.keys(before).length > 500)
    for (const [path, response] of Object.entries(before)) assert.deepEqual(after[path], response, path)
    const search = (after['0 /api/v1/accounts/1/conversations?status=all&q=pangolin'] as { text: string })
      .text
    assert.equal(JSON.parse(search).data.meta.all_count, 1)

    const send = async (path: string, body: object, headers: object = {}) => {
      const response = await fetch(`${app.url}/api/v1/accounts/1${path}`, {
        method: 'POST',
        headers: { api_access_token: tokens[0]!, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      return { status: response.status, body: JSON.parse(await response.text()) }
    }
    const last = async (table: string) =>
      Number((await outside.query(`select max(id) as last from ${table}`)).rows[0].last)
    const lastOf = async (table: string) =>
      Number(
        (await outside.query(`select value from counters where account_id = 1 and name = $1`, [table]))
          .rows[0].value,
      )
    const replayed = await send('/conversations/1/messages', messageWithKey, key)
    assert.equal(replayed.status, 200)
    const delivered = receiver.received.length
    const newest = await lastOf('events')
    const lastMessage = await last('messages')
    const sent = await send('/conversations/1/messages', {
      content: 'After: axolotl',
      message_type: 'outgoing',
    })
    assert.deepEqual([sent.status, sent.body.id], [201, lastMessage + 1])
    for (const [path, body, table] of [
      ['/contacts', { name: 'Next' }, 'contacts'],
      ['/conversations', { inbox_id: 1, contact_id: 1 }, 'conversations'],
      ['/labels', { title: 'next' }, 'labels'],
      ['/teams', { name: 'Next' }, 'teams'],
    ] as const) {
      const expected = (await lastOf(table)) + 1
      const { status, body: created } = await send(path, body)
      assert.ok(status < 300, JSON.stringify(created))
      assert.equal(created.id, expected, path)
    }
    const lastUser = await last('users')
    const agent = await send('/agents', { email: 'next@example.com', name: 'Next', role: 'agent' })
    assert.deepEqual([agent.status, agent.body.id], [201, lastUser + 1], JSON.stringify(agent.body))
    const path = `/api/v1/accounts/1/events?limit=1&after=${newest}`
    const readEvent = async () => {
      const headers = { accept: 'application/json', api_access_token: tokens[0]! }
      return JSON.stringify(await (await fetch(app.url + path, { headers })).json())
    }
    await eventually(async () => (await readEvent()).includes('axolotl'))
    await eventually(async () => {
      const query = '/api/v1/accounts/1/conversations?status=all&q=axolotl'
      const answer = await fetch(app.url + query, { headers: { api_access_token: tokens[0]! } })
      return JSON.parse(await answer.text()).data.meta.all_count === 1
    })
    await eventually(() => receiver.contents().includes('After: axolotl'))
    assert.ok(receiver.received.slice(delivered).every(({ text }) => !text.includes('pangolin')))
  })

  it('leaves nothing behind if it is killed, and can be run again', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    server.kill()
    await server.ended
    const { url, outside } = await createTarget(t)
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    atEnd(t, () => holder.end())
    await migratePostgres(outside, migrations)
    // The copy waits when it comes to the events.
    await outside.query(`create function wait_for_lock() returns bigint language plpgsql as $$
      begin perform pg_advisory_xact_lock(1); return nextval('event_ids'); end $$;
      alter table events alter column id set default wait_for_lock()`)
    await holder.query('select pg_advisory_lock(1)')
    const child = spawn(process.execPath, [program, 'copy', '--from', data, '--to', url], { stdio: 'ignore' })
    const connectionsOfCopy = async (condition: string) =>
      (
        await outside.query(`select from pg_stat_activity where datname = current_database() and application_name = 'ndoto'
        and ${condition}`)
      ).rows.length
    await eventually(
      async () =>
        (await connectionsOfCopy(`query like 'insert into "events"%' and wait_event = 'advisory'`)) === 1,
    )
    child.kill('SIGKILL')
    await holder.query('select pg_advisory_unlock(1)')
    await eventually(async () => (await connectionsOfCopy('true')) === 0)
    assert.equal((await outside.query('select from accounts')).rows.length, 0)
    await outside.query(`alter table events alter column id set default nextval('event_ids')`)
    const again = await copy(data, url)
    assert.equal(again.code, 0, again.stderr)
    assert.equal((await outside.query('select from accounts')).rows.length, 1)
    const { rows } = await outside.query(`select tgname from pg_trigger where tgenabled <> 'O'`)
    assert.deepEqual(rows, [], 'the triggers are enabled again')

    assertFailed(await copy(data, url), /^The target is not empty: its table "\w+" has rows\. Drop/)
  })

  it('explains why it refuses a source or a target, and changes nothing', async (t) => {
    const data = temporaryDirectory(t)
    const { url, outside } = await createTarget(t)
    assertFailed(
      await copy(join(data, 'missing'), url),
      /ndoto\.db does not exist\. Set --from to the directory/,
    )
    assert.equal(existsSync(join(data, 'missing')), false)
    const server = await startProgram(t, { data })
    assertFailed(await copy(data, url), /^A server runs on .+\. Stop it first\.$/m)
    server.kill()
    await server.ended
    assertFailed(await runProgram(['copy'], { data }), /^Name the PostgreSQL database with --to/)
    assertFailed(await copy(data, 'mysql://localhost/x'), /^DATABASE_URL must be postgres:/)
    assertFailed(await copy(data, 'postgres://127.0.0.1:1/x'), /^Nothing listens at 127\.0\.0\.1:1\./)
    const file = new DatabaseSync(join(data, 'ndoto.db'))
    file.exec(`insert into migrations values (999, 'from the future', 1)`)
    assertFailed(await copy(data, url), /^The database has format 999/)
    file.exec('delete from migrations where version > 1')
    assertFailed(await copy(data, url), /has format 1, but .+ Start it once/)
    file.close()
    assert.equal((await outside.query(`select from pg_class where relname = 'migrations'`)).rows.length, 0)
    const whole = temporaryDirectory(t)
    const other = await startProgram(t, { data: whole })
    other.kill()
    await other.ended
    await outside.query('create table orders (id bigint)')
    assertFailed(await copy(whole, url), /^The database has a table "orders" that is not from Ndoto/)
  })
})
