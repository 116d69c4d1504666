import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { followed } from '../../../test/events.ts'
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
const merge = (id: number, mergee_conversation_id: number) =>
  call(`/conversations/${id}/merge`, 'POST', { mergee_conversation_id })
const undo = (id: number) => call(`/conversations/${id}/merge`, 'DELETE')
const mention = async (id: number) => {
  const content = `[@Agent](mention://user/${agent.userId}/Agent) look`
  await sendMessage(test, content, { private: true }, id)
  await followed(test, 'participants')
}
const change = (id: number, method: string) =>
  call(`/conversations/${id}/participants`, method, { user_ids: [agent.userId] })
/** Those of these conversations in which a note mentions the agent. */
const mentioning = async (...ids: number[]) => {
  const { data } = await call(
    '/conversations?involvement=mentioned&status=all',
    'GET',
    undefined,
    agent.token,
  )
  return ids.filter((id) => data.payload.some((one: { id: number }) => one.id === id))
}
/** All rows of participants of these conversations. */
const rows = async (...ids: number[]) => {
  await followed(test, 'participants')
  const all = test.app.database.read.sql.selectFrom('conversation_participants').selectAll()
  const found = await all
    .where('conversation_id', 'in', ids)
    .orderBy('conversation_id')
    .orderBy('user_id')
    .execute()
  return found.map((row) => JSON.stringify(row))
}

/** Two conversations of a contact. */
async function addPair() {
  const first = await addTestConversation(test)
  const { contact, inbox_id } = await call(`/conversations/${first}`, 'GET')
  const second: number = (await call('/conversations', 'POST', { inbox_id, contact_id: contact.id })).id
  return { first, second }
}

describe('The participants of a conversation that is merged', () => {
  it('stay with the other one after an undo only if a note in it has mentioned them since', async () => {
    for (const wasMentioned of [true, false]) {
      for (const isMentioned of [true, false]) {
        const { first, second } = await addPair()
        if (wasMentioned) await mention(second)
        else await change(second, 'POST')
        const before = await rows(first, second)
        await merge(first, second)
        assert.deepEqual(await mentioning(first), wasMentioned ? [first] : [])
        if (isMentioned) await mention(first)
        await undo(second)
        const expected = [isMentioned ? [first] : [], wasMentioned ? [second] : []].flat()
        assert.deepEqual(await mentioning(first, second), expected)
        if (!isMentioned) assert.deepEqual(await rows(first, second), before)
      }
    }
  })

  it('are mentioned in the other one, even if they have stopped following it, until an undo', async () => {
    for (const isMentionedSince of [false, true]) {
      const { first, second } = await addPair()
      await change(first, 'POST')
      await change(first, 'DELETE')
      await mention(second)
      const before = await rows(first, second)
      assert.deepEqual(await mentioning(first, second), [second])
      await merge(first, second)
      assert.deepEqual(await mentioning(first), [first])
      if (isMentionedSince) await mention(first)
      await undo(second)
      assert.deepEqual(await mentioning(first, second), isMentionedSince ? [first, second] : [second])
      if (!isMentionedSince) assert.deepEqual(await rows(first, second), before)
    }
  })

  it('keep the later of two mentions, and an undo restores each', async () => {
    for (const isOlderFirst of [true, false]) {
      const { first, second } = await addPair()
      for (const id of isOlderFirst ? [first, second] : [second, first]) {
        await mention(id)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      const before = await rows(first, second)
      const timeIn = (row: string) => JSON.parse(row).mentioned_at
      const latest = Math.max(...before.map(timeIn).filter((time) => time !== null))
      await merge(first, second)
      const [row] = (await rows(first)).filter((one) => JSON.parse(one).user_id === agent.userId)
      assert.equal(timeIn(row!), latest)
      await undo(second)
      assert.deepEqual(await rows(first, second), before)
    }
  })
})
