import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createDatabase, insertableColumns, skipWithoutPostgres } from '../databases.ts'
import { eventually } from '../eventually.ts'
import { atEnd, call, temporaryDirectory, token } from '../process.ts'

const copies = 20_000

describe('A PostgreSQL plan cached while the tables were small', { skip: skipWithoutPostgres }, () => {
  it('does not scan whole tables after they have grown', async (t) => {
    const { url, drop } = await createDatabase()
    atEnd(t, drop)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    atEnd(t, () => client.end())
    const app = await startApp(
      readConfig({
        PORT: '0',
        // Only one connection, because each connection caches its own plans.
        DATABASE_URL: `${url}?pool_size=1`,
        DATA_DIR: temporaryDirectory(t),
        LOG_LEVEL: 'silent',
        NDOTO_ADMIN_TOKEN: token,
        NDOTO_RATE_LIMIT: 'off',
      }),
    )
    atEnd(t, () => app.close())
    let lastMessageId = 0
    const send = async (path: string, options: Parameters<typeof call>[2] = {}) => {
      const { status, body } = await call(app, path, options)
      assert.ok(status < 300, `${path}: ${status} ${JSON.stringify(body)}`)
      return body
    }
    const sendRequests = async () => {
      for (const message_type of ['outgoing', 'incoming']) {
        const body = { content: `A sentence ${Math.random()}`, message_type }
        const headers = { 'idempotency-key': String(Math.random()) }
        lastMessageId = (await send('/conversations/1/messages', { body, headers })).id
      }
      for (const path of [
        '/conversations/1/messages?limit=20',
        '/conversations?assignee_type=all',
        '/conversations?assignee_type=all&q=sentence',
        '/contacts',
        '/contacts/search?q=customer',
        '/contacts/1/conversations',
        '/webhooks',
      ]) {
        await send(path)
      }
      await send(`/conversations/1/messages/${lastMessageId}`, { method: 'DELETE' })
      await send('/conversations/1/update_last_seen', { method: 'POST' })
      await send('/conversations/1/labels', { body: { labels: [] } })
    }
    await sendRequests()
    await client.query('analyze')
    // PostgreSQL can switch to a cached generic plan at the sixth execution of a statement.
    for (let round = 0; round < 8; round++) await sendRequests()
    const tablesToFill = [
      ['contacts', 'id', `n, 'email', null, 'phone_number', null, 'identifier', null`],
      ['conversations', 'id', 'n'],
      ['messages', 'id', 'n'],
      ['events', 'position', `n, 'id', nextval('event_ids')`],
    ]
    for (const [table, key, value] of tablesToFill) {
      const { rows } = await client.query(insertableColumns(table!))
      const names: string[] = rows.map(({ name }) => name)
      const values = names.map((name) => `(m).${name}`).join(', ')
      await client.query(`insert into ${table} (${names.join(', ')}) select ${values} from (
        select jsonb_populate_record(m, jsonb_build_object('${key}', ${value})) as m
          from ${table} m, generate_series(100001, ${100_000 + copies}) n
          where ${key} = (select min(${key}) from ${table})) m`)
    }
    await client.query(
      `update counters set value = 200000 where name in ('contacts', 'conversations', 'events')`,
    )
    await client.query(`select setval('message_ids', 200000)`)
    const readStatistics = async () => {
      const tables = await client.query(
        'select relname as name, seq_tup_read::int as scanned, n_tup_ins::int as inserted from pg_stat_user_tables',
      )
      return new Map<string, { scanned: number; inserted: number }>(
        tables.rows.map(({ name, ...counts }) => [name, counts]),
      )
    }
    await eventually(async () => (await readStatistics()).get('messages')!.inserted >= copies)
    const before = await readStatistics()
    for (let round = 0; round < 3; round++) await sendRequests()
    // The statistics are delayed. They are complete when they include the two messages of each round.
    await eventually(
      async () => (await readStatistics()).get('messages')!.inserted >= before.get('messages')!.inserted + 6,
    )
    for (const [name, after] of await readStatistics()) {
      const scanned = after.scanned - before.get(name)!.scanned
      assert.ok(scanned < copies, `${name}: ${scanned} rows were read by sequential scans`)
    }
  })
})
