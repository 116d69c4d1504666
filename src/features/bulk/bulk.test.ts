import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
let agent: { token: string; userId: number }
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
  await post('/labels', { title: 'vip' })
})
after(() => test.close())

const post = (path: string, body: object = {}, token = test.token) =>
  test.api(path, { method: 'POST', body, token })
const action = (action_name: string, ...action_params: unknown[]) => ({ action_name, action_params })
const resolve = [action('change_status', 'resolved')]
const conversation = async (id: number) => (await test.api(`/conversations/${id}`)).body
const add = (count: number) => Promise.all(Array.from({ length: count }, () => addTestConversation(test)))
const get = async (id: number) => (await test.api(`/bulk_actions/${id}`)).body
const start = async (body: object, token = test.token) => {
  const started = await post('/bulk_actions', body, token)
  assert.equal(started.status, 201, JSON.stringify(started.body))
  return started.body.id as number
}
const ended = async (id: number, status = 'done') => {
  await eventually(async () => (await get(id)).status === status)
  return get(id)
}
const run = async (body: object, token?: string) => ended(await start(body, token))
const outgoing = async (id: number): Promise<string[]> => {
  const { body } = await test.api(`/conversations/${id}/messages`)
  const sent = body.payload.filter((one: { message_type: string }) => one.message_type === 'outgoing')
  return sent.map(({ content }: { content: string }) => content)
}

