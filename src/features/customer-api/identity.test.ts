import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox } from '../../../test/factories.ts'

describe('A visitor who proves their identity after writing', () => {
  let test: TestApp
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers it
  let inbox: any
  before(async () => {
    // Streams must end without waiting for a heartbeat.
    test = await startTestApp({}, { intervals: { heartbeat: 600_000 } })
    const channel = { type: 'api', hmac_mandatory: true }
    inbox = (await test.api('/inboxes', { method: 'POST', body: { name: 'Proof', channel } })).body
  })
  after(() => test.close())

  const base = () => `/public/api/v1/inboxes/${inbox.inbox_identifier}`
  const post = (path: string, body: object) =>
    test.api(`/${base()}${path}`, { method: 'POST', token: null, body })
  const identifier_hash = (identifier: string) =>
    createHmac('sha256', inbox.hmac_token).update(identifier).digest('hex')
  const prove = async (identifier: string, more: object = {}) =>
    (await post('/contacts', { identifier, identifier_hash: identifier_hash(identifier), ...more })).body

  async function write(content: string) {
    const visitor = (await post('/contacts', {})).body
    const { id } = (await post(`/contacts/${visitor.source_id}/conversations`, {})).body
    await post(`/contacts/${visitor.source_id}/conversations/${id}/messages`, { content })
    return { visitor, id }
  }
  const conversationsOf = async (sourceId: string): Promise<number[] | undefined> => {
    const { status, body } = await test.api(`/${base()}/contacts/${sourceId}/conversations`, { token: null })
    if (status === 404) return undefined
    return body.payload.map(({ id }: { id: number }) => id).sort()
  }
  const listen = (sourceId: string) =>
    openStream(test, { path: `${base()}/contacts/${sourceId}/events`, token: '' })

  it('gets the identifier if no contact has it, and the visitor’s secrets are revoked', async () => {
    const { visitor, id } = await write('Hello')
    const stream = await listen(visitor.source_id)
    const person = await prove('ada', { name: 'Ada', source_id: visitor.source_id })
    assert.deepEqual([person.id, person.name], [visitor.id, 'Ada'])
    assert.deepEqual(await conversationsOf(person.source_id), [id])
    assert.equal((await test.api(`/contacts/${person.id}`)).body.identifier, 'ada')
    // Otherwise somebody who planted the secret in this browser could read the conversations.
    assert.equal(await conversationsOf(visitor.source_id), undefined)
    await eventually(() => stream.ended)
  })

  it('is merged into the contact with the identifier, and the visitor’s secrets are revoked', async () => {
    const person = await prove('bob')
    const { id: earlierId } = (await post(`/contacts/${person.source_id}/conversations`, {})).body
    const { visitor, id } = await write('It is me')
    const streams = [await listen(visitor.source_id), await listen(person.source_id)]
    const after = await prove('bob', { source_id: visitor.source_id })
    assert.equal(after.id, person.id)
    assert.deepEqual(await conversationsOf(after.source_id), [earlierId, id].sort())
    assert.equal((await test.api(`/contacts/${visitor.id}`)).status, 404)
    assert.equal(await conversationsOf(visitor.source_id), undefined)
    await eventually(() => streams[0]!.ended)
    assert.equal(streams[1]!.ended, false)
    streams[1]!.close()
    // Another browser of the person still works, and another tab can prove the identity with the old secret, too.
    assert.deepEqual(await conversationsOf(person.source_id), [earlierId, id].sort())
    assert.equal((await prove('bob', { source_id: visitor.source_id })).id, person.id)
  })

  it('loses the secrets of the visitor at all inboxes', async () => {
    const { visitor } = await write('Here')
    const other = await addInbox(test)
    const { inbox_identifier } = (await test.api(`/inboxes/${other}`)).body
    const body = { inbox_id: other }
    const added = await test.api(`/contacts/${visitor.id}/contact_inboxes`, { method: 'POST', body })
    const there = `//public/api/v1/inboxes/${inbox_identifier}/contacts/${added.body.source_id}`
    assert.equal((await test.api(there, { token: null })).body.id, visitor.id)
    await prove('faye', { source_id: visitor.source_id })
    assert.equal((await test.api(there, { token: null })).status, 404)
  })

  it('gets nothing of another identified contact, and nothing without a proof', async () => {
    const carol = await prove('carol')
    const dave = await prove('dave', { source_id: carol.source_id })
    assert.notEqual(dave.id, carol.id)
    assert.deepEqual(await conversationsOf(carol.source_id), [])
    const { visitor, id } = await write('Mine')
    for (const source_id of [visitor.source_id.replace(/.$/, '~'), 'src_none']) {
      assert.notEqual((await prove('erin', { source_id })).id, visitor.id)
    }
    const stranger = (await post('/contacts', { source_id: visitor.source_id })).body
    assert.notEqual(stranger.id, visitor.id)
    const wrong = { identifier: 'erin', identifier_hash: 'f'.repeat(64), source_id: visitor.source_id }
    assert.equal((await post('/contacts', wrong)).status, 403)
    assert.equal((await test.api(`/contacts/${visitor.id}`)).body.identifier, null)
    assert.deepEqual(await conversationsOf(visitor.source_id), [id])
  })

  it('has at most 20 secrets, and the streams of older ones end', async () => {
    const secrets = [(await prove('gus')).source_id]
    const stream = await listen(secrets[0])
    while (secrets.length < 20) secrets.push((await prove('gus')).source_id)
    assert.deepEqual(await conversationsOf(secrets[0]), [])
    secrets.push((await prove('gus')).source_id)
    const open = []
    for (const secret of secrets) open.push((await conversationsOf(secret)) !== undefined)
    // Secrets of the same millisecond have the same age, so the first one may still be valid.
    assert.equal(open.filter(Boolean).length, 20)
    assert.equal(open.at(-1), true)
    const { contact_inboxes } = (await test.api(`/contacts/${(await prove('gus')).id}`)).body
    assert.deepEqual(contact_inboxes, [{ source_id: null, inbox: { id: inbox.id, name: 'Proof' } }])
    if (!open[0]) await eventually(() => stream.ended)
    else stream.close()
  })
})
