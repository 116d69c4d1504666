import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type CompiledQuery, sql } from 'kysely'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { insertableColumns, skipOnPostgres, skipWithoutPostgres } from '../../../test/databases.ts'
import type { Queries } from '../../db/database.ts'
import { insertPosting } from './posting.store.ts'
import { insertManyOnPostgres } from './posting-postgres.store.ts'
import type { Posting } from './verdict.store.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const posting: Posting = {
  account_id: 1,
  conversation_id: 1,
  user_id: 1,
  sees_all: 0,
  message_type: 'incoming',
  content_type: 'text',
  content: 'Hello?',
  content_attributes: '{}',
  private: 0,
  sender_type: 'Contact',
  sender_id: null,
  echo_id: null,
  source_id: null,
  idempotency_key: 'key',
  idempotency_hash: 'hash',
  attachments: null,
  now: 1,
  from_contact: 1,
  channel_types: '["api"]',
  actor_type: 'contact',
  actor_id: null,
  cause: null,
}

/** The queries that `work` runs. None is executed: each "returns" a row of an accepted message. */
async function queriesOf(work: (queries: Queries) => Promise<unknown>): Promise<CompiledQuery[]> {
  const queries: CompiledQuery[] = []
  const row = { verdict: 'accepted', inbox_id: 1, contact_id: 1, at: 1, value: 1 }
  const run = async (query: CompiledQuery) => {
    queries.push(query)
    return [row]
  }
  await work({ ...test.app.database.read, slots: test.app.database.slots, run })
  return queries
}

it('Posting on SQLite reads no table without a key', { skip: skipOnPostgres }, async () => {
  const queries = await queriesOf((tx) => insertPosting(tx, posting))
  assert.ok(queries.length >= 6)
  for (const query of queries) {
    const plan = await test.app.database.read.run({ ...query, sql: `explain query plan ${query.sql}` })
    for (const { detail } of plan as { detail: string }[]) {
      if (/^SCAN (?!json_each|CONSTANT ROW|file_links|l\b|r\b)/.test(detail))
        assert.fail(`${detail}: ${query.sql}`)
      const [, table, columns] = /^SEARCH (\S+) .*\((.*)\)$/.exec(detail) ?? []
      // Contacts and conversations of one account, and messages of one conversation, grow without a limit.
      if (table) assert.ok(columns!.split(' AND ').length > 1 || /^(a|s|u)$/.test(table), detail)
    }
  }
})

it('Posting on PostgreSQL reads no table without a key', { skip: skipWithoutPostgres }, async () => {
  const postings = [posting, { ...posting, conversation_id: 2 }]
  const queries = await queriesOf(async (tx) => {
    await insertPosting(tx, posting)
    await insertManyOnPostgres(tx, postings)
    await insertManyOnPostgres(tx, [{ ...posting, from_contact: 0 }])
  })
  const keys: Record<string, RegExp> = {
    conversations: /\bid = .*account_id = |account_id = .*\bid = /,
    contacts: /\bid = .*account_id = |account_id = .*\bid = /,
    inboxes: /\bid = /,
    inbox_members: /user_id = /,
    messages: /idempotency_key = /,
    users: /\bid = /,
    accounts: /\bid = /,
  }
  await test.app.database.transaction(null, async ({ sql: builder }) => {
    const copies = async (table: string, count: number) => {
      const { rows } = await sql.raw<{ name: string }>(insertableColumns(table)).execute(builder)
      const names = rows.map(({ name }) => name)
      const values = sql.raw(names.map((name) => `(r).${name}`).join(', '))
      await sql`insert into ${sql.table(table)} (${sql.raw(names.join(', '))}) select ${values} from (
      select jsonb_populate_record(t, jsonb_build_object('id', t.id + n, 'email', null, 'identifier', n)) as r
        from ${sql.table(table)} t, generate_series(100, ${sql.lit(count)}) n
        where t.id = (select min(id) from ${sql.table(table)})) r`.execute(builder)
    }
    for (const table of ['inboxes', 'contacts', 'conversations', 'messages']) {
      await copies(table, 3000)
      await sql`analyze ${sql.table(table)}`.execute(builder)
    }
  })
  const plans: Node[] = []
  for (const query of queries) {
    const explained = { ...query, sql: `explain (format json) ${query.sql}` }
    const [row] = await test.app.database.read.run(explained)
    plans.push((row as { 'QUERY PLAN': [{ Plan: Node }] })['QUERY PLAN'][0].Plan)
  }
  for (const plan of plans) {
    const scans = scansOf(plan)
    assert.ok(scans.length >= 5)
    for (const { table, condition } of scans) {
      if (keys[table]) assert.match(condition, keys[table], JSON.stringify(scans))
    }
  }
})

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Cond'?: string
  Plans?: Node[]
}

/** The tables that a plan reads, each with the condition of the index. */
function scansOf(node: Node): { table: string; condition: string }[] {
  const table = node['Relation Name']
  const isScan = / Scan$/.test(node['Node Type'])
  const own = isScan && table ? [{ table, condition: node['Index Cond'] ?? '' }] : []
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)]
}
