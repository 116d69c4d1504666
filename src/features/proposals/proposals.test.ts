import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'
import { fetchFile, formOf, storedFiles } from '../../../test/files.ts'

let test: TestApp
let agent: { token: string; userId: number }
before(async () => {
  test = await startTestApp({}, { intervals: { sweep: 20 } })
  agent = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const pathOf = (conversation: number) => `/conversations/${conversation}/proposals`
const post = (path: string, body: object, token = test.token) =>
  test.api(path, { method: 'POST', body, token })
const propose = async (conversation: number, more: object = {}, token?: string) => {
  const { status, body } = await post(pathOf(conversation), { content: 'It ships today.', ...more }, token)
  assert.equal(status, 201, JSON.stringify(body))
  return { ...body, path: `${pathOf(conversation)}/${body.id}` }
}
const messages = async (conversation: number) =>
  (await test.api(`/conversations/${conversation}/messages`)).body.payload
const ask = (conversation: number) =>
  sendMessage(test, 'When does it ship?', { message_type: 'incoming' }, conversation)

describe('A proposal', () => {
  it('is sent in the name of the user who approves it', async () => {
    const id = await addTestConversation(test)
    await ask(id)
    const sources = [{ title: 'Shipping', url: 'https://example.com/shipping' }]
    const proposal = await propose(id, { sources }, agent.token)
    assert.deepEqual(
      [proposal.status, proposal.actor, proposal.sources],
      ['pending', { type: 'user', id: agent.userId }, sources],
    )
    const { status, body } = await post(`${proposal.path}/approve`, {})
    const [, message] = await messages(id)
    assert.deepEqual(
      [message.content, message.sender.id, message.message_type],
      ['It ships today.', 1, 'outgoing'],
    )
    assert.deepEqual([status, body.status, body.message_id, body.decided_by], [200, 'sent', message.id, 1])
  })

  it('can be edited before it is sent', async () => {
    const id = await addTestConversation(test)
    const { path } = await propose(id)
    await post(`${path}/approve`, { content: 'It ships tomorrow.' })
    assert.deepEqual(
      (await messages(id)).map(({ content }: { content: string }) => content),
      ['It ships tomorrow.'],
    )
  })

  it('runs its actions when it is sent, or is not sent if one of them is refused', async () => {
    const id = await addTestConversation(test)
    const label = (await post('/labels', { title: 'shipped' })).body
    const actions = [
      { action_name: 'add_label', action_params: ['shipped'] },
      { action_name: 'change_status', action_params: ['resolved'] },
    ]
    const [first, second] = [await propose(id, { actions }), await propose(id, { actions })]
    assert.deepEqual(first.actions, actions)
    assert.equal((await post(`${first.path}/approve`, {})).status, 200)
    const { status, labels } = (await test.api(`/conversations/${id}`)).body
    assert.deepEqual([status, labels], ['resolved', ['shipped']])
    await test.api(`/labels/${label.id}`, { method: 'DELETE' })
    const before = await messages(id)
    assertRefused(await post(`${second.path}/approve`, {}), 422, /^labels names no label/)
    assert.deepEqual(await messages(id), before)
    assert.equal((await test.api(second.path)).body.status, 'pending')
    const bad = { content: 'x', actions: [{ action_name: 'add_label', action_params: [] }] }
    assertRefused(await post(pathOf(id), bad), 422, /^actions\[0\]\.action_params/)
  })

  it('that two approve at the same moment is sent once, and the second gets 409', async () => {
    const id = await addTestConversation(test)
    const { path } = await propose(id)
    const tokens = [test.token, agent.token, test.token, agent.token]
    const answers = await Promise.all(tokens.map((token) => post(`${path}/approve`, {}, token)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409])
    const refused = answers.find(({ status }) => status === 409)!
    assert.deepEqual([refused.body.code, refused.body.error], ['conflict', 'the proposal was already sent'])
    assert.equal((await messages(id)).length, 1)
  })

  it('cannot be sent once the contact has written again', async () => {
    const id = await addTestConversation(test)
    await ask(id)
    const { path } = await propose(id)
    await sendMessage(test, 'A note', { private: true }, id)
    await sendMessage(test, 'A reply', {}, id)
    assert.equal((await test.api(path)).body.status, 'pending')
    await ask(id)
    assert.equal((await test.api(path)).body.status, 'stale')
    const refused = await post(`${path}/approve`, {})
    assertRefused(refused, 409, /^the contact has written since/)
    assert.equal(refused.body.code, 'stale')
    assert.equal((await messages(id)).length, 4)
    const decided = await post(`${path}/refuse`, { reason: 'It is out of date.' })
    assert.deepEqual([decided.status, decided.body.status], [200, 'refused'])
  })

  it('never answers a message that it does not know, if both come at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await addTestConversation(test)
      const { path } = await propose(id)
      const [approved] = await Promise.all([post(`${path}/approve`, {}), ask(id)])
      const types = (await messages(id)).map(({ message_type }: { message_type: string }) => message_type)
      const sent = approved!.status === 200
      assert.deepEqual(types, sent ? ['outgoing', 'incoming'] : ['incoming'])
    }
  })

  it('cannot be sent after it has expired', async () => {
    const id = await addTestConversation(test)
    const { id: number, path } = await propose(id, { expires_at: Math.floor(Date.now() / 1000) + 1000 })
    await test.app.database.transaction(1, (tx) =>
      tx.sql.updateTable('proposals').set({ expires_at: 1 }).where('id', '=', number).execute(),
    )
    assert.equal((await test.api(path)).body.status, 'expired')
    assertRefused(await post(`${path}/approve`, {}), 409, /^the proposal has expired/)
    assertRefused(await post(pathOf(id), { content: 'x', expires_at: 1 }), 422, /^expires_at must be in the/)
    assert.deepEqual(await messages(id), [])
  })

  it('that is refused keeps the reason, and can no longer be sent', async () => {
    const id = await addTestConversation(test)
    const { path } = await propose(id)
    assertRefused(await post(`${path}/refuse`, {}), 422, /^reason is required/)
    const { body } = await post(`${path}/refuse`, { reason: 'It ships next week.' }, agent.token)
    assert.deepEqual(
      [body.status, body.reason, body.decided_by, body.content],
      ['refused', 'It ships next week.', agent.userId, 'It ships today.'],
    )
    assertRefused(await post(`${path}/approve`, {}), 409, /^the proposal was already refused/)
    assertRefused(await post(`${path}/refuse`, { reason: 'x' }), 409, /^the proposal was already refused/)
  })

  it('is logged without its content, which a deleted message must not leave behind', async () => {
    const id = await addTestConversation(test)
    const events = await eventsOf(test, async () => {
      const { path } = await propose(id, { content: 'a secret quokka' })
      await post(`${path}/approve`, {})
      const [message] = await messages(id)
      await test.api(`/conversations/${id}/messages/${message.id}`, { method: 'DELETE' })
    })
    assert.ok(!JSON.stringify(events).includes('quokka'))
    const own = events.filter(({ name }) => name.startsWith('proposal_'))
    assert.deepEqual(
      own.map(({ name, data }) => [name, data.proposal.status]),
      [
        ['proposal_created', 'pending'],
        ['proposal_updated', 'sent'],
      ],
    )
    const rows = await test.app.database.read.sql.selectFrom('proposals').select('content').execute()
    assert.ok(!JSON.stringify(rows).includes('quokka'))
  })

  it('has files that become those of the message, and go with the last use', async () => {
    const id = await addTestConversation(test)
    const form = () => formOf({ content: 'The invoice' }, [{ bytes: 'an invoice', name: 'invoice.txt' }])
    const send = async () => (await test.api(pathOf(id), { method: 'POST', body: form() })).body
    const first = await send()
    await post(`${pathOf(id)}/${first.id}/approve`, {})
    const [message] = await messages(id)
    assert.equal(message.attachments[0].id, first.attachments[0].id)
    assert.equal((await fetchFile(test, message.attachments[0].data_url)).status, 200)
    await test.api(`/conversations/${id}/messages/${message.id}`, { method: 'DELETE' })
    await eventually(() => storedFiles(test).length === 0)
    await send()
    assert.equal(storedFiles(test).length, 1)
    await test.api(`/conversations/${id}`, { method: 'DELETE' })
    await eventually(() => storedFiles(test).length === 0)
  })

  it('is one of at most 20 that wait, and is listed with the latest first', async () => {
    const id = await addTestConversation(test)
    for (let count = 0; count < 20; count += 1) await propose(id, { content: `Number ${count}` })
    assertRefused(await post(pathOf(id), { content: 'x' }), 409, /20 proposals wait/)
    const { path, id: number } = (await test.api(pathOf(id))).body.payload.map((one: { id: number }) => ({
      id: one.id,
      path: `${pathOf(id)}/${one.id}`,
    }))[0]
    await post(`${path}/refuse`, { reason: 'too many' })
    await propose(id, { content: 'Number 20' })
    const list = async (query: string) => (await test.api(`${pathOf(id)}?${query}`)).body
    const all = await list('')
    assert.deepEqual([all.payload[0].content, all.payload.length, all.meta.has_more], ['Number 20', 20, true])
    const rest = await list(`before_id=${all.payload.at(-1).id}`)
    assert.deepEqual([rest.payload.length, rest.meta.has_more], [1, false])
    assert.deepEqual(
      (await list('status=refused')).payload.map((one: { id: number }) => one.id),
      [number],
    )
  })

  it('is not seen by users who do not see the conversation', async () => {
    const id = await addTestConversation(test)
    const { path } = await propose(id)
    const { token } = await addUser(test)
    for (const call of [
      () => test.api(path, { token }),
      () => post(`${path}/approve`, {}, token),
      () => post(pathOf(id), { content: 'x' }, token),
    ])
      assertRefused(await call(), 404, /^conversation not found/)
    const other = await addTestConversation(test)
    const elsewhere = path.replace(`/${id}/`, `/${other}/`)
    assertRefused(await test.api(elsewhere), 404, /^proposal not found/)
  })
})
