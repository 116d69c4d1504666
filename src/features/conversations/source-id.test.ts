import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addInbox, addUser } from '../../../test/factories.ts'

let test: TestApp
let inbox: number
before(async () => {
  test = await startTestApp()
  inbox = await addInbox(test)
})
after(() => test.close())

const start = (body: object, token = test.token) =>
  test.api('/conversations', { method: 'POST', body, token })

async function addContact(name: string, source_id?: string): Promise<{ id: number; source_id: string }> {
  const { id } = (await test.api('/contacts', { method: 'POST', body: { name } })).body
  const body = { inbox_id: inbox, ...(source_id ? { source_id } : {}) }
  const added = await test.api(`/contacts/${id}/contact_inboxes`, { method: 'POST', body })
  return { id, source_id: added.body.source_id }
}

describe('A conversation that is started with a source_id alone', () => {
  it('is one of the contact with this name or secret, in the inbox that knows it', async () => {
    const named = await addContact('Ann', '+49170')
    const { status, body } = await start({ source_id: '+49170' })
    assert.deepEqual([status, body.contact.id, body.inbox_id], [201, named.id, inbox])
    const visitor = await addContact('Bob')
    assert.match(visitor.source_id, /^src_/)
    assert.equal((await start({ source_id: visitor.source_id })).body.contact.id, visitor.id)
    assert.equal((await start({ source_id: '+49170', inbox_id: inbox })).body.contact.id, named.id)
    assert.equal((await start({ source_id: '+49170', contact_id: named.id })).body.inbox_id, inbox)
  })

  it('is refused if nobody has it, if several inboxes know it, or if the inbox is not visible', async () => {
    const one = await addContact('Carla', 'carla')
    const body = { inbox_id: 1, source_id: 'carla' }
    await test.api(`/contacts/${one.id}/contact_inboxes`, { method: 'POST', body })
    const { token } = await addUser(test)
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    assertRefused(await start({ source_id: 'carla' }), 422, /^inbox_id is required: several inboxes know/)
    assertRefused(await start({ source_id: 'nobody' }), 422, /^source_id belongs to no contact/)
    assertRefused(
      await start({ source_id: `src_${'A'.repeat(43)}` }),
      422,
      /^source_id belongs to no contact/,
    )
    assertRefused(
      await start({ source_id: 'carla', inbox_id: inbox }, token),
      422,
      /^inbox_id names no inbox/,
    )
    assertRefused(await start({ source_id: 'carla' }, token), 422, /^source_id belongs to no contact/)
    assertRefused(await start({ inbox_id: inbox }), 422, /^contact_id is required/)
    assertRefused(await start({ contact_id: one.id }), 422, /^inbox_id is required/)
    const path = `//api/v1/accounts/${other.accountId}/conversations`
    const foreign = await test.api(path, { method: 'POST', body: { source_id: 'carla' }, token: other.token })
    assertRefused(foreign, 422, /^source_id belongs to no contact/)
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('The list of the conversations with a source_id', () => {
  const idsOf = async (query: string, token = test.token) => {
    const { body } = await test.api(`/conversations?status=all&${query}`, { token })
    return body.data.payload.map((one: { id: number }) => one.id)
  }

  it('has those that were started under this name, and counts them', async () => {
    const { id: contact_id } = await addContact('Erik', 'erik')
    const body = { inbox_id: inbox, contact_id }
    const { body: first } = await start({ source_id: 'erik' })
    const { body: second } = await start({ source_id: 'erik', assignee_id: 1, status: 'resolved' })
    const { body: other } = await start({ ...body, source_id: 'erik-2' })
    assert.deepEqual(await idsOf('source_id=erik'), [second.id, first.id])
    assert.deepEqual(await idsOf('source_id=erik-2'), [other.id])
    assert.deepEqual(await idsOf('source_id=erik&assignee_type=me'), [second.id])
    assert.deepEqual(await idsOf('source_id=erik&inbox_id=1'), [])
    assert.deepEqual(await idsOf('source_id=erik&labels=unknown'), [])
    assert.deepEqual(await idsOf('source_id=nobody'), [])
    const { body: open } = await test.api('/conversations/meta?source_id=erik')
    assert.deepEqual([open.meta.all_count, open.meta.unassigned_count], [1, 1])
    const all = (await test.api('/conversations/meta?source_id=erik&status=all')).body.meta
    assert.deepEqual([all.all_count, all.mine_count], [2, 1])
  })

  it('has those of a secret in its inbox, and none of an inbox that the user does not see', async () => {
    const visitor = await addContact('Finn')
    const { body } = await start({ source_id: visitor.source_id })
    assert.deepEqual(await idsOf(`source_id=${visitor.source_id}`), [body.id])
    const { token } = await addUser(test, { inboxes: [1] })
    assert.deepEqual(await idsOf(`source_id=${visitor.source_id}`, token), [])
  })

  it('continues after a page, and is not combined with a search', async () => {
    await addContact('Greta', 'greta')
    const started: number[] = []
    for (let i = 0; i < 27; i++) started.unshift((await start({ source_id: 'greta' })).body.id)
    const path = '/conversations?source_id=greta'
    const { meta, payload } = (await test.api(path)).body.data
    assert.deepEqual([meta.all_count, payload.length], [27, 25])
    const rest = (await test.api(`${path}&cursor=${meta.next}`)).body.data
    const ids = [...payload, ...rest.payload].map((one: { id: number }) => one.id)
    assert.deepEqual([ids, rest.meta.next], [started, null])
    assertRefused(await test.api(`${path}&q=greta`), 400, /^source_id cannot be combined with q/)
  })
})

describe('The inboxes in which a contact can be written to', () => {
  it('are those that it is in, with its name there, and API inboxes', async () => {
    const website = await addInbox(test, { channel_type: 'web_widget' })
    const { id } = await addContact('Dora', 'dora')
    const read = async (token = test.token) =>
      (await test.api(`/contacts/${id}/contactable_inboxes`, { token })).body.payload.map(
        (one: { source_id: string | null; inbox: { id: number } }) => [one.inbox.id, one.source_id],
      )
    assert.deepEqual(await read(), [
      [inbox, 'dora'],
      [1, null],
    ])
    const body = { inbox_id: website, source_id: 'visitor' }
    await test.api(`/contacts/${id}/contact_inboxes`, { method: 'POST', body })
    const { token } = await addUser(test, { inboxes: [website] })
    assert.deepEqual(await read(token), [[website, 'visitor']])
    assertRefused(await test.api('/contacts/9999/contactable_inboxes'), 404, /^contact not found/)
  })
})
