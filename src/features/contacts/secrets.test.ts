import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addUser } from '../../../test/factories.ts'

let test: TestApp
let inbox: number
let key: string
before(async () => {
  // Streams must end without waiting for a heartbeat.
  test = await startTestApp({}, { intervals: { heartbeat: 600_000 } })
  inbox = await addInbox(test)
  key = (await test.api(`/inboxes/${inbox}`)).body.inbox_identifier
})
after(() => test.close())

const post = (path: string, body: object, token = test.token) =>
  test.api(path, { method: 'POST', body, token })
const base = () => `/public/api/v1/inboxes/${key}`
const contactOpenedBy = async (secret: string) =>
  (await test.api(`/${base()}/contacts/${secret}`, { token: null })).body.id as number | undefined
const create = async (more: object = {}) =>
  (await post('/contacts', { name: 'Ida', inbox_id: inbox, ...more })).body

describe('The secret source_id of a contact', () => {
  it('is in the response that creates it, and in no later response', async () => {
    const contact = await create({ email: 'ida@example.com' })
    const [{ source_id: secret }] = contact.contact_inboxes
    assert.equal(await contactOpenedBy(secret), contact.id)
    const { id: conversation } = (
      await post('/conversations', { inbox_id: inbox, contact_id: contact.id, source_id: secret })
    ).body
    await post(`/contacts/${contact.id}/contact_inboxes`, { inbox_id: inbox, source_id: 'crm-ida' })
    const own = `/${base()}/contacts/${secret}/conversations/${conversation}/messages`
    await test.api(own, { method: 'POST', body: { content: 'Hello' }, token: null })
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: { name: 'Ida B' } })
    const paths = [
      `/contacts/${contact.id}`,
      '/contacts?include_contact_inboxes=true',
      '/contacts/search?q=ida&include_contact_inboxes=true',
      `/contacts/${contact.id}/conversations`,
      `/contacts/${contact.id}/export`,
      `/conversations/${conversation}`,
      `/conversations/${conversation}/messages`,
    ]
    for (const path of paths) {
      const { status, body } = await test.api(path)
      assert.equal(status, 200, path)
      assert.ok(!JSON.stringify(body).includes(secret), path)
    }
    const events = await test.api('/events?after=0&limit=1000', { headers: { accept: 'application/json' } })
    assert.match(JSON.stringify(events.body), /contact_created/)
    assert.ok(!JSON.stringify(events.body).includes(secret))
    const { contact_inboxes } = (await test.api(`/contacts/${contact.id}`)).body
    assert.deepEqual(
      contact_inboxes.map(({ source_id }: { source_id: string | null }) => source_id),
      [null, 'crm-ida'],
    )
  })

  it('is not stored in the database', async () => {
    const [{ source_id: secret }] = (await create()).contact_inboxes
    for (const [table, rows] of Object.entries(await readAllRows(test))) {
      assert.ok(!JSON.stringify(rows).includes(secret), table)
    }
  })

  it('is revoked when an administrator rotates it, and the streams opened with it end', async () => {
    const contact = await create()
    const [{ source_id: secret }] = contact.contact_inboxes
    const path = `/contacts/${contact.id}/contact_inboxes/rotate_source_id`
    const stream = await openStream(test, { path: `${base()}/contacts/${secret}/events`, token: '' })
    const other = (await create()).contact_inboxes[0].source_id
    const otherStream = await openStream(test, { path: `${base()}/contacts/${other}/events`, token: '' })
    const { status, body } = await post(path, { inbox_id: inbox })
    assert.equal(status, 200)
    assert.deepEqual(body.inbox, { id: inbox, name: 'Another inbox' })
    assert.equal(await contactOpenedBy(secret), undefined)
    assert.equal(await contactOpenedBy(body.source_id), contact.id)
    await eventually(() => stream.ended)
    assert.equal(otherStream.ended, false)
    otherStream.close()

    assert.deepEqual((await test.api(`/contacts/${contact.id}`)).body.contact_inboxes.length, 1)
  })

  it('is rotated at one inbox only, and only by an administrator with the scope admin', async () => {
    const contact = await create()
    const elsewhere = await addInbox(test)
    const rotate = (inbox_id: number, token = test.token) =>
      post(`/contacts/${contact.id}/contact_inboxes/rotate_source_id`, { inbox_id }, token)
    assertRefused(await rotate(elsewhere), 422, /^inbox_id names no inbox of this contact$/)
    assertRefused(await rotate(99999), 422, /^inbox_id names no inbox of this account$/)
    const unknown = await post('/contacts/99999/contact_inboxes/rotate_source_id', { inbox_id: inbox })
    assertRefused(unknown, 404, /^contact not found$/)
    await post(`/contacts/${contact.id}/contact_inboxes`, { inbox_id: elsewhere })
    assert.equal((await rotate(elsewhere)).status, 200)
    assert.equal(await contactOpenedBy(contact.contact_inboxes[0].source_id), contact.id)
    const agent = await addUser(test, { inboxes: [inbox, elsewhere] })
    assertRefused(await rotate(inbox, agent.token), 403, /administrator/)
    const writer = await addUser(test, { role: 'administrator', scopes: ['read', 'write'] })
    assertRefused(await rotate(inbox, writer.token), 403, /scope "admin"/)
  })

  it('is deleted together with its inbox, and with its contact', async () => {
    const deletedInbox = await addInbox(test)
    const contact = await create({ inbox_id: deletedInbox })
    const other = await create()
    assert.equal((await test.api(`/inboxes/${deletedInbox}`, { method: 'DELETE' })).status, 204)
    assert.equal((await test.api(`/contacts/${other.id}`, { method: 'DELETE' })).status, 204)
    assert.equal(await contactOpenedBy(other.contact_inboxes[0].source_id), undefined)
    const secrets = test.app.database.read.sql.selectFrom('contact_secrets').select('contact_id')
    assert.deepEqual(await secrets.where('contact_id', 'in', [contact.id, other.id]).execute(), [])
  })
})

describe('A name that a program has chosen', () => {
  it('gives no access, even if it looks like the hash of a secret, and is shown to agents', async () => {
    const contact = await create()
    const [{ source_id: secret }] = contact.contact_inboxes
    const { hash } = await test.app.database.read.sql
      .selectFrom('contact_secrets')
      .select('hash')
      .where('contact_id', '=', contact.id)
      .executeTakeFirstOrThrow()
    for (const name of ['crm-9', hash, secret.replace(/.$/, ''), `${secret}x`]) {
      const named = await post(`/contacts/${contact.id}/contact_inboxes`, {
        inbox_id: inbox,
        source_id: name,
      })
      assert.deepEqual([named.status, named.body.source_id], [201, name])
      assert.equal(await contactOpenedBy(encodeURIComponent(name)), undefined)
    }
    assert.equal((await test.api(`/contacts/${contact.id}`)).body.contact_inboxes.length, 5)
  })
})
