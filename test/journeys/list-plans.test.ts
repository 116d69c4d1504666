import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import type { Queries } from '../../src/db/database.ts'
import { listContacts } from '../../src/features/contacts/service.ts'
import { getConversation } from '../../src/features/conversations/event-log.ts'
import { listConversations } from '../../src/features/conversations/list.ts'
import type { ConversationQuery } from '../../src/features/conversations/schema.ts'
import { listUnread } from '../../src/features/conversations/service.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { addInbox, addUser } from '../factories.ts'
import { assertFlat } from '../query-plans.ts'

const size = 50_000

describe('The queries of a list, in a large account, read only what the page needs', () => {
  let test: TestApp
  let administrator: Actor
  let agent: Actor
  before(async () => {
    test = await startTestApp()
    const inboxes = [1, await addInbox(test), await addInbox(test)]
    const { userId } = await addUser(test, { inboxes: inboxes.slice(1) })
    administrator = { accountId: 1, userId: 1, role: 'administrator', scopes: ['admin'], tokenId: 0 }
    agent = { ...administrator, userId, role: 'agent' }
    const post = (path: string, body: object) => test.api(path, { method: 'POST', body })
    for (const title of ['frequent', 'rare']) await post('/labels', { title })
    await post('/teams', { name: 'One' })
    for (const inbox_id of inboxes) await post('/contacts/1/contact_inboxes', { inbox_id })
    await fill(userId)
  })
  after(() => test.close())

  async function fill(userId: number): Promise<void> {
    const statements = [
      `insert into contacts (account_id, id, name, email, phone_number, last_activity_at, created_at, updated_at)
        select 1, n, 'Name ' || n, case when n % 3 > 0 then n || '@example.com' end,
          case when n % 3 < 2 then '+' || n end, case when n % 3 > 0 then 1700000000000 + n end, n, n from numbers`,
      `insert into conversations (account_id, id, inbox_id, contact_id, source_id, status, assignee_id, team_id,
          unread_count, last_activity_at, created_at, updated_at)
        select 1, n, i.inbox_id, n, i.source_id, case n % 10 when 0 then 'open' when 1 then 'pending' when 2 then 'snoozed' else 'resolved' end,
          case n % 7 when 0 then 1 when 1 then ${userId} end, case when n % 5 = 0 then 1 end, n % 2,
          1700000000000 + n * cast(600000 as bigint), n, n
        from numbers join (select inbox_id, min(source_id) as source_id from contact_inboxes group by inbox_id) i
          on i.inbox_id = 1 + n % 3`,
      `insert into conversation_labels (account_id, conversation_id, label_id)
        select 1, n, 1 from numbers where n % 2 = 0 union all select 1, n, 2 from numbers where n % 500 = 0`,
    ]
    await test.app.database.transaction(1, async (tx) => {
      const numbers = `with recursive numbers (n) as (select 100 union all select n + 1 from numbers where n < ${size})`
      for (const statement of statements) {
        const [, head, select] = /^(insert into [^)]*\))\s*(select.*)$/s.exec(statement)!
        await sql.raw(`${head} ${numbers} ${select}`).execute(tx.sql)
      }
      if (tx.engine === 'postgres') await sql.raw('analyze').execute(tx.sql)
    })
  }

  const defaults = { page: 1, status: 'open', assignee_type: 'all', sort: 'last_activity_at' } as const
  const filters: Partial<ConversationQuery>[] = [
    {},
    { inbox_id: 2 },
    { team_id: 1 },
    { inbox_id: 2, team_id: 1 },
    { labels: 'rare' },
    { labels: 'frequent' },
    { labels: 'frequent,rare', inbox_id: 2 },
    { page: 5 },
  ]
  const lists: [string, (queries: Queries, actor: Actor) => Promise<unknown>][] = []
  for (const filter of filters) {
    for (const status of ['open', 'all'] as const) {
      for (const assignee_type of ['all', 'me', 'unassigned', 'assigned'] as const) {
        const query = { ...defaults, ...filter, status, assignee_type }
        lists.push([JSON.stringify(query), (queries, actor) => listConversations(queries, actor, query)])
      }
    }
  }
  for (const sort of ['created_at', 'updated_at'] as const) {
    const query = { ...defaults, sort }
    lists.push([`sorted by ${sort}`, (queries, actor) => listConversations(queries, actor, query)])
  }
  for (const key of ['name', 'email', 'phone_number', 'last_activity_at', 'created_at']) {
    for (const sort of [key, `-${key}`]) {
      const query = { page: 1, sort, include_contact_inboxes: false } as Parameters<typeof listContacts>[2]
      lists.push([`contacts by ${sort}`, (queries, actor) => listContacts(queries, actor, query)])
    }
  }
  lists.push(['unread', listUnread])
  lists.push(['one conversation', (queries, actor) => getConversation(queries, actor, 101)])

  for (const [name, read] of lists) {
    it(name, async () => {
      for (const actor of [administrator, agent]) {
        await assertFlat(test.app.database.read, async (queries) => {
          await read(queries, actor).catch((error) => assert.match(error.message, /not found/))
        })
      }
    })
  }

  it('unless they do not, which is noticed', async () => {
    const queries: Record<string, (queries: Queries) => Promise<unknown>> = {
      'a sort of all contacts': (queries) =>
        queries.sql
          .selectFrom('contacts')
          .selectAll()
          .where('account_id', '=', 1)
          .orderBy('avatar_url')
          .execute(),
      'a scan of conversations': (queries) =>
        queries.sql.selectFrom('conversations').selectAll().where('version', '=', 7).execute(),
      'a count of conversations': (queries) =>
        queries.sql
          .selectFrom('conversations as c')
          .select(({ fn }) => fn.countAll().as('count'))
          .where('c.account_id', '=', 1)
          .execute(),
    }
    for (const [name, read] of Object.entries(queries)) {
      await assert.rejects(assertFlat(test.app.database.read, read), { code: 'ERR_ASSERTION' }, name)
    }
  })
})
