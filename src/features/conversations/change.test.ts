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
import { eventsOf, type TestEvent } from '../../../test/events.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

let test: TestApp
let agent: { userId: number; token: string; name: string }
let colleague: typeof agent
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
  colleague = await addUser(test, { inboxes: [1] })
})
after(() => assertStoredCounts(test).finally(() => test.close()))

function post(id: number, call: string, body?: unknown, token = agent.token): Promise<ApiResponse> {
  return test.api(`/conversations/${id}/${call}`, { method: 'POST', body, token })
}

function patch(id: number, body: unknown, token = agent.token): Promise<ApiResponse> {
  return test.api(`/conversations/${id}`, { method: 'PATCH', body, token })
}

async function get(id: number): Promise<ApiResponse['body']> {
  return (await test.api(`/conversations/${id}`)).body
}

/** Returns the texts of the activity messages of a conversation. */
async function activityOf(id: number): Promise<string[]> {
  const { payload } = (await test.api(`/conversations/${id}/messages`)).body
  const activity = payload.filter(({ message_type }: ApiResponse['body']) => message_type === 'activity')
  for (const { sender, private: isPrivate } of activity) assert.deepEqual([sender, isPrivate], [null, false])
  return activity.map(({ content }: ApiResponse['body']) => content)
}

const summaryOf = (events: TestEvent[]) =>
  events.map(({ name, data }) => (name === 'message_created' ? [name] : [name, data.changed]))

