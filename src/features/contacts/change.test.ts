import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const create = async (body: object): Promise<ApiResponse['body']> =>
  (await test.api('/contacts', { method: 'POST', body })).body
const change = (id: number, body: unknown, more: { method?: string; token?: string } = {}) =>
  test.api(`/contacts/${id}`, { method: 'PATCH', body, ...more })

/** The events about a contact, in their order. */
async function eventsOf(id: number) {
  const { sql } = test.app.database.read
  const rows = await sql.selectFrom('events').selectAll().where('contact_id', '=', id).execute()
  return rows.map(({ name, data }) => ({ name, data: JSON.parse(data) }))
}

describe('Changing a contact', () => {
  it('changes the given fields and leaves the rest, with PATCH and with PUT', async () => {
    const before = await create({ name: 'Ann', email: 'ann@example.com', phone_number: '+15559001' })
    const { status, body } = await change(before.id, { name: 'Anna', email: 'ANNA@example.com' })
    assert.equal(status, 200)
    assert.deepEqual(body, { ...before, name: 'Anna', email: 'anna@example.com' })
    assert.deepEqual((await test.api(`/contacts/${before.id}`)).body, body)
    const put = await change(before.id, { identifier: 'crm-9001' }, { method: 'PUT' })
    assert.deepEqual(put.body, { ...body, identifier: 'crm-9001' })
  })

  it('merges custom attributes; null removes one', async () => {
    const { id } = await create({ custom_attributes: { plan: 'free', seats: 3, deep: { a: 1 } } })
    const { body } = await change(id, { custom_attributes: { plan: 'premium', seats: null, deep: { b: 2 } } })
    assert.deepEqual(body.custom_attributes, { plan: 'premium', deep: { b: 2 } })
    assert.deepEqual(
      (await change(id, { custom_attributes: {} })).body.custom_attributes,
      body.custom_attributes,
    )
  })

  it('empties a field with null, and replaces an emptied name with another known field', async () => {
    const { id } = await create({ name: 'Bo', email: 'bo@example.com', phone_number: '+15559002' })
    assert.equal((await change(id, { name: null })).body.name, 'bo@example.com')
    const { body } = await change(id, { name: null, email: null })
    assert.deepEqual([body.name, body.email], ['+15559002', null])
    assert.equal((await create({ email: 'bo@example.com' })).email, 'bo@example.com')
  })

  it('keeps e-mail, phone number and identifier unique, and accepts the contact’s own values', async () => {
    const unique = { email: 'uni@example.com', phone_number: '+15559003', identifier: 'uni' }
    const owner = await create(unique)
    const other = await create({ name: 'Other' })
    const rows = await readAllRows(test)
    for (const [field, value] of Object.entries(unique)) {
      const answer = await change(other.id, { name: 'Changed', [field]: value })
      assertRefused(answer, 422, new RegExp(`^${field} is already used by contact ${owner.id}$`))
    }
    assertRefused(await change(other.id, { email: 'UNI@example.com' }), 422, /^email is already used/)
    assert.deepEqual(await readAllRows(test), rows)
    assert.equal((await change(owner.id, unique)).status, 200)
  })

  it('lets one of many concurrent requests have an address', async () => {
    const ids = []
    for (let i = 0; i < 8; i++) ids.push((await create({})).id)
    const answers = await Promise.all(ids.map((id) => change(id, { email: 'race2@example.com' })))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array(7).fill(422)])
  })

  it('logs which fields have changed, and nothing if none have', async () => {
    const { id } = await create({ name: 'Cy', email: 'cy@example.com' })
    await change(id, { email: 'cy2@example.com', name: 'Cy', custom_attributes: { a: 1 } })
    await change(id, { email: 'CY2@example.com' })
    const events = await eventsOf(id)
    assert.deepEqual(events.map(({ name }) => name).toSorted(), ['contact_created', 'contact_updated'])
    const { data } = events.find(({ name }) => name === 'contact_updated')!
    assert.deepEqual(data.changed, ['email', 'custom_attributes'])
    assert.equal(data.contact.email, 'cy2@example.com')
  })

  it('shows the new name in cached pages of messages', async () => {
    const number = await addTestConversation(test)
    await sendMessage(test, 'Hello', { message_type: 'incoming' }, number)
    const names = async () => {
      const { body } = await test.api(`/conversations/${number}/messages?limit=5`)
      return body.payload.map((message: { sender: { name: string } }) => message.sender.name)
    }
    for (let i = 0; i < 3; i++) assert.deepEqual(await names(), ['John Smith'])
    const { contact } = (await test.api(`/conversations/${number}`)).body
    await change(contact.id, { name: 'Johnny' })
    assert.deepEqual(await names(), ['Johnny'])
  })

  it('changes nothing if it is refused', async () => {
    const { id } = await create({ name: 'Di' })
    const other = await addAccount(test)
    const reader = await addUser(test, { scopes: ['read'] })
    const rows = await readAllRows(test)
    for (const [body, sentence] of [
      [{ name: ' ' }, /^name must not be empty/],
      [{ email: 'x' }, /^email must look like/],
      [{ phone_number: '1' }, /^phone_number must be/],
      [{ blocked: 'yes' }, /^blocked must be a boolean/],
      [{ blocked: null }, /^blocked must be a boolean/],
      [{ custom_attributes: [] }, /^custom_attributes must be an object/],
      [{ custom_attributes: { a: 'x'.repeat(65_536) } }, /^custom_attributes must be at most 64 KiB/],
    ] as const) {
      assertRefused(await change(id, body), 422, sentence)
    }
    assertRefused(await change(99_999, { name: 'x' }), 404, /^contact not found$/)
    assert.equal((await change(id, { name: 'x' }, { token: other.token })).status, 403)
    assert.equal((await change(id, { name: 'x' }, { token: reader.token })).status, 403)
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('A blocked contact', () => {
  it('gets 403 when it writes, but agents may write to it, and it can be unblocked', async () => {
    const number = await addTestConversation(test)
    const { contact } = (await test.api(`/conversations/${number}`)).body
    const write = (message_type: string, headers = {}) => {
      const body = { content: 'Hey', message_type }
      return test.api(`/conversations/${number}/messages`, { method: 'POST', body, headers })
    }
    const key = { 'idempotency-key': 'before-the-block' }
    const first = await write('incoming', key)
    assert.equal(first.status, 201)
    assert.equal((await change(contact.id, { blocked: true })).body.blocked, true)
    const rows = await readAllRows(test)
    assertRefused(await write('incoming'), 403, /^this contact is blocked/)
    assert.deepEqual(await readAllRows(test), rows)
    const again = await write('incoming', key)
    assert.deepEqual([again.status, again.body], [200, first.body])
    assert.equal((await write('outgoing')).status, 201)
    const body = {
      inbox_id: 1,
      contact_id: contact.id,
      message: { content: 'Hi', message_type: 'incoming' },
    }
    assertRefused(await test.api('/conversations', { method: 'POST', body: body }), 403, /is blocked/)
    await change(contact.id, { blocked: false })
    assert.equal((await write('incoming')).status, 201)
  })

  it('does not reopen a resolved conversation', async () => {
    const number = await addTestConversation(test, { status: 'resolved' })
    const { contact } = (await test.api(`/conversations/${number}`)).body
    await change(contact.id, { blocked: true })
    const body = { content: 'Hey', message_type: 'incoming' }
    const answer = await test.api(`/conversations/${number}/messages`, { method: 'POST', body })
    assertRefused(answer, 403, /is blocked/)
    assert.equal((await test.api(`/conversations/${number}`)).body.status, 'resolved')
  })
})

describe('Searching contacts', () => {
  let other: { accountId: number; token: string }
  const base = () => `//api/v1/accounts/${other.accountId}/contacts`
  const namesFor = async (q: string, more = '') => {
    const path = `${base()}/search?sort=name&q=${encodeURIComponent(q)}${more}`
    const { body } = await test.api(path, { token: other.token })
    return body.payload.map(({ name }: { name: string }) => name).join(' ')
  }

  before(async () => {
    other = await addAccount(test)
    for (const body of [
      { name: 'Zoë', email: 'zoe_1@example.com', phone_number: '+14155552671' },
      { name: 'adam', email: 'ADAM@example.com', identifier: 'crm-77' },
      { name: '100%', identifier: 'back\\slash' },
      { name: 'Иван Петров' },
    ]) {
      await test.api(base(), { method: 'POST', body, token: other.token })
    }
    // Words are indexed a moment later.
    await eventually(async () => (await namesFor('иван')) !== '')
  })

  for (const [q, names] of [
    ['zo', 'Zoë'],
    ['ZOË', 'Zoë'],
    ['zoe', 'Zoë'],
    ['Zoë', 'Zoë'],
    ['ИВАН', 'Иван Петров'],
    ['петр', 'Иван Петров'],
    ['иван adam', ''],
    ['ADAM', 'adam'],
    ['example.com', 'Zoë adam'],
    ['EXAMPLE.COM', 'Zoë adam'],
    ['5552', 'Zoë'],
    ['+1415', 'Zoë'],
    ['CRM-7', 'adam'],
    [' adam ', 'adam'],
    ['100', '100%'],
    ['+1 (415) 555-2671', 'Zoë'],
    ['555 26 71', 'Zoë'],
    ['415 999', ''],
    ['%', ''],
    ['_', ''],
    ['\\', ''],
    ["'", ''],
    ['nobody', ''],
  ] as const) {
    it(`finds "${q}"`, async () => assert.equal(await namesFor(q), names))
  }

  it('finds nothing in other accounts', async () => {
    const { body } = await test.api('/contacts/search?q=adam')
    assert.deepEqual(body, {
      payload: [],
      meta: { count: 0, current_page: 1, total_pages: 0, count_capped: false },
    })
  })

  it('has pages like the list', async () => {
    for (let i = 0; i < 17; i++) {
      await test.api(base(), { method: 'POST', body: { name: `Many ${i}` }, token: other.token })
    }
    const page = async (number: number) =>
      (await test.api(`${base()}/search?q=many&page=${number}`, { token: other.token })).body
    await eventually(async () => (await page(1)).meta.count === 17)
    const [one, two] = [await page(1), await page(2)]
    assert.deepEqual(one.meta, { count: 17, current_page: 1, total_pages: 2, count_capped: false })
    assert.deepEqual([one.payload.length, two.payload.length], [15, 2])
  })

  for (const query of ['', 'q=', 'q=%20', `q=${'x'.repeat(256)}`]) {
    it(`is refused with "${query.slice(0, 10)}"`, async () =>
      assertRefused(await test.api(`/contacts/search?${query}`), 400, /^q (is required|must)/))
  }
})

describe('Adding a contact to another inbox', () => {
  it('returns a secret, which is shown once, or uses the requested name', async () => {
    const inbox_id = await addInbox(test)
    const { id } = await create({ name: 'Ed' })
    const open = (body: object, token = test.token) =>
      test.api(`/contacts/${id}/contact_inboxes`, { method: 'POST', body, token })
    const { status, body } = await open({ inbox_id })
    assert.equal(status, 201)
    assert.match(body.source_id, /^src_[\w-]{43}$/)
    assert.deepEqual(body.inbox, { id: inbox_id, name: 'Another inbox' })
    const again = await open({ inbox_id })
    assert.deepEqual([again.status, again.body], [200, { ...body, source_id: null }])
    const secret = await open({ inbox_id, source_id: body.source_id })
    assert.deepEqual([secret.status, secret.body], [200, { ...body, source_id: null }])
    const named = await open({ inbox_id, source_id: 'ed' })
    assert.deepEqual([named.status, named.body.source_id], [201, 'ed'])
    const { contact_inboxes } = (await test.api(`/contacts/${id}`)).body
    assert.deepEqual(
      contact_inboxes.map(({ source_id }: { source_id: string | null }) => source_id),
      [null, 'ed'],
    )
    const once = await open({ inbox_id, source_id: 'ed' })
    assert.deepEqual([once.status, once.body.source_id], [200, 'ed'])
    const other = await create({ name: 'Flo' })
    const theirs = { method: 'POST', body: { inbox_id, source_id: 'ed' } }
    const refused = await test.api(`/contacts/${other.id}/contact_inboxes`, theirs)
    assertRefused(refused, 422, /^source_id is already used by another contact/)
    const stolen = { method: 'POST', body: { inbox_id, source_id: body.source_id } }
    assertRefused(
      await test.api(`/contacts/${other.id}/contact_inboxes`, stolen),
      422,
      /^source_id has the form of a secret/,
    )
    const outsider = await addUser(test, { inboxes: [1] })
    assertRefused(await open({ inbox_id }, outsider.token), 422, /^inbox_id names no inbox/)
    assertRefused(await open({ inbox_id: 999 }), 422, /^inbox_id names no inbox/)
    const nobody = await test.api('/contacts/99999/contact_inboxes', { method: 'POST', body: { inbox_id } })
    assertRefused(nobody, 404, /^contact not found$/)
  })
})