describe('A bulk action', () => {
  it('does everything in each of the conversations, once, in the name of its author', async () => {
    const ids = await add(25)
    const actions = [
      action('send_message', 'Hello {{contact.first_name}}'),
      action('add_label', 'vip'),
      ...resolve,
    ]
    const done = await run({ conversation_ids: [...ids, ids[0]], actions }, agent.token)
    assert.deepEqual(
      [done.author_id, done.total, done.done_count, done.failed_count, done.failures],
      [agent.userId, 25, 25, 0, []],
    )
    for (const id of ids) {
      const { status, labels } = await conversation(id)
      assert.deepEqual([status, labels, await outgoing(id)], ['resolved', ['vip'], ['Hello John']])
    }
  })

  it('has the conversations that a view has when it begins, also if it removes them from the view', async () => {
    const ids = await add(30)
    for (const id of ids)
      await test.api(`/conversations/${id}`, { method: 'PATCH', body: { priority: 'urgent' } })
    const filter = [{ attribute_key: 'priority', filter_operator: 'equal_to', values: ['urgent'] }]
    const view = (await post('/views', { name: 'Urgent', filter })).body.id
    const done = await run({ view_id: view, actions: [action('change_priority', 'low')] })
    assert.deepEqual([done.view_id, done.total, done.done_count, done.capped], [view, 30, 30, false])
    assert.equal((await test.api(`/views/${view}/count`)).body.count, 0)
  })

  it('goes on after a conversation in which it is refused, and says why', async () => {
    const [one, other] = await add(2)
    const elsewhere = await addInbox(test)
    const third = await addTestConversation(test, { inboxId: elsewhere })
    const done = await run({
      conversation_ids: [one, third, other],
      actions: [action('assign_agent', agent.userId)],
    })
    assert.deepEqual([done.done_count, done.failed_count], [2, 1])
    assert.equal(done.failures[0].conversation_id, third)
    assert.match(done.failures[0].error, /^assignee_id must be a member of this inbox/)
    assert.equal((await conversation(other!)).meta.assignee.id, agent.userId)
  })

  it('checks the rights of its author for each conversation at that time', async () => {
    const inbox = await addInbox(test)
    const leaving = await addUser(test, { inboxes: [1, inbox] })
    const id = await addTestConversation(test, { inboxId: inbox })
    const stopped = await start({ conversation_ids: [id], actions: resolve }, leaving.token)
    await test.api('/inbox_members', {
      method: 'DELETE',
      body: { inbox_id: inbox, user_ids: [leaving.userId] },
    })
    const done = await ended(stopped)
    // It may have been faster than the removal; then it is done.
    assert.equal(done.done_count + done.failed_count, 1)
    assertRefused(
      await post('/bulk_actions', { conversation_ids: [id], actions: resolve }, leaving.token),
      404,
      /^conversation not found/,
    )
  })

  it('can be undone, except in conversations in which something has changed since', async () => {
    const ids = await add(12)
    const changed = ids[3]!
    const done = await run({ conversation_ids: ids, actions: [action('send_message', 'Hi'), ...resolve] })
    assert.ok(done.undoable_until > Date.now() / 1000)
    await sendMessage(test, 'Wait', { message_type: 'incoming' }, changed)
    assertRefused(await post(`/bulk_actions/${done.id}/undo`, {}, agent.token), 404, /^bulk action not found/)
    assert.equal((await post(`/bulk_actions/${done.id}/undo`)).body.status, 'undoing')
    const undone = await ended(done.id, 'undone')
    assert.deepEqual([undone.undone_count, undone.kept_count, undone.undoable_until], [11, 1, null])
    assert.deepEqual(await outgoing(changed), ['Hi'])
    for (const id of ids.filter((one) => one !== changed)) {
      assert.deepEqual([(await conversation(id)).status, await outgoing(id)], ['open', []])
    }
    assertRefused(await post(`/bulk_actions/${done.id}/undo`), 409, /^the bulk action was already undone/)
  })

  it('can be stopped, and what it has done be undone', async () => {
    const ids = await add(100)
    const id = await start({ conversation_ids: ids, actions: resolve })
    await eventually(async () => (await get(id)).done_count > 0)
    const stopped = await post(`/bulk_actions/${id}/stop`)
    assert.equal(stopped.body.status, 'stopped')
    const { done_count } = await get(id)
    assert.equal((await post(`/bulk_actions/${id}/stop`)).body.status, 'stopped')
    await post(`/bulk_actions/${id}/undo`)
    const undone = await ended(id, 'undone')
    assert.deepEqual([undone.undone_count, undone.kept_count], [done_count, 0])
    const open = await Promise.all(ids.map(async (one) => (await conversation(one)).status))
    assert.deepEqual(new Set(open), new Set(['open']))
  })

  it('goes on without a conversation that is deleted', async () => {
    const ids = await add(3)
    const id = await start({ conversation_ids: ids, actions: [action('change_priority', 'high')] })
    await test.api(`/conversations/${ids[0]}`, { method: 'DELETE' })
    const done = await ended(id)
    assert.equal(done.failed_count, 0)
    assert.equal((await conversation(ids[1]!)).priority, 'high')
  })

  it('is seen by its author and by administrators', async () => {
    const [id] = await add(1)
    const { id: own } = await run({ conversation_ids: [id], actions: resolve })
    assertRefused(
      await test.api(`/bulk_actions/${own}`, { token: agent.token }),
      404,
      /^bulk action not found/,
    )
    const listed = (await test.api('/bulk_actions', { token: agent.token })).body.payload
    assert.ok(listed.every((one: { author_id: number }) => one.author_id === agent.userId))
    assert.equal((await test.api('/bulk_actions')).body.payload[0].id, own)
  })

  it('is refused as a whole if it cannot be understood', async () => {
    const [id] = await add(1)
    const start = (body: object) => post('/bulk_actions', body)
    assertRefused(await start({ actions: resolve }), 422, /^conversation_ids is required/)
    assertRefused(
      await start({ conversation_ids: [id, 9999], actions: resolve }),
      404,
      /^conversation not found/,
    )
    assertRefused(await start({ view_id: 9999, actions: resolve }), 404, /^view not found/)
    const wrong = [action('change_status', 'gone')]
    assertRefused(await start({ conversation_ids: [id], actions: wrong }), 422, /^actions\[0\]/)
    const { token } = await addUser(test, { inboxes: [1], scopes: ['read'] })
    assertRefused(
      await post('/bulk_actions', { conversation_ids: [id], actions: resolve }, token),
      403,
      /scope/,
    )
  })
})
