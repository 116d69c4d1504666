import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createDatabase, skipWithoutPostgres } from '../databases.ts'
import { eventually } from '../eventually.ts'
import { atEnd, call, temporaryDirectory, token } from '../process.ts'

const rows = 20_000

describe('A plan that PostgreSQL made while tables were small', { skip: skipWithoutPostgres }, () => {
  it('reads no table completely when they are large', async (t) => {
    const { url, drop } = await createDatabase()
    atEnd(t, drop)
    const outside = new pg.Client({ connectionString: url })
    await outside.connect()
    atEnd(t, () => outside.end())
    const app = await startApp(
      readConfig({
        PORT: '0',
        // Each connection has its own plans.
        DATABASE_URL: `${url}?pool_size=1`,
        DATA_DIR: temporaryDirectory(t),
        LOG_LEVEL: 'silent',
        NDOTO_ADMIN_TOKEN: token,
        NDOTO_RATE_LIMIT: 'off',
      }),
    )
    atEnd(t, () => app.close())
    let last = 0
    const send = async (path: string, options: Parameters<typeof call>[2] = {}) => {
      const { status, body } = await call(app, path, options)
      assert.ok(status < 300, `${path}: ${status} ${JSON.stringify(body)}`)
      return body
    }
    const work = async () => {
      for (const message_type of ['outgoing', 'incoming']) {
        const body = { content: `A sentence ${Math.random()}`, message_type }
        const headers = { 'idempotency-key': String(Math.random()) }
        last = (await send('/conversations/1/messages', { body, headers })).id
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
      await send(`/conversations/1/messages/${last}`, { method: 'DELETE' })
      await send('/conversations/1/update_last_seen', { method: 'POST' })
      await send('/conversations/1/labels', { body: { labels: [] } })
    }
    await work()
    await outside.query('analyze')
    // PostgreSQL makes a generic plan at the sixth execution.
    for (let time = 0; time < 8; time++) await work()
    const copiedRows = [
      ['contacts', 'id', `n, 'email', null, 'phone_number', null, 'identifier', null`],
      ['conversations', 'id', 'n'],
      ['messages', 'id', 'n'],
      ['events', 'position', `n, 'id', nextval('event_ids')`],
    ]
    for (const [table, key, value] of copiedRows) {
      await outside.query(`insert into ${table} select (m).* from (
        select jsonb_populate_record(m, jsonb_build_object('${key}', ${value})) as m
          from ${table} m, generate_series(100001, ${100_000 + rows}) n
          where ${key} = (select min(${key}) from ${table})) m`)
    }
    await outside.query(
      `update counters set value = 200000 where name in ('contacts', 'conversations', 'events')`,
    )
    await outside.query(`select setval('message_ids', 200000)`)
    const read = async () => {
      const tables = await outside.query(
        'select relname as name, seq_tup_read::int as count, n_tup_ins::int as inserted from pg_stat_user_tables',
      )
      return new Map<string, { count: number; inserted: number }>(
        tables.rows.map(({ name, ...counts }) => [name, counts]),
      )
    }
    await eventually(async () => (await read()).get('messages')!.inserted >= rows)
    const before = await read()
    for (let time = 0; time < 3; time++) await work()
    await eventually(
      async () => (await read()).get('messages')!.inserted >= before.get('messages')!.inserted + 6,
    )
    for (const [name, { count }] of await read()) {
      const scanned = count - before.get(name)!.count
      assert.ok(scanned < rows, `${name}: ${scanned} rows were read by sequential scans`)
    }
  })
})
