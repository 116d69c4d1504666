import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { addInbox, addUser } from '../../../test/factories.ts'
import { fc, seed } from '../../../test/random.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'
import type { Actor } from '../../lib/actor.ts'
import { type ListLimits, listConversations } from './list.ts'
import type { ConversationQuery } from './schema.ts'

/** A conversation, as the test generates it. */
interface Row {
  id: number
  inbox_id: number
  status: 'open' | 'resolved' | 'pending' | 'snoozed'
  assignee_id: number | null
  team_id: number | null
  last_activity_at: number
  created_at: number
  updated_at: number
  labels: string[]
  /** The index of the actor who follows it, and whether they are mentioned; -1 for nobody. Others do not stay. */
  follower: number
  is_mentioned: boolean
  has_left: boolean
  is_unattended: boolean
}

const titles = ['frequent', 'rare', 'unused']
const hour = 3_600_000

describe('The list of conversations, for any filter', () => {
  let test: TestApp
  let all: Row[]
  let inboxes: number[]
  let actors: Actor[]
  before(async () => {
    test = await startTestApp()
    inboxes = [1, await addInbox(test), await addInbox(test)]
    const agent = await addUser(test, { inboxes: inboxes.slice(0, 2) })
    const stranger = await addUser(test, { inboxes: [] })
    const base = { accountId: 1, scopes: ['admin'], tokenId: 0 } as const
    actors = [
      { ...base, userId: 1, role: 'administrator' },
      { ...base, userId: agent.userId, role: 'agent' },
      { ...base, userId: stranger.userId, role: 'agent' },
    ]
    const post = (path: string, body: object) => test.api(path, { method: 'POST', body })
    for (const title of titles) await post('/labels', { title })
    for (const name of ['One', 'Two']) await post('/teams', { name })
    for (const inbox_id of inboxes) await post('/contacts/1/contact_inboxes', { inbox_id })
    all = await insertConversations()
  })
  after(() => assertStoredCounts(test).finally(() => test.close()))

  /** Inserts conversations with few different values and times, so that many are equal. */
  async function insertConversations(): Promise<Row[]> {
    const users = [null, 1, ...actors.slice(1).map(({ userId }) => userId)]
    const time = fc.integer({ min: 0, max: 40 }).map((at) => 1_700_000_000_000 + at * (hour / 4))
    const one = fc.record({
      inbox_id: fc.constantFrom(...inboxes),
      status: fc.constantFrom('open', 'open', 'resolved', 'pending', 'snoozed'),
      assignee_id: fc.constantFrom(...users),
      team_id: fc.constantFrom(null, 1, 2),
      last_activity_at: time,
      created_at: time,
      updated_at: time,
      labels: fc.constantFrom<string[]>([], [], ['frequent'], ['frequent'], ['rare'], ['frequent', 'rare']),
      follower: fc.integer({ min: -1, max: 1 }),
      is_mentioned: fc.boolean(),
      has_left: fc.boolean(),
      is_unattended: fc.boolean(),
    })
    const worksThere = ({ follower, inbox_id }: { follower: number; inbox_id: number }) =>
      follower === 0 || inbox_id !== inboxes[2]
    const rows = fc
      .sample(one, { numRuns: 400, seed })
      .map((row) => (worksThere(row) ? row : { ...row, follower: -1 }))
    await test.app.database.transaction(1, async (tx) => {
      await tx.sql.deleteFrom('messages').execute()
      await tx.sql.deleteFrom('conversations').execute()
      const sources = await tx.sql.selectFrom('contact_inboxes').selectAll().execute()
      for (const [
        index,
        { labels, follower, is_mentioned, has_left, is_unattended, ...row },
      ] of rows.entries()) {
        const { source_id } = sources.find(({ inbox_id }) => inbox_id === row.inbox_id)!
        const common = { account_id: 1, contact_id: 1, source_id, unread_count: 0, custom_attributes: '{}' }
        const values = { ...common, ...row, status: row.status as Row['status'], id: index + 1 }
        await tx.sql.insertInto('conversations').values(values).execute()
        if (is_unattended)
          await sql`insert into messages (account_id, conversation_id, id, inbox_id, message_type, content_type,
              content_attributes, status, private, sender_type, sender_id, created_at, updated_at)
            values (1, ${values.id}, ${values.id}, ${row.inbox_id}, 'incoming', 'text', '{}', 'sent', 0, 'Contact', 1,
              1, 1)`.execute(tx.sql)
        if (follower >= 0)
          await tx.sql
            .insertInto('conversation_participants')
            .values({
              ...{ account_id: 1, conversation_id: index + 1, user_id: actors[follower]!.userId },
              ...{ inbox_id: row.inbox_id, created_at: 1 },
              mentioned_at: is_mentioned ? 1 : null,
              left_at: has_left ? 1 : null,
            })
            .execute()
        for (const title of labels) {
          await sql`insert into conversation_labels (account_id, conversation_id, label_id)
            select 1, ${index + 1}, id from labels where title = ${title}`.execute(tx.sql)
        }
      }
    })
    return rows.map((row, index) => ({ ...row, id: index + 1 }) as Row)
  }

  /** The ids and counts that a query must return. */
  function expected(actor: Actor, query: ConversationQuery) {
    const { userId, role } = actor
    const own = role === 'administrator' ? inboxes : actor === actors[1] ? inboxes.slice(0, 2) : []
    const matching = all.filter(
      (row) =>
        own.includes(row.inbox_id) &&
        (query.status === 'all' || row.status === query.status) &&
        (query.inbox_id ?? row.inbox_id) === row.inbox_id &&
        (query.team_id ?? row.team_id) === row.team_id &&
        isInvolved(row, actor, query) &&
        (!query.unattended || row.is_unattended) &&
        (query.labels ?? []).every((title) => row.labels.includes(title)),
    )
    const isOf = {
      all: () => true,
      me: (row: Row) => row.assignee_id === userId,
      unassigned: (row: Row) => row.assignee_id === null,
      assigned: (row: Row) => row.assignee_id !== null && row.assignee_id !== userId,
    }
    const count = (of: keyof typeof isOf) => matching.filter(isOf[of]).length
    const ids = matching
      .filter(isOf[query.assignee_type])
      .sort((one, other) => other[query.sort] - one[query.sort] || other.id - one.id)
      .map(({ id }) => id)
    const counts = {
      all_count: count('all'),
      mine_count: count('me'),
      unassigned_count: count('unassigned'),
      assigned_count: count('assigned'),
    }
    return { ids, counts }
  }

  function isInvolved(row: Row, actor: Actor, { involvement }: ConversationQuery): boolean {
    if (involvement === undefined) return true
    if (row.follower !== actors.indexOf(actor)) return false
    return involvement === 'mentioned' ? row.is_mentioned : !row.has_left
  }

  const optional = <T>(values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
  const queries = fc.record({
    actor: fc.nat({ max: 2 }),
    status: fc.constantFrom('open', 'resolved', 'pending', 'snoozed', 'all', 'all'),
    assignee_type: fc.constantFrom('me', 'unassigned', 'assigned', 'all'),
    sort: fc.constantFrom('last_activity_at', 'last_activity_at', 'created_at', 'updated_at'),
    inbox: optional([0, 1, 2]),
    team_id: optional([1, 2, 9]),
    labels: optional([['frequent'], ['rare'], ['frequent', 'rare'], ['unused'], ['frequent', 'unknown'], []]),
    relation: optional([
      { involvement: 'participating' },
      { involvement: 'mentioned' },
      { unattended: true },
    ] as const),
    // With low limits the few conversations are read in the ways that large accounts need.
    few: fc.constantFrom(0, 10, 100, 2000),
    walk: fc.constantFrom(1, 30, 100, 6000),
  })

  it('contains and counts what a search through all conversations finds, page by page and by cursor', async () => {
    const { read } = test.app.database
    const property = fc.asyncProperty(
      queries,
      async ({ actor: index, inbox, few, walk, relation, ...asked }) => {
        const actor = actors[index]!
        const query = {
          ...asked,
          page: 1,
          ...(relation ? { ...relation, sort: 'last_activity_at' as const } : {}),
          inbox_id: inbox === undefined ? undefined : inboxes[inbox],
        } as ConversationQuery
        const limits: ListLimits = { few, walk: { sqlite: walk, postgres: walk }, counted: few / 2 }
        const { ids, counts } = expected(actor, query)
        const found: number[] = []
        let cursor: string | null | undefined
        for (let page = 1; cursor !== null; page++) {
          const part = cursor === undefined ? query : { ...query, cursor }
          const [byCursor, byNumber] = await Promise.all([
            listConversations(read, actor, part, limits),
            listConversations(read, actor, { ...query, page }, limits),
          ])
          assert.deepEqual(byNumber, byCursor)
          const { meta, payload } = byCursor.data
          found.push(...payload.map(({ id }) => id))
          const { next, counts_capped, ...shown } = meta
          if (!counts_capped) assert.deepEqual(shown, counts)
          for (const [name, value] of Object.entries(shown)) {
            if (counts_capped) assert.ok(value <= counts[name as keyof typeof counts] && value <= few / 2)
          }
          assert.ok(!counts_capped || asked.labels || relation)
          cursor = next
          assert.ok(page < 30)
        }
        assert.deepEqual(found, ids)
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })
})
