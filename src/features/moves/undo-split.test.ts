import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addMessages, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const call = (path: string, method = 'GET', body?: object, more: object = {}) =>
  test.api(path, { method, ...(body ? { body } : {}), ...more })
const shown = async (id: number) => (await call(`/conversations/${id}`)).body
const undo = (id: number, more: object = {}) => call(`/conversations/${id}/split`, 'DELETE', undefined, more)
/** The texts of the messages that people have written. */
const contents = async (id: number) =>
  ((await call(`/conversations/${id}/messages`)).body.payload as Message[])
    .filter(({ message_type }) => message_type !== 'activity')
    .map(({ content }) => content)
interface Message {
  content: string
  message_type: string
}
const write = async (id: number, content: string) =>
  (await sendMessage(test, content, { message_type: 'incoming' }, id)).id as number
const move = async (id: number) => (await call(`/conversations/${id}/moves`)).body.payload[0]

const merge = (id: number, mergee_conversation_id: number) =>
  call(`/conversations/${id}/merge`, 'POST', { mergee_conversation_id })
/** Another conversation of the same contact in the same inbox. */
async function addSibling(id: number): Promise<number> {
  const { contact, inbox_id } = await shown(id)
  return (await call('/conversations', 'POST', { inbox_id, contact_id: contact.id })).body.id
}

/** A conversation, and one that was split from it. */
async function addSplit() {
  const first = await addTestConversation(test)
  await write(first, 'one')
  const message_id = await write(first, 'two')
  await write(first, 'three')
  const before = await shown(first)
  const { body } = await call(`/conversations/${first}/split`, 'POST', { message_id })
  return { first, second: body.id as number, before }
}

describe('Undoing a split', () => {
  it('puts the messages back, and lets the id of the other conversation lead to the first one', async () => {
    const { first, second, before } = await addSplit()
    assert.ok((await move(second)).undoable_until > Date.now() / 1000 + 6 * 24 * 3600)
    const { status, body } = await undo(second)
    assert.deepEqual([status, body.id], [200, first])
    assert.deepEqual(await contents(first), ['one', 'two', 'three'])
    const { updated_at: _, ...others } = await shown(first)
    const { updated_at: __, ...expected } = before
    assert.deepEqual(others, expected)
    assert.equal((await shown(second)).merged_into_id, first)
    assert.equal((await sendMessage(test, 'four', {}, second)).conversation_id, first)
    // Once more changes nothing.
    assert.equal((await undo(second)).body.id, first)
    assert.deepEqual(await eventsOf(test, () => undo(second)), [])
  })

  it('keeps what was written since, and opens the conversation only for that', async () => {
    for (const since of [[], ['four']]) {
      const { first, second } = await addSplit()
      await call(`/conversations/${first}/toggle_status`, 'POST', { status: 'resolved' })
      for (const content of since) await write(second, content)
      assert.equal((await undo(second)).body.status, since.length > 0 ? 'open' : 'resolved')
      assert.deepEqual(await contents(first), ['one', 'two', 'three', ...since])
    }
  })

  it('can be undone itself, since it is a merge', async () => {
    const { first, second } = await addSplit()
    await undo(second)
    const [merge, split] = (await call(`/conversations/${first}/moves`)).body.payload
    assert.deepEqual([merge.kind, split.kind, split.undoable_until], ['merge', 'split', null])
    assert.equal((await call(`/conversations/${second}/merge`, 'DELETE')).status, 200)
    assert.deepEqual([await contents(first), await contents(second)], [['one'], ['two', 'three']])
    assertRefused(await undo(second), 409, /too late/)
  })

  it('is refused if one of the two was merged since, and after a week', async () => {
    const { first, second } = await addSplit()
    const third = await addSibling(first)
    for (const [target, merged] of [
      [second, third],
      [third, second],
      [third, first],
    ] as const) {
      assert.equal((await merge(target, merged)).status, 200)
      const rule = `conversation ${merged} was merged into conversation ${target}: undo that first`
      assertRefused(await undo(second), 409, new RegExp(rule))
      assert.equal((await call(`/conversations/${merged}/merge`, 'DELETE')).status, 200)
    }
    await test.app.database.transaction(1, async (tx) => {
      await tx.sql
        .updateTable('conversation_moves')
        .set({ expires_at: 1 })
        .where('to_id', '=', second)
        .execute()
    })
    assertRefused(await undo(second), 409, /too late to undo the split/)
    assert.deepEqual(await contents(second), ['two', 'three'])
  })

  it('is refused if messages that were merged into the first one would then be out of order', async () => {
    const minute = 60_000
    const start = Date.now() - 100 * minute
    for (const [at, isInOrder] of [
      [10, false],
      [30, true],
    ] as const) {
      const first = await addTestConversation(test)
      const times = [0, 10, 20].map((minutes) => ({ created_at: start + minutes * minute }))
      const [, message_id] = await addMessages(test, first, times)
      const third = await addSibling(first)
      await addMessages(test, third, [{ created_at: start + at * minute }])
      const second = (await call(`/conversations/${first}/split`, 'POST', { message_id })).body.id
      assert.equal((await merge(first, third)).status, 200)
      if (isInOrder) {
        assert.equal((await undo(second)).status, 200)
        continue
      }
      const before = [await contents(first), await contents(second)]
      assertRefused(
        await undo(second),
        409,
        /imported messages that would not be in the order of their times/,
      )
      assert.deepEqual([await contents(first), await contents(second)], before)
      assert.equal((await call(`/conversations/${third}/merge`, 'DELETE')).status, 200)
      assert.equal((await undo(second)).status, 200)
    }
  })

  it('changes nothing if the conversation was not split, and is refused if the user does not see it', async () => {
    const { first, second } = await addSplit()
    const events = await eventsOf(test, async () => assert.equal((await undo(first)).body.id, first))
    assert.deepEqual(events, [])
    const stranger = await addUser(test)
    assertRefused(await undo(second, stranger), 404, /not found/)
    assert.deepEqual(await contents(second), ['two', 'three'])
  })
})
