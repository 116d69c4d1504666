import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { account, chatwootClient, succeeded } from '../../../test/chatwoot-client.ts'
import { runCommand, writeDataFile } from '../../../test/commands.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'
import { contactKeys } from '../contacts/filter.ts'
import { conversationKeys } from '../conversations/filter.ts'
import { reservedKeys } from './service.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

let count = 0
const base = '/custom_attribute_definitions'
const define = (definition: object) =>
  test.api(base, {
    method: 'POST',
    body: { attribute_model: 'contact_attribute', attribute_display_name: 'Some name', ...definition },
  })
/** Defines an attribute of contacts with a key of its own. */
async function defined(definition: object): Promise<{ id: number; attribute_key: string }> {
  const { status, body } = await define({ attribute_key: `key${++count}`, ...definition })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}
const create = (custom_attributes: object) =>
  test.api('/contacts', { method: 'POST', body: { custom_attributes } })
const change = (id: number, custom_attributes: object) =>
  test.api(`/contacts/${id}`, { method: 'PATCH', body: { custom_attributes } })

describe('A definition of a custom attribute', () => {
  it('is created, changed and deleted by administrators, and read by everybody', async () => {
    const { token } = await addUser(test, { role: 'agent' })
    const definition = {
      attribute_model: 'conversation_attribute',
      attribute_key: 'order',
      attribute_display_name: 'Order',
      attribute_display_type: 'text',
      attribute_description: 'As on the invoice',
      regex_pattern: '^\\d{4}$',
      regex_cue: 'four digits',
    }
    assertRefused(await test.api(base, { method: 'POST', body: definition, token }), 403, /administrator/)
    const { status, body } = await define(definition)
    assert.equal(status, 201)
    const { id, created_at, updated_at, ...shown } = body
    assert.deepEqual(shown, { ...definition, attribute_values: [] })
    assert.deepEqual((await test.api(`${base}/${id}`, { token })).body, body)
    const listed = await test.api(`${base}?attribute_model=conversation_attribute`, { token })
    assert.deepEqual(listed.body.payload, [body])
    const { body: list } = await test.api(`${base}/${id}`, {
      method: 'PATCH',
      body: { attribute_display_type: 'list', attribute_values: ['a', 'b'] },
    })
    assert.deepEqual([list.attribute_values, list.regex_pattern, list.regex_cue], [['a', 'b'], null, null])
    assert.equal((await test.api(`${base}/${id}`, { method: 'DELETE' })).status, 204)
    assertRefused(await test.api(`${base}/${id}`), 404, /not found$/)
  })

  it('has a key of its own, that no field of a filter has', async () => {
    const { attribute_key } = await defined({})
    assertRefused(await define({ attribute_key }), 422, /^attribute_key is already used by definition \d+$/)
    const other = { attribute_key, attribute_model: 'conversation_attribute' }
    assert.equal((await define(other)).status, 201)
    assertRefused(await define({ attribute_key: 'email' }), 422, /^attribute_key is the name of a field/)
    const ofContact = { attribute_key: 'contact.plan', attribute_model: 'conversation_attribute' }
    assertRefused(await define(ofContact), 422, /^attribute_key is the name of a field/)
    for (const key of Object.keys(contactKeys)) assert.ok(reservedKeys.contact_attribute.includes(key), key)
    for (const key of Object.keys(conversationKeys))
      assert.ok(reservedKeys.conversation_attribute.includes(key), key)
  })

  it('needs the values of a list, and a pattern that can be matched in linear time', async () => {
    const list = { attribute_key: 'l', attribute_display_type: 'list' }
    assertRefused(await define(list), 422, /^attribute_values is required for a list$/)
    assertRefused(await define({ ...list, attribute_values: ['a', ' a'] }), 422, /has "a" twice/)
    const pattern = { attribute_key: 'p', regex_pattern: '(?=a)a' }
    assertRefused(await define(pattern), 422, /^regex_pattern must not contain "\(\?"/)
  })
})

