import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { startNode } from '../../../test/nodes.ts'
import { Viewers, type Viewing, viewingTime } from './viewers.ts'

let test: TestApp
before(async () => {
  test = await startTestApp({}, { intervals: { presence: 60 } })
})
after(() => test.close())

type Caller = { token?: string; url?: string }
const look = (conversation: number, viewing_status: string, more: Caller = {}) =>
  test.api(`/conversations/${conversation}/toggle_viewing_status`, {
    ...more,
    method: 'POST',
    body: { viewing_status },
  })
const viewersOf = async (conversation: number) =>
  (await test.api(`/conversations/${conversation}/viewers`)).body.payload

async function addAgents() {
  const inbox = await addInbox(test)
  const conversation = await addTestConversation(test, { inboxId: inbox })
  return {
    conversation,
    ada: await addUser(test, { inboxes: [inbox] }),
    ben: await addUser(test, { inboxes: [inbox] }),
  }
}

describe('a user who looks at a conversation', () => {
  it('is shown to those who may see it, and learns who else looks at it', async () => {
    const { conversation, ada, ben } = await addAgents()
    const watch = await openStream(test, ben)
    const stranger = await openStream(test, await addUser(test))
    const rows = await readAllRows(test)
    assert.deepEqual((await look(conversation, 'on', ada)).body, { payload: [] })
    const user = { id: ada.userId, name: ada.name }
    const { id, data } = await watch.find(({ name }) => name === 'viewing')
    assert.equal(id, undefined)
    assert.deepEqual(data, { event: 'viewing', conversation_id: conversation, user, viewing_status: 'on' })
    assert.deepEqual((await look(conversation, 'on', ben)).body, { payload: [user] })
    assert.deepEqual(await viewersOf(conversation), [user, { id: ben.userId, name: ben.name }])
    await look(conversation, 'off', ada)
    await watch.find(({ data }) => data.user?.id === ada.userId && data.viewing_status === 'off')
    assert.deepEqual(await viewersOf(conversation), [{ id: ben.userId, name: ben.name }])
    assert.deepEqual(await readAllRows(test), rows)
    await test.api('/contacts', { method: 'POST', body: { name: 'Mary' } })
    await stranger.find(({ name }) => name === 'contact_created')
    assert.deepEqual(stranger.named('viewing'), [])
    for (const stream of [watch, stranger]) stream.close()
  })

  it('no longer looks at it when their last stream has ended', async () => {
    const { conversation, ada } = await addAgents()
    const watch = await openStream(test)
    const streams = [await openStream(test, ada), await openStream(test, ada)]
    await look(conversation, 'on', ada)
    await watch.find(({ name }) => name === 'viewing')
    streams[0]!.close()
    assert.equal((await viewersOf(conversation)).length, 1)
    streams[1]!.close()
    await watch.find(({ data }) => data.user?.id === ada.userId && data.viewing_status === 'off')
    assert.deepEqual(await viewersOf(conversation), [])
    watch.close()
  })

  it('must be allowed to see it', async () => {
    const { conversation } = await addAgents()
    assertRefused(await look(conversation, 'on', await addUser(test)), 404, /^conversation/)
    assertRefused(await look(conversation, 'perhaps'), 422, /^viewing_status must be one of on, off/)
    assert.deepEqual(await viewersOf(conversation), [])
  })

  it('is known on every node', { skip: skipWithoutPostgres }, async (t) => {
    const node = await startNode(t, test, { presence: 60 })
    const { conversation, ada } = await addAgents()
    const there = await openStream(test, { url: node.url })
    await look(conversation, 'on', ada)
    await there.find(({ name }) => name === 'viewing')
    const path = `${node.url}/api/v1/accounts/1/conversations/${conversation}/viewers`
    const headers = { api_access_token: test.token }
    await eventually(async () => {
      const { payload } = (await (await fetch(path, { headers })).json()) as { payload: unknown[] }
      return payload.length === 1
    })
    there.close()
  })
})

describe('viewers', () => {
  const viewing = (conversation_id: number, status: 'on' | 'off' = 'on', id = 1): Viewing => ({
    told: { name: 'viewing', audience: 'agents', conversation_id, inbox_id: 1, contact_id: 1 },
    data: { event: 'viewing', conversation_id, user: { id, name: 'Ada' }, viewing_status: status },
  })

  it('are forgotten unless they repeat it', (t) => {
    let now = 0
    t.mock.method(performance, 'now', () => now)
    const viewers = new Viewers()
    viewers.receive(1, viewing(5))
    now = viewingTime - 1
    assert.equal(viewers.of(1, 5).length, 1)
    viewers.receive(1, viewing(6))
    now = viewingTime
    assert.deepEqual([viewers.of(1, 5).length, viewers.of(1, 6).length], [0, 1])
  })

  it('look at ten conversations at most, so that nobody can fill the memory', () => {
    const viewers = new Viewers()
    for (let id = 1; id <= 12; id++) viewers.receive(1, viewing(id))
    assert.deepEqual(
      [1, 2, 3, 12].map((id) => viewers.of(1, id).length),
      [0, 0, 1, 1],
    )
    assert.equal(viewers.leave(1, 1).length, 10)
    assert.deepEqual(viewers.leave(1, 1), [])
  })
})
