import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { followed } from '../../../test/events.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { type News, notificationChannels } from './channels.ts'
import { findUnread } from './service.ts'

let test: TestApp
let agent: { token: string; userId: number; name: string }
let sent: News[]
let withdrawn: number[]
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
  notificationChannels.of(test.app.database).push({
    name: 'push',
    send: async (_tx, news) => void sent.push(news),
    withdraw: async (_tx, _accountId, _userId, ids) => void withdrawn.push(...ids),
  })
})
beforeEach(() => {
  sent = []
  withdrawn = []
})
after(() => test.close())

const done = () => followed(test, 'participants')
const list = async (token = agent.token, query = '') => {
  await done()
  return (await test.api(`/notifications${query}`, { token })).body
}
/** The types and counts of what is unread about a conversation. */
const unread = async (conversation: number, token = agent.token) => {
  const { payload } = await list(token, '?unread=true')
  return payload
    .filter((one: { primary_actor_id: number }) => one.primary_actor_id === conversation)
    .map((one: { notification_type: string; count: number }) => [one.notification_type, one.count])
}
const assign = (conversation: number, assignee_id: number | null, token = test.token) =>
  test.api(`/conversations/${conversation}/assignments`, { method: 'POST', body: { assignee_id }, token })
const incoming = (conversation: number, content = 'Where is it?') =>
  sendMessage(test, content, { message_type: 'incoming' }, conversation)
const note = (conversation: number, content: string, token = test.token) =>
  test.api(`/conversations/${conversation}/messages`, {
    method: 'POST',
    body: { content, message_type: 'outgoing', private: true },
    token,
  })
const mentioning = (id: number) => `[@Somebody](mention://user/${id}/Somebody) please look`
const change = (body: object, token = agent.token) =>
  test.api('/notification_settings', { method: 'PATCH', body, token })

