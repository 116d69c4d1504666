import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { followed as followedBy } from '../../../test/events.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { isForCustomers } from '../../events/audience.ts'
import { findRow, insertParticipant } from './store.ts'

let test: TestApp
let agent: { token: string; userId: number; name: string }
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const pathOf = (conversation: number) => `/conversations/${conversation}/participants`
const call = (method: string, conversation: number, user_ids: number[], token = test.token) =>
  test.api(pathOf(conversation), { method, body: { user_ids }, token })
const idsOf = ({ body }: { body: { payload: { id: number }[] } }) => body.payload.map(({ id }) => id)
const read = async (conversation: number, token = test.token) =>
  idsOf(await test.api(pathOf(conversation), { token }))
const followed = () => followedBy(test, 'participants')

describe('Participants', () => {
  it('are added, set and removed by any agent who sees the conversation', async () => {
    const id = await addTestConversation(test)
    assert.deepEqual(idsOf(await call('POST', id, [agent.userId], agent.token)), [agent.userId])
    assert.deepEqual(idsOf(await call('POST', id, [1, agent.userId])), [1, agent.userId])
    assert.deepEqual(idsOf(await call('DELETE', id, [1, 999])), [agent.userId])
    assert.deepEqual(idsOf(await call('PATCH', id, [1])), [1])
    assert.deepEqual(idsOf(await call('PATCH', id, [])), [])
    const outsider = await addUser(test)
    assertRefused(await test.api(pathOf(id), { token: outsider.token }), 404, /^conversation not found/)
    assertRefused(await call('POST', id, [1], outsider.token), 404, /^conversation not found/)
    assertRefused(await call('POST', id, [outsider.userId]), 422, /^user_ids must be members of this inbox/)
    assert.deepEqual(await read(id), [])
  })

  it('are those who are assigned, who answer, and who write a note', async () => {
    const [assigned, answered, noted] = [
      await addTestConversation(test),
      await addTestConversation(test),
      await addTestConversation(test),
    ]
    await test.api(`/conversations/${assigned}/assignments`, {
      method: 'POST',
      body: { assignee_id: agent.userId },
    })
    await sendMessage(test, 'Hello', {}, answered)
    await sendMessage(test, 'From the customer', { message_type: 'incoming' }, noted)
    await followed()
    assert.deepEqual(await read(noted), [])
    await sendMessage(test, 'Looks odd', { private: true }, noted)
    await followed()
    assert.deepEqual(await read(assigned), [agent.userId])
    assert.deepEqual(await read(answered), [1])
    assert.deepEqual(await read(noted), [1])
  })

  it('can stop following, and follow again after they take part again', async () => {
    const id = await addTestConversation(test)
    await sendMessage(test, 'Hello', {}, id)
    // Perhaps before the follower has seen the message.
    await call('POST', id, [1])
    await call('DELETE', id, [1])
    await followed()
    assert.deepEqual(await read(id), [])
    await new Promise((resolve) => setTimeout(resolve, 5))
    await sendMessage(test, 'And one more thing', {}, id)
    await followed()
    assert.deepEqual(await read(id), [1])
  })

  it('have lists of what they follow and of what mentions them, which are in order after each message', async () => {
    const reader = await addUser(test, { inboxes: [1] })
    const list = async (query: string, token = reader.token) => {
      await followed()
      const { status, body } = await test.api(`/conversations?${query}`, { token })
      assert.equal(status, 200, JSON.stringify(body))
      return [idsOf({ body: body.data }), body.data.meta.all_count]
    }
    const [one, other] = [await addTestConversation(test), await addTestConversation(test)]
    for (const id of [one, other]) await call('POST', id, [reader.userId])
    assert.deepEqual(await list('involvement=participating'), [[other, one], 2])
    assert.deepEqual(await list('involvement=mentioned'), [[], 0])
    const mention = `[@Reader](mention://user/${reader.userId}/Reader) look`
    await sendMessage(test, mention, { private: true }, one)
    await sendMessage(test, `To the customer: ${mention}`, {}, other)
    assert.deepEqual(await list('involvement=mentioned'), [[one], 1])
    assert.deepEqual(await list('involvement=mentioned', test.token), [[], 0])
    await call('DELETE', one, [reader.userId])
    await test.api(`/conversations/${other}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    assert.deepEqual(await list('involvement=participating'), [[], 0])
    assert.deepEqual(await list('involvement=participating&status=resolved'), [[other], 1])
    assert.deepEqual(await list('involvement=mentioned'), [[one], 1])
    const { body } = await test.api('/conversations/meta?involvement=mentioned', { token: reader.token })
    assert.equal(body.meta.all_count, 1)
    for (const query of ['q=a', 'sort=created_at', 'source_id=a'])
      assertRefused(
        await test.api(`/conversations?involvement=mentioned&${query}`),
        400,
        /^involvement cannot/,
      )
    await test.api('/inbox_members/1', { method: 'DELETE', body: { user_ids: [reader.userId] } })
    assert.deepEqual(await list('involvement=mentioned'), [[], 0])
  })

  it('are in the lists of an hour even if somebody writes to the conversation while they are added', async () => {
    const id = await addTestConversation(test)
    const { database } = test.app
    const inConversation = { account_id: 1, conversation_id: id }
    const hour = 1_000_000
    const { promise: isWritten, resolve } = Promise.withResolvers<void>()
    // As a message that is stored without the lock of the account.
    const writing = database.transaction(null, async (tx) => {
      const all = tx.sql.selectFrom('conversations').select('id').where('account_id', '=', 1)
      const row = all.where('id', '=', id)
      await (tx.engine === 'postgres' ? row.forUpdate() : row).execute()
      const written = tx.sql.updateTable('conversations').set({ last_activity_at: hour * 3_600_000 })
      await written.where('account_id', '=', 1).where('id', '=', id).execute()
      resolve()
      // SQLite has one writer, and refuses to wait in a transaction.
      if (tx.engine === 'postgres') await new Promise((resolve) => setTimeout(resolve, 200))
    })
    await isWritten
    await database.transaction(1, (tx) =>
      insertParticipant(tx, { ...inConversation, user_id: agent.userId, inbox_id: 1, created_at: 1 }),
    )
    await writing
    const row = await findRow(database.read, { ...inConversation, user_id: agent.userId })
    assert.equal(row!.activity_hour, hour)
  })

  it('are announced to agents of the inbox, but not to the contact', async () => {
    const id = await addTestConversation(test)
    const stream = await openStream(test, agent)
    await call('POST', id, [agent.userId])
    const { data } = await stream.find(({ name, data }) => name === 'participants_changed' && data.id === id)
    assert.deepEqual(data.participants, [{ id: agent.userId, name: agent.name }])
    assert.deepEqual([data.before, data.actor], [{ participants: [] }, { type: 'user', id: 1 }])
    stream.close()
    const rows = await test.app.database.read.sql.selectFrom('events').selectAll().execute()
    const changes = rows.filter(({ name }) => name === 'participants_changed')
    assert.ok(changes.length > 0 && !changes.some(isForCustomers))
  })

  it('leave with the inbox, and with their membership', async () => {
    const inboxId = await addInbox(test)
    const leaving = await addUser(test, { inboxes: [1, inboxId] })
    const here = await addTestConversation(test)
    const there = await addTestConversation(test, { inboxId })
    await call('POST', here, [leaving.userId, 1])
    await call('POST', there, [leaving.userId, 1])
    const user_ids = [leaving.userId]
    await test.api(`/inbox_members/${inboxId}`, { method: 'DELETE', body: { user_ids } })
    assert.deepEqual(await read(there), [1])
    await followed()
    const rows = async () => {
      const all = test.app.database.read.sql.selectFrom('conversation_participants').select('conversation_id')
      return (await all.where('user_id', '=', leaving.userId).execute()).map((row) => row.conversation_id)
    }
    await eventually(async () => (await rows()).length === 1)
    assert.deepEqual(await rows(), [here])
    await test.api(`/inbox_members/${inboxId}`, { method: 'POST', body: { user_ids } })
    assert.deepEqual(await read(there), [1])
    assert.equal((await test.api(`/agents/${leaving.userId}`, { method: 'DELETE' })).status, 204)
    assert.deepEqual(await read(here), [1])
    assert.deepEqual(await rows(), [])
  })
})
