import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
let agent: { token: string; userId: number }
let teamId: number
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
  for (const title of ['vip', 'refund']) await post('/labels', { title })
  teamId = (await post('/teams', { name: 'Night', allow_auto_assign: false })).body.id
})
after(() => test.close())

const post = (path: string, body: object, token = test.token) =>
  test.api(path, { method: 'POST', body, token })
const action = (action_name: string, ...action_params: unknown[]) => ({ action_name, action_params })
let count = 0
const create = async (actions: object[], more: object = {}, token = test.token) => {
  const { status, body } = await post('/macros', { name: `Macro ${++count}`, actions, ...more }, token)
  assert.equal(status, 201, JSON.stringify(body))
  return body
}
const run = (id: number, conversation_id: number, token = test.token) =>
  post(`/macros/${id}/execute`, { conversation_id }, token)
const undo = (id: number, token = test.token) => post(`/macro_runs/${id}/undo`, {}, token)
const conversation = async (id: number) => (await test.api(`/conversations/${id}`)).body
const contents = async (id: number): Promise<string[]> => {
  const { body } = await test.api(`/conversations/${id}/messages`)
  const messages = body.payload.filter((one: { message_type: string }) => one.message_type !== 'activity')
  return messages.map((one: { content: string }) => one.content)
}

/** Every action, in an order in which none hides another. */
const everything = () => [
  action('send_message', 'Hello {{contact.first_name}}'),
  action('add_private_note', 'Handled by {{agent.name}}'),
  action('add_label', 'vip', 'refund'),
  action('remove_label', 'refund'),
  action('assign_team', teamId),
  action('assign_agent', agent.userId),
  action('change_priority', 'high'),
  action('set_attribute', 'plan', 'gold'),
  action('mute_conversation'),
  action('change_status', 'resolved'),
]

