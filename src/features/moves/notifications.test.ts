import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { followed } from '../../../test/events.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
let agent: { token: string; userId: number }
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const call = async (path: string, method: string, body?: object, token = test.token) => {
  const response = await test.api(path, { method, ...(body ? { body } : {}), token })
  assert.ok(response.status < 300, `${path}: ${JSON.stringify(response.body)}`)
  return response.body
}
const write = (id: number, content: string) => sendMessage(test, content, { message_type: 'incoming' }, id)
const merge = (id: number, mergee_conversation_id: number) =>
  call(`/conversations/${id}/merge`, 'POST', { mergee_conversation_id })
const undo = (id: number) => call(`/conversations/${id}/merge`, 'DELETE')
/** What the agent has not read about these conversations. */
const unread = async (...ids: number[]) => {
  await followed(test, 'participants')
  const { payload } = await call('/notifications?unread=true', 'GET', undefined, agent.token)
  return (payload as Shown[])
    .filter(({ primary_actor_id }) => ids.includes(primary_actor_id))
    .map(({ primary_actor_id, notification_type, count, content }) => [
      ...[primary_actor_id, notification_type.replace('assigned_conversation_', '')],
      ...[count, content],
    ])
}
interface Shown {
  primary_actor_id: number
  notification_type: string
  count: number
  content: string | null
}
/** All rows of notifications. */
const rows = async () => {
  await followed(test, 'participants')
  const all = test.app.database.read.sql.selectFrom('notifications').selectAll()
  return (await all.execute()).map((row) => JSON.stringify(row)).sort()
}

/** Two conversations of a contact that are assigned to the agent, each with an unread message. */
async function addPair() {
  const first = await addTestConversation(test)
  const { contact, inbox_id } = await call(`/conversations/${first}`, 'GET')
  const second: number = (await call('/conversations', 'POST', { inbox_id, contact_id: contact.id })).id
  for (const id of [first, second])
    await call(`/conversations/${id}/assignments`, 'POST', { assignee_id: agent.userId })
  await followed(test, 'participants')
  return { first, second }
}

describe('The notifications of a conversation that is merged', () => {
  it('are about the other one from then on, and are read with it', async () => {
    const { first, second } = await addPair()
    await call('/notifications/read_all', 'POST', { primary_actor_id: first }, agent.token)
    await write(second, 'Where is it?')
    await followed(test, 'participants')
    const stream = await openStream(test, { token: agent.token })
    await merge(first, second)
    await stream.find(({ name }) => name === 'notification')
    stream.close()
    assert.deepEqual(await unread(first, second), [
      [first, 'new_message', 1, 'Where is it?'],
      [first, 'conversation_assignment', 1, null],
    ])
    await call(`/conversations/${first}/update_last_seen`, 'POST', undefined, agent.token)
    assert.deepEqual(await unread(first, second), [])
  })

  it('join those of the same type, and are what they were after an undo', async () => {
    const { first, second } = await addPair()
    await write(second, 'The older one')
    await write(first, 'The newer one')
    const before = await rows()
    await merge(first, second)
    assert.deepEqual(await unread(first, second), [
      [first, 'new_message', 2, 'The newer one'],
      [first, 'conversation_assignment', 2, null],
    ])
    assert.notDeepEqual(await rows(), before)
    await undo(second)
    assert.deepEqual(await rows(), before)
  })

  it('stay where something has happened since', async () => {
    const { first, second } = await addPair()
    await call('/notifications/read_all', 'POST', {}, agent.token)
    await write(second, 'Before')
    await followed(test, 'participants')
    await merge(first, second)
    await write(first, 'After')
    assert.deepEqual(await unread(first, second), [[first, 'new_message', 2, 'After']])
    await undo(second)
    assert.deepEqual(await unread(first, second), [[first, 'new_message', 2, 'After']])
  })

  it('are not mailed again after an undo if they were mailed with those that they joined', async () => {
    for (const isMailed of [true, false]) {
      const { first, second } = await addPair()
      const setByMail = (by_mail: number) =>
        test.app.database.transaction(1, async (tx) => {
          const all = tx.sql.updateTable('notifications').set({ by_mail })
          await all.where('conversation_id', 'in', [first, second]).execute()
        })
      const byMail = async () => {
        const all = test.app.database.read.sql.selectFrom('notifications').select('by_mail')
        const found = await all.where('conversation_id', 'in', [first, second]).execute()
        return found.map(({ by_mail }) => by_mail)
      }
      await setByMail(1)
      await merge(first, second)
      // What a digest does.
      if (isMailed) await setByMail(0)
      await undo(second)
      assert.deepEqual(await byMail(), isMailed ? [0, 0] : [1, 1])
    }
  })

  it('return as read if their user has another unread one of the same type there', async () => {
    const { first, second } = await addPair()
    await call('/notifications/read_all', 'POST', { primary_actor_id: first }, agent.token)
    await write(first, 'One')
    await write(second, 'Two')
    await followed(test, 'participants')
    await merge(first, second)
    const { read } = test.app.database
    const of = (id: number) =>
      read.sql.selectFrom('notifications').selectAll().where('conversation_id', '=', id).execute()
    // One message was joined, and the assignment was only moved.
    const unreadThere = (await of(first)).filter(({ read_at }) => read_at === null)
    assert.equal(unreadThere.length, 2)
    await test.app.database.transaction(1, (tx) =>
      tx.sql
        .insertInto('notifications')
        .values(unreadThere.map((row) => ({ ...row, id: row.id + 1000, conversation_id: second })))
        .execute(),
    )
    await undo(second)
    const returned = (await of(second)).filter(({ id }) => id < 1000)
    assert.deepEqual(
      returned.map(({ read_at }) => read_at === null),
      [false, false],
    )
    assert.deepEqual(await unread(first), [[first, 'new_message', 1, 'One']])
  })

  it('stay read if their user has read the ones that they joined', async () => {
    const { first, second } = await addPair()
    await write(first, 'One')
    await write(second, 'Two')
    await followed(test, 'participants')
    await merge(first, second)
    await call('/notifications/read_all', 'POST', { primary_actor_id: first }, agent.token)
    await undo(second)
    assert.deepEqual(await unread(first, second), [])
  })
})

describe('The notifications of messages that are split off', () => {
  it('are about the new conversation', async () => {
    const { first } = await addPair()
    await call('/notifications/read_all', 'POST', {}, agent.token)
    await write(first, 'One')
    const { id: message_id } = await write(first, 'Two')
    await followed(test, 'participants')
    const { id } = await call(`/conversations/${first}/split`, 'POST', { message_id })
    const [assignment, ...others] = await unread(first, id)
    // The new conversation has the same assignee.
    assert.deepEqual(assignment, [id, 'conversation_assignment', 1, null])
    assert.deepEqual(others, [[id, 'new_message', 2, 'Two']])
  })

  it('are announced to their users, also if the server finishes a split that was interrupted', async () => {
    const { first } = await addPair()
    const { id: message_id } = await write(first, 'One')
    await followed(test, 'participants')
    const stream = await openStream(test, { token: agent.token })
    // A new notification has an id.
    const announced = () =>
      stream.events.filter(({ name, data }) => name === 'notification' && data.notification_id === null)
    const { id } = await call(`/conversations/${first}/split`, 'POST', { message_id })
    await eventually(() => announced().length === 1)
    await test.app.database.transaction(1, (tx) =>
      tx.sql
        .updateTable('conversation_moves')
        .set({ status: 'moving', updated_at: 1 })
        .where('to_id', '=', id)
        .execute(),
    )
    await eventually(() => announced().length === 2)
    stream.close()
  })
})
