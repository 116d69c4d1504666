import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Queries } from '../../src/db/database.ts'
import * as bulk from '../../src/features/bulk/store.ts'
import { companyCursors } from '../../src/features/companies/cursor.ts'
import { listCompanies, searchCompanies } from '../../src/features/companies/list.ts'
import { removeContacts } from '../../src/features/companies/store.ts'
import * as imports from '../../src/features/contact-imports/store.ts'
import { selectContactInboxes } from '../../src/features/contacts/contact-inboxes.store.ts'
import { contactCursors } from '../../src/features/contacts/cursor.ts'
import { filterContacts } from '../../src/features/contacts/filter.ts'
import { listContacts, listContactsOfCompany } from '../../src/features/contacts/list.ts'
import { type ContactQuery, type SortKey, sortKeys } from '../../src/features/contacts/schema.ts'
import { getContact } from '../../src/features/contacts/service.ts'
import { botsAssignedTo } from '../../src/features/conversations/bots.ts'
import { getConversation } from '../../src/features/conversations/event-log.ts'
import { filterConversations } from '../../src/features/conversations/filter.ts'
import { countFiltered, listFiltered } from '../../src/features/conversations/filtered-list.ts'
import { listConversations } from '../../src/features/conversations/list.ts'
import type { ConversationQuery } from '../../src/features/conversations/schema.ts'
import { listUnread } from '../../src/features/conversations/service.ts'
import { selectDueSnoozed } from '../../src/features/conversations/store.ts'
import { conversationPage } from '../../src/features/dialects/chatwoot/conversation-list.ts'
import { MessagePages } from '../../src/features/dialects/chatwoot/message-page.ts'
import { Parameters } from '../../src/features/dialects/chatwoot/parameters.ts'
import * as moved from '../../src/features/import-export/chatwoot/moved.store.ts'
import { selectContactsBy } from '../../src/features/import-export/store.ts'
import { findMovedTo } from '../../src/features/moves/message.store.ts'
import * as moves from '../../src/features/moves/store.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { addInbox, addUser } from '../factories.ts'
import { assertFlat, fillTables } from '../query-plans.ts'

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
    await post('/contacts/1/contact_inboxes', { inbox_id: inboxes[1], source_id: 'known' })
    await fill(userId)
  })
  after(() => test.close())

  async function fill(userId: number): Promise<void> {
    const statements = [
      `insert into companies (account_id, id, name, folded_name, domain, created_at, updated_at)
        select 1, n, 'Company ' || n, 'company ' || n, n || '.example', n, n from numbers`,
      `insert into contacts (account_id, id, name, email, phone_number, company_id, last_activity_at, created_at,
          updated_at)
        select 1, n, 'Name ' || n, case when n % 3 > 0 then n || '@example.com' end,
          case when n % 3 < 2 then '+' || n end, case when n < 150 then 200 end,
          case when n % 3 > 0 then 1700000000000 + n end, n, n from numbers`,
      `insert into company_words (account_id, word, company_id)
        select 1, case n % 2 when 0 then 'frequent' else 'rare' || n end, n from numbers`,
      `insert into contact_inboxes (account_id, inbox_id, source_id, contact_id, created_at)
        select 1, 1 + n % 3, 'number ' || n, n, n from numbers`,
      `insert into conversations (account_id, id, inbox_id, contact_id, source_id, status, assignee_id, team_id,
          unread_count, last_activity_at, created_at, updated_at, snoozed_until)
        select 1, n, 1 + n % 3, n, 'number ' || n, case n % 10 when 0 then 'open' when 1 then 'pending' when 2 then 'snoozed' else 'resolved' end,
          case n % 7 when 0 then 1 when 1 then ${userId} end, case when n % 5 = 0 then 1 end, n % 2,
          1700000000000 + n * cast(600000 as bigint), n, n, case when n % 10 = 2 then 4000000000000 + n end from numbers`,
      `insert into contact_labels (account_id, contact_id, label_id)
        select 1, n, 1 from numbers where n % 2 = 0 union all select 1, n, 2 from numbers where n % 500 = 0`,
      `insert into conversation_labels (account_id, conversation_id, label_id)
        select 1, n, 1 from numbers where n % 2 = 0 union all select 1, n, 2 from numbers where n % 500 = 0`,
      `insert into conversation_participants (account_id, conversation_id, user_id, inbox_id, mentioned_at, created_at)
        select 1, n, case when n % 4 = 0 then 1 else ${userId} end, 1 + n % 3, case when n % 2 = 0 then n end, n
        from numbers`,
      `insert into messages (account_id, conversation_id, id, inbox_id, message_type, content_type, content_attributes,
          status, private, sender_type, sender_id, created_at, updated_at)
        select 1, n, n, 1 + n % 3, 'incoming', 'text', '{}', 'sent', 0, 'Contact', 1, n, n from numbers where n % 2 = 0`,
      `insert into bulk_actions (account_id, id, author_id, collect_before, actions, status, total, capped,
          done_count, failed_count, undone_count, kept_count, finished_at, created_at, updated_at)
        select 1, n, 1, 0, '[]', case when n < 102 then 'running' else 'done' end, 1, 0, 0, 0, 0, 0,
          case when n >= 102 then n end, n, n from numbers where n < 2000`,
      `insert into bulk_action_targets (account_id, bulk_action_id, conversation_id, status)
        select 1, 100, n, case when n % 2 = 0 then 'pending' else 'done' end from numbers`,
      `insert into contact_imports (account_id, id, author_id, attachments, columns, dry_run, position, line, status,
          stored_count, known_count, refused_count, finished_at, created_at, updated_at)
        select 1, n, 1, '[]', '[]', 0, 0, 2, case when n < 102 then 'running' else 'done' end, 0, 0, 0,
          case when n >= 102 then n end, n, n from numbers where n < 2000`,
      `insert into contact_import_faults (account_id, contact_import_id, line, error) select 1, 100, n, '' from numbers`,
      `insert into conversation_moves (account_id, id, kind, from_id, to_id, status, first_message_id, before,
          message_count, expires_at, created_at, updated_at)
        select 1, n, 'merge', n, n + 1, 'done', 0, '{}', 1, n, n, n from numbers where n < 2000`,
      `insert into moved_messages (account_id, move_id, message_id) select 1, 100, n from numbers`,
    ]
    await fillTables(test.app.database, statements)
  }

  const defaults = { page: 1, status: 'open', assignee_type: 'all', sort: 'last_activity_at' } as const
  const filters: Partial<ConversationQuery>[] = [
    {},
    { inbox_id: 2 },
    { team_id: 1 },
    { inbox_id: 2, team_id: 1 },
    { labels: ['rare'] },
    { labels: ['frequent'] },
    { labels: ['frequent', 'rare'], inbox_id: 2 },
    { page: 5 },
    { involvement: 'participating' },
    { involvement: 'mentioned', labels: ['frequent'] },
    { unattended: true },
    { unattended: true, labels: ['frequent'], inbox_id: 2 },
    { source_id: 'known' },
    { source_id: 'known', labels: ['frequent'] },
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
      const query = { page: 1, sort, include_contact_inboxes: false } as ContactQuery
      lists.push([`contacts by ${sort}`, (queries, actor) => listContacts(queries, actor, query)])
      const by = key as SortKey
      for (const value of [null, by.endsWith('_at') ? 200 : '200']) {
        const after = { ...query, cursor: contactCursors.after(by, { value, id: 200 }) }
        lists.push([`contacts by ${sort} after ${value}`, (...of) => listContacts(...of, after)])
      }
    }
  }
  for (const key of ['name', 'contacts_count', 'created_at'] as const) {
    for (const sort of [key, `-${key}`] as const) {
      lists.push([`companies by ${sort}`, (...of) => listCompanies(...of, { sort })])
      const cursor = companyCursors.after(key, { value: key === 'name' ? 'company 200' : 0, id: 200 })
      lists.push([`companies by ${sort} after one`, (...of) => listCompanies(...of, { sort, cursor })])
    }
  }
  for (const q of ['frequent', 'rare', 'frequent rare'])
    lists.push([`companies with ${q}`, (...of) => searchCompanies(...of, { q })])
  lists.push(['contacts of a company', (...of) => listContactsOfCompany(...of, 200, {})])
  const selector = (
    attribute_key: string,
    filter_operator: 'equal_to' | 'contains',
    ...values: (string | number)[]
  ) => ({
    payload: [{ attribute_key, filter_operator, values }],
  })
  for (const body of [
    selector('plan', 'equal_to', 'gold'),
    selector('contact.plan', 'equal_to', 'gold'),
    selector('status', 'equal_to', 'open'),
    selector('contact_id', 'equal_to', 200),
    selector('company_id', 'equal_to', 200),
    selector('display_id', 'equal_to', 200),
    selector('labels', 'equal_to', 'rare'),
    selector('labels', 'equal_to', 'frequent'),
  ]) {
    const name = `conversations ${JSON.stringify(body)}`
    lists.push([name, (...of) => filterConversations(...of, body, {})])
    lists.push([`a view of ${name}`, (...of) => listFiltered(...of, body.payload, undefined)])
    lists.push([`the count of ${name}`, (...of) => countFiltered(...of, body.payload)])
  }
  for (const body of [
    selector('name', 'contains', 'nobody'),
    selector('email', 'equal_to', '200@example.com'),
    selector('phone_number', 'equal_to', '200'),
    selector('company_id', 'equal_to', 200),
    selector('company_name', 'equal_to', 'company 200'),
    selector('labels', 'equal_to', 'rare'),
  ])
    lists.push([`contacts ${JSON.stringify(body)}`, (...of) => filterContacts(...of, body, {})])
  for (const key of sortKeys) {
    for (const sort of [key, `-${key}`] as ContactQuery['sort'][]) {
      for (const body of [selector('name', 'contains', 'nobody'), selector('labels', 'equal_to', 'rare')]) {
        const name = `contacts ${JSON.stringify(body)} by ${sort}`
        lists.push([name, (...of) => filterContacts(...of, body, { sort })])
        const value = key.endsWith('_at') ? 200 : '200'
        const isRequired = key === 'name' || key === 'created_at'
        for (const last of isRequired ? [value] : [value, null]) {
          const cursor = contactCursors.after(key, { value: last, id: 200 })
          lists.push([`${name} after ${last}`, (...of) => filterContacts(...of, body, { sort, cursor })])
        }
      }
    }
  }
  for (const query of [
    {},
    { labels: ['rare', 'frequent'] },
    { source_id: 'known' },
    { conversation_type: 'mention' },
    { conversation_type: 'unattended' },
  ])
    lists.push([
      `of Chatwoot ${JSON.stringify(query)}`,
      (queries, actor) =>
        conversationPage({ read: queries, longReads: queries }, actor, new Parameters(query)),
    ])
  lists.push(['the messages of Chatwoot', (...of) => new MessagePages(of[0]).read(of[1], 100, {})])
  lists.push(['unread', listUnread])
  lists.push(['the bots of some', (queries) => botsAssignedTo(queries, 1, [100, 101, 102])])
  lists.push(['one contact', (queries, actor) => getContact(queries, actor, 100)])
  lists.push(['the inboxes of some contacts', (queries) => selectContactInboxes(queries, 1, [100, 101])])
  lists.push(['one conversation', (queries, actor) => getConversation(queries, actor, 101)])

  const one = { account_id: 1, id: 100 }
  const move = { ...one, to_id: 101 } as moves.Row
  const many = Array.from({ length: 25 }, (_, at) => `+${at}`)
  const findExisting = async (queries: Queries) => {
    for (const column of ['email', 'phone_number'] as const) await selectContactsBy(queries, 1, column, many)
  }
  const inSteps: [string, (queries: Queries) => Promise<unknown>][] = [
    ['the contacts of a deleted company', (queries) => removeContacts(queries, 1, 200, 10)],
    ['snoozed conversations that are due', (queries) => selectDueSnoozed(queries, 4000000000500, 10)],
    ['contacts that an import has', (queries) => findExisting(queries)],
    ['bulk actions that have something to do', (queries) => bulk.selectActive(queries, 10)],
    ['bulk actions of a user', (queries) => bulk.selectOfAuthor(queries, 1, 1, 25)],
    ['bulk actions that are over', (queries) => bulk.findFinishedBefore(queries, 500)],
    ['imports that have something to do', (queries) => imports.selectActive(queries, 10)],
    ['imports that are over', (queries) => imports.findFinishedBefore(queries, 500)],
    ['the refused lines of an import', (queries) => imports.selectFaults(queries, one, 100)],
    ['the end of an import', (queries) => imports.deleteSome(queries, one, 100)],
    ['the conversations of a bulk action', (queries) => bulk.insertTargets(queries, one, [101, 102])],
    ['the next ones of a bulk action', (queries) => bulk.selectTargets(queries, one, 'pending', 10)],
    ['one of a bulk action', (queries) => bulk.findTarget(queries, one, 101)],
    ['one that was changed', (queries) => bulk.updateTarget(queries, one, 101, { status: 'done' })],
    ['the end of a bulk action', (queries) => bulk.deleteSome(queries, one, 100)],
    ['where one conversation went', (queries) => moved.selectMoves(queries, 1, [101])],
    ['where conversations went', (queries) => moved.selectMoves(queries, 1, [101, 102, 103])],
    [
      'a message of a contact',
      (queries) => moved.selectMessagesOfContacts(queries, 1, [{ conversation_id: 101, id: 101 }]),
    ],
    ['where a message is', (queries) => findMovedTo(queries, 1, 101)],
    ['the messages of a merge', (queries) => moves.selectTraces(queries, one, 50)],
    ['merges and splits of a conversation', (queries) => moves.selectMoves(queries, 1, 101, 9000, 26)],
    ['the split of a conversation', (queries) => moves.findSplitTo(queries, 1, 101)],
    ['what was merged into a conversation', (queries) => moves.findMergedInto(queries, 1, 101)],
    ['whether a split has new messages', (queries) => moves.hasNewMessage(queries, move)],
    ['merges that can no longer be undone', (queries) => moves.findExpired(queries, 500)],
  ]
  for (const [name, run] of inSteps) {
    it(name, () => test.app.database.transaction(1, (tx) => assertFlat(tx, run)))
  }

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