describe('Values of a custom attribute with a definition', () => {
  for (const [definition, values, refused, rule] of [
    [{ attribute_display_type: 'text' }, { a: 'a', 5: 5 }, [{}, []], 'a text'],
    [{ attribute_display_type: 'number' }, { '5': 5, '-0.5': '-0.5' }, ['5 apples', true, {}], 'a number'],
    [{ attribute_display_type: 'percent' }, { 12.5: ' 12.5 ' }, ['12%'], 'a number'],
    [
      { attribute_display_type: 'link' },
      { 'https://example.com/a?b': 'https://example.com/a?b' },
      ['javascript:alert(1)', 'example.com', 'https://a b', 7],
      'an http:// or https:// URL',
    ],
    [
      { attribute_display_type: 'date' },
      { '2026-01-31': '2026-01-31', '2026-01-31T09:00:00.000Z': '2026-01-31T09:00:00.000Z' },
      ['2026-02-30', '31.1.2026', 20260131, 'today'],
      'a date',
    ],
    [
      { attribute_display_type: 'list', attribute_values: ['gold', 'free'] },
      { gold: 'gold ' },
      ['Gold', 7, {}],
      'one of gold, free',
    ],
    [{ attribute_display_type: 'checkbox' }, { true: 'true', false: false }, ['yes', 1, {}], 'true or false'],
    [
      { regex_pattern: '/^[A-Z]{2}\\d+$/i', regex_cue: 'such as AB1' },
      { ab12: 'ab12' },
      ['12', `AB${'1'.repeat(1000)}`],
      '',
    ],
  ] as const) {
    it(`are checked: ${JSON.stringify(definition)}`, async () => {
      const { attribute_key: key } = await defined(definition)
      for (const [text, value] of Object.entries(values)) {
        const { status, body } = await create({ [key]: value })
        assert.equal(status, 201, JSON.stringify(body))
        assert.equal(String(body.custom_attributes[key]), text)
      }
      for (const value of refused) {
        const sentence = new RegExp(`^custom_attributes\\.${key} must .*${rule.replaceAll('?', '\\?')}`)
        assertRefused(await create({ [key]: value }), 422, sentence)
      }
    })
  }

  it('have the type of the definition, so that filters compare them', async () => {
    const { attribute_key: seats } = await defined({ attribute_display_type: 'number' })
    const { attribute_key: since } = await defined({ attribute_display_type: 'date' })
    const { body } = await create({ [seats]: '12', [since]: '2026-01-31' })
    assert.deepEqual(body.custom_attributes, { [seats]: 12, [since]: '2026-01-31' })
    const filter = async (attribute_key: string, filter_operator: string, value: unknown) => {
      const payload = [{ attribute_key, filter_operator, values: [value] }]
      const found = await test.api('/contacts/filter', { method: 'POST', body: { payload } })
      return found.body.payload.map(({ id }: { id: number }) => id)
    }
    assert.deepEqual(await filter(seats, 'is_greater_than', 11), [body.id])
    assert.deepEqual(await filter(seats, 'is_greater_than', 12), [])
    assert.deepEqual(await filter(since, 'is_greater_than', '2026-01-30'), [body.id])
    assert.deepEqual(await filter(since, 'is_less_than', '2026-01-31'), [])
  })

  it('that are stored already are compared as the numbers and days that they stand for', async () => {
    const [seats, since] = [`key${++count}`, `key${++count}`]
    const { body: contact } = await create({ [seats]: '12', [since]: '2026-01-31T09:00:00Z' })
    const found = async (attribute_key: string, filter_operator: string, value: unknown) => {
      const payload = [{ attribute_key, filter_operator, values: [value] }]
      const { body } = await test.api('/contacts/filter', { method: 'POST', body: { payload } })
      return body.payload.some(({ id }: { id: number }) => id === contact.id)
    }
    assert.equal(await found(seats, 'is_greater_than', 9), false)
    await defined({ attribute_key: seats, attribute_display_type: 'number' })
    await defined({ attribute_key: since, attribute_display_type: 'date' })
    assert.equal(await found(seats, 'is_greater_than', 9), true)
    assert.equal(await found(seats, 'equal_to', '12.0'), true)
    assert.equal(await found(since, 'equal_to', '2026-01-31'), true)
    assert.equal(await found(since, 'not_equal_to', '2026-01-31'), false)
  })

  it('are what a filter must compare with', async () => {
    const filter = (attribute_key: string, filter_operator: string, value: unknown) =>
      test.api('/contacts/filter', {
        method: 'POST',
        body: { payload: [{ attribute_key, filter_operator, values: [value] }] },
      })
    for (const [definition, operator, value, rule, code] of [
      [{ attribute_display_type: 'number' }, 'equal_to', 'many', 'a number', 'wrong_format'],
      [{ attribute_display_type: 'percent' }, 'is_less_than', '2026-01-31', 'a number', 'wrong_format'],
      [
        { attribute_display_type: 'date' },
        'equal_to',
        '2026-02-30',
        'a date such as 2026-01-31',
        'wrong_format',
      ],
      [{ attribute_display_type: 'checkbox' }, 'equal_to', 'maybe', 'true or false', 'wrong_format'],
      [
        { attribute_display_type: 'list', attribute_values: ['free', 'Gold'] },
        ...['equal_to', 'silver', 'one of free, Gold', 'not_allowed_value'],
      ],
    ] as [object, string, unknown, string, string][]) {
      const { attribute_key } = await defined(definition)
      const refused = await filter(attribute_key, operator, value)
      assertRefused(refused, 422, new RegExp(`^payload\\[0\\]\\.values\\[0\\] must be ${rule}$`))
      assert.equal(refused.body.errors[0].code, code)
      const contains = await filter(attribute_key, 'contains', value)
      assertRefused(contains, 422, /^payload\[0\]\.filter_operator must be one of /)
    }
    const { attribute_key: text } = await defined({ attribute_display_type: 'text' })
    assertRefused(await filter(text, 'is_greater_than', 5), 422, /filter_operator must be one of/)
    assert.equal((await filter(text, 'contains', 5)).status, 200)
  })

  it('that are stored already stay, and can be sent again unchanged', async () => {
    const key = `key${++count}`
    const { body: contact } = await create({ [key]: 'many', other: 1 })
    const definition = await defined({ attribute_key: key, attribute_display_type: 'number' })
    const again = await change(contact.id, { [key]: 'many', other: 2 })
    assert.deepEqual(again.body.custom_attributes, { [key]: 'many', other: 2 })
    assertRefused(await change(contact.id, { [key]: 'more' }), 422, /must be a number$/)
    assert.deepEqual((await change(contact.id, { [key]: '' })).body.custom_attributes, { other: 2 })
    await test.api(`${base}/${definition.id}`, { method: 'DELETE' })
    assert.equal((await change(contact.id, { [key]: 'more' })).status, 200)
  })

  it('of conversations are checked when one is created, changed, and by a macro', async () => {
    const key = `key${++count}`
    await defined({
      attribute_model: 'conversation_attribute',
      attribute_key: key,
      attribute_display_type: 'number',
    })
    const rule = new RegExp(`^custom_attributes\\.${key} must be a number$`)
    const id = await addTestConversation(test)
    const wrong = { custom_attributes: { [key]: 'x' } }
    const post = (path: string, body: object) => test.api(path, { method: 'POST', body })
    const { contact_id, inbox_id } = { contact_id: 1, inbox_id: 1 }
    assertRefused(await post('/conversations', { contact_id, inbox_id, ...wrong }), 422, rule)
    assertRefused(await post(`/conversations/${id}/custom_attributes`, wrong), 422, rule)
    const patch = { method: 'PATCH', body: wrong }
    assertRefused(await test.api(`/conversations/${id}`, patch), 422, rule)
    const set = await post(`/conversations/${id}/custom_attributes`, { custom_attributes: { [key]: '5' } })
    assert.deepEqual(set.body, { custom_attributes: { [key]: 5 } })
    const actions = [{ action_name: 'set_attribute', action_params: [key, 'x'] }]
    const macro = await post('/macros', { name: 'Wrong', actions })
    assertRefused(await post(`/macros/${macro.body.id}/execute`, { conversation_id: id }), 422, rule)
  })

  it('are checked if a contact sends them, and in an import', async () => {
    const { attribute_key: key } = await defined({ attribute_display_type: 'number' })
    const { inbox_identifier } = (await test.api('/inboxes/1')).body
    const path = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
    const send = (value: unknown) =>
      test.api(path, { method: 'POST', body: { custom_attributes: { [key]: value } }, token: null })
    assertRefused(await send('x'), 422, /must be a number$/)
    assert.equal((await send('5')).status, 200)
    const csv = `email,custom_attributes.${key}\na@example.com,12\nb@example.com,twelve\n`
    const file = writeDataFile(test, 'attributes.csv', csv)
    const { stdout, stderr } = await runCommand(test, ['import', file])
    assert.match(stdout, /^contacts: 1 stored, 0 there already, 1 left out/)
    assert.match(stderr, new RegExp(`:3: custom_attributes\\.${key} must be a number`))
    const [stored] = (await test.api('/contacts/search?q=a%40example.com')).body.payload
    assert.deepEqual(stored.custom_attributes, { [key]: 12 })
  })
})

