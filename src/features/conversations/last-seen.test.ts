import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ApiResponse, readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addMessages, addTestConversation } from '../../../test/factories.ts'
import { assertOthersWrite } from '../../../test/meanwhile.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const updateLastSeen = (id: number) => test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })

async function statuses(id: number): Promise<string[]> {
  const { payload } = (await test.api(`/conversations/${id}/messages`)).body
  return payload.map(({ status }: ApiResponse['body']) => status)
}

describe('update_last_seen', () => {
  it('resets the unread count, and marks the messages of the contact as read, with an event each', async () => {
    const id = await addTestConversation(test)
    const first = await sendMessage(test, 'One', { message_type: 'incoming' }, id)
    await sendMessage(test, 'A reply', {}, id)
    const second = await sendMessage(test, 'Two', { message_type: 'incoming' }, id)
    const events = await eventsOf(test, async () => {
      const { status, body } = await updateLastSeen(id)
      assert.deepEqual([status, body.unread_count], [200, 0])
      assert.ok(body.agent_last_seen_at >= body.last_activity_at)
    })
    assert.deepEqual(
      events.map(({ name, message_id, audience, data }) => [name, message_id, audience, data.status]),
      [
        ['message_updated', first.id, 'everyone', 'read'],
        ['message_updated', second.id, 'everyone', 'read'],
        ['conversation_updated', second.id, 'agents', undefined],
      ],
    )
    assert.deepEqual(events[2]!.data.changed, ['unread_count', 'agent_last_seen_at'])
    assert.deepEqual(events[0]!.data.contact.name, 'John Smith')
    assert.deepEqual(await statuses(id), ['read', 'sent', 'read'])
  })

  it('changes nothing a second time, until a new message arrives', async () => {
    const id = await addTestConversation(test)
    await sendMessage(test, 'One', { message_type: 'incoming' }, id)
    await updateLastSeen(id)
    const rows = await readAllRows(test)
    assert.equal((await updateLastSeen(id)).status, 200)
    assert.deepEqual(await readAllRows(test), rows)
    await sendMessage(test, 'Two', { message_type: 'incoming' }, id)
    assert.equal((await updateLastSeen(id)).body.unread_count, 0)
    assert.deepEqual(await statuses(id), ['read', 'read'])
  })

  it('leaves deleted and failed messages as they are', async () => {
    const id = await addTestConversation(test)
    const deleted = await sendMessage(test, 'Deleted', { message_type: 'incoming' }, id)
    const failed = await sendMessage(test, 'Failed', { message_type: 'incoming' }, id)
    const path = `/conversations/${id}/messages`
    await test.api(`${path}/${deleted.id}`, { method: 'DELETE' })
    await test.api(`${path}/${failed.id}`, { method: 'PATCH', body: { status: 'failed' } })
    const events = await eventsOf(test, () => updateLastSeen(id))
    assert.deepEqual(
      events.map(({ name }) => name),
      ['conversation_updated'],
    )
    const { payload } = (await test.api(`${path}?include_deleted=true`)).body
    assert.deepEqual(
      payload.map(({ status }: ApiResponse['body']) => status),
      ['sent', 'failed'],
    )
  })

  it('marks any number of messages, each with its event', async () => {
    const id = await addTestConversation(test)
    const incoming = { message_type: 'incoming', sender_type: 'Contact' } as const
    const ids = await addMessages(test, id, Array(1203).fill(incoming))
    const events = await eventsOf(test, () => updateLastSeen(id))
    assert.deepEqual(
      events.filter(({ name }) => name === 'message_updated').map(({ message_id }) => message_id),
      ids,
    )
    assert.deepEqual(new Set(await statuses(id)), new Set(['read']))
  })

  it('lets others write while it marks many messages', async () => {
    const id = await addTestConversation(test)
    const incoming = { message_type: 'incoming', sender_type: 'Contact' } as const
    await addMessages(test, id, Array(2000).fill(incoming))
    await assertOthersWrite(test, updateLastSeen(id))
  })

  it('marks messages that arrive while it marks others, even with an earlier time', async () => {
    const id = await addTestConversation(test)
    const incoming = { message_type: 'incoming', sender_type: 'Contact' } as const
    const created_at = Date.now()
    await addMessages(test, id, Array(1000).fill({ ...incoming, created_at }))
    const seen = updateLastSeen(id)
    for (let i = 1; i <= 5; i++) await addMessages(test, id, [{ ...incoming, created_at: created_at - i }])
    await seen
    // What arrived after the last step is marked by the next visit.
    await updateLastSeen(id)
    assert.deepEqual(new Set(await statuses(id)), new Set(['read']))
  })

  it('counts every message as unread that stays sent, even while the customer writes', async () => {
    const id = await addTestConversation(test)
    const writing = Array.from({ length: 20 }, (_, i) =>
      sendMessage(test, `Message ${i}`, { message_type: 'incoming' }, id),
    )
    await Promise.all([...writing, updateLastSeen(id), updateLastSeen(id), updateLastSeen(id)])
    const { unread_count } = (await test.api(`/conversations/${id}`)).body
    const sent = (await statuses(id)).filter((status) => status === 'sent')
    assert.equal(sent.length, unread_count)
  })
})
