import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { account, chatwootClient, succeeded } from '../../../test/chatwoot-client.ts'
import { eventsOf } from '../../../test/events.ts'
import { eventually } from '../../../test/eventually.ts'
import { addUser } from '../../../test/factories.ts'

describe('Notes about a contact', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  const addContact = async (): Promise<number> =>
    (await test.api('/contacts', { method: 'POST', body: { name: 'Ada' } })).body.id
  const write = async (contact: number, content: string, token = test.token) => {
    const path = `/contacts/${contact}/notes`
    const { status, body } = await test.api(path, { method: 'POST', body: { content }, token })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const list = async (contact: number, query = '') =>
    (await test.api(`/contacts/${contact}/notes${query}`)).body

  it('are written, listed newest first page by page, changed and deleted', async () => {
    const contact = await addContact()
    const ids: number[] = []
    for (let i = 0; i < 27; i++) ids.unshift((await write(contact, `Note ${i}`)).id)
    await write(await addContact(), 'About somebody else')
    const idsOf = ({ payload }: { payload: { id: number }[] }) => payload.map(({ id }) => id)
    const first = await list(contact)
    assert.deepEqual([idsOf(first), first.meta], [ids.slice(0, 25), { before_id: ids[24] }])
    const second = await list(contact, `?before_id=${ids[24]}`)
    assert.deepEqual([idsOf(second), second.meta], [ids.slice(25), { before_id: null }])
    const path = `/contacts/${contact}/notes/${ids[0]}`
    const changed = await test.api(path, { method: 'PATCH', body: { content: 'Other words' } })
    assert.equal(changed.body.content, 'Other words')
    assert.deepEqual((await test.api(path)).body, changed.body)
    assert.equal((await test.api(path, { method: 'DELETE' })).status, 204)
    assertRefused(await test.api(path), 404, /^note not found$/)
    assertRefused(await test.api(`/contacts/1/notes/${ids[1]}`), 404, /^note not found$/)
  })

  it('are read by every agent, and changed by their author and administrators', async () => {
    const contact = await addContact()
    const author = await addUser(test)
    const other = await addUser(test)
    const { id, user } = await write(contact, 'Mine', author.token)
    assert.deepEqual(user, { id: author.userId, name: author.name })
    const path = `/contacts/${contact}/notes/${id}`
    const body = { content: 'Not mine' }
    assert.equal((await test.api(path, { token: other.token })).body.content, 'Mine')
    const refused = await test.api(path, { method: 'PATCH', body, token: other.token })
    assertRefused(refused, 403, /only its author or an administrator/)
    assertRefused(await test.api(path, { method: 'DELETE', token: other.token }), 403, /only its author/)
    assert.equal((await test.api(path, { method: 'PATCH', body, token: author.token })).status, 200)
    assert.equal((await test.api(path, { method: 'DELETE' })).status, 204)
  })

  it('move with a contact that is merged, and are erased with it, also from the log', async () => {
    const [base, mergee] = [await addContact(), await addContact()]
    const { id } = await write(mergee, 'Something secret: okapi')
    const merge = { base_contact_id: base, mergee_contact_id: mergee }
    await test.api('/actions/contact_merge', { method: 'POST', body: merge })
    const { payload } = await list(base)
    assert.deepEqual([payload.length, payload[0].id, payload[0].contact_id], [1, id, base])
    const isStored = async () => JSON.stringify(await readAllRows(test)).includes('okapi')
    assert.ok(await isStored())
    assert.equal((await test.api(`/contacts/${base}`, { method: 'DELETE' })).status, 204)
    await eventually(async () => !(await isStored()))
  })

  it('are events for agents', async () => {
    const contact = await addContact()
    const events = await eventsOf(test, () => write(contact, 'Something new'))
    const [{ name, audience, data }] = events as [(typeof events)[0]]
    assert.deepEqual([name, audience], ['contact_note_created', 'agents'])
    assert.equal((data.contact_note as { content: string }).content, 'Something new')
  })

  it('are in the API of Chatwoot', async () => {
    const contact = await addContact()
    const call = chatwootClient(test)
    const path = `${account}/contacts/${contact}/notes`
    const created = await succeeded(call('POST', path, { note: { content: 'From there' } }))
    assert.deepEqual([created.content, created.account_id, created.user.id], ['From there', 1, 1])
    assert.deepEqual(await succeeded(call('GET', path)), [created])
    await succeeded(call('PATCH', `${path}/${created.id}`, { content: 'Changed there' }))
    assert.equal((await list(contact)).payload[0].content, 'Changed there')
    await succeeded(call('DELETE', `${path}/${created.id}`))
    assert.deepEqual((await list(contact)).payload, [])
  })
})
