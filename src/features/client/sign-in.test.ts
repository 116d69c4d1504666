import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'

describe('a visitor who proves who they are after they have written', () => {
  let test: TestApp
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers it
  let inbox: any
  before(async () => {
    test = await startTestApp()
    const channel = { type: 'api', hmac_mandatory: true }
    inbox = (await test.api('/inboxes', { method: 'POST', body: { name: 'Proof', channel } })).body
  })
  after(() => test.close())

  const post = (path: string, body: object, of = inbox) =>
    test.api(`//public/api/v1/inboxes/${of.inbox_identifier}${path}`, { method: 'POST', token: null, body })
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
  const conversationsOf = async (sourceId: string): Promise<number[]> => {
    const path = `//public/api/v1/inboxes/${inbox.inbox_identifier}/contacts/${sourceId}/conversations`
    const { status, body } = await test.api(path, { token: null })
    assert.equal(status, 200)
    return body.payload.map(({ id }: { id: number }) => id).sort()
  }

  it('becomes that person where nobody was', async () => {
    const { visitor, id } = await write('Hello')
    const person = await prove('ada', { name: 'Ada', source_id: visitor.source_id })
    assert.deepEqual([person.id, person.source_id, person.name], [visitor.id, visitor.source_id, 'Ada'])
    assert.deepEqual(await conversationsOf(person.source_id), [id])
    assert.equal((await test.api(`/contacts/${person.id}`)).body.identifier, 'ada')
  })

  it('becomes a part of the person who was there', async () => {
    const person = await prove('bob')
    const { id: known } = (await post(`/contacts/${person.source_id}/conversations`, {})).body
    const { visitor, id } = await write('It is me')
    const after = await prove('bob', { source_id: visitor.source_id })
    assert.deepEqual([after.id, after.source_id], [person.id, person.source_id])
    assert.deepEqual(await conversationsOf(after.source_id), [known, id].sort())
    assert.equal((await test.api(`/contacts/${visitor.id}`)).status, 404)
    // Another tab has the old name yet.
    assert.deepEqual(await conversationsOf(visitor.source_id), [known, id].sort())
    assert.deepEqual((await prove('bob', { source_id: visitor.source_id })).id, person.id)
  })

  it('takes nothing of somebody else’s, nor without a proof', async () => {
    const carol = await prove('carol')
    const dave = await prove('dave', { source_id: carol.source_id })
    assert.notEqual(dave.id, carol.id)
    const { visitor } = await write('Mine')
    for (const source_id of [visitor.source_id.replace(/.$/, '~'), 'src_none']) {
      assert.notEqual((await prove('erin', { source_id })).id, visitor.id)
    }
    const stranger = (await post('/contacts', { source_id: visitor.source_id })).body
    assert.notEqual(stranger.id, visitor.id)
    const wrong = { identifier: 'erin', identifier_hash: 'f'.repeat(64), source_id: visitor.source_id }
    assert.equal((await post('/contacts', wrong)).status, 403)
    assert.equal((await test.api(`/contacts/${visitor.id}`)).body.identifier, null)
  })
})