describe('The API of Chatwoot', () => {
  it('has the same definitions, with its numbers for types and models', async () => {
    const call = chatwootClient(test)
    const path = `${account}/custom_attribute_definitions`
    const wrapped = {
      custom_attribute_definition: {
        attribute_display_name: 'Tier',
        attribute_key: 'tier',
        attribute_display_type: 6,
        attribute_model: 1,
        attribute_values: ['one', 'two'],
        attribute_description: '',
      },
    }
    const created = await succeeded(call('POST', path, wrapped))
    assert.equal(created.attribute_display_type, 'list')
    assert.equal(created.attribute_model, 'contact_attribute')
    assert.match(created.created_at, /^\d{4}-.*Z$/)
    const listed = await succeeded(call('GET', `${path}?attribute_model=1`))
    assert.deepEqual(
      listed.filter(({ id }: { id: number }) => id === created.id),
      [created],
    )
    const ofConversations = await succeeded(call('GET', `${path}?attribute_model=conversation_attribute`))
    assert.ok(ofConversations.every(({ id }: { id: number }) => id !== created.id))
    const changed = await succeeded(
      call('PATCH', `${path}/${created.id}`, { attribute_display_name: 'Level', attribute_key: 'tier' }),
    )
    assert.deepEqual([changed.attribute_display_name, changed.attribute_values], ['Level', ['one', 'two']])
    const refused = await call('POST', `${account}/contacts`, { custom_attributes: { tier: 'three' } })
    assert.equal(refused.status, 422)
    await succeeded(call('DELETE', `${path}/${created.id}`))
    assert.equal((await call('GET', `${path}/${created.id}`)).status, 404)
  })
})
