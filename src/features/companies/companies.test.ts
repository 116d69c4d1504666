import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addAccount, addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'
import { storeCompany } from './service.ts'

describe('Companies', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  const post = (path: string, body: object) => test.api(path, { method: 'POST', body })
  const create = async (name: string, more: object = {}): Promise<number> => {
    const { status, body } = await post('/companies', { name, ...more })
    assert.equal(status, 201, JSON.stringify(body))
    return body.id
  }
  const addContact = async (body: object): Promise<number> => (await post('/contacts', body)).body.id
  const countOf = async (id: number) => (await test.api(`/companies/${id}`)).body.contacts_count
  const namesOf = ({ payload }: { payload: { name: string }[] }) => payload.map(({ name }) => name)

  it('are created, changed and deleted by agents and administrators, with an event each', async () => {
    const agent = await addUser(test)
    let id = 0
    const events = await eventsOf(test, async () => {
      const body = { name: ' Babbage & Co ', domain: 'Babbage.Example', description: 'Engines' }
      const created = await test.api('/companies', { method: 'POST', body, token: agent.token })
      id = created.body.id
      assert.deepEqual(
        [created.body.name, created.body.domain, created.body.contacts_count],
        ['Babbage & Co', 'babbage.example', 0],
      )
      const change = { description: null }
      await test.api(`/companies/${id}`, { method: 'PATCH', body: change, token: agent.token })
      const refused = await test.api(`/companies/${id}`, { method: 'DELETE', token: agent.token })
      assertRefused(refused, 403, /administrator/)
      assert.equal((await test.api(`/companies/${id}`, { method: 'DELETE' })).status, 204)
    })
    assert.deepEqual(
      events.map(({ data }) => [data.event, data.changed]),
      [
        ['company_created', []],
        ['company_updated', ['description']],
        ['company_deleted', []],
      ],
    )
    assertRefused(await test.api(`/companies/${id}`), 404, /^company not found$/)
    assertRefused(await test.api(`/companies/${id}/contacts`), 404, /^company not found$/)
  })

  it('have names and domains of their own, in any case, and no domain of a mail provider', async () => {
    const id = await create('Straße AG', { domain: 'strasse.example' })
    const other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}/companies`
    const body = { name: 'Straße AG', domain: 'strasse.example' }
    assert.equal((await test.api(path, { method: 'POST', body, token: other.token })).status, 201)
    assertRefused(await post('/companies', { name: 'STRAßE ag' }), 422, /^name is already used by company/)
    const domain = { name: 'Another', domain: 'STRASSE.example' }
    assertRefused(await post('/companies', domain), 422, /^domain is already used by company/)
    const provider = { name: 'Another', domain: 'Gmail.com' }
    assertRefused(await post('/companies', provider), 422, /^domain is one of a public mail provider/)
    for (const text of ['example', 'a@b.example', 'https://b.example', 'b.example/x'])
      assertRefused(await post('/companies', { name: 'x', domain: text }), 422, /must look like example.com/)
    const same = await test.api(`/companies/${id}`, { method: 'PATCH', body: { name: 'STRAßE AG' } })
    assert.equal(same.body.name, 'STRAßE AG')
  })

  it('are listed page by page, by name, by how many contacts they have or by age', async () => {
    const other = await addAccount(test)
    const base = `//api/v1/accounts/${other.accountId}`
    const { token } = other
    const names = Array.from({ length: 28 }, (_, index) => `company ${String(index).padStart(2, '0')}`)
    for (const name of names.toReversed()) {
      const body = { name: name === 'company 03' ? 'COMPANY 03' : name }
      const { id } = (await test.api(`${base}/companies`, { method: 'POST', body, token })).body
      const contact = { name: 'x', company_id: id }
      if (name.endsWith('7')) await test.api(`${base}/contacts`, { method: 'POST', body: contact, token })
    }
    for (const sort of ['name', '-name', 'contacts_count', '-contacts_count', 'created_at', '-created_at']) {
      const pages: string[] = []
      for (let cursor = ''; ; ) {
        const { body } = await test.api(`${base}/companies?sort=${sort}${cursor}`, { token })
        pages.push(...namesOf(body))
        if (body.meta.next === null) break
        assert.equal(body.payload.length, 25)
        cursor = `&cursor=${body.meta.next}`
      }
      const lower = pages.map((name) => name.toLowerCase())
      assert.deepEqual(lower.toSorted(), names)
      if (sort === 'name') assert.deepEqual(lower, names)
      if (sort === '-name') assert.deepEqual(lower, names.toReversed())
      if (sort === '-created_at') assert.deepEqual(lower, names)
      if (sort === 'created_at') assert.deepEqual(lower, names.toReversed())
      if (sort === '-contacts_count') assert.ok(lower.slice(0, 3).every((name) => name.endsWith('7')))
      if (sort === 'contacts_count') assert.ok(lower.slice(-3).every((name) => name.endsWith('7')))
    }
    const { next } = (await test.api(`${base}/companies`, { token })).body.meta
    const wrong = await test.api(`${base}/companies?sort=contacts_count&cursor=${next}`, { token })
    assertRefused(wrong, 400, /^cursor must be/)
  })

  it('are listed by age in the order of their creation, also those of an import with ids of their own', async () => {
    const { accountId, token } = await addAccount(test)
    const hour = 3_600_000
    // As an import from Chatwoot stores them: larger ids may be older, and many have the same time.
    await test.app.database.transaction(accountId, async (tx) => {
      for (let id = 1; id <= 30; id++) {
        const at = (id === 30 ? 1 : id <= 28 ? 2 : 3) * hour
        const times = { created_at: at, updated_at: at }
        await storeCompany(tx, accountId, id, {
          name: `One ${id}`,
          domain: null,
          description: null,
          ...times,
        })
      }
    })
    const expected = [30, ...Array.from({ length: 29 }, (_, at) => at + 1)]
    for (const [sort, ids] of [
      ['created_at', expected],
      ['-created_at', expected.toReversed()],
    ] as const) {
      const path = `//api/v1/accounts/${accountId}/companies?sort=${sort}`
      const first = (await test.api(path, { token })).body
      const second = (await test.api(`${path}&cursor=${first.meta.next}`, { token })).body
      const pages = [...first.payload, ...second.payload]
      assert.deepEqual(
        pages.map(({ id }: { id: number }) => id),
        ids,
      )
    }
  })

  it('are found by the beginnings of the words of their name and domain, whatever the case and accents', async () => {
    const id = await create('Crème de la Mer', { domain: 'lamer.example' })
    await create('Mercury')
    const search = async (q: string) =>
      namesOf((await test.api(`/companies/search?q=${encodeURIComponent(q)}`)).body)
    assert.deepEqual(await search('MER cre'), ['Crème de la Mer'])
    assert.deepEqual(await search('lamer'), ['Crème de la Mer'])
    assert.deepEqual(await search('mer'), ['Crème de la Mer', 'Mercury'])
    assert.deepEqual(await search('ercury'), [])
    assert.deepEqual(await search('?!'), [])
    await test.api(`/companies/${id}`, { method: 'PATCH', body: { name: 'Océan', domain: null } })
    assert.deepEqual([await search('creme'), await search('lamer')], [[], []])
    assert.deepEqual(await search('ocean'), ['Océan'])
  })

  it('are found by their whole name before all others, also by one without letters', async () => {
    for (let at = 0; at < 25; at++) await create(`Acme ${String(at).padStart(2, '0')} Holding`)
    await create('Holding')
    await create('***')
    const search = async (q: string) =>
      namesOf((await test.api(`/companies/search?q=${encodeURIComponent(q)}`)).body)
    const found = await search(' HOLDING ')
    assert.deepEqual(found.slice(0, 2), ['Holding', 'Acme 00 Holding'])
    assert.deepEqual([found.length, new Set(found).size], [25, 25])
    assert.equal((await search('hold'))[0], 'Acme 00 Holding')
    assert.deepEqual([await search('***'), await search('**')], [['***'], []])
  })

  it('get new contacts with an address at exactly their domain, and no others', async () => {
    const id = await create('Engines', { domain: 'engines.example' })
    const company = { id, name: 'Engines' }
    const created = (await post('/contacts', { email: 'Ada@ENGINES.example' })).body
    assert.deepEqual([created.company_id, created.company], [id, company])
    const none = { email: 'bob@engines.example', company_id: null }
    assert.equal((await post('/contacts', none)).body.company_id, null)
    const below = (await post('/contacts', { email: 'eve@sub.engines.example' })).body
    assert.deepEqual([below.company_id, below.company], [null, null])
    const later = await test.api(`/contacts/${below.id}`, {
      method: 'PATCH',
      body: { email: 'eve@engines.example' },
    })
    assert.equal(later.body.company_id, null)
    assert.equal(await countOf(id), 1)
    await assertStoredCounts(test)
  })

  it('have contacts that are listed newest first page by page, and counted', async () => {
    const [one, other] = [await create('One'), await create('Other')]
    const ids: number[] = []
    for (let i = 0; i < 17; i++) ids.unshift(await addContact({ name: `Somebody ${i}`, company_id: one }))
    const list = async (query = '') => (await test.api(`/companies/${one}/contacts${query}`)).body
    const idsOf = ({ payload }: { payload: { id: number }[] }) => payload.map(({ id }) => id)
    const first = await list()
    assert.deepEqual([idsOf(first), first.meta], [ids.slice(0, 15), { before_id: ids[14] }])
    assert.deepEqual(first.payload[0].company, { id: one, name: 'One' })
    const second = await list(`?before_id=${ids[14]}`)
    assert.deepEqual([idsOf(second), second.meta], [ids.slice(15), { before_id: null }])
    const move = { method: 'PATCH', body: { company_id: other } }
    const [event] = await eventsOf(test, () => test.api(`/contacts/${ids[0]}`, move))
    assert.deepEqual(
      [event!.data.changed, event!.before],
      [['company_id'], JSON.stringify({ company_id: one })],
    )
    await test.api(`/contacts/${ids[1]}`, { method: 'PATCH', body: { company_id: null } })
    await test.api(`/contacts/${ids[2]}`, { method: 'DELETE' })
    assert.deepEqual([await countOf(one), await countOf(other)], [14, 1])
    await assertStoredCounts(test)
    const unknown = { method: 'PATCH', body: { company_id: 9999 } }
    assertRefused(await test.api(`/contacts/${ids[0]}`, unknown), 422, /^company_id names no company/)
    assertRefused(await post('/contacts', unknown.body), 422, /^company_id names no company/)
  })

  it('leave their contacts when they are deleted, however many', async () => {
    const id = await create('Large')
    const contacts = Array.from({ length: 200 }, (_, at) => ({
      email: `${at}@large.example`,
      company: 'large',
    }))
    await post('/contacts/imports', { contacts })
    const last = await addContact({ name: 'Last', company_id: id })
    assert.equal(await countOf(id), 201)
    assert.equal((await test.api(`/companies/${id}`, { method: 'DELETE' })).status, 204)
    const { body } = await test.api(`/contacts/${last}`)
    assert.deepEqual([body.name, body.company_id, body.company], ['Last', null, null])
    const filter = [{ attribute_key: 'company_id', filter_operator: 'equal_to', values: [id] }]
    assert.deepEqual((await post('/contacts/filter', { payload: filter })).body.payload, [])
  })

  it('are kept by merges: that of the contact that stays, or else that of the other one', async () => {
    const [one, other] = [await create('Kept'), await create('Not kept')]
    const merge = async (base: object, mergee: object) =>
      (
        await post('/actions/contact_merge', {
          base_contact_id: await addContact({ name: 'base', ...base }),
          mergee_contact_id: await addContact({ name: 'mergee', ...mergee }),
        })
      ).body.company
    assert.deepEqual(await merge({}, { company_id: one }), { id: one, name: 'Kept' })
    assert.deepEqual(await merge({ company_id: one }, { company_id: other }), { id: one, name: 'Kept' })
    assert.equal(await merge({}, {}), null)
    assert.deepEqual([await countOf(one), await countOf(other)], [2, 0])
    await assertStoredCounts(test)
  })

  it('are what filters of contacts and conversations look for', async () => {
    const company_id = await create('Filtered GmbH')
    const inside = await addContact({ name: 'inside', company_id })
    const noted = await addContact({ name: 'noted', additional_attributes: { company_name: 'Filtered Ltd' } })
    const outside = await addContact({ name: 'outside' })
    const conversations = await Promise.all(
      [inside, outside].map(async (contact_id) => {
        return (await post('/conversations', { inbox_id: 1, contact_id })).body.id
      }),
    )
    const filter = async (
      what: string,
      attribute_key: string,
      filter_operator: string,
      values: unknown[],
    ) => {
      const body = { payload: [{ attribute_key, filter_operator, values }] }
      const response = await post(`/${what}/filter`, body)
      return response.body.payload.map(({ id }: { id: number }) => id)
    }
    assert.deepEqual(await filter('contacts', 'company_id', 'equal_to', [company_id]), [inside])
    assert.deepEqual(await filter('contacts', 'company_name', 'contains', ['filtered']), [noted, inside])
    assert.deepEqual(await filter('contacts', 'company_name', 'equal_to', ['FILTERED gmbh']), [inside])
    const without = await filter('contacts', 'company_name', 'is_not_present', [])
    assert.deepEqual([without.includes(outside), without.includes(inside)], [true, false])
    const found = await filter('conversations', 'company_id', 'equal_to', [company_id])
    assert.deepEqual(found, conversations.slice(0, 1))
    const others = await filter('conversations', 'company_id', 'not_equal_to', [company_id])
    assert.deepEqual([others.includes(conversations[1]), others.includes(conversations[0])], [true, false])
  })

  it('are imported and exported by name, and created if there is none', async () => {
    const known = await create('Known', { domain: 'known.example' })
    const contacts = [
      { email: 'a@imported.example', company: ' KNOWN ' },
      { email: 'b@imported.example', company: 'New one' },
      { email: 'c@known.example' },
      { email: 'd@imported.example' },
    ]
    const dryRun = await eventsOf(test, () => post('/contacts/imports', { contacts, dry_run: true }))
    assert.deepEqual(dryRun, [])
    const events = await eventsOf(test, () => post('/contacts/imports', { contacts }))
    assert.deepEqual(
      events.map(({ data }) => [data.event, data.company?.name]),
      [['company_created', 'New one']],
    )
    assert.equal(await countOf(known), 2)
    const csv = String((await test.api('/contacts/export')).body)
    assert.match(csv, /^name,email,phone_number,identifier,company,/)
    for (const [email, name] of [
      ['a@imported', 'Known'],
      ['b@imported', 'New one'],
      ['c@known', 'Known'],
      ['d@imported', ''],
    ])
      assert.match(csv, new RegExp(`^${email}.example,${email}.example,,,${name},`, 'm'))
    await assertStoredCounts(test)
  })

  it('are the company_name of contacts for programs made for Chatwoot', async () => {
    const company_id = await create('Shown')
    const additional_attributes = { company_name: 'Typed', city: 'London' }
    const contact_id = await addContact({ name: 'Ada', company_id, additional_attributes })
    const base = '//chatwoot/api/v1/accounts/1'
    const attributes = async () =>
      (await test.api(`${base}/contacts/${contact_id}`)).body.payload.additional_attributes
    assert.deepEqual(await attributes(), { company_name: 'Shown', city: 'London' })
    const { id } = (await post('/conversations', { inbox_id: 1, contact_id })).body
    const { body } = await test.api(`${base}/conversations/${id}/messages`)
    assert.equal(body.meta.contact.additional_attributes.company_name, 'Shown')
    await test.api(`/companies/${company_id}`, { method: 'PATCH', body: { name: 'Renamed' } })
    const renamed = await test.api(`${base}/conversations/${id}/messages`)
    assert.equal(renamed.body.meta.contact.additional_attributes.company_name, 'Renamed')
    await test.api(`/contacts/${contact_id}`, { method: 'PATCH', body: { company_id: null } })
    assert.deepEqual(await attributes(), additional_attributes)
  })
})