describe('toggle_status', () => {
  it('resolves an open conversation and opens any other if no status is given', async () => {
    const id = await addTestConversation(test)
    const { status, body } = await post(id, 'toggle_status')
    assert.deepEqual([status, body.id, body.status], [200, id, 'resolved'])
    assert.deepEqual(await get(id), body)
    assert.equal((await post(id, 'toggle_status', {})).body.status, 'open')
    await post(id, 'toggle_status', { status: 'pending' })
    assert.equal((await post(id, 'toggle_status')).body.status, 'open')
    assert.deepEqual(await activityOf(id), [
      `${agent.name} resolved the conversation`,
      `${agent.name} reopened the conversation`,
      `${agent.name} set the conversation to pending`,
      `${agent.name} reopened the conversation`,
    ])
  })

  it('says with each activity message what it is about, for other languages', async () => {
    const id = await addTestConversation(test)
    const team = (await test.api('/teams', { method: 'POST', body: { name: 'Night shift' } })).body
    await test.api('/labels', { method: 'POST', body: { title: 'warm' } })
    const until = Math.floor(Date.now() / 1000) + 3600
    await post(id, 'toggle_status', { status: 'snoozed', snoozed_until: until })
    await post(id, 'assignments', { team_id: team.id })
    await post(id, 'assignments', { assignee_id: 1 })
    await post(id, 'labels', { labels: ['warm'] })
    await post(id, 'toggle_status', { status: 'resolved' })
    await sendMessage(test, 'Hello?', { message_type: 'incoming' }, id)
    const { payload } = (await test.api(`/conversations/${id}/messages`)).body
    const activities = payload.flatMap(
      ({ content_attributes }: ApiResponse['body']) => content_attributes.activity ?? [],
    )
    const actor = agent.name
    const assignee = (await test.api('//api/v1/profile')).body.name
    assert.deepEqual(activities, [
      { kind: 'snoozed', actor, until },
      { kind: 'team_assigned', actor, team: team.name },
      { kind: 'assigned', actor, assignee },
      { kind: 'labels_added', actor, labels: ['warm'] },
      { kind: 'resolved', actor },
      { kind: 'reopened' },
    ])
  })

  it('logs the activity message and then the change, with the final state of the conversation', async () => {
    const id = await addTestConversation(test)
    const events = await eventsOf(test, () => post(id, 'toggle_status', { status: 'resolved' }))
    assert.deepEqual(summaryOf(events), [['message_created'], ['conversation_status_changed', ['status']]])
    const [activity, change] = events as [TestEvent, TestEvent]
    const { audience, data } = activity
    assert.deepEqual([audience, data.message_type, data.sender], ['agents', 'activity', null])
    assert.equal(data.conversation.status, 'resolved')
    assert.deepEqual([change.audience, change.conversation_id], ['agents', id])
    assert.deepEqual(change.data.conversation, await get(id))
  })

  it('changes nothing if the conversation has the status already', async () => {
    const id = await addTestConversation(test)
    const rows = await readAllRows(test)
    assert.equal((await post(id, 'toggle_status', { status: 'open' })).status, 200)
    assert.equal((await patch(id, { status: 'open', snoozed_until: null, priority: null })).status, 200)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('snoozes until a time in the future, or until the customer writes', async () => {
    const id = await addTestConversation(test)
    const until = Math.floor(Date.now() / 1000) + 86_400
    const snoozed = (await post(id, 'toggle_status', { status: 'snoozed', snoozed_until: until })).body
    assert.deepEqual([snoozed.status, snoozed.snoozed_until], ['snoozed', until])
    const events = await eventsOf(test, () => post(id, 'toggle_status', { status: 'snoozed' }))
    assert.deepEqual(summaryOf(events).at(-1), ['conversation_status_changed', ['snoozed_until']])
    assert.equal((await get(id)).snoozed_until, null)
    await sendMessage(test, 'A note', { private: true }, id)
    await sendMessage(test, 'A reply', {}, id)
    assert.equal((await get(id)).status, 'snoozed')
    await sendMessage(test, 'Hello?', { message_type: 'incoming' }, id)
    assert.equal((await get(id)).status, 'open')
    const minute = new Date(until * 1000).toISOString().slice(0, 16).replace('T', ' ')
    assert.deepEqual(await activityOf(id), [
      `${agent.name} snoozed the conversation until ${minute} UTC`,
      `${agent.name} snoozed the conversation until the customer writes`,
      'A new message reopened the conversation',
    ])
  })

  it('clears snoozed_until when a snoozed conversation is opened early', async () => {
    const id = await addTestConversation(test)
    const snoozed_until = Math.floor(Date.now() / 1000) + 86_400
    await post(id, 'toggle_status', { status: 'snoozed', snoozed_until })
    const events = await eventsOf(test, () => post(id, 'toggle_status', { status: 'open' }))
    assert.deepEqual(summaryOf(events).at(-1), ['conversation_status_changed', ['status', 'snoozed_until']])
    assert.equal((await get(id)).snoozed_until, null)
  })

  it('refuses a snoozed_until that is past, malformed, or given with another status', async () => {
    const id = await addTestConversation(test)
    const rows = await readAllRows(test)
    const now = Math.floor(Date.now() / 1000)
    const refused: [unknown, RegExp][] = [
      [{ status: 'snoozed', snoozed_until: now }, /^snoozed_until must be in the future$/],
      [{ status: 'snoozed', snoozed_until: 1 }, /^snoozed_until must be in the future$/],
      [{ status: 'snoozed', snoozed_until: '2030' }, /^snoozed_until must be/],
      [{ status: 'snoozed', snoozed_until: 1e15 }, /^snoozed_until must be/],
      [{ status: 'open', snoozed_until: now + 60 }, /^snoozed_until needs the status "snoozed"$/],
      [{ snoozed_until: now + 60 }, /^snoozed_until needs the status "snoozed"$/],
      [{ status: 'closed' }, /^status must be one of/],
      [{ status: null }, /^status must be a string$/],
      [[], /^body must be an object$/],
    ]
    for (const [body, sentence] of refused) {
      assertRefused(await post(id, 'toggle_status', body), 422, sentence)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('an activity message', () => {
  it('does not reopen the conversation, is not unread, and is not its last message', async () => {
    const id = await addTestConversation(test)
    const hello = await sendMessage(test, 'Hello', { message_type: 'incoming' }, id)
    await post(id, 'toggle_status', { status: 'resolved' })
    await post(id, 'assignments', { assignee_id: colleague.userId })
    const { status, unread_count, last_message, last_activity_at } = await get(id)
    assert.deepEqual([status, unread_count, last_message], ['resolved', 1, hello])
    assert.ok(last_activity_at >= hello.created_at)
    assert.equal((await activityOf(id)).length, 2)
  })
})

describe('custom attributes', () => {
  it('are replaced, while a change merges them', async () => {
    const id = await addTestConversation(test)
    const set = (custom_attributes: unknown) =>
      test.api(`/conversations/${id}/custom_attributes`, { method: 'POST', body: { custom_attributes } })
    assert.deepEqual((await set({ plan: 'gold', seats: 5 })).body, {
      custom_attributes: { plan: 'gold', seats: 5 },
    })
    assert.deepEqual((await set({ seats: 6, plan: null })).body, { custom_attributes: { seats: 6 } })
    const change = { method: 'PATCH', body: { custom_attributes: { plan: 'gold' } } }
    await test.api(`/conversations/${id}`, change)
    const read = async () => (await test.api(`/conversations/${id}`)).body.custom_attributes
    assert.deepEqual(await read(), { plan: 'gold', seats: 6 })
    assertRefused(await set(undefined), 422, /^custom_attributes is required$/)
    const [event] = await eventsOf(test, async () => {
      assert.deepEqual((await set({})).body, { custom_attributes: {} })
    })
    assert.deepEqual([event!.name, event!.data.changed], ['conversation_updated', ['custom_attributes']])
  })
})

describe('assignments', () => {
  it('set and remove an assignee who works in the inbox', async () => {
    const id = await addTestConversation(test)
    const assigned = await post(id, 'assignments', { assignee_id: colleague.userId })
    assert.deepEqual(
      [assigned.status, assigned.body.meta.assignee],
      [200, { id: colleague.userId, name: colleague.name }],
    )
    const events = await eventsOf(test, () => post(id, 'assignments', { assignee_id: null }))
    assert.deepEqual(summaryOf(events), [['message_created'], ['conversation_updated', ['meta.assignee']]])
    assert.equal((await get(id)).meta.assignee, null)
    await post(id, 'assignments', { assignee_id: agent.userId })
    await post(id, 'assignments', { assignee_id: null })
    assert.deepEqual(await activityOf(id), [
      `${agent.name} assigned the conversation to ${colleague.name}`,
      `${agent.name} unassigned ${colleague.name} from the conversation`,
      `${agent.name} took the conversation`,
      `${agent.name} unassigned themselves from the conversation`,
    ])
  })

  it('set a team, also together with an assignee', async () => {
    const id = await addTestConversation(test)
    const team = (await test.api('/teams', { method: 'POST', body: { name: 'Sales' } })).body
    const { body } = await post(id, 'assignments', { team_id: team.id, assignee_id: colleague.userId })
    assert.deepEqual(body.meta, {
      bot: null,
      assignee: { id: colleague.userId, name: colleague.name },
      team: { id: team.id, name: 'Sales' },
    })
    const events = await eventsOf(test, () => post(id, 'assignments', { team_id: null }))
    assert.deepEqual(summaryOf(events), [['message_created'], ['conversation_updated', ['meta.team']]])
    assert.deepEqual(await activityOf(id), [
      `${agent.name} assigned the conversation to the team Sales`,
      `${agent.name} assigned the conversation to ${colleague.name}`,
      `${agent.name} removed the conversation from the team Sales`,
    ])
    await post(id, 'assignments', { team_id: team.id })
    await test.api(`/teams/${team.id}`, { method: 'DELETE' })
    assert.equal((await get(id)).meta.team, null)
  })

  it('change nothing if the assignee is the same', async () => {
    const id = await addTestConversation(test)
    await post(id, 'assignments', { assignee_id: colleague.userId })
    const rows = await readAllRows(test)
    assert.equal((await post(id, 'assignments', { assignee_id: colleague.userId })).status, 200)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('are refused for users who do not work in the inbox, and for unknown teams', async () => {
    const inboxId = await addInbox(test)
    const id = await addTestConversation(test, { inboxId })
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    const as = (body: unknown) => post(id, 'assignments', body, test.token)
    for (const assignee_id of [agent.userId, other.userId, 9999]) {
      const sentence = /^assignee_id must be a member of this inbox or an administrator$/
      assertRefused(await as({ assignee_id }), 422, sentence)
    }
    assertRefused(await as({ team_id: 9999 }), 422, /^team_id names no team of this account$/)
    assertRefused(await as({ assignee_id: '1x' }), 422, /^assignee_id must be/)
    assertRefused(await as({}), 422, /^assignee_id or team_id is required$/)
    assert.deepEqual(await readAllRows(test), rows)
    assert.equal((await as({ assignee_id: 1 })).status, 200, 'an administrator works in every inbox')
  })
})

describe('changing a conversation', () => {
  it('sets the given fields in one step, with one event of each kind', async () => {
    const id = await addTestConversation(test)
    const events = await eventsOf(test, async () => {
      const change = { status: 'pending', priority: 'urgent', assignee_id: agent.userId }
      const { status, body } = await patch(id, { ...change, custom_attributes: { plan: 'gold' } })
      assert.equal(status, 200)
      assert.deepEqual(
        [body.status, body.priority, body.meta.assignee.id, body.custom_attributes],
        ['pending', 'urgent', agent.userId, { plan: 'gold' }],
      )
    })
    assert.deepEqual(summaryOf(events), [
      ['message_created'],
      ['message_created'],
      ['conversation_status_changed', ['status']],
      ['conversation_updated', ['priority', 'meta.assignee', 'custom_attributes']],
    ])
  })

  it('merges custom attributes, and null removes one', async () => {
    const id = await addTestConversation(test)
    await patch(id, { custom_attributes: { a: 1, b: { c: 2 } } })
    const { body } = await patch(id, { custom_attributes: { a: null, d: 'x' } })
    assert.deepEqual(body.custom_attributes, { b: { c: 2 }, d: 'x' })
    const rows = await readAllRows(test)
    await patch(id, { custom_attributes: { d: 'x', b: { c: 2 }, e: null } })
    assert.deepEqual(await readAllRows(test), rows)
    const large = await patch(id, { custom_attributes: { a: 'x'.repeat(65_536) } })
    assertRefused(large, 422, /^custom_attributes must be at most 64 KiB/)
  })

  it('sets the priority with toggle_priority, without an activity message', async () => {
    const id = await addTestConversation(test)
    const events = await eventsOf(test, async () => {
      assert.equal((await post(id, 'toggle_priority', { priority: 'high' })).body.priority, 'high')
    })
    assert.deepEqual(summaryOf(events), [['conversation_updated', ['priority']]])
    assert.equal((await post(id, 'toggle_priority', { priority: null })).body.priority, null)
    assertRefused(await post(id, 'toggle_priority', {}), 422, /^priority is required$/)
    assertRefused(await post(id, 'toggle_priority', { priority: 'top' }), 422, /^priority must be one of/)
    assert.deepEqual(await activityOf(id), [])
  })

  it('can change the time until which a conversation is snoozed', async () => {
    const id = await addTestConversation(test)
    const now = Math.floor(Date.now() / 1000)
    await patch(id, { status: 'snoozed', snoozed_until: now + 60 })
    await patch(id, { priority: 'low' })
    assert.equal((await get(id)).snoozed_until, now + 60)
    assert.equal((await patch(id, { snoozed_until: now + 120 })).body.snoozed_until, now + 120)
  })
})

describe('labels of a conversation', () => {
  before(async () => {
    for (const title of ['vip', 'urgent', 'spam']) {
      await test.api('/labels', { method: 'POST', body: { title } })
    }
  })

  it('are replaced as a whole, and are in every response', async () => {
    const id = await addTestConversation(test)
    const events = await eventsOf(test, async () => {
      const response = await post(id, 'labels', { labels: ['vip', 'urgent', 'vip'] })
      assert.deepEqual([response.status, response.body], [200, { payload: ['urgent', 'vip'] }])
    })
    assert.deepEqual(summaryOf(events), [['message_created'], ['conversation_updated', ['labels']]])
    assert.deepEqual(events[1]!.data.conversation.labels, ['urgent', 'vip'])
    await post(id, 'labels', { labels: ['spam', 'vip'] })
    assert.deepEqual((await test.api(`/conversations/${id}/labels`)).body, { payload: ['spam', 'vip'] })
    assert.deepEqual((await get(id)).labels, ['spam', 'vip'])
    await post(id, 'labels', { labels: [] })
    assert.deepEqual((await get(id)).labels, [])
    assert.deepEqual(await activityOf(id), [
      `${agent.name} added the labels urgent, vip`,
      `${agent.name} added the label spam`,
      `${agent.name} removed the label urgent`,
      `${agent.name} removed the labels spam, vip`,
    ])
  })

  it('change nothing if they are the same', async () => {
    const id = await addTestConversation(test)
    await post(id, 'labels', { labels: ['vip', 'spam'] })
    const rows = await readAllRows(test)
    assert.equal((await post(id, 'labels', { labels: ['spam', 'vip'] })).status, 200)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('must exist', async () => {
    const id = await addTestConversation(test)
    const rows = await readAllRows(test)
    const unknown = await post(id, 'labels', { labels: ['vip', 'nope', 'VIP'] })
    assertRefused(unknown, 422, /^labels names no label of this account: nope, VIP$/)
    for (const labels of ['vip', null, [1], undefined]) {
      assertRefused(await post(id, 'labels', { labels }), 422, /^labels/)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('change when a label is renamed or deleted', async () => {
    const id = await addTestConversation(test)
    const label = (await test.api('/labels', { method: 'POST', body: { title: 'beta' } })).body
    await post(id, 'labels', { labels: ['beta', 'vip'] })
    await test.api(`/labels/${label.id}`, { method: 'PATCH', body: { title: 'released' } })
    assert.deepEqual((await get(id)).labels, ['released', 'vip'])
    await test.api(`/labels/${label.id}`, { method: 'DELETE' })
    assert.deepEqual((await get(id)).labels, ['vip'])
  })
})
