import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { addInbox, addUser } from '../../../test/factories.ts'

const browser = {
  'accept-language': 'de-AT,de;q=0.9,en;q=0.5',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
}

describe('The visits of a contact', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  const addWebsite = async (widget: object = {}) => {
    const channel = { type: 'web_widget', website_url: 'https://shop.example', widget }
    return (await test.api('/inboxes', { method: 'POST', body: { name: 'Shop', channel } })).body
  }
  const arrive = async (inbox: { inbox_identifier: string }, body: object = {}) => {
    const path = `//public/api/v1/inboxes/${inbox.inbox_identifier}/contacts`
    const contact = (await test.api(path, { method: 'POST', token: null, body })).body
    const visit = (body: object, headers: Record<string, string> = browser) =>
      test.api(`${path}/${contact.source_id}/visits`, { method: 'POST', token: null, body, headers })
    return { ...contact, visit }
  }
  const visitsOf = async ({ id }: { id: number }, token = test.token) =>
    (await test.api(`/contacts/${id}/visits`, { token })).body.payload

  it('have the page, where they came from, and the language and name of the browser', async () => {
    const inbox = await addWebsite()
    const contact = await arrive(inbox)
    assert.deepEqual(await visitsOf(contact), [])
    const before = Math.floor(Date.now() / 1000)
    const answer = await contact.visit({
      page_url: 'https://shop.example/boots',
      page_title: ' Boots ',
      referrer_url: 'https://search.example/results',
    })
    assert.equal(answer.status, 204, JSON.stringify(answer.body))
    const [{ seen_at, ...visit }] = await visitsOf(contact)
    assert.ok(seen_at >= before)
    assert.deepEqual(visit, {
      inbox_id: inbox.id,
      page_url: 'https://shop.example/boots',
      page_title: 'Boots',
      referrer_url: 'https://search.example/results',
      language: 'de-AT',
      user_agent: browser['user-agent'],
    })
  })

  it('are only the latest one of each inbox, which keeps where the contact came from', async () => {
    const contact = await arrive(await addWebsite())
    await contact.visit({ page_url: 'https://shop.example/', referrer_url: 'https://search.example/' })
    await contact.visit({ page_url: 'https://shop.example/cart', page_title: null })
    const visits = await visitsOf(contact)
    assert.deepEqual(
      visits.map(({ page_url, page_title, referrer_url }: Record<string, string>) => [
        page_url,
        page_title,
        referrer_url,
      ]),
      [['https://shop.example/cart', null, 'https://search.example/']],
    )
  })

  it('never contain a query, a fragment, a password or the network address', async () => {
    const contact = await arrive(await addWebsite())
    await contact.visit(
      {
        page_url: 'https://user:SECRET@shop.example/reset?token=SECRET#SECRET',
        referrer_url: 'https://mail.example/?q=SECRET',
      },
      { ...browser, 'x-forwarded-for': '203.0.113.77' },
    )
    const visits = await visitsOf(contact)
    assert.equal(visits[0].page_url, 'https://shop.example/reset')
    const rows = await test.app.database.read.sql.selectFrom('visits').selectAll().execute()
    assert.doesNotMatch(JSON.stringify([visits, rows]), /SECRET|203\.0\.113|127\.0\.0\.1/)
  })

  it('accept only addresses of web pages, and texts of a bounded length', async () => {
    const contact = await arrive(await addWebsite())
    for (const page_url of ['javascript:alert(1)', 'file:///home/ada/', 'nonsense', 'data:text/html,x']) {
      assertRefused(
        await contact.visit({ page_url }),
        422,
        /^page_url must be an http:\/\/ or https:\/\/ URL/,
      )
    }
    const long = `https://shop.example/${'ä'.repeat(1500)}`
    assertRefused(await contact.visit({ page_url: long }), 422, /^page_url must have at most 2048 characters/)
    assertRefused(await contact.visit({ page_title: 'x'.repeat(256) }), 422, /^page_title/)
    assert.equal(
      (await contact.visit({}, { 'accept-language': '*', 'user-agent': 'x'.repeat(3000) })).status,
      204,
    )
    const [visit] = await visitsOf(contact)
    assert.deepEqual([visit.page_url, visit.language, visit.user_agent.length], [null, null, 500])
  })

  it('are signalled to agents of the inbox only, who alone can read them', async () => {
    const inbox = await addWebsite()
    const contact = await arrive(inbox)
    const member = await addUser(test, { inboxes: [inbox.id] })
    const stranger = await addUser(test, { inboxes: [await addInbox(test)] })
    const [ofMember, ofStranger] = [await openStream(test, member), await openStream(test, stranger)]
    await contact.visit({ page_url: 'https://shop.example/' })
    const { id, data } = await ofMember.find(({ name }) => name === 'visit')
    assert.equal(id, undefined)
    assert.deepEqual(data, { event: 'visit', contact_id: contact.id, inbox_id: inbox.id })
    await test.api('/contacts', { method: 'POST', body: { name: 'Mary' } })
    await ofStranger.find(({ name, data }) => name === 'contact_created' && data.contact.name === 'Mary')
    assert.deepEqual(ofStranger.named('visit'), [])
    assert.equal((await visitsOf(contact, member.token)).length, 1)
    assert.deepEqual(await visitsOf(contact, stranger.token), [])
    assertRefused(await test.api('/contacts/99999/visits'), 404, /^contact not found$/)
    ofMember.close()
    ofStranger.close()
  })

  it('are not stored for blocked contacts, nor in an inbox that does not want them, and end with that setting', async () => {
    const inbox = await addWebsite()
    const contact = await arrive(inbox)
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: { blocked: true } })
    assertRefused(await contact.visit({ page_url: 'https://shop.example/' }), 403, /blocked/)
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: { blocked: false } })
    await contact.visit({ page_url: 'https://shop.example/' })
    assert.equal((await visitsOf(contact)).length, 1)
    const change = { channel: { widget: { record_visits: false } } }
    await test.api(`/inboxes/${inbox.id}`, { method: 'PATCH', body: change })
    assert.deepEqual(await visitsOf(contact), [])
    assert.equal((await contact.visit({ page_url: 'https://shop.example/' })).status, 204)
    assert.deepEqual(await visitsOf(contact), [])
  })

  it('are exported, merged and erased with the person, and deleted with the inbox', async () => {
    const [inbox, other] = [await addWebsite(), await addWebsite()]
    const [base, mergee] = [await arrive(inbox), await arrive(inbox)]
    await mergee.visit({ page_url: 'https://shop.example/old' })
    await base.visit({ page_url: 'https://shop.example/new' })
    const elsewhere = await test.api(`/contacts/${mergee.id}/contact_inboxes`, {
      method: 'POST',
      body: { inbox_id: other.id },
    })
    const path = `//public/api/v1/inboxes/${other.inbox_identifier}/contacts/${elsewhere.body.source_id}/visits`
    await test.api(path, { method: 'POST', token: null, body: { page_url: 'https://other.example/' } })
    const merge = { base_contact_id: base.id, mergee_contact_id: mergee.id }
    assert.equal((await test.api('/actions/contact_merge', { method: 'POST', body: merge })).status, 200)
    const urls = async () =>
      (await visitsOf(base)).map(({ page_url }: { page_url: string }) => page_url).toSorted()
    assert.deepEqual(await urls(), ['https://other.example/', 'https://shop.example/new'])
    const exported = (await test.api(`/contacts/${base.id}/export`)).body
    assert.deepEqual(exported.visits, await visitsOf(base))
    await test.api(`/inboxes/${other.id}`, { method: 'DELETE' })
    assert.deepEqual(await urls(), ['https://shop.example/new'])
    await test.api(`/contacts/${base.id}`, { method: 'DELETE' })
    const rows = await test.app.database.read.sql.selectFrom('visits').selectAll().execute()
    assert.ok(rows.every(({ contact_id }) => ![base.id, mergee.id].includes(contact_id)))
  })
})
