import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'

let test: TestApp
let contact: number
before(async () => {
  test = await startTestApp()
  for (const title of ['vip', 'late']) await test.api('/labels', { method: 'POST', body: { title } })
  contact = (await test.api('/contacts', { method: 'POST', body: { name: 'Ada' } })).body.id
})
after(() => test.close())

const path = () => `/contacts/${contact}/labels`
const set = (labels: unknown) => test.api(path(), { method: 'POST', body: { labels } })
const change = (body: object) => test.api(`/contacts/${contact}`, { method: 'PATCH', body })

describe('The labels of a contact', () => {
  it('are replaced, and shown with the contact and in the event', async () => {
    const [event, ...more] = await eventsOf(test, async () => {
      assert.deepEqual((await set(['vip', 'late', 'vip'])).body.payload.toSorted(), ['late', 'vip'])
      // Without a change there is no event.
      await set(['late', 'vip'])
    })
    assert.deepEqual([event!.name, event!.data.changed, more], ['contact_updated', ['labels'], []])
    assert.deepEqual(event!.data.contact.labels.toSorted(), ['late', 'vip'])
    assert.deepEqual(JSON.parse(event!.before!), { labels: [] })
    assert.deepEqual((await set(['late'])).body, { payload: ['late'] })
    assert.deepEqual((await test.api(path())).body, { payload: ['late'] })
    const list = (await test.api('/contacts?sort=-created_at')).body.payload
    assert.deepEqual(list[0].labels, ['late'])
  })

  it('must be labels of the account', async () => {
    const rows = await readAllRows(test)
    assertRefused(await set(['late', 'unknown']), 422, /^labels names no label of this account: unknown$/)
    assertRefused(await set('late'), 422, /^labels must be an array/)
    const nobody = await test.api('/contacts/9999/labels', { method: 'POST', body: { labels: [] } })
    assertRefused(nobody, 404, /^contact not found$/)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('follow the label when it is renamed, and lose it when it is deleted', async () => {
    await set(['vip'])
    const { payload } = (await test.api('/labels')).body
    const { id } = payload.find(({ title }: { title: string }) => title === 'vip')
    await test.api(`/labels/${id}`, { method: 'PATCH', body: { title: 'gold' } })
    assert.deepEqual((await test.api(path())).body, { payload: ['gold'] })
    await test.api(`/labels/${id}`, { method: 'DELETE' })
    assert.deepEqual((await test.api(path())).body, { payload: [] })
  })
})

describe('The additional attributes of a contact', () => {
  it('are merged on the first level, and null removes one', async () => {
    const additional_attributes = { city: 'Berlin', social: { x: '@ada' } }
    await change({ additional_attributes })
    const { body } = await change({ additional_attributes: { city: null, country: 'DE' } })
    assert.deepEqual(body.additional_attributes, { social: { x: '@ada' }, country: 'DE' })
    assert.deepEqual(body.custom_attributes, {})
    assertRefused(
      await change({ additional_attributes: { a: 'x'.repeat(65_536) } }),
      422,
      /^additional_attributes must be at most 64 KiB/,
    )
  })

  it('and its picture are also those of a new contact and conversation', async () => {
    const fields = { additional_attributes: { city: 'Rome' }, avatar_url: 'https://example.com/a.png' }
    const created = (await test.api('/contacts', { method: 'POST', body: { name: 'Bo', ...fields } })).body
    assert.deepEqual(created.additional_attributes, { city: 'Rome' })
    assert.equal(created.thumbnail, 'https://example.com/a.png')
    const start = {
      inbox_id: 1,
      contact_id: created.id,
      additional_attributes: { referer: 'https://a.example/' },
    }
    const { id, additional_attributes } = (await test.api('/conversations', { method: 'POST', body: start }))
      .body
    assert.deepEqual(additional_attributes, { referer: 'https://a.example/' })
    const more = { method: 'PATCH', body: { additional_attributes: { browser: 'Firefox' } } }
    const changed = (await test.api(`/conversations/${id}`, more)).body
    assert.deepEqual(changed.additional_attributes, { referer: 'https://a.example/', browser: 'Firefox' })
  })
})

describe('The picture of a contact', () => {
  it('is an address of the web, and can be removed', async () => {
    assert.equal(
      (await change({ avatar_url: 'https://example.com/b.png' })).body.thumbnail,
      'https://example.com/b.png',
    )
    for (const avatar_url of ['javascript:alert(1)', 'data:image/png;base64,AA', '', 5])
      assertRefused(await change({ avatar_url }), 422, /^avatar_url must be/)
    assert.equal((await change({ avatar_url: null })).body.thumbnail, null)
  })
})
