import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CompiledQuery, sql } from 'kysely'
import pg from 'pg'
import type { Queries } from '../../src/db/database.ts'
import { searchContacts } from '../../src/features/contacts/list.ts'
import { listConversations } from '../../src/features/conversations/list.ts'
import type { ConversationQuery } from '../../src/features/conversations/schema.ts'
import { generateAccount } from '../../src/features/import-export/sample-account.ts'
import { newestDocument } from '../../src/features/search/match.store.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { skipWithoutPostgres } from '../databases.ts'
import { addUser } from '../factories.ts'
import { assertFlat, recording } from '../query-plans.ts'

const size = { conversations: 10_000, messages: 30_000, seed: 1 }
const words = {
  'a common word': 'the',
  'two common words': 'order delivery',
  'the beginning of a word': 'deliv',
  'two letters': 'de',
  'a rare word': 'silbako',
  'two words that never meet': 'bestellung refund',
  'a word with an accent': 'größe',
  'a word that nobody wrote': 'xylophone',
  'the number of a conversation': '#50',
  'a part of a phone number': '+493000000004',
}

describe('The queries of a search, in a large account, read only what the index finds', () => {
  let test: TestApp
  let actors: Actor[]
  before(async () => {
    test = await startTestApp()
    const { database } = test.app
    await generateAccount(database, 1, size, { rest: async () => {}, progress: () => {} })
    // In a table with a few rows, PostgreSQL would read them all.
    await database.transaction(1, (tx) =>
      sql`insert into contact_labels (account_id, contact_id, label_id)
        select c.account_id, c.id, l.id from contacts c join labels l on l.account_id = c.account_id`.execute(
        tx.sql,
      ),
    )
    if (database.read.engine === 'postgres')
      await database.transaction(1, (tx) => sql.raw('analyze').execute(tx.sql))
    const { userId } = await addUser(test, { inboxes: [1, 2] })
    const administrator: Actor = {
      accountId: 1,
      userId: 1,
      role: 'administrator',
      scopes: ['admin'],
      tokenId: 0,
    }
    actors = [administrator, { ...administrator, userId, role: 'agent' }]
  })
  after(() => test.close())

  const defaults = { page: 1, status: 'all', assignee_type: 'all', sort: 'last_activity_at' } as const
  const searches: [string, (queries: Queries, actor: Actor) => Promise<unknown>][] = []
  for (const [name, q] of Object.entries(words)) {
    const filters: Partial<ConversationQuery>[] = [
      {},
      { status: 'open' },
      { inbox_id: 2 },
      { team_id: 1 },
      { status: 'open', inbox_id: 2, labels: ['vip'] },
    ]
    for (const filter of filters) {
      const query = { ...defaults, ...filter, q }
      const search = (queries: Queries, actor: Actor) => listConversations(queries, actor, query)
      searches.push([`conversations with ${name} ${JSON.stringify(filter)}`, search])
    }
    const query = { page: 1, sort: 'name', include_contact_inboxes: false, q } as const
    searches.push([
      `contacts with ${name}`,
      (queries, actor) => searchContacts(queries, actor, query as Parameters<typeof searchContacts>[2]),
    ])
  }

  for (const [name, search] of searches) {
    it(name, async () => {
      for (const actor of actors)
        await assertFlat(test.app.database.read, (queries) => search(queries, actor))
    })
  }

  it('PostgreSQL: also those inside of the function that finds matches', {
    skip: skipWithoutPostgres,
  }, async () => {
    const { queries, seen } = recording(test.app.database.read)
    for (const [, search] of searches) await search(queries, actors[0]!)
    const calls = seen.filter((query) => query.sql.includes('search_found('))
    assert.ok(calls.length > 20, String(calls.length))
    for (const plan of await plansInside(test, calls)) {
      assert.match(plan, /Bitmap Index Scan on search_index/, plan)
      assert.doesNotMatch(plan, /Seq Scan|using search_documents_pkey/, plan)
    }
  })

  it('unless they do not, which is noticed', async () => {
    const scan = (queries: Queries) =>
      sql`select subject_id from search_documents where words like '%refund%'`.execute(queries.sql)
    await assert.rejects(assertFlat(test.app.database.read, scan), { code: 'ERR_ASSERTION' })
    await assertFlat(test.app.database.read, (queries) =>
      newestDocument(queries, { account_id: 1, subject: 'message' }),
    )
  })
})

/** Returns the plans of the statements inside of the functions that these queries call, as PostgreSQL logs them. */
async function plansInside(test: TestApp, calls: CompiledQuery[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: test.config.databaseUrl! })
  await client.connect()
  try {
    await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0;
      set auto_explain.log_nested_statements = on; set client_min_messages = log`)
    const plans: string[] = []
    client.on('notice', ({ message = '' }) => {
      if (message.includes('Query Text: select d.subject_id')) plans.push(message)
    })
    for (const call of calls) await client.query(call.sql, [...call.parameters])
    assert.ok(plans.length >= calls.length, `${plans.length} plans of ${calls.length} calls`)
    return plans
  } finally {
    await client.end()
  }
}
