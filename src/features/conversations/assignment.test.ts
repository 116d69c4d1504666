import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type ApiResponse, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventsOf } from '../../../test/events.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'
import { presence } from '../teams/service.ts'

let test: TestApp
let users: { userId: number; token: string; name: string }[]
let ids: number[]
let teamId: number
let teamCount = 0
before(async () => {
  test = await startTestApp()
})
after(() => assertStoredCounts(test).finally(() => test.close()))

// A team of three members who work in inbox 1 and are online.
beforeEach(async () => {
  users = [
    await addUser(test, { inboxes: [1] }),
    await addUser(test, { inboxes: [1] }),
    await addUser(test, { inboxes: [1] }),
  ]
  ids = users.map(({ userId }) => userId)
  teamId = (await test.api('/teams', { method: 'POST', body: { name: `Team ${++teamCount}` } })).body.id
  await test.api(`/teams/${teamId}/team_members`, { method: 'POST', body: { user_ids: ids } })
  setOnline(ids)
})

function setOnline(userIds: number[]): void {
  presence.fill(test.app.database, { onlineUsers: async (accountId) => (accountId === 1 ? userIds : []) })
}

function assign(id: number, body: object): Promise<ApiResponse> {
  return test.api(`/conversations/${id}/assignments`, { method: 'POST', body })
}

/** Assigns a new conversation to the team, and returns its assignee. */
async function assignNext(inboxId = 1, team = teamId): Promise<number | null> {
  const { body } = await assign(await addTestConversation(test, { inboxId }), { team_id: team })
  assert.equal(body.meta.team.id, team)
  return body.meta.assignee?.id ?? null
}

describe('a conversation that is assigned to a team', () => {
  it('is assigned to nobody who is busy or offline, or has no stream open', async (t) => {
    const own = await startTestApp()
    t.after(() => own.close())
    const users = []
    for (let count = 0; count < 4; count++) users.push(await addUser(own, { inboxes: [1] }))
    const [ready, busy, away] = users
    const choose = ({ token }: { token: string }, availability: string) =>
      own.api('//api/v1/profile', { method: 'PATCH', body: { availability }, token })
    await choose(busy!, 'busy')
    await choose(away!, 'offline')
    const user_ids = users.map(({ userId }) => userId)
    const { id } = (await own.api('/teams', { method: 'POST', body: { name: 'All' } })).body
    await own.api(`/teams/${id}/team_members`, { method: 'POST', body: { user_ids } })
    for (const user of [ready, busy, away]) await openStream(own, user!)
    const next = async () => {
      const conversation = await addTestConversation(own)
      const path = `/conversations/${conversation}/assignments`
      return (await own.api(path, { method: 'POST', body: { team_id: id } })).body.meta.assignee?.id
    }
    assert.deepEqual([await next(), await next()], [ready!.userId, ready!.userId])
    await choose(ready!, 'busy')
    assert.equal(await next(), undefined)
    await choose(away!, 'online')
    assert.equal(await next(), away!.userId)
  })

  it('is assigned to its members in turn', async () => {
    const assignees = []
    for (let i = 0; i < 6; i++) assignees.push(await assignNext())
    assert.deepEqual(assignees, [...ids, ...ids])
  })

  it('is assigned in turn even if many arrive at once', async () => {
    const assignees = await Promise.all(Array.from({ length: 30 }, () => assignNext()))
    for (const id of ids) assert.equal(assignees.filter((assignee) => assignee === id).length, 10)
  })

  it('is assigned only to members who are online, and first to one who comes back', async () => {
    setOnline([ids[0]!, ids[2]!])
    assert.deepEqual([await assignNext(), await assignNext(), await assignNext()], [ids[0], ids[2], ids[0]])
    setOnline(ids)
    assert.deepEqual([await assignNext(), await assignNext(), await assignNext()], [ids[1], ids[2], ids[0]])
  })

  it('is assigned to nobody if no member is online', async () => {
    const outsider = await addUser(test, { inboxes: [1] })
    setOnline([])
    assert.equal(await assignNext(), null)
    setOnline([1, outsider.userId])

    assert.equal(await assignNext(), null)
  })

  it('is assigned only to members who work in its inbox', async () => {
    const inboxId = await addInbox(test)
    assert.equal(await assignNext(inboxId), null)
    const body = { user_ids: [ids[1]] }
    await test.api(`/inbox_members/${inboxId}`, { method: 'POST', body })
    assert.deepEqual([await assignNext(inboxId), await assignNext(inboxId)], [ids[1], ids[1]])
    await test.api(`/teams/${teamId}/team_members`, { method: 'POST', body: { user_ids: [1] } })
    setOnline([...ids, 1])
    assert.equal(await assignNext(inboxId), 1, 'an administrator works in every inbox')
  })

  it('is assigned to nobody if allow_auto_assign is false', async () => {
    await test.api(`/teams/${teamId}`, { method: 'PATCH', body: { allow_auto_assign: false } })
    assert.equal(await assignNext(), null)
  })

  it('keeps an assignee who is in the team, or if no member is online', async () => {
    const id = await addTestConversation(test)
    await assign(id, { assignee_id: ids[2] })
    assert.equal((await assign(id, { team_id: teamId })).body.meta.assignee.id, ids[2])
    const other = await addTestConversation(test)
    await assign(other, { assignee_id: 1 })
    assert.equal((await assign(other, { team_id: teamId })).body.meta.assignee.id, ids[0])
    setOnline([])
    const third = await addTestConversation(test)
    await assign(third, { assignee_id: 1 })
    assert.equal((await assign(third, { team_id: teamId })).body.meta.assignee.id, 1)
  })

  it('gets the assignee of the same request, or none, without using up a turn', async () => {
    const id = await addTestConversation(test)
    const assigned = await assign(id, { team_id: teamId, assignee_id: ids[1] })
    assert.equal(assigned.body.meta.assignee.id, ids[1])
    const other = await addTestConversation(test)
    assert.equal((await assign(other, { team_id: teamId, assignee_id: null })).body.meta.assignee, null)
    assert.equal(await assignNext(), ids[0])
  })

  it('is not assigned again if it belongs to the team already', async () => {
    setOnline([])
    const id = await addTestConversation(test)
    await assign(id, { team_id: teamId })
    setOnline(ids)
    assert.equal((await assign(id, { team_id: teamId })).body.meta.assignee, null)
  })

  it('gets an activity message and an event for each change: the turn is taken by the system', async () => {
    const id = await addTestConversation(test)
    const events = await eventsOf(test, () => assign(id, { team_id: teamId }))
    assert.deepEqual(
      events.map(({ data, actor_type, actor_id }) => [data.content ?? data.changed, actor_type, actor_id]),
      [
        [`Administrator assigned the conversation to the team Team ${teamCount}`, 'user', 1],
        [['meta.team'], 'user', 1],
        [`The conversation was assigned to ${users[0]!.name}, whose turn it was`, 'system', null],
        [['meta.assignee'], 'system', null],
      ],
    )
  })

  it('is assigned also when it is created or changed with PATCH', async () => {
    const body = { inbox_id: 1, contact_id: 1, team_id: teamId }
    const created = (await test.api('/conversations', { method: 'POST', body })).body
    assert.equal(created.meta.assignee.id, ids[0])
    const id = await addTestConversation(test)
    const changed = await test.api(`/conversations/${id}`, { method: 'PATCH', body: { team_id: teamId } })
    assert.equal(changed.body.meta.assignee.id, ids[1])
  })
})