describe('A macro', () => {
  it('does everything that it consists of, in the name of the user who runs it', async () => {
    const id = await addTestConversation(test)
    const macro = await create(everything())
    const { status, body } = await run(macro.id, id)
    assert.equal(status, 201, JSON.stringify(body))
    const { status: state, labels, priority, meta, custom_attributes, contact } = await conversation(id)
    assert.deepEqual(
      [state, labels, priority, meta.team.id, meta.assignee.id, custom_attributes],
      ['resolved', ['vip'], 'high', teamId, agent.userId, { plan: 'gold' }],
    )
    assert.equal((await test.api(`/contacts/${contact.id}`)).body.blocked, true)
    assert.deepEqual(await contents(id), ['Hello John', 'Handled by Administrator'])
    assert.deepEqual([body.run_by, body.message_ids.length, body.undone_at], [1, 2, null])
    assert.deepEqual([body.before.status, body.after.status], ['open', 'resolved'])
  })

  it('snoozes for a time, or until the contact replies', async () => {
    const id = await addTestConversation(test)
    await run((await create([action('snooze_conversation', 3600)])).id, id)
    const snoozed = await conversation(id)
    assert.ok(Math.abs(snoozed.snoozed_until - Date.now() / 1000 - 3600) < 60)
    await run((await create([action('snooze_conversation')])).id, id)
    const { status, snoozed_until } = await conversation(id)
    assert.deepEqual([status, snoozed_until], ['snoozed', null])
  })

  it('does nothing at all if one of its actions is refused', async () => {
    const id = await addTestConversation(test)
    const { id: labelId } = (await post('/labels', { title: 'short-lived' })).body
    const macro = await create([action('send_message', 'Hi'), action('add_label', 'short-lived')])
    await test.api(`/labels/${labelId}`, { method: 'DELETE' })
    assertRefused(await run(macro.id, id), 422, /^labels names no label of this account: short-lived/)
    assert.deepEqual(await contents(id), [])
  })

  it('shows in a preview what it would do, and changes nothing', async () => {
    const id = await addTestConversation(test)
    const macro = await create(everything())
    const rows = await readAllRows(test)
    const { status, body } = await post(`/macros/${macro.id}/preview`, { conversation_id: id })
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(body.messages, [
      { content: 'Hello John', private: false },
      { content: 'Handled by Administrator', private: true },
    ])
    assert.deepEqual(body.after, {
      status: 'resolved',
      priority: 'high',
      custom_attributes: { plan: 'gold' },
      assignee_id: agent.userId,
      team_id: teamId,
      labels: ['vip'],
      blocked: true,
    })
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('can be undone: everything is as before, and the messages are erased', async () => {
    const id = await addTestConversation(test)
    await post(`/conversations/${id}/labels`, { labels: ['refund'] })
    const before = await conversation(id)
    const { body } = await run((await create(everything())).id, id)
    const undone = await undo(body.id)
    assert.equal(undone.status, 200, JSON.stringify(undone.body))
    assert.ok(undone.body.undone_at > 0)
    const after = await conversation(id)
    for (const field of [
      'status',
      'labels',
      'priority',
      'meta',
      'custom_attributes',
      'snoozed_until',
      'last_message',
    ])
      assert.deepEqual(after[field], before[field], field)
    assert.equal((await test.api(`/contacts/${after.contact.id}`)).body.blocked, false)
    assert.deepEqual(await contents(id), [])
    assertRefused(await undo(body.id), 409, /^the macro was already undone/)
  })

  it('returns a conversation to its bot when it is undone, unless the bot is switched off', async () => {
    const bot = (await post('/agent_bots', { name: 'Ada' })).body
    const pending = async () => {
      const id = await addTestConversation(test, { status: 'pending' })
      const given = { assignee_id: bot.id, assignee_type: 'AgentBot' }
      assert.equal((await post(`/conversations/${id}/assignments`, given)).status, 200)
      return id
    }
    const runs = []
    for (const taking of [action('assign_agent', agent.userId), action('change_status', 'open')]) {
      const id = await pending()
      const { body } = await run((await create([taking])).id, id)
      assert.equal((await conversation(id)).meta.bot, null)
      runs.push({ id, run: body.id })
    }
    const [first, second] = runs
    assert.equal((await undo(first!.run)).status, 200)
    const back = await conversation(first!.id)
    assert.deepEqual(
      [back.status, back.meta.bot, back.meta.assignee],
      ['pending', { id: bot.id, name: 'Ada' }, null],
    )
    await test.api(`/agent_bots/${bot.id}`, { method: 'PATCH', body: { active: false } })
    assert.equal((await undo(second!.run)).status, 200)
    const { status, meta } = await conversation(second!.id)
    assert.deepEqual([status, meta.bot], ['pending', null])
  })

  it('is undone once by two requests at the same moment', async () => {
    const id = await addTestConversation(test)
    const { body } = await run((await create([action('send_message', 'Hi')])).id, id)
    const answers = await Promise.all([undo(body.id), undo(body.id), undo(body.id)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
  })

  for (const [what, change] of [
    [
      'the contact has written',
      (id: number) => sendMessage(test, 'Thanks', { message_type: 'incoming' }, id),
    ],
    ['somebody has replied', (id: number) => sendMessage(test, 'One more thing', {}, id)],
    [
      'the conversation was changed',
      (id: number) => post(`/conversations/${id}/toggle_priority`, { priority: 'low' }),
    ],
    ['a label was added', (id: number) => post(`/conversations/${id}/labels`, { labels: ['vip'] })],
  ] as const) {
    it(`cannot be undone once ${what}`, async () => {
      const id = await addTestConversation(test)
      const { body } = await run((await create([action('send_message', 'Hi')])).id, id)
      await change(id)
      const before = await contents(id)
      const refused = await undo(body.id)
      assertRefused(refused, 409, /^the conversation has changed since/)
      assert.equal(refused.body.code, 'stale')
      assert.deepEqual(await contents(id), before)
    })
  }

  it('cannot be undone after five minutes, nor by another user', async () => {
    const id = await addTestConversation(test)
    const { body } = await run((await create([action('change_priority', 'low')])).id, id)
    assertRefused(await undo(body.id, agent.token), 403, /^only the user who ran a macro/)
    const { token } = await addUser(test)
    assertRefused(await undo(body.id, token), 404, /^conversation not found/)
    await test.app.database.transaction(1, (tx) =>
      tx.sql
        .updateTable('macro_runs')
        .set(({ eb }) => ({ created_at: eb('created_at', '-', 301_000) }))
        .where('id', '=', body.id)
        .execute(),
    )
    assertRefused(await undo(body.id), 409, /^it is too late/)
    assertRefused(await undo(9999), 404, /^macro run not found/)
  })

  it('is seen by everybody, or only by its author, and changed by its author and administrators', async () => {
    const actions = [action('change_priority', 'low')]
    const own = await create(actions, { visibility: 'mine', name: 'a' }, agent.token)
    const shared = await create(actions, { name: 'b' })
    const ids = async (token?: string): Promise<number[]> =>
      (await test.api('/macros', token ? { token } : {})).body.payload.map(({ id }: { id: number }) => id)
    assert.ok((await ids(agent.token)).includes(own.id))
    assert.ok(!(await ids()).includes(own.id))
    assertRefused(await run(own.id, 1), 404, /^macro not found/)
    const change = { method: 'PATCH', body: { name: 'c' } }
    assertRefused(
      await test.api(`/macros/${shared.id}`, { ...change, token: agent.token }),
      403,
      /^only its author/,
    )
    assert.equal((await test.api(`/macros/${shared.id}`, change)).body.name, 'c')
    assert.equal((await test.api(`/macros/${shared.id}`, { method: 'DELETE' })).status, 204)
  })

  it('is logged for those who see it', async () => {
    const events = await eventsOf(test, async () => {
      const { id } = await create([action('change_priority', 'low')], { name: 'Logged' })
      await test.api(`/macros/${id}`, { method: 'PATCH', body: { name: 'Renamed' } })
      await test.api(`/macros/${id}`, { method: 'DELETE' })
      await create([action('change_priority', 'low')], { visibility: 'mine' })
    })
    assert.deepEqual(
      events.map(({ name, data }) => [name, data.macro.name]),
      [
        ['macro_created', 'Logged'],
        ['macro_updated', 'Renamed'],
        ['macro_deleted', 'Renamed'],
      ],
    )
  })

  it('cannot be run in a conversation that the user does not see', async () => {
    const { token } = await addUser(test)
    const { id } = await create([action('change_priority', 'low')])
    assertRefused(await run(id, 1, token), 404, /^conversation not found/)
    assertRefused(
      await post(`/macros/${id}/preview`, { conversation_id: 1 }, token),
      404,
      /^conversation not/,
    )
  })

  for (const [what, bad, rule] of [
    ['an unknown action', action('launch'), /^actions\[0\]\.action_name must be/],
    [
      'a message without a text',
      action('send_message', ' '),
      /^actions\[0\]\.action_params\[0\] must not be empty/,
    ],
    ['a message with two texts', action('send_message', 'a', 'b'), /^actions\[0\]\.action_params/],
    ['a label without a title', action('add_label'), /^actions\[0\]\.action_params/],
    ['the status snoozed', action('change_status', 'snoozed'), /^actions\[0\]\.action_params\[0\]/],
    [
      'an attribute that is an object',
      action('set_attribute', 'a', {}),
      /^actions\[0\]\.action_params\[1\] must be/,
    ],
    [
      'an attribute without a name',
      action('set_attribute', '', 1),
      /^actions\[0\]\.action_params\[0\] must be/,
    ],
    ['a snooze into the past', action('snooze_conversation', -5), /^actions\[0\]\.action_params\[0\]/],
  ] as const) {
    it(`cannot have ${what}`, async () => {
      assertRefused(await post('/macros', { name: 'Bad', actions: [bad] }), 422, rule)
    })
  }

  it('can have at most 20 actions', async () => {
    const actions = Array.from({ length: 21 }, () => action('change_priority', 'low'))
    assertRefused(await post('/macros', { name: 'Long', actions }), 422, /^actions/)
  })
})
