import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addInbox, addMessages, addTestConversation, addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'
import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { listConversations } from './list.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => assertStoredCounts(test).finally(() => test.close()))

function create(body: unknown, token = test.token): Promise<ApiResponse> {
  return test.api('/conversations', { method: 'POST', body, token })
}

/** Sets columns of a conversation directly. */
function set(id: number, change: object): Promise<unknown> {
  return test.app.database.transaction(null, (tx) =>
    tx.sql
      .updateTable('conversations')
      .set(change)
      .where('account_id', '=', 1)
      .where('id', '=', id)
      .execute(),
  )
}

async function list(
  query: string,
  token = test.token,
): Promise<{ ids: number[]; meta: ApiResponse['body'] }> {
  const answer = await test.api(`/conversations?${query}`, { token })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  const { meta, payload } = answer.body.data
  return { ids: payload.map(({ id }: { id: number }) => id), meta }
}

describe('creating a conversation', () => {
  it('returns 201 and the conversation with every field', async () => {
    const start = Math.floor(Date.now() / 1000)
    const { status, body } = await create({ inbox_id: 1, contact_id: 1, custom_attributes: { order: 7 } })
    assert.equal(status, 201)
    const { id, created_at, ...rest } = body
    assert.ok(created_at >= start && created_at <= Date.now() / 1000)
    assert.deepEqual(rest, {
      inbox_id: 1,
      subject: null,
      status: 'open',
      priority: null,
      unread_count: 0,
      updated_at: created_at,
      last_activity_at: created_at,
      snoozed_until: null,
      labels: [],
      custom_attributes: { order: 7 },
      additional_attributes: {},
      contact: { id: 1, name: 'Jane Doe', email: 'jane@example.com', phone_number: null, thumbnail: null },
      meta: { assignee: null, team: null, bot: null },
      last_message: null,
      agent_last_seen_at: null,
      contact_last_seen_at: null,
      merged_into_id: null,
    })
    assert.deepEqual((await test.api(`/conversations/${id}`)).body, body)
  })

  it('numbers conversations consecutively', async () => {
    const ids = []
    for (let i = 0; i < 3; i++) ids.push((await create({ inbox_id: 1, contact_id: 1 })).body.id)
    assert.deepEqual(ids, [ids[0], ids[0] + 1, ids[0] + 2])
  })

  it('may send the first message with it, outgoing unless it says otherwise', async () => {
    const first = await create({ inbox_id: 1, contact_id: 1, message: { content: 'Welcome' } })
    assert.equal(first.status, 201)
    const { id, last_message } = first.body
    assert.equal(last_message.content, 'Welcome')
    assert.equal(last_message.message_type, 'outgoing')
    assert.equal(last_message.sender.id, 1)
    const { payload } = (await test.api(`/conversations/${id}/messages`)).body
    assert.deepEqual(payload, [last_message])

    const message = { content: 'Help', message_type: 'incoming' }
    const second = (await create({ inbox_id: 1, contact_id: 1, message })).body
    assert.equal(second.last_message.sender.name, 'Jane Doe')
    assert.equal(second.unread_count, 1)
  })

  it('may begin with a private note, which is not its last message', async () => {
    const message = { content: 'Watch this one', private: true }
    const { body } = await create({ inbox_id: 1, contact_id: 1, message })
    assert.equal(body.last_message, null)
    const { payload } = (await test.api(`/conversations/${body.id}/messages`)).body
    assert.equal(payload[0].private, true)
  })

  it('may set the status and the assignee', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    for (const status of ['open', 'resolved', 'pending']) {
      const { body } = await create({ inbox_id: 1, contact_id: 1, status, assignee_id: agent.userId })
      assert.equal(body.status, status)
      assert.deepEqual(body.meta.assignee, { id: agent.userId, name: agent.name })
    }
    assert.equal((await create({ inbox_id: 1, contact_id: 1, assignee_id: null })).body.meta.assignee, null)
  })

  it('may assign it to a team', async () => {
    const team = (await test.api('/teams', { method: 'POST', body: { name: 'First line' } })).body
    const { body } = await create({ inbox_id: 1, contact_id: 1, team_id: team.id })
    assert.deepEqual(body.meta, { assignee: null, bot: null, team: { id: team.id, name: 'First line' } })
    const unknown = await create({ inbox_id: 1, contact_id: 1, team_id: 9999 })
    assertRefused(unknown, 422, /^team_id names no team of this account$/)
  })

  it('may assign it to an administrator, who works in every inbox', async () => {
    const inbox_id = await addInbox(test)
    assert.equal((await create({ inbox_id, contact_id: 1, assignee_id: 1 })).body.meta.assignee.id, 1)
  })

  it('adds the contact to the inbox, once and without a secret', async () => {
    const inbox_id = await addInbox(test)
    const contact_id = (await test.api('/contacts', { method: 'POST', body: { name: 'Two at one door' } }))
      .body.id
    for (let i = 0; i < 2; i++) await create({ inbox_id, contact_id })
    const { contact_inboxes } = (await test.api(`/contacts/${contact_id}`)).body
    assert.equal(contact_inboxes.length, 1)
    assert.equal(contact_inboxes[0].inbox.id, inbox_id)
    assert.equal(contact_inboxes[0].source_id, null)
    const { status, body } = await test.api(`/contacts/${contact_id}/contact_inboxes`, {
      method: 'POST',
      body: { inbox_id },
    })
    assert.equal(status, 201)
    const secret = body.source_id
    assert.equal((await create({ inbox_id, contact_id, source_id: secret })).status, 201)
    assertRefused(
      await create({ inbox_id, contact_id: 1, source_id: secret }),
      422,
      /^source_id has the form/,
    )
    assertRefused(
      await create({ inbox_id: 1, contact_id, source_id: `src_${'x'.repeat(43)}` }),
      422,
      /^source_id has the form of a secret, but is not a secret of this contact/,
    )
  })

  it('accepts a source_id for the contact, unless it belongs to another contact', async () => {
    const { status } = await create({ inbox_id: 1, contact_id: 1, source_id: 'crm-7' })
    assert.equal(status, 201)
    assert.equal((await create({ inbox_id: 1, contact_id: 1, source_id: 'crm-7' })).status, 201)
    const contact_id = (await test.api('/contacts', { method: 'POST', body: { name: 'Somebody' } })).body.id
    const taken = await create({ inbox_id: 1, contact_id, source_id: 'crm-7' })
    assertRefused(taken, 422, /^source_id is already used by another contact/)
    const elsewhere = { inbox_id: await addInbox(test), contact_id, source_id: 'crm-7' }
    assert.equal((await create(elsewhere)).status, 201)
  })

  it('stores nothing if it is refused, also if only the first message is invalid', async () => {
    const other = await addAccount(test)
    const foreignInbox = await addInbox(test, { accountId: other.accountId })
    await addInbox(test, { accountId: other.accountId })
    const inbox_id = await addInbox(test)
    const widget = await addInbox(test, { channel_type: 'web_widget' })
    const outsider = await addUser(test, { inboxes: [1] })
    const fine = { inbox_id, contact_id: 1 }
    const withMessage = (message: unknown) => ({ ...fine, message })
    const rows = await readAllRows(test)
    const refused: [unknown, string][] = [
      [{}, 'inbox_id is required; contact_id is required'],
      [{ contact_id: 1 }, 'inbox_id is required'],
      [{ ...fine, inbox_id: '1x' }, 'inbox_id must be an integer'],
      [{ ...fine, inbox_id: 1.5 }, 'inbox_id must be an integer'],
      [{ ...fine, inbox_id: 0 }, 'inbox_id must be at least 1'],
      [{ ...fine, inbox_id: 9999 }, 'inbox_id names no inbox of this account'],
      [{ ...fine, contact_id: 9999 }, 'contact_id names no contact of this account'],
      [{ ...fine, contact_id: null }, 'contact_id must be an integer'],
      [{ ...fine, status: 'snoozed' }, 'status must be one of open, resolved, pending'],
      [{ ...fine, status: null }, 'status must be'],
      [{ ...fine, assignee_id: outsider.userId }, 'assignee_id must be a member of this inbox'],
      [{ ...fine, assignee_id: other.userId }, 'assignee_id must be a member of this inbox'],
      [{ ...fine, assignee_id: 9999 }, 'assignee_id must be a member of this inbox'],
      [{ ...fine, source_id: ' ' }, 'source_id must not be empty'],
      [{ ...fine, source_id: 'x'.repeat(256) }, 'source_id must have at most 255 characters'],
      [{ ...fine, custom_attributes: [] }, 'custom_attributes must be an object'],
      [{ ...fine, custom_attributes: { a: 'x'.repeat(65_536) } }, 'custom_attributes must be at most 64 KiB'],
      [withMessage(null), 'message must be an object'],
      [withMessage('Hello'), 'message must be an object'],
      [withMessage({}), 'message.content is required'],
      [withMessage({ content: '' }), 'message.content must not be empty'],
      [withMessage({ content: 5 }), 'message.content must be a string'],
      [withMessage({ content: 'x', private: 'yes' }), 'message.private must be a boolean'],
      [withMessage({ content: 'x', message_type: 'activity' }), 'message.message_type must be one of'],
      [withMessage({ content: 'x', message_type: 'incoming', private: true }), 'private must be false'],
      [withMessage({ content: 'x', content_type: 'input_select' }), 'content_attributes.items'],
      [
        { ...withMessage({ content: 'x', message_type: 'incoming' }), inbox_id: widget },
        'message_type must be outgoing',
      ],
    ]
    for (const [body, sentence] of refused) {
      const answer = await create(body)
      assert.equal(answer.status, 422, JSON.stringify(body))
      assert.ok(answer.body.error.includes(sentence), `${answer.body.error} for ${sentence}`)
    }
    assertRefused(await create(fine, outsider.token), 422, /^inbox_id names no inbox/)
    assert.notEqual(foreignInbox, inbox_id)
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('one conversation', () => {
  it('is 404 if it does not exist, if it is hidden, or if the id is malformed', async () => {
    const inboxId = await addInbox(test)
    const hidden = await addTestConversation(test, { inboxId })
    const { token } = await addUser(test, { inboxes: [1] })
    const member = await addUser(test, { inboxes: [inboxId] })
    assertRefused(await test.api('/conversations/9999'), 404, /^conversation not found$/)
    assertRefused(await test.api(`/conversations/${hidden}`, { token }), 404, /^conversation not found$/)
    assert.equal((await test.api(`/conversations/${hidden}`, { token: member.token })).status, 200)
    for (const id of ['0', '-1', 'abc', '1.0', '%00']) {
      assertRefused(await test.api(`/conversations/${id}`), 404, /not found$/)
    }
  })

  it('has the last message that is neither a note nor deleted as its last message', async () => {
    const number = await addTestConversation(test)
    const last = async () => (await test.api(`/conversations/${number}`)).body.last_message
    assert.equal(await last(), null)
    await sendMessage(test, 'One', {}, number)
    const two = await sendMessage(test, 'Two', { message_type: 'incoming' }, number)
    await sendMessage(test, 'Note', { private: true }, number)
    await addMessages(test, number, [{ deleted: true }])
    assert.deepEqual(await last(), two)
    const { payload } = (await test.api('/conversations?status=all')).body.data
    const listed = payload.find(({ id }: { id: number }) => id === number)
    assert.deepEqual(listed, (await test.api(`/conversations/${number}`)).body)
  })

  it('shows its times in seconds', async () => {
    const number = await addTestConversation(test)
    await set(number, {
      status: 'snoozed',
      snoozed_until: 1_800_000_000_999,
      agent_last_seen_at: 1_700_000_000_999,
      contact_last_seen_at: 1_700_000_001_000,
      priority: 'urgent',
    })
    const { body } = await test.api(`/conversations/${number}`)
    assert.equal(body.snoozed_until, 1_800_000_000)
    assert.equal(body.agent_last_seen_at, 1_700_000_000)
    assert.equal(body.contact_last_seen_at, 1_700_000_001)
    assert.equal(body.priority, 'urgent')
  })
})

describe('the list of conversations', () => {
  let inboxId: number
  let me: { token: string; userId: number }
  let other: typeof me
  before(async () => {
    inboxId = await addInbox(test)
    me = await addUser(test, { inboxes: [inboxId] })
    other = await addUser(test, { inboxes: [inboxId] })
  })

  it('shows the conversation of a new installation', async () => {
    const { body } = await test.api('/conversations?inbox_id=1')
    assert.deepEqual(Object.keys(body), ['data'])
    assert.deepEqual(Object.keys(body.data), ['meta', 'payload'])
    const first = body.data.payload.find(({ id }: { id: number }) => id === 1)
    assert.equal(first.contact.name, 'Jane Doe')
    assert.equal(first.last_message.content, 'Hi, I need help with my order.')
    assert.equal(first.unread_count, 1)
  })

  it('counts by assignee, so that mine + unassigned + assigned = all', async () => {
    const assignees = [me.userId, me.userId, me.userId, other.userId, other.userId, null]
    const numbers = []
    for (const assignee_id of assignees) {
      const number = await addTestConversation(test, { inboxId })
      await set(number, { assignee_id })
      numbers.unshift(number)
    }
    const all = { counts_capped: false, next: null }
    const meta = { all_count: 6, mine_count: 3, unassigned_count: 1, assigned_count: 2, ...all }
    const expected = {
      me: numbers.slice(3),
      assigned: numbers.slice(1, 3),
      unassigned: numbers.slice(0, 1),
      all: numbers,
    }
    for (const [assignee_type, ids] of Object.entries(expected)) {
      assert.deepEqual(await list(`assignee_type=${assignee_type}`, me.token), { ids, meta })
    }
    assert.deepEqual((await list('', me.token)).ids, numbers)
    const theirs = await list('assignee_type=me', other.token)
    assert.deepEqual(theirs, {
      ids: numbers.slice(1, 3),
      meta: { all_count: 6, mine_count: 2, unassigned_count: 1, assigned_count: 3, ...all },
    })
  })

  it('contains open conversations or those of the given status, and counts them', async () => {
    const inbox = await addInbox(test)
    const { token } = await addUser(test, { inboxes: [inbox] })
    const by: Record<string, number> = {}
    for (const status of ['open', 'resolved', 'pending', 'snoozed']) {
      by[status] = await addTestConversation(test, { inboxId: inbox })
      await set(by[status], { status })
    }
    for (const [status, id] of Object.entries(by)) {
      const { ids, meta } = await list(`status=${status}`, token)
      assert.deepEqual([ids, meta.all_count, meta.unassigned_count], [[id], 1, 1])
    }
    assert.deepEqual((await list('', token)).ids, [by.open])
    const all = await list('status=all', token)
    assert.deepEqual([all.ids.length, all.meta.all_count], [4, 4])
  })

  it('contains and counts for an agent only conversations of their inboxes', async () => {
    const inboxes = [await addInbox(test), await addInbox(test)]
    const numbers = []
    for (const inboxId of inboxes) numbers.push(await addTestConversation(test, { inboxId }))
    const one = await addUser(test, { inboxes: inboxes.slice(0, 1) })
    const both = await addUser(test, { inboxes })
    const none = await addUser(test)
    const visible = async (token: string) => {
      const { ids, meta } = await list('', token)
      assert.equal(meta.all_count, ids.length)
      return ids
    }
    assert.deepEqual(await visible(one.token), numbers.slice(0, 1))
    assert.deepEqual(await visible(both.token), numbers.toReversed())
    assert.deepEqual(await visible(none.token), [])
    assert.deepEqual((await list(`inbox_id=${inboxes[1]}`, both.token)).ids, numbers.slice(1))
    assert.deepEqual((await list(`inbox_id=${inboxes[1]}`, one.token)).ids, [])
  })

  it('contains nothing of another account', async () => {
    const theirs = await addAccount(test)
    const { body } = await test.api(`//api/v1/accounts/${theirs.accountId}/conversations?status=all`, theirs)
    assert.deepEqual(body.data, {
      meta: {
        all_count: 0,
        mine_count: 0,
        unassigned_count: 0,
        assigned_count: 0,
        counts_capped: false,
        next: null,
      },
      payload: [],
    })
  })

  it('has 25 conversations per page, each on exactly one page', async () => {
    const inbox = await addInbox(test)
    const { token } = await addUser(test, { inboxes: [inbox] })
    const numbers = []
    for (let i = 0; i < 60; i++) numbers.unshift(await addTestConversation(test, { inboxId: inbox }))
    const pages = []
    for (const page of [1, 2, 3, 4]) pages.push(await list(`page=${page}`, token))
    assert.deepEqual(
      pages.map(({ ids }) => ids.length),
      [25, 25, 10, 0],
    )
    assert.deepEqual(
      pages.flatMap(({ ids }) => ids),
      numbers,
    )
    for (const { meta } of pages) assert.equal(meta.all_count, 60)
    assert.deepEqual(await list('', token), pages[0])

    const byCursor = [pages[0]!]
    while (byCursor.at(-1)!.meta.next !== null) {
      // A new conversation moves the following ones to other pages, but not past a cursor.
      await addTestConversation(test, { inboxId: inbox })
      byCursor.push(await list(`cursor=${byCursor.at(-1)!.meta.next}`, token))
    }
    assert.deepEqual(
      byCursor.map(({ ids }) => ids),
      pages.slice(0, 3).map(({ ids }) => ids),
    )
    for (const id of (await list('', token)).ids.slice(0, 2)) await set(id, { status: 'resolved' })

    await test.app.database.transaction(null, (tx) =>
      tx.sql.updateTable('conversations').set({ created_at: 1000 }).where('inbox_id', '=', inbox).execute(),
    )
    const tied = []
    for (const page of [1, 2, 3]) tied.push(...(await list(`sort=created_at&page=${page}`, token)).ids)
    assert.deepEqual(tied, numbers, 'even if they were created at the same time')
  })

  it('is sorted by activity, creation or change, newest first', async () => {
    const inbox = await addInbox(test)
    const { token } = await addUser(test, { inboxes: [inbox] })
    const times = [
      [1000, 3000, 2000],
      [2000, 1000, 3000],
      [3000, 2000, 1000],
    ]
    const [a, b, c] = await Promise.all(times.map(() => addTestConversation(test, { inboxId: inbox })))
    for (const [i, id] of [a, b, c].entries()) {
      const [last_activity_at, created_at, updated_at] = times[i]!
      await set(id!, { last_activity_at, created_at, updated_at })
    }
    assert.deepEqual((await list('', token)).ids, [c, b, a])
    assert.deepEqual((await list('sort=last_activity_at', token)).ids, [c, b, a])
    assert.deepEqual((await list('sort=created_at', token)).ids, [a, c, b])
    assert.deepEqual((await list('sort=updated_at', token)).ids, [b, a, c])
  })

  it('can be filtered by several labels, and by team', async () => {
    const inbox = await addInbox(test)
    const { token } = await addUser(test, { inboxes: [inbox] })
    const post = (path: string, body: unknown) => test.api(path, { method: 'POST', body })
    for (const title of ['vip', 'urgent']) await post('/labels', { title })
    const team = (await post('/teams', { name: 'Sales' })).body.id
    const [none, vip, both] = [
      await addTestConversation(test, { inboxId: inbox }),
      await addTestConversation(test, { inboxId: inbox }),
      await addTestConversation(test, { inboxId: inbox }),
    ]
    await post(`/conversations/${vip}/labels`, { labels: ['vip'] })
    await post(`/conversations/${both}/labels`, { labels: ['vip', 'urgent'] })
    await post(`/conversations/${vip}/assignments`, { team_id: team })
    const sorted = 'sort=created_at&'
    for (const [query, ids] of [
      ['labels=vip', [both, vip]],
      ['labels=vip,urgent', [both]],
      ['labels=urgent, vip', [both]],
      ['labels=urgent&labels=vip', [both]],
      ['labels[]=urgent&labels[]=vip&labels=vip', [both]],
      ['labels=vip,unknown', []],
      ['labels=', [both, vip, none]],
      [`team_id=${team}`, [vip]],
      [`team_id=${team}&labels=urgent`, []],
      ['team_id=9999', []],
    ] as const) {
      const page = await list(sorted + query, token)
      assert.deepEqual([page.ids, page.meta.all_count], [ids, ids.length], query)
    }
    const { payload } = (await test.api(`/conversations?inbox_id=${inbox}`)).body.data
    for (const conversation of payload) {
      assert.deepEqual(conversation, (await test.api(`/conversations/${conversation.id}`)).body)
    }
  })

  it('can be sorted by `sort_by`, too', async () => {
    const inbox = await addInbox(test)
    const { token } = await addUser(test, { inboxes: [inbox] })
    const [one, two] = [
      await addTestConversation(test, { inboxId: inbox }),
      await addTestConversation(test, { inboxId: inbox }),
    ]
    await sendMessage(test, 'Hello', {}, one)
    assert.deepEqual((await list('', token)).ids, [one, two])
    assert.deepEqual((await list('sort_by=created_at_desc', token)).ids, [two, one])
    assert.deepEqual((await list('sort=created_at&sort_by=last_activity_at_desc', token)).ids, [one, two])
    assertRefused(await test.api('/conversations?sort_by=created_at_asc'), 400, /^sort_by must be one of/)
  })

  it('can be counted alone, with the same filters', async () => {
    const inbox = await addInbox(test)
    const { token, userId } = await addUser(test, { inboxes: [inbox] })
    for (let i = 0; i < 3; i++) await addTestConversation(test, { inboxId: inbox })
    const [id] = (await list('', token)).ids
    await test.api(`/conversations/${id}/assignments`, { method: 'POST', body: { assignee_id: userId } })
    const counted = await test.api('/conversations/meta', { token })
    const counts = {
      all_count: 3,
      mine_count: 1,
      unassigned_count: 2,
      assigned_count: 0,
      counts_capped: false,
    }
    assert.deepEqual(counted.body, { meta: counts })
    const none = (await test.api('/conversations/meta?status=resolved', { token })).body.meta
    assert.equal(none.all_count, 0)
    assertRefused(await test.api('/conversations/meta?page=2', { token }), 400, /^"page" is not a query/)
  })

  it('takes the same five queries for any number of conversations', async () => {
    const inbox = await addInbox(test)
    const { token } = await addUser(test, { inboxes: [inbox] })
    // Followers make queries too, until they have seen all events.
    const assertFive = async () => {
      const counts: number[] = []
      await eventually(async () => {
        const before = test.app.database.stats().queries
        await list('', token)
        counts.push(test.app.database.stats().queries - before)
        return counts.includes(5)
      })
      assert.equal(Math.min(...counts), 5, `queries: ${counts}`)
    }
    await addTestConversation(test, { inboxId: inbox })
    // The token, the inboxes of the agent, the counts, the ids of the page, its conversations.
    await assertFive()
    for (let i = 0; i < 25; i++) {
      const id = await addTestConversation(test, { inboxId: inbox })
      await sendMessage(test, 'Hello', {}, id)
    }
    await assertFive()
  })

  it('contains no conversation of another inbox that is opened while it is read', async () => {
    const { accountId } = await addAccount(test)
    const [own, foreign] = [await addInbox(test, { accountId }), await addInbox(test, { accountId })]
    const { userId } = await addUser(test, { accountId, inboxes: [own] })
    const add = (inboxId: number) => addTestConversation(test, { accountId, inboxId })
    const ids: number[] = []
    for (let i = 0; i < 26; i++) ids.unshift(await add(own))
    const { read } = test.app.database
    // The first statement is that of the inboxes, the second one counts.
    let count = 0
    const queries: Queries = {
      ...read,
      async run(query) {
        const rows = await read.run(query)
        if (++count === 2) await add(foreign)
        return rows
      },
    }
    const actor: Actor = { accountId, userId, role: 'agent', scopes: ['read'], tokenId: 0 }
    const query = { status: 'open', assignee_type: 'all', page: 1, sort: 'last_activity_at' } as const
    const { meta, payload } = (await listConversations(queries, actor, query)).data
    assert.deepEqual(
      payload.map(({ id }) => id),
      ids.slice(0, 25),
    )
    assert.ok(count > 2 && typeof meta.next === 'string')
  })

  it('refuses a cursor that it has not returned, or that belongs to another order', async () => {
    const of = (text: string) => `cursor=${Buffer.from(text).toString('base64url')}`
    const refused = async (query: string, sentence: RegExp) => {
      const answer = await test.api(`/conversations?${query}`)
      assertRefused(answer, 400, sentence)
      assert.equal(answer.body.code, 'malformed')
    }
    for (const cursor of ['cursor=', 'cursor=2', 'cursor=%00', of(''), of('id 1 1'), of('created_at 1 x')]) {
      await refused(cursor, /^cursor /)
    }
    await refused(of('created_at 1000 1'), /^cursor belongs to a list with sort=created_at/)
    assert.deepEqual((await list(`sort=created_at&${of('created_at 1000 0')}`)).ids, [])
  })

  for (const query of [
    'team_id=0',
    'page=0',
    'page=-1',
    'page=1.5',
    'page=abc',
    'page=',
    'status=closed',
    'status=OPEN',
    'status=',
    'assignee_type=you',
    'inbox_id=0',
    'inbox_id=abc',
    'sort=id',
    'sort=-created_at',
    'sort=created_at&sort=updated_at',
  ]) {
    it(`is refused with ${query}`, async () => {
      assertRefused(
        await test.api(`/conversations?${query}`),
        400,
        new RegExp(`^${query.split('=')[0]} must be`),
      )
    })
  }
})
