import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ApiResponse, assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { addInbox, addUser } from '../../../test/factories.ts'

let test: TestApp
let inboxes: number[]
let agent: { token: string }
before(async () => {
  test = await startTestApp()
  inboxes = [await addInbox(test), await addInbox(test)]
  agent = await addUser(test, { inboxes: inboxes.slice(0, 1) })
})
after(() => test.close())

const send = (method: string, path: string, body: object, token = agent.token): Promise<ApiResponse> =>
  test.api(path, { method, body, token })

let count = 0
/** Creates a contact with a conversation in each of the inboxes at these indexes. */
async function create(...indexes: number[]): Promise<number> {
  const { id } = (await send('POST', '/contacts', { name: `Contact ${++count}` }, test.token)).body
  for (const index of indexes) {
    const body = { inbox_id: inboxes[index], contact_id: id }
    assert.equal((await send('POST', '/conversations', body, test.token)).status, 201)
  }
  return id
}
const merge = (base_contact_id: number, mergee_contact_id: number, token?: string) =>
  send('POST', '/actions/contact_merge', { base_contact_id, mergee_contact_id }, token)
const foreign = /^contact \d+ is also in an inbox that you are not a member of: ask an administrator/

describe('An agent, with a contact in an inbox that they are not a member of', () => {
  it('cannot merge it with another contact', async () => {
    const [hidden, both, own] = [await create(1), await create(0, 1), await create(0)]
    for (const [base, mergee] of [
      [own, hidden],
      [hidden, own],
      [own, both],
      [both, own],
    ] as const) {
      assertRefused(await merge(base, mergee), 403, foreign)
    }
    assertRefused(await merge(own, 99999), 422, /^mergee_contact_id names no contact/)
    assert.equal((await test.api(`/contacts/${hidden}`)).status, 200)
    assert.equal((await merge(hidden, own, test.token)).status, 200)
  })

  it('can change its name and attributes, but not its identity or whether it is blocked', async () => {
    for (const id of [await create(1), await create(0, 1)]) {
      for (const body of [
        { identifier: 'mine' },
        { email: 'mine@example.com' },
        { phone_number: '+14155550123' },
        { blocked: true },
        { name: 'With it', blocked: true },
      ]) {
        assertRefused(await send('PATCH', `/contacts/${id}`, body), 403, foreign)
      }
      const allowed = { name: 'Renamed', custom_attributes: { plan: 'gold' }, email: null, blocked: false }
      const { status, body } = await send('PATCH', `/contacts/${id}`, allowed)
      assert.deepEqual([status, body.name, body.identifier, body.blocked], [200, 'Renamed', null, false])
      const change = { identifier: `crm-${id}`, blocked: true }
      assert.equal((await send('PATCH', `/contacts/${id}`, change, test.token)).status, 200)
    }
    assertRefused(await send('PATCH', '/contacts/99999', { blocked: true }), 404, /^contact not found$/)
  })

  it('cannot get a secret of it, not even for an inbox of their own', async () => {
    for (const id of [await create(1), await create(0, 1)]) {
      for (const source_id of [undefined, 'a name']) {
        const body = { inbox_id: inboxes[0], source_id }
        assertRefused(await send('POST', `/contacts/${id}/contact_inboxes`, body), 403, foreign)
      }
    }
  })

  it('can neither erase nor export it', async () => {
    const id = await create(1)
    assertRefused(await test.api(`/contacts/${id}/export`, { token: agent.token }), 403, /administrator/)
    const erased = await test.api(`/contacts/${id}`, { method: 'DELETE', token: agent.token })
    assertRefused(erased, 403, /administrator/)
  })
})

describe('An agent, with a contact in their own inboxes or in none', () => {
  it('can merge it, change it and add it to an inbox', async () => {
    const [own, none] = [await create(0), await create()]
    assert.equal(
      (await send('PATCH', `/contacts/${own}`, { identifier: 'known', blocked: true })).status,
      200,
    )
    assert.equal((await send('PATCH', `/contacts/${none}`, { email: 'none@example.com' })).status, 200)
    const body = { inbox_id: inboxes[0] }
    assert.equal((await send('POST', `/contacts/${none}/contact_inboxes`, body)).status, 201)
    const { status, body: merged } = await merge(own, none)
    assert.deepEqual([status, merged.email], [200, 'none@example.com'])
  })
})
