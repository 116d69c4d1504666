import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type ApiResponse, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { presence } from '../teams/service.ts'

let test: TestApp
let users: { userId: number; token: string; name: string }[]
let ids: number[]
let teamId: number
let teams = 0
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** A team of three who work in the inbox 1 and are online. */
beforeEach(async () => {
  users = [
    await addUser(test, { inboxes: [1] }),
    await addUser(test, { inboxes: [1] }),
    await addUser(test, { inboxes: [1] }),
  ]
  ids = users.map(({ userId }) => userId)
  teamId = (await test.api('/teams', { method: 'POST', body: { name: `Team ${++teams}` } })).body.id
  await test.api(`/teams/${teamId}/team_members`, { method: 'POST', body: { user_ids: ids } })
  online(ids)
})

function online(userIds: number[]): void {
  presence.fill({ onlineUsers: async (accountId) => (accountId === 1 ? userIds : []) })
}

function assign(id: number, body: object): Promise<ApiResponse> {
  return test.api(`/conversations/${id}/assignments`, { method: 'POST', body })
}

/** Brings a conversation to the team, and gives whom it went to. */
async function next(inboxId = 1, team = teamId): Promise<number | null> {
  const { body } = await assign(await addTestConversation(test, { inboxId }), { team_id: team })
  assert.equal(body.meta.team.id, team)
  return body.meta.assignee?.id ?? null
}

describe('a conversation that comes to a team goes', () => {
  it('to its members by turns', async () => {
    const turns = []
    for (let i = 0; i < 6; i++) turns.push(await next())
    assert.deepEqual(turns, [...ids, ...ids])
  })

  it('to one after another also where many come at once', async () => {
    const turns = await Promise.all(Array.from({ length: 30 }, () => next()))
    for (const id of ids) assert.equal(turns.filter((turn) => turn === id).length, 10)
  })

  it('to who is online only; who comes back was away the longest and is next', async () => {
    online([ids[0]!, ids[2]!])
    assert.deepEqual([await next(), await next(), await next()], [ids[0], ids[2], ids[0]])
    online(ids)
    assert.deepEqual([await next(), await next(), await next()], [ids[1], ids[2], ids[0]])
  })

  it('to nobody where nobody is online, or only others are', async () => {
    const stranger = await addUser(test, { inboxes: [1] })
    online([])
    assert.equal(await next(), null)
    online([1, stranger.userId])
    assert.equal(await next(), null)
  })

  it('to who works in its inbox', async () => {
    const inboxId = await addInbox(test)
    assert.equal(await next(inboxId), null)
    const body = { user_ids: [ids[1]] }
    await test.api(`/inbox_members/${inboxId}`, { method: 'POST', body })
    assert.deepEqual([await next(inboxId), await next(inboxId)], [ids[1], ids[1]])
    await test.api(`/teams/${teamId}/team_members`, { method: 'POST', body: { user_ids: [1] } })
    online([...ids, 1])
    assert.equal(await next(inboxId), 1, 'an administrator works in every inbox')
  })

  it('to nobody where the team does not assign by itself', async () => {
    await test.api(`/teams/${teamId}`, { method: 'PATCH', body: { allow_auto_assign: false } })
    assert.equal(await next(), null)
  })

  it('to its assignee still, if that one is of the team; else to a member, if one is there', async () => {
    const id = await addTestConversation(test)
    await assign(id, { assignee_id: ids[2] })
    assert.equal((await assign(id, { team_id: teamId })).body.meta.assignee.id, ids[2])
    const other = await addTestConversation(test)
    await assign(other, { assignee_id: 1 })
    assert.equal((await assign(other, { team_id: teamId })).body.meta.assignee.id, ids[0])
    online([])
    const kept = await addTestConversation(test)
    await assign(kept, { assignee_id: 1 })
    assert.equal((await assign(kept, { team_id: teamId })).body.meta.assignee.id, 1)
  })

  it('to whom the same call names, also to nobody, without a turn', async () => {
    const id = await addTestConversation(test)
    const named = await assign(id, { team_id: teamId, assignee_id: ids[1] })
    assert.equal(named.body.meta.assignee.id, ids[1])
    const other = await addTestConversation(test)
    assert.equal((await assign(other, { team_id: teamId, assignee_id: null })).body.meta.assignee, null)
    assert.equal(await next(), ids[0])
  })

  it('to nobody new where it belongs to the team already', async () => {
    online([])
    const id = await addTestConversation(test)
    await assign(id, { team_id: teamId })
    online(ids)
    assert.equal((await assign(id, { team_id: teamId })).body.meta.assignee, null)
  })

  it('with a line of its own, and one event for both changes', async () => {
    const id = await addTestConversation(test)
    const events = await eventsOf(test, () => assign(id, { team_id: teamId }))
    assert.deepEqual(
      events.map(({ name, data }) => data.content ?? [name, data.changed]),
      [
        `Administrator assigned the conversation to the team Team ${teams}`,
        `The conversation was assigned to ${users[0]!.name}, whose turn it was`,
        ['conversation_updated', ['meta.team', 'meta.assignee']],
      ],
    )
  })

  it('also when it is begun in the team or changed', async () => {
    const body = { inbox_id: 1, contact_id: 1, team_id: teamId }
    const begun = (await test.api('/conversations', { method: 'POST', body })).body
    assert.equal(begun.meta.assignee.id, ids[0])
    const id = await addTestConversation(test)
    const changed = await test.api(`/conversations/${id}`, { method: 'PATCH', body: { team_id: teamId } })
    assert.equal(changed.body.meta.assignee.id, ids[1])
  })
})