describe('Notifications', () => {
  it('tell the assignee of an assignment and of what follows, in one notification of each type', async () => {
    const id = await addTestConversation(test)
    await assign(id, agent.userId)
    await incoming(id)
    await incoming(id, 'A **second** time: where is it?')
    const { payload, meta } = await list()
    const [message, assignment] = payload
    assert.deepEqual(
      [message, assignment].map((one) => [one.notification_type, one.primary_actor_id, one.count]),
      [
        ['assigned_conversation_new_message', id, 2],
        ['conversation_assignment', id, 1],
      ],
    )
    assert.equal(message.content, 'A second time: where is it?')
    assert.equal(message.primary_actor.contact.name, 'John Smith')
    assert.deepEqual(assignment.secondary_actor, { id: 1, name: 'Administrator', type: 'User' })
    assert.equal(meta.unread_count, 2)
    assert.deepEqual(await unread(id, test.token), [])
  })

  it('tell participants of answers and notes of others, but nobody of what they do themselves', async () => {
    const id = await addTestConversation(test)
    await assign(id, agent.userId, agent.token)
    await sendMessage(test, 'I take it from here', {}, id)
    await note(id, 'Done.', agent.token)
    await done()
    // The answer of the administrator; then the agent wrote, who has seen it.
    assert.deepEqual(await unread(id), [])
    assert.deepEqual(await unread(id, test.token), [['participating_conversation_new_message', 1]])
    await sendMessage(test, 'Anything else?', {}, id)
    assert.deepEqual(await unread(id), [['assigned_conversation_new_message', 1]])
  })

  it('tell those whom a note mentions, also by their team or by an edit, if they see the conversation', async () => {
    const id = await addTestConversation(test)
    const outsider = await addUser(test)
    const colleague = await addUser(test, { inboxes: [1] })
    const team = (await test.api('/teams', { method: 'POST', body: { name: 'Returns' } })).body
    await test.api(`/teams/${team.id}/team_members`, {
      method: 'POST',
      body: { user_ids: [colleague.userId, outsider.userId, 1] },
    })
    await note(id, `${mentioning(outsider.userId)}, ${mentioning(1)} \`${mentioning(agent.userId)}\``)
    await sendMessage(test, mentioning(agent.userId), {}, id)
    assert.deepEqual(
      [await unread(id), await unread(id, outsider.token), await unread(id, test.token)],
      [[], [], []],
    )
    const { body } = await note(id, mentioning(agent.userId))
    assert.deepEqual(await unread(id), [['conversation_mention', 1]])
    const content = `${mentioning(agent.userId)} [@Returns](mention://team/${team.id}/Returns)`
    await test.api(`/conversations/${id}/messages/${body.id}`, { method: 'PATCH', body: { content } })
    assert.deepEqual(await unread(id), [['conversation_mention', 1]])
    assert.deepEqual(await unread(id, colleague.token), [['conversation_mention', 1]])
    assert.deepEqual((await list(outsider.token)).payload, [])
    const participants = (await test.api(`/conversations/${id}/participants`)).body.payload
    assert.deepEqual(
      participants.map((one: { id: number }) => one.id),
      [1, agent.userId],
    )
  })

  it('tell of new conversations without an assignee if that is wanted, until somebody has them', async () => {
    const contact = (await test.api('/contacts', { method: 'POST', body: { name: 'Ada' } })).body
    const create = async (more = {}) =>
      (
        await test.api('/conversations', {
          method: 'POST',
          body: { inbox_id: 1, contact_id: contact.id, ...more },
        })
      ).body.id
    assert.deepEqual(await unread(await create()), [])
    const answer = await change({ kinds: { conversation_creation: { app: true } } })
    assert.deepEqual(answer.body.kinds.conversation_creation, { app: true, email: false, push: false })
    const [open, pending] = [await create(), await create({ status: 'pending' })]
    assert.deepEqual([await unread(open), await unread(pending)], [[['conversation_creation', 1]], []])
    await assign(open, 1)
    assert.deepEqual(await unread(open), [])
    await change({ kinds: { conversation_creation: { app: false } } })
  })

  it('are read with their conversation, which streams of the user learn, and nobody else', async () => {
    const id = await addTestConversation(test)
    await assign(id, agent.userId)
    await incoming(id)
    const before = (await list()).meta.unread_count
    const [own, other] = [await openStream(test, agent), await openStream(test)]
    await test.api(`/conversations/${id}/update_last_seen`, { method: 'POST', token: agent.token })
    const { data } = await own.find(({ name }) => name === 'notification')
    assert.deepEqual(data, { event: 'notification', notification_id: null, unread_count: before - 2 })
    assert.equal(withdrawn.length, 2)
    assert.deepEqual(await unread(id), [])
    await incoming(id)
    const created = await own.find(
      ({ name, data }) => name === 'notification' && data.notification_id !== null,
    )
    assert.equal(created.data.unread_count, before - 1)
    await other.find(({ name, data }) => name === 'message_created' && data.conversation_id === id)
    assert.deepEqual(other.named('notification'), [])
    // A colleague who reads it does not read it for the agent.
    await test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })
    assert.deepEqual(await unread(id), [['assigned_conversation_new_message', 1]])
    for (const stream of [own, other]) stream.close()
  })

  it('can be read one by one or all at once, and deleted', async () => {
    const [first, second] = [await addTestConversation(test), await addTestConversation(test)]
    await assign(first, agent.userId)
    await assign(second, agent.userId)
    const { payload } = await list()
    const [{ id }] = payload
    const path = `/notifications/${id}`
    const patch = (read: boolean) => test.api(path, { method: 'PATCH', body: { read }, token: agent.token })
    assert.notEqual((await patch(true)).body.read_at, null)
    assert.deepEqual(await unread(second), [])
    assert.equal((await patch(false)).body.read_at, null)
    assertRefused(await test.api(path), 404, /^notification not found/)
    assert.equal((await test.api(path, { method: 'DELETE', token: agent.token })).status, 204)
    assertRefused(await test.api(path, { token: agent.token }), 404, /^notification not found/)
    const readAll = (body: object) =>
      test.api('/notifications/read_all', { method: 'POST', body, token: agent.token })
    await readAll({ primary_actor_id: first })
    assert.deepEqual(await unread(first), [])
    assert.deepEqual((await readAll({})).body, { unread_count: 0 })
    const count = await test.api('/notifications/unread_count', { token: agent.token })
    assert.deepEqual(count.body, { unread_count: 0 })
  })

  it('are deleted all at once, or those that were read; those of others stay', async () => {
    const [one, other] = [await addUser(test, { inboxes: [1] }), await addUser(test, { inboxes: [1] })]
    for (const { userId } of [one, one, other]) await assign(await addTestConversation(test), userId)
    const removeAll = (type: string) =>
      test.api('/notifications/destroy_all', { method: 'POST', body: { type }, token: one.token })
    const count = async (token: string) => (await list(token)).payload.length
    const [first] = (await list(one.token)).payload
    await test.api(`/notifications/${first.id}`, {
      method: 'PATCH',
      body: { read: true },
      token: one.token,
    })
    assert.deepEqual((await removeAll('read')).body, { unread_count: 1 })
    assert.equal(await count(one.token), 1)
    assertRefused(await removeAll('unread'), 422, /^type/)
    assert.deepEqual((await removeAll('all')).body, { unread_count: 0 })
    assert.deepEqual([await count(one.token), await count(other.token)], [0, 1])
  })

  it('come page by page, and only the newest 500 are kept', async () => {
    const reader = await addUser(test, { inboxes: [1] })
    const ids: number[] = []
    for (let i = 0; i < 60; i++) ids.unshift(await addTestConversation(test))
    for (const id of ids.toReversed()) await assign(id, reader.userId)
    const seen: number[] = []
    for (let query = ''; ; ) {
      const { payload, meta } = await list(reader.token, query)
      seen.push(...payload.map((one: { primary_actor_id: number }) => one.primary_actor_id))
      if (meta.next === null) break
      query = `?cursor=${meta.next}`
    }
    assert.deepEqual(seen, ids)
    // Their notifications come in turns, with odd and even positions.
    const readers = [reader, await addUser(test, { inboxes: [1] })].map(({ userId }) => userId)
    const { sql } = test.app.database.read
    const of = (user: number) => sql.selectFrom('notifications').selectAll().where('user_id', '=', user)
    const [row] = await of(reader.userId).execute()
    await test.app.database.transaction(1, async (tx) => {
      for (const user_id of readers) {
        const old = Array.from({ length: 600 }, (_, i) => ({
          ...row!,
          ...{ user_id, id: -i, position: -i, read_at: 1 },
        }))
        await tx.sql.insertInto('notifications').values(old).execute()
      }
    })
    for (let i = 0; i < 50; i++)
      for (const user of readers) await assign(await addTestConversation(test), user)
    await done()
    for (const user of readers) {
      const kept = (await of(user).execute()).length
      assert.ok(kept >= 500 && kept < 550, `${kept} of user ${user} are kept`)
    }
  })

  it('are passed to a channel once for each event, not before the end of the quiet hours', async () => {
    const id = await addTestConversation(test)
    await assign(id, agent.userId)
    await done()
    assert.deepEqual(
      sent.map(({ userId, type, conversationId, count }) => [userId, type, conversationId, count]),
      [[agent.userId, 'conversation_assignment', id, 1]],
    )
    assert.ok(sent[0]!.notBefore <= Date.now())
    const key = { account_id: 1, user_id: agent.userId, id: sent[0]!.notificationId }
    assert.equal((await findUnread(test.app.database.read, key))?.primary_actor_id, id)
    await change({ kinds: { assigned_conversation_new_message: { app: false } } })
    const hours = { from: '00:00', to: '23:59', time_zone: 'Pacific/Auckland' }
    assert.deepEqual((await change({ quiet_hours: hours })).body.quiet_hours, hours)
    const message = await incoming(id)
    assert.deepEqual(await unread(id), [['conversation_assignment', 1]])
    assert.deepEqual(sent[1]!.messageId, message.id)
    const wait = sent[1]!.notBefore - Date.now()
    const minute = new Intl.DateTimeFormat('en', {
      timeZone: hours.time_zone,
      hour12: false,
      hour: '2-digit',
      minute: '2-digit',
    }).format(Date.now())
    assert.ok(minute === '23:59' || (wait > 0 && wait <= 25 * 3_600_000), `${wait}`)
    await change({ kinds: { assigned_conversation_new_message: { push: false } } })
    await incoming(id)
    await done()
    assert.equal(sent.length, 2)
    await change({
      kinds: { assigned_conversation_new_message: { app: true, push: true } },
      quiet_hours: null,
    })
    const unknown = await change({ quiet_hours: { ...hours, time_zone: 'Mars/Olympus' } })
    assertRefused(unknown, 422, /^quiet_hours.time_zone must be a time zone/)
    assertRefused(await change({ quiet_hours: { ...hours, from: '24:00' } }), 422, /^quiet_hours.from/)
  })

  it('end when their user leaves the inbox, or the account', async () => {
    const inboxId = await addInbox(test)
    const leaving = await addUser(test, { inboxes: [1, inboxId] })
    const here = await addTestConversation(test)
    const there = await addTestConversation(test, { inboxId })
    for (const id of [here, there]) await note(id, mentioning(leaving.userId))
    assert.equal((await list(leaving.token)).meta.unread_count, 2)
    const body = { user_ids: [leaving.userId] }
    await test.api(`/inbox_members/${inboxId}`, { method: 'DELETE', body })
    await done()
    await test.api(`/inbox_members/${inboxId}`, { method: 'POST', body })
    assert.deepEqual(await unread(there, leaving.token), [])
    assert.deepEqual(await unread(here, leaving.token), [['conversation_mention', 1]])
    assert.equal((await test.api(`/agents/${leaving.userId}`, { method: 'DELETE' })).status, 204)
    const rows = test.app.database.read.sql.selectFrom('notifications').selectAll()
    assert.deepEqual(await rows.where('user_id', '=', leaving.userId).execute(), [])
  })
})
