import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const filter = (of: 'contacts' | 'conversations', payload: unknown, token = test.token, query = '') =>
  test.api(`/${of}/filter${query}`, { method: 'POST', body: { payload }, token })
const is = (attribute_key: string, ...values: unknown[]) => ({
  attribute_key,
  filter_operator: 'equal_to',
  values,
})
const idsOf = ({ body }: { body: { payload: { id: number }[] } }) => body.payload.map(({ id }) => id)

describe('Filtering contacts', () => {
  it('returns them as the list does, newest first, page by page', async () => {
    const ids: number[] = []
    for (let i = 0; i < 20; i++) {
      const body = {
        name: `Number ${i}`,
        custom_attributes: { plan: i % 4 === 0 ? 'Gold' : 'free', seats: i },
      }
      ids.unshift((await test.api('/contacts', { method: 'POST', body })).body.id)
    }
    const payload = [{ attribute_key: 'name', filter_operator: 'starts_with', values: ['NUMBER'] }]
    const first = await filter('contacts', payload)
    assert.equal(first.status, 200)
    assert.deepEqual(idsOf(first), ids.slice(0, 15))
    assert.deepEqual(first.body.meta, { before_id: ids[14], next: null, timed_out: false })
    const { contact_inboxes, ...one } = (await test.api(`/contacts/${ids[0]}`)).body
    assert.deepEqual(first.body.payload[0], one)
    const second = await filter('contacts', payload, test.token, `?before_id=${ids[14]}`)
    assert.deepEqual([idsOf(second), second.body.meta.before_id], [ids.slice(15), null])
    const gold = await filter('contacts', [
      { ...is('plan', 'gold'), query_operator: 'AND' },
      { attribute_key: 'seats', filter_operator: 'is_greater_than', values: [4], query_operator: 'OR' },
      is('name', 'number 1'),
    ])
    const names = gold.body.payload.map(({ name }: { name: string }) => name)
    assert.deepEqual(names, ['Number 16', 'Number 12', 'Number 8', 'Number 1'])
  })

  it('returns them in an order, page by page, those without a value last', async () => {
    await test.api('/labels', { method: 'POST', body: { title: 'sorted' } })
    const ids: number[] = []
    for (let i = 0; i < 18; i++) {
      const email = i < 16 ? { email: `${String.fromCharCode(122 - i)}@sorted.example` } : {}
      const body = { name: `Sorted ${i % 3}`, ...email }
      const { id } = (await test.api('/contacts', { method: 'POST', body })).body
      await test.api(`/contacts/${id}/labels`, { method: 'POST', body: { labels: ['sorted'] } })
      ids.push(id)
    }
    const byName = { attribute_key: 'name', filter_operator: 'starts_with', values: ['sorted'] }
    for (const payload of [[byName], [is('labels', 'sorted')]]) {
      const read = (query: string) => filter('contacts', payload, test.token, query)
      const first = await read('?sort=email')
      assert.equal(first.status, 200, JSON.stringify(first.body))
      assert.deepEqual(idsOf(first), ids.slice(1, 16).reverse())
      assert.deepEqual([first.body.meta.before_id, first.body.meta.timed_out], [null, false])
      const second = await read(`?sort=email&cursor=${first.body.meta.next}`)
      assert.deepEqual(idsOf(second), [ids[0], ids[16], ids[17]])
      assert.equal(second.body.meta.next, null)
      const names = (await read('?sort=-name')).body.payload.map(({ name }: { name: string }) => name)
      assert.deepEqual(names, [
        ...Array(6).fill('Sorted 2'),
        ...Array(6).fill('Sorted 1'),
        ...Array(3).fill('Sorted 0'),
      ])
      const cursor = first.body.meta.next
      assertRefused(await read(`?sort=name&cursor=${cursor}`), 400, /^cursor must be/)
      assertRefused(await read(`?cursor=${cursor}`), 400, /^cursor needs the `sort`/)
      assertRefused(await read('?sort=name&before_id=5'), 400, /^before_id is for the order without `sort`/)
      assertRefused(await read('?sort=age'), 400, /sort/)
    }
  })

  it('needs only a token that may read, and finds nothing of another account', async () => {
    const { token } = await addUser(test, { scopes: ['read'] })
    assert.equal((await filter('contacts', [is('plan', 'gold')], token)).status, 200)
    const other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}/contacts/filter`
    const body = { payload: [{ attribute_key: 'name', filter_operator: 'is_present' }] }
    const answer = await test.api(path, { method: 'POST', body, token: other.token })
    assert.deepEqual(answer.body.payload, [])
  })

  it('refuses what does not fit the key', async () => {
    const refused: [object, RegExp][] = [
      [
        { attribute_key: 'name', filter_operator: 'is_greater_than', values: [1] },
        /^payload\[0\]\.filter_operator must be one of equal_to, .* for name$/,
      ],
      [
        { attribute_key: 'plan', filter_operator: 'is_less_than', values: ['x'] },
        /^payload\[0\]\.values\[0\] must be a number or a date such as 2026-01-31$/,
      ],
      [
        { attribute_key: 'created_at', filter_operator: 'is_less_than', values: ['soon'] },
        /values\[0\] must be Unix seconds or a date/,
      ],
      [
        { attribute_key: 'blocked', filter_operator: 'equal_to', values: ['maybe'] },
        /values\[0\] must be true or false$/,
      ],
      [
        { attribute_key: 'name', filter_operator: 'equal_to', values: [] },
        /^payload\[0\]\.values is required$/,
      ],
      [
        { attribute_key: 'name', filter_operator: 'like', values: ['a'] },
        /^payload\[0\]\.filter_operator must be one of/,
      ],
      [
        { attribute_key: 'name', filter_operator: 'equal_to', values: [{}] },
        /^payload\[0\]\.values\[0\] must be/,
      ],
      [
        { ...is('name', 'a'), query_operator: 'XOR' },
        /^payload\[0\]\.query_operator must be one of AND, OR, null$/,
      ],
    ]
    for (const [selector, sentence] of refused)
      assertRefused(await filter('contacts', [selector]), 422, sentence)
    assertRefused(await filter('contacts', []), 422, /^payload must have at least 1 item|must not be empty/)
    assertRefused(
      await filter('contacts', Array(21).fill(is('name', 'a'))),
      422,
      /^payload must have at most 20 items$/,
    )
    assertRefused(
      await filter('contacts', [is('name', 'a')], test.token, '?page=2'),
      400,
      /^"page" is not a query/,
    )
  })
})

describe('Filtering conversations', () => {
  it('finds only those in inboxes that the user sees', async () => {
    const inbox = await addInbox(test)
    const { token } = await addUser(test, { inboxes: [inbox] })
    const own = await addTestConversation(test, { inboxId: inbox, status: 'pending' })
    const hidden = await addTestConversation(test, { status: 'pending' })
    assert.deepEqual(idsOf(await filter('conversations', [is('status', 'pending')])), [hidden, own])
    const found = await filter('conversations', [is('status', 'pending')], token)
    assert.deepEqual(idsOf(found), [own])
    assert.deepEqual(found.body.payload[0], (await test.api(`/conversations/${own}`)).body)
    assert.deepEqual(idsOf(await filter('conversations', [is('display_id', hidden)], token)), [])
    const fraction = await filter('conversations', [is('inbox_id', 5.5)])
    assertRefused(fraction, 422, /values\[0\] must be a whole number$/)
    assertRefused(
      await filter('conversations', [is('status', 'closed')]),
      422,
      /values\[0\] must be one of open, /,
    )
  })
})
