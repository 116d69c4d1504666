import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { mostUnread } from './service.ts'

describe('the unread conversations', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
    await test.api('/conversations/1/update_last_seen', { method: 'POST' })
  })
  after(() => test.close())
  const unread = async (token = test.token) => (await test.api('/conversations/unread', { token })).body
  const idsOf = async (token?: string) =>
    (await unread(token)).payload
      .map(({ id }: { id: number }) => id)
      .toSorted((a: number, b: number) => a - b)
  const write = (id: number) => sendMessage(test, 'Hello', { message_type: 'incoming' }, id)
  const begin = async (options: Parameters<typeof addTestConversation>[1] = {}) => {
    const id = await addTestConversation(test, options)
    await write(id)
    return id
  }

  it('begin to be unread with a message of the customer, and end when an agent has seen it', async () => {
    assert.deepEqual(await unread(), { payload: [], meta: { my_team_ids: [], is_complete: true } })
    await sendMessage(test, 'Answered', {}, 1)
    assert.deepEqual(await idsOf(), [])
    await write(1)
    assert.deepEqual((await unread()).payload, [{ id: 1, assignee_id: null, team_id: null }])
    await test.api('/conversations/1/update_last_seen', { method: 'POST' })
    assert.deepEqual(await idsOf(), [])
  })

  it('are open ones only', async () => {
    const id = await begin()
    assert.deepEqual(await idsOf(), [id])
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    assert.deepEqual(await idsOf(), [])
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'open' } })
    assert.deepEqual(await idsOf(), [id])
    await test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })
  })

  it('come with their assignee and team, and with the teams of the user', async () => {
    const member = await addUser(test, { inboxes: [1] })
    const { id: team_id } = (await test.api('/teams', { method: 'POST', body: { name: 'Night' } })).body
    await test.api('/teams', { method: 'POST', body: { name: 'Day' } })
    const members = { user_ids: [member.userId] }
    await test.api(`/teams/${team_id}/team_members`, { method: 'POST', body: members })
    const id = await begin()
    const to = { team_id, assignee_id: member.userId }
    await test.api(`/conversations/${id}/assignments`, { method: 'POST', body: to })
    assert.deepEqual(await unread(member.token), {
      payload: [{ id, ...to }],
      meta: { my_team_ids: [team_id], is_complete: true },
    })
    assert.deepEqual((await unread()).meta.my_team_ids, [])
    await test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })
  })

  it('are those that the user may see', async () => {
    const inboxId = await addInbox(test)
    const [here, there] = [await begin(), await begin({ inboxId })]
    const agent = await addUser(test, { inboxes: [inboxId] })
    const stranger = await addAccount(test)
    assert.deepEqual(await idsOf(), [here, there])
    assert.deepEqual(await idsOf(agent.token), [there])
    const path = `//api/v1/accounts/${stranger.accountId}/conversations/unread`
    assert.deepEqual((await test.api(path, { token: stranger.token })).body.payload, [])
    assert.equal((await test.api('/conversations/unread', { token: stranger.token })).status, 403)
    for (const id of [here, there]) {
      await test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })
    }
  })

  it('are cut off after the most important ones, and say so', async () => {
    const [first, mine, unassigned] = await Promise.all([0, 1, 2].map(() => addTestConversation(test)))
    const other = await addUser(test, { role: 'administrator' })
    const { database } = test.app
    const [row] = await database.read.sql
      .selectFrom('conversations')
      .selectAll()
      .where('account_id', '=', 1)
      .where('id', '=', first!)
      .execute()
    await database.transaction(null, async (tx) => {
      // PostgreSQL computes these itself.
      const isComputed = /^(?:activity_hour|update_hour|is_unread)$/
      const columns = Object.fromEntries(Object.entries(row!).filter(([name]) => !isComputed.test(name)))
      for (let at = 0; at < mostUnread; at++) {
        const copy = {
          ...(columns as typeof row & object),
          id: 10_000 + at,
          unread_count: 1,
          assignee_id: other.userId,
        }
        await tx.sql.insertInto('conversations').values(copy).execute()
      }
    })
    const all = await unread()
    assert.deepEqual([all.payload.length, all.meta.is_complete], [mostUnread, true])
    const to = { assignee_id: 1 }
    await test.api(`/conversations/${mine}/assignments`, { method: 'POST', body: to })
    await write(unassigned!)
    await write(mine!)
    const { payload, meta } = await unread()
    assert.deepEqual([payload.length, meta.is_complete], [mostUnread, false])
    assert.deepEqual(
      payload.slice(0, 3).map(({ assignee_id }: { assignee_id: number | null }) => assignee_id),
      [1, null, other.userId],
    )
  })
})
