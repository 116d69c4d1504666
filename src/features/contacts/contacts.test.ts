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
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => assertStoredCounts(test).finally(() => test.close()))

function create(body: unknown, token = test.token): Promise<ApiResponse> {
  return test.api('/contacts', { method: 'POST', body, token })
}

describe('Creating a contact', () => {
  it('returns 201 with every field of the contact', async () => {
    const start = Math.floor(Date.now() / 1000)
    const { status, body } = await create({
      name: 'John Smith',
      email: 'john@example.com',
      phone_number: '+14155552671',
      identifier: 'crm-1',
      custom_attributes: { plan: 'premium' },
    })
    assert.equal(status, 201)
    const { id, created_at, ...rest } = body
    assert.ok(created_at >= start && created_at <= Date.now() / 1000)
    assert.deepEqual(rest, {
      name: 'John Smith',
      email: 'john@example.com',
      phone_number: '+14155552671',
      identifier: 'crm-1',
      blocked: false,
      thumbnail: null,
      last_activity_at: null,
      custom_attributes: { plan: 'premium' },
      additional_attributes: {},
      labels: [],
      company_id: null,
      company: null,
      contact_inboxes: [],
    })
    assert.deepEqual((await test.api(`/contacts/${id}`)).body, body)
  })

  it('requires no field, and uses another known field as the name', async () => {
    const names = []
    for (const body of [
      { email: 'Known@Example.com', phone_number: '+15550001', identifier: 'id-1' },
      { phone_number: '+15550002', identifier: 'id-2' },
      { identifier: 'id-3' },
      { name: null, email: null, phone_number: null, identifier: null, inbox_id: null },
      {},
    ]) {
      const answer = await create(body)
      assert.equal(answer.status, 201)
      names.push(answer.body.name)
    }
    assert.deepEqual(names, ['known@example.com', '+15550002', 'id-3', 'Visitor', 'Visitor'])
  })

  it('stores an e-mail address in lower case', async () => {
    assert.equal((await create({ email: 'MiXeD@Example.COM' })).body.email, 'mixed@example.com')
    assertRefused(await create({ email: 'mixed@EXAMPLE.com' }), 422, /^email is already used by contact \d+$/)
  })

  it('keeps e-mail, phone number and identifier unique in the account', async () => {
    const unique = { email: 'once@example.com', phone_number: '+15551111', identifier: 'once' }
    const { id } = (await create(unique)).body
    const rows = await readAllRows(test)
    for (const [field, value] of Object.entries(unique)) {
      const answer = await create({ [field]: value })
      assertRefused(answer, 422, new RegExp(`^${field} is already used by contact ${id}$`))
      assert.equal(answer.body.errors[0].field, field)
    }
    assert.deepEqual(await readAllRows(test), rows)
    for (let i = 0; i < 2; i++) assert.equal((await create({ name: 'Of the same name' })).status, 201)
    assert.equal((await create({ identifier: 'ONCE' })).status, 201, 'identifiers are case-sensitive')
  })

  it('creates one contact if many concurrent requests have the same address', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => create({ email: 'race@example.com' })))
    const statuses = answers.map(({ status }) => status).toSorted()
    assert.deepEqual(statuses, [201, ...Array(19).fill(422)])
  })

  it('keeps the contacts of accounts apart', async () => {
    const other = await addAccount(test)
    const base = `//api/v1/accounts/${other.accountId}/contacts`
    const body = { email: 'jane@example.com' }
    const theirs = await test.api(base, { token: other.token, method: 'POST', body })
    assert.equal(theirs.status, 201)
    assert.equal(theirs.body.id, 1)
    assert.equal((await test.api('/contacts/1')).body.name, 'Jane Doe')
    assert.equal((await test.api(base, { token: other.token })).body.meta.count, 1)
    assert.equal((await test.api(`${base}/2`, { token: other.token })).status, 404)
  })

  it('with inbox_id returns an unguessable secret for that inbox', async () => {
    const inbox_id = await addInbox(test)
    const [one, two] = [await create({ inbox_id }), await create({ inbox_id })]
    for (const { body } of [one, two]) {
      assert.equal(body.contact_inboxes.length, 1)
      assert.deepEqual(body.contact_inboxes[0].inbox, { id: inbox_id, name: 'Another inbox' })
      assert.match(body.contact_inboxes[0].source_id, /^src_[\w-]{43}$/)
    }
    assert.notEqual(one.body.contact_inboxes[0].source_id, two.body.contact_inboxes[0].source_id)
  })

  it('stores nothing if it is refused', async () => {
    const hidden = await addInbox(test)
    const agent = await addUser(test, { inboxes: [1] })
    const rows = await readAllRows(test)
    const refused: [unknown, string][] = [
      [{ name: '' }, 'name must not be empty'],
      [{ name: '  ' }, 'name must not be empty'],
      [{ name: 5 }, 'name must be'],
      [{ name: 'x'.repeat(256) }, 'name must have at most 255 characters'],
      [{ email: '' }, 'email must look like name@example.com'],
      [{ email: 'nobody' }, 'email must look like name@example.com'],
      [{ email: 'a@b' }, 'email must look like name@example.com'],
      [{ email: 'a b@example.com' }, 'email must look like name@example.com'],
      [{ email: 'a@b@example.com' }, 'email must look like name@example.com'],
      [{ email: `${'x'.repeat(250)}@example.com` }, 'email must have at most 254 characters'],
      [{ phone_number: '4155552671' }, 'phone_number must be a phone number like'],
      [{ phone_number: '+0155552671' }, 'phone_number must be a phone number like'],
      [{ phone_number: '+1 415 555 2671' }, 'phone_number must be a phone number like'],
      [{ phone_number: '+1234567890123456' }, 'phone_number must be a phone number like'],
      [{ phone_number: 14155552671 }, 'phone_number must be'],
      [{ identifier: '' }, 'identifier must not be empty'],
      [{ identifier: 7 }, 'identifier must be'],
      [{ custom_attributes: 'x' }, 'custom_attributes must be an object'],
      [{ custom_attributes: { a: 'x'.repeat(65_536) } }, 'custom_attributes must be at most 64 KiB'],
      [{ inbox_id: 9999 }, 'inbox_id names no inbox of this account'],
      [{ inbox_id: '1x' }, 'inbox_id must be'],
      [{ name: 'a\0b' }, 'name must not contain the NUL character'],
      [[], 'body must be an object'],
    ]
    for (const [body, sentence] of refused) {
      const answer = await create(body)
      assert.equal(answer.status, 422, JSON.stringify(body).slice(0, 100))
      assert.ok(answer.body.error.includes(sentence), `${answer.body.error} for ${sentence}`)
    }
    assertRefused(await create({ inbox_id: hidden }, agent.token), 422, /^inbox_id names no inbox/)
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('A contact', () => {
  it('is answered with 404 if it does not exist or its id is invalid', async () => {
    assertRefused(await test.api('/contacts/99999'), 404, /^contact not found$/)
    for (const id of ['0', '-1', 'abc', '1.0', '9007199254740992', '%00']) {
      assertRefused(await test.api(`/contacts/${id}`), 404, /not found$/)
    }
  })

  it('is shown with those of its inboxes that the user may see', async () => {
    const inboxes = [await addInbox(test), await addInbox(test)]
    const { id } = (await create({ inbox_id: inboxes[0] })).body
    const conversation = { inbox_id: inboxes[1], contact_id: id }
    await test.api('/conversations', { method: 'POST', body: conversation })
    const seen = async (token: string) => {
      const one = (await test.api(`/contacts/${id}`, { token })).body.contact_inboxes
      const list = (await test.api('/contacts?include_contact_inboxes=true&sort=-created_at', { token })).body
        .payload
      assert.deepEqual(list.find((contact: { id: number }) => contact.id === id).contact_inboxes, one)
      return one.map(({ inbox }: { inbox: { id: number } }) => inbox.id)
    }
    assert.deepEqual(await seen(test.token), inboxes)
    assert.deepEqual(await seen((await addUser(test, { inboxes: inboxes.slice(1) })).token), inboxes.slice(1))
    assert.deepEqual(await seen((await addUser(test)).token), [])
  })

  it('is active when it writes, not when an agent writes to it', async () => {
    const number = await addTestConversation(test)
    const { id } = (await test.api(`/conversations/${number}`)).body.contact
    await sendMessage(test, 'Hello?', {}, number)
    assert.equal((await test.api(`/contacts/${id}`)).body.last_activity_at, null)
    const { created_at } = await sendMessage(test, 'Yes', { message_type: 'incoming' }, number)
    assert.equal((await test.api(`/contacts/${id}`)).body.last_activity_at, created_at)
  })
})

describe('The list of contacts', () => {
  let other: { accountId: number; token: string }
  const page = async (query: string) =>
    (await test.api(`//api/v1/accounts/${other.accountId}/contacts?${query}`, { token: other.token })).body
  const names = async (query: string) =>
    (await page(query)).payload.map(({ name }: { name: string }) => name).join(' ')

  before(async () => {
    other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}/contacts`
    for (const body of [
      { name: 'B', email: 'c@example.com' },
      { name: 'A', email: 'a@example.com', phone_number: '+15553' },
      { name: 'C', phone_number: '+15552' },
    ]) {
      await test.api(path, { method: 'POST', body, token: other.token })
    }
    const times: Record<string, object> = {
      A: { created_at: 3000 },
      B: { created_at: 1000, last_activity_at: 1000 },
      C: { created_at: 2000, last_activity_at: 2000 },
    }
    for (const [name, change] of Object.entries(times)) {
      await test.app.database.transaction(null, (tx) =>
        tx.sql
          .updateTable('contacts')
          .set(change)
          .where('account_id', '=', other.accountId)
          .where('name', '=', name)
          .execute(),
      )
    }
  })

  it('contains the contact of a new installation, with its inboxes only on request', async () => {
    const { status, body } = await test.api('/contacts?sort=created_at')
    assert.equal(status, 200)
    assert.equal(body.payload[0].name, 'Jane Doe')
    assert.equal('contact_inboxes' in body.payload[0], false)
    const withInboxes = await test.api('/contacts?sort=created_at&include_contact_inboxes=true')
    assert.equal(withInboxes.body.payload[0].contact_inboxes[0].inbox.id, 1)
    assert.ok(withInboxes.body.payload.length > 1)
  })

  for (const [sort, order] of [
    ['name', 'A B C'],
    ['-name', 'C B A'],
    ['email', 'A B C'],
    ['-email', 'B A C'],
    ['phone_number', 'C A B'],
    ['-phone_number', 'A C B'],
    ['created_at', 'B C A'],
    ['-created_at', 'A C B'],
    ['last_activity_at', 'B C A'],
    ['-last_activity_at', 'C B A'],
  ]) {
    it(`can be sorted by ${sort}, with contacts without a value last`, async () =>
      assert.equal(await names(`sort=${sort}`), order))
  }

  it('has 15 contacts per page, and each contact on one page', async () => {
    const big = await addAccount(test)
    const base = `//api/v1/accounts/${big.accountId}/contacts`
    const { token } = big
    assert.deepEqual((await test.api(base, { token })).body, {
      payload: [],
      meta: { count: 0, current_page: 1, total_pages: 0 },
    })
    for (let i = 0; i < 32; i++) await test.api(base, { token, method: 'POST', body: { name: 'Same' } })
    const ids: number[] = []
    for (const [number, length] of [15, 15, 2, 0].entries()) {
      const { payload, meta } = (await test.api(`${base}?page=${number + 1}`, { token })).body
      assert.equal(payload.length, length)
      assert.deepEqual(meta, { count: 32, current_page: number + 1, total_pages: 3 })
      ids.push(...payload.map(({ id }: { id: number }) => id))
    }
    assert.equal(new Set(ids).size, 32)
  })

  it('has the same order page by page with a cursor as with numbers', async () => {
    const big = await addAccount(test)
    const base = `//api/v1/accounts/${big.accountId}/contacts`
    const { token } = big
    for (let i = 0; i < 34; i++) {
      const email = i % 3 === 0 ? {} : { email: `p${(i * 7) % 34}@example.com` }
      const phone = i % 4 === 0 ? {} : { phone_number: `+4930${(i * 5) % 34}0` }
      await test.api(base, { token, method: 'POST', body: { name: `Name ${i % 5}`, ...email, ...phone } })
    }
    for (const key of ['name', 'email', 'phone_number', 'last_activity_at', 'created_at']) {
      for (const sort of [key, `-${key}`]) {
        const ofPages: number[] = []
        for (const page of [1, 2, 3]) {
          const { payload } = (await test.api(`${base}?sort=${sort}&page=${page}`, { token })).body
          ofPages.push(...payload.map(({ id }: { id: number }) => id))
        }
        const ofCursors: number[] = []
        let cursor: string | null = ''
        while (cursor !== null) {
          const page: ApiResponse = await test.api(`${base}?sort=${sort}&cursor=${cursor}`, { token })
          ofCursors.push(...page.body.payload.map(({ id }: { id: number }) => id))
          cursor = page.body.meta.next
        }
        assert.equal(ofCursors.length, 34)
        assert.deepEqual(ofCursors, ofPages, sort)
      }
    }
  })

  for (const query of [
    'page=0',
    'page=-1',
    'page=abc',
    'page=1.5',
    'sort=id',
    'sort=',
    'sort=--name',
    'sort=password',
    'sort=name;drop table contacts',
    'include_contact_inboxes=yes',
    'cursor=abc',
    `cursor=${Buffer.from('["name","Ada",1]').toString('base64url')}`,
  ]) {
    it(`is refused with ${query}`, async () => {
      assertRefused(await test.api(`/contacts?${query}`), 400, new RegExp(`^${query.split('=')[0]} must be`))
    })
  }
})

describe('The routes of contacts', () => {
  it('refuse requests without a token, from another account, and writes with a token that may only read', async () => {
    const reader = await addUser(test, { inboxes: [1], scopes: ['read'] })
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    for (const [token, read, write] of [
      [null, 401, 401],
      [other.token, 403, 403],
      [reader.token, 200, 403],
    ] as const) {
      assert.equal((await test.api('/contacts', { token })).status, read)
      assert.equal((await test.api('/contacts/1', { token })).status, read)
      assert.equal((await test.api('/contacts', { token, method: 'POST', body: {} })).status, write)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })
})
