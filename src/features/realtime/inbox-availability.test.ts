import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { type EventStream, openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addUser } from '../../../test/factories.ts'

describe('An inbox', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp({}, { intervals: { availability: 20 } })
  })
  after(() => test.close())

  const addInbox = async () => {
    const body = { name: 'Shop', channel: { type: 'api' } }
    const { id, inbox_identifier } = (await test.api('/inboxes', { method: 'POST', body })).body
    const path = `/public/api/v1/inboxes/${inbox_identifier}`
    const isAvailable = async () => (await test.api(`/${path}`, { token: null })).body.available
    /** Opens the stream of a new contact. */
    const listen = async (query = '') => {
      const options = { method: 'POST', token: null, body: {} }
      const { source_id } = (await test.api(`/${path}/contacts`, options)).body
      return openStream(test, { path: `${path}/contacts/${source_id}/events`, query, token: '' })
    }
    return { id, path, isAvailable, listen }
  }
  const addMember = (inboxId: number, userId: number) =>
    test.api(`/inbox_members/${inboxId}`, { method: 'POST', body: { user_ids: [userId] } })
  const sent = (stream: EventStream) =>
    stream.named('inbox_availability').map(({ id, data }) => {
      assert.equal(id, undefined)
      return data.available
    })
  const choose = (availability: string, { token }: { token: string }) =>
    test.api('//api/v1/profile', { method: 'PATCH', body: { availability }, token })

  it('is available while one of its members is online, which its contacts learn', async () => {
    const [inbox, other] = [await addInbox(), await addInbox()]
    const [member, colleague] = [await addUser(test), await addUser(test)]
    await addMember(inbox.id, member.userId)
    await addMember(other.id, colleague.userId)
    const [contact, ofOther] = [await inbox.listen(), await other.listen()]
    const filtered = await inbox.listen('events=message_created')
    await eventually(() => sent(contact).length === 1 && sent(ofOther).length === 1)
    assert.equal(await inbox.isAvailable(), false)
    const stream = await openStream(test, member)
    await eventually(() => sent(contact).length === 2)
    assert.equal(await inbox.isAvailable(), true)
    await choose('busy', member)
    await eventually(() => sent(contact).length === 3)
    assert.equal(await inbox.isAvailable(), false)
    await choose('online', member)
    await eventually(() => sent(contact).length === 4)
    stream.close()
    await eventually(() => sent(contact).length === 5)
    assert.deepEqual(sent(contact), [false, true, false, true, false])
    assert.equal(await inbox.isAvailable(), false)
    assert.deepEqual(sent(ofOther), [false])
    assert.deepEqual(sent(filtered), [])
    for (const one of [contact, ofOther, filtered]) one.close()
  })

  it('without members is available while an administrator is online, and never because an agent is', async () => {
    const inbox = await addInbox()
    const agent = await openStream(test, await addUser(test))
    assert.equal(await inbox.isAvailable(), false)
    const administrator = await openStream(test)
    await eventually(inbox.isAvailable)
    const contact = await inbox.listen()
    await eventually(() => sent(contact)[0] === true)
    await addMember(inbox.id, (await addUser(test)).userId)
    assert.equal(await inbox.isAvailable(), false)
    for (const one of [agent, administrator, contact]) one.close()
  })

  it('does not tell its contacts who is online', async () => {
    const inbox = await addInbox()
    const contact = await inbox.listen()
    const administrator = await openStream(test)
    await eventually(() => sent(contact).at(-1) === true)
    assert.deepEqual(contact.named('presence'), [])
    for (const { data } of contact.named('inbox_availability'))
      assert.deepEqual(Object.keys(data), ['event', 'available'])
    contact.close()
    administrator.close()
  })
})
