import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addInbox, addUser } from '../../../test/factories.ts'

let test: TestApp
let inbox: number
before(async () => {
  test = await startTestApp()
  inbox = await addInbox(test)
})
after(() => test.close())

const idsOf = (payload: { id: number }[]) => payload.map(({ id }) => id).sort((one, other) => one - other)

describe('The members of an inbox', () => {
  it('can be added, set and removed with the inbox in the body', async () => {
    const [one, two, three] = [await addUser(test), await addUser(test), await addUser(test)].map(
      ({ userId }) => userId,
    )
    const call = async (method: string, user_ids: unknown[]) => {
      const answer = await test.api('/inbox_members', { method, body: { inbox_id: inbox, user_ids } })
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      return idsOf(answer.body.payload)
    }
    assert.deepEqual(await call('POST', [one, two]), [one, two])
    assert.deepEqual(await call('PATCH', [two, three]), [two, three])
    assert.deepEqual(await call('DELETE', [two]), [three])
    assert.deepEqual(await call('PATCH', []), [])
    const path = { method: 'PATCH', body: { user_ids: [one] } }
    assert.deepEqual(idsOf((await test.api(`/inbox_members/${inbox}`, path)).body.payload), [one])
  })

  it('do not change if the list or the inbox is invalid, or for an agent', async () => {
    const { userId, token } = await addUser(test, { inboxes: [inbox] })
    const rows = await readAllRows(test)
    const call = (body: object, token = test.token) =>
      test.api('/inbox_members', { method: 'PATCH', body, token })
    assertRefused(await call({ inbox_id: inbox, user_ids: [userId, 9999] }), 422, /^user_ids names no member/)
    assertRefused(await call({ inbox_id: 9999, user_ids: [userId] }), 422, /^inbox_id names no inbox/)
    assertRefused(await call({ user_ids: [userId] }), 422, /^inbox_id is required/)
    assertRefused(await call({ inbox_id: inbox, user_ids: [] }, token), 403, /administrator/)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('lose their conversations in the inbox when others take their place', async () => {
    const { userId } = await addUser(test, { inboxes: [inbox] })
    const contact_id = 1
    const body = { inbox_id: inbox, contact_id, assignee_id: userId }
    const { id } = (await test.api('/conversations', { method: 'POST', body })).body
    await test.api('/inbox_members', { method: 'PATCH', body: { inbox_id: inbox, user_ids: [] } })
    assert.equal((await test.api(`/conversations/${id}`)).body.meta.assignee, null)
  })
})

describe('The webhook of an API inbox', () => {
  it('does not exist if its URL is blank', async () => {
    for (const webhook_url of ['', ' ']) {
      const channel = { type: 'api', webhook_url }
      const { status, body } = await test.api('/inboxes', {
        method: 'POST',
        body: { name: 'Blank', channel },
      })
      assert.deepEqual([status, body.webhook_url], [201, null])
    }
    const change = { method: 'PATCH', body: { channel: { webhook_url: 'https://example.com/' } } }
    assert.equal((await test.api(`/inboxes/${inbox}`, change)).body.webhook_url, 'https://example.com/')
    const blank = { method: 'PATCH', body: { channel: { webhook_url: '' } } }
    assert.equal((await test.api(`/inboxes/${inbox}`, blank)).body.webhook_url, null)
    assert.deepEqual((await test.api('/webhooks')).body, { payload: [] })
  })
})
