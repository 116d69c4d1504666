import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sendMessage, startTestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { readEvents } from '../../events/read.ts'
import { contactMaySee, type EventHeader, memberMaySee } from './visibility.ts'

const headerOf = (more: Partial<EventHeader>): EventHeader => ({
  name: 'message_created',
  audience: 'everyone',
  conversation_id: 1,
  inbox_id: 1,
  contact_id: 1,
  ...more,
})

describe('a member of an account', () => {
  const agent = { userId: 1, inboxes: new Set([1]) }
  const administrator = { userId: 1, inboxes: 'all' } as const
  for (const [what, event, agentSees, administratorSees] of [
    ['a message of their inbox', {}, true, true],
    ['a note of their inbox', { audience: 'agents' }, true, true],
    ['a message of another inbox', { inbox_id: 2 }, false, true],
    ['a contact', { audience: 'agents', inbox_id: null, conversation_id: null }, true, true],
    [
      'an event of no inbox, such as that of a label',
      { audience: 'agents', inbox_id: null, contact_id: null },
      true,
      true,
    ],
    ['an event for the server itself', { audience: 'server' }, false, false],
  ] as const) {
    const sees = [agentSees && 'an agent', administratorSees && 'an administrator'].filter(Boolean)
    it(`sees ${what} if they are ${sees.join(' or ') || 'neither an agent nor an administrator'}`, () => {
      assert.equal(memberMaySee(agent, headerOf(event)), agentSees)
      assert.equal(memberMaySee(administrator, headerOf(event)), administratorSees)
    })
  }
})

describe('a customer', () => {
  it('never sees notes, or events of others', async () => {
    const test = await startTestApp()
    const note = await sendMessage(test, 'between us', { private: true })
    await test.api(`/conversations/1/messages/${note.id}`, {
      method: 'PATCH',
      body: { content: 'still between us' },
    })
    await sendMessage(test, 'a reply')
    await test.api(`/conversations/1/messages/${note.id}`, { method: 'DELETE' })
    await test.api('/contacts', { method: 'POST', body: { name: 'Mary' } })
    const logged = async () => (await readEvents(test.app.database.read, 1, 0, 100)).events
    await eventually(async () => (await logged()).some(({ name }) => name === 'contact_created'))
    const events = await logged()
    const visible = events
      .filter((event) => contactMaySee({ contactId: 1, inboxId: 1 }, event))
      .map(({ data }) => JSON.parse(data))
    assert.deepEqual(
      visible.map(({ content, private: isPrivate }) => [content, isPrivate]),
      [
        ['Hi, I need help with my order.', false],
        ['a reply', false],
      ],
    )
    assert.ok(events.some(({ message_id }) => message_id === note.id))
    assert.deepEqual(
      events.filter((event) => contactMaySee({ contactId: 2, inboxId: 1 }, event)),
      [],
    )
    await test.close()
  })
})
