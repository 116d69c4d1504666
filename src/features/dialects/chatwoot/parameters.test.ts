import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../../test/app.ts'
import {
  account,
  type ChatwootCall,
  chatwootClient,
  startChatwootConversation,
  succeeded,
} from '../../../../test/chatwoot-client.ts'

describe('The parameters of Chatwoot', () => {
  let test: TestApp
  let call: ChatwootCall
  before(async () => {
    test = await startTestApp()
    call = chatwootClient(test)
  })
  after(() => test.close())

  it('are read from the query, from JSON and from both kinds of forms', async () => {
    const { path } = await startChatwootConversation(call)
    const url = `${path}/messages`
    const form = new FormData()
    for (const [name, value] of Object.entries({ content: 'A form', message_type: 'incoming', private: '' }))
      form.set(name, value)
    const sent = [
      await succeeded(call('POST', `${url}?content=A+query&private=true`, {})),
      await succeeded(call('POST', url, new URLSearchParams({ content: 'Fields', private: '1' }))),
      await succeeded(call('POST', url, form)),
    ]
    assert.deepEqual(
      sent.map(({ content, private: isPrivate, message_type }) => [content, isPrivate, message_type]),
      [
        ['A query', true, 1],
        ['Fields', true, 1],
        ['A form', false, 0],
      ],
    )
  })

  it('can be inside the name of their object, or not', async () => {
    const inside = await succeeded(call('POST', `${account}/labels`, { label: { title: 'inside' } }))
    const bare = await succeeded(call('POST', `${account}/labels`, { title: 'bare' }))
    const fields = new URLSearchParams({ 'label[title]': 'form', 'label[show_on_sidebar]': 'false' })
    const form = await succeeded(call('POST', `${account}/labels`, fields))
    assert.deepEqual([inside.title, bare.title, form.title], ['inside', 'bare', 'form'])
    assert.equal(form.show_on_sidebar, false)
  })

  it('sort the contacts that match a filter', async () => {
    for (const name of ['Order B', 'Order C', 'Order A'])
      await succeeded(call('POST', `${account}/contacts`, { name }))
    const filter = { attribute_key: 'name', filter_operator: 'contains', values: ['order'] }
    const namesBy = async (query: string) => {
      const path = `${account}/contacts/filter${query}`
      const { meta, payload } = await succeeded(call('POST', path, { payload: [filter] }))
      assert.equal(meta.count, 3)
      return payload.map(({ name }: { name: string }) => name.slice(-1)).join('')
    }
    assert.equal(await namesBy('?sort=name'), 'ABC')
    assert.equal(await namesBy('?sort=-name'), 'CBA')
    assert.equal(await namesBy('?sort=company'), 'ACB')
  })

  it('accept lists that are repeated, and single texts', async () => {
    const { path } = await startChatwootConversation(call)
    const repeated = 'labels[]=one&labels[]=Two'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { payload } = await succeeded(call('POST', `${path}/labels`, repeated, { headers }))
    assert.deepEqual(payload, ['one', 'two'])
    assert.deepEqual((await succeeded(call('POST', `${path}/labels`, { labels: 'three' }))).payload, [
      'three',
    ])
    assert.deepEqual((await succeeded(call('POST', `${path}/labels`, { labels: [] }))).payload, [])
  })

  it('can name no users at all, which changes no members', async () => {
    const { id } = await succeeded(call('POST', `${account}/teams`, { name: 'Night' }))
    for (const [path, body] of [
      [`${account}/inbox_members`, { inbox_id: 1 }],
      [`${account}/teams/${id}/team_members`, {}],
    ] as const) {
      await succeeded(call('DELETE', path, body))
      await succeeded(call('DELETE', path, { ...body, user_ids: [] }))
    }
  })

  it('that are empty are left out of a new object, and empty a field of an old one', async () => {
    const contacts = `${account}/contacts`
    const empty = { name: 'Jane', email: '', phone_number: null, identifier: ' ', unknown: 1 }
    const { payload } = await succeeded(call('POST', contacts, empty))
    const path = `${contacts}/${payload.contact.id}`
    const changed = { email: 'jane@example.org', phone_number: '+14155550111', custom_attributes: { a: 1 } }
    await succeeded(call('PUT', path, changed))
    const { payload: after } = await succeeded(
      call('PATCH', path, { email: '', custom_attributes: { b: 2 } }),
    )
    assert.deepEqual([after.email, after.phone_number], [null, '+14155550111'])
    assert.deepEqual(after.custom_attributes, { a: 1, b: 2 })
  })

  it('accept numbers as texts, and nobody as 0, null or an empty text', async () => {
    const { path } = await startChatwootConversation(call)
    const assign = (value: unknown) => succeeded(call('POST', `${path}/assignments`, { assignee_id: value }))
    for (const nobody of [0, null, '', '0']) {
      assert.equal((await assign('1')).id, 1)
      assert.equal(await assign(nobody), null)
    }
    assert.equal((await succeeded(call('POST', `${path}/assignments?assignee_id=1`))).id, 1)
  })

  it('accept types of messages as numbers, and attributes as JSON in a text', async () => {
    const { path } = await startChatwootConversation(call)
    const send = (body: object) => succeeded(call('POST', `${path}/messages`, { content: 'Hi', ...body }))
    const types = []
    for (const message_type of [0, 1, '0', 'outgoing', 3])
      types.push((await send({ message_type })).message_type)
    assert.deepEqual(types, [0, 1, 0, 1, 3])
    const { content_attributes } = await send({ content_attributes: '{"a":{"b":1}}' })
    assert.deepEqual(content_attributes, { a: { b: 1 } })
  })

  it('cannot change the prototype of an object', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = 'name=Jane&__proto__[polluted]=1&custom_attributes[__proto__][polluted]=1'
    const { status } = await call('POST', `${account}/contacts`, body, { headers })
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
    assert.ok(status === 200 || status === 422)
  })
})
