import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'

describe('an agent who takes a conversation that nobody has', () => {
  let test: TestApp
  let agents: { userId: number; token: string; name: string }[]
  before(async () => {
    test = await startTestApp()
    agents = []
    for (let count = 0; count < 8; count++) agents.push(await addUser(test, { inboxes: [1] }))
  })
  after(() => test.close())

  const take = (id: number, { userId, token }: { userId: number; token: string }) =>
    test.api(`/conversations/${id}/assignments`, {
      method: 'POST',
      body: { assignee_id: userId, expected_assignee_id: null },
      token,
    })

  it('gets it unless a colleague was faster: of several who try at the same time, exactly one', async () => {
    const ids: number[] = []
    for (let count = 0; count < 25; count++) ids.push(await addTestConversation(test))
    const attempts = ids.flatMap((id) =>
      agents.map(async (agent) => ({ id, agent, ...(await take(id, agent)) })),
    )
    const answers = await Promise.all(attempts)
    for (const id of ids) {
      const won = answers.filter((answer) => answer.id === id && answer.status === 200)
      assert.deepEqual(
        won.map(({ body }) => body.meta.assignee.id),
        won.map(({ agent }) => agent.userId),
      )
      assert.equal(won.length, 1)
      const winner = won[0]!.agent
      for (const lost of answers.filter((answer) => answer.id === id && answer !== won[0])) {
        assert.equal(lost.body.code, 'assignee_changed')
        assertRefused(lost, 409, /^the conversation is assigned to /)
        assert.ok(lost.body.error.endsWith(`${winner.name} (agent ${winner.userId})`), lost.body.error)
      }
      const { body } = await test.api(`/conversations/${id}`)
      assert.equal(body.meta.assignee.id, winner.userId)
    }
  })

  it('keeps it if the request is repeated because its answer was lost', async () => {
    const id = await addTestConversation(test)
    assert.equal((await take(id, agents[0]!)).status, 200)
    const events = await eventsOf(test, async () => {
      assert.equal((await take(id, agents[0]!)).status, 200)
    })
    assert.deepEqual(events, [])
    assert.equal((await take(id, agents[1]!)).status, 409)
  })

  it('does not get it with a change of other fields either, and nothing is changed', async () => {
    const id = await addTestConversation(test)
    await take(id, agents[0]!)
    const { userId, token } = agents[1]!
    const body = { priority: 'urgent', assignee_id: userId, expected_assignee_id: null }
    assert.equal((await test.api(`/conversations/${id}`, { method: 'PATCH', body, token })).status, 409)
    assert.equal((await test.api(`/conversations/${id}`)).body.priority, null)
    const handover = { ...body, expected_assignee_id: agents[0]!.userId }
    const changed = await test.api(`/conversations/${id}`, { method: 'PATCH', body: handover, token })
    assert.deepEqual(
      [changed.status, changed.body.priority, changed.body.meta.assignee.id],
      [200, 'urgent', userId],
    )
  })

  it('is refused if nobody has it and they expect somebody', async () => {
    const id = await addTestConversation(test)
    const body = { assignee_id: null, expected_assignee_id: agents[0]!.userId }
    assert.equal((await test.api(`/conversations/${id}/assignments`, { method: 'POST', body })).status, 200)
    const other = { ...body, assignee_id: agents[1]!.userId }
    const refused = await test.api(`/conversations/${id}/assignments`, { method: 'POST', body: other })
    assertRefused(refused, 409, /^the conversation is assigned to nobody$/)
  })
})
