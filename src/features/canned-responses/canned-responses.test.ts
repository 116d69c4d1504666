import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addAccount, addUser } from '../../../test/factories.ts'

let test: TestApp
let agent: { token: string; userId: number; name: string }
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const base = '/canned_responses'
const create = (body: object, token?: string) =>
  test.api(base, { method: 'POST', body: { content: 'Hello', ...body }, ...(token ? { token } : {}) })
const change = (id: number, body: object, token?: string) =>
  test.api(`${base}/${id}`, { method: 'PATCH', body, ...(token ? { token } : {}) })
const remove = (id: number, token?: string) =>
  test.api(`${base}/${id}`, { method: 'DELETE', ...(token ? { token } : {}) })
const codes = async (query = '', token?: string): Promise<string[]> => {
  const { body } = await test.api(`${base}${query}`, token ? { token } : {})
  return body.payload.map(({ short_code }: { short_code: string }) => short_code)
}

describe('A canned response', () => {
  it('is seen by everybody in the account, or only by its author', async () => {
    const shared = await create({ short_code: 'seen-by-all' }, agent.token)
    assert.deepEqual([shared.status, shared.body.author_id], [201, agent.userId])
    const own = await create({ short_code: 'seen-by-me', visibility: 'mine' }, agent.token)
    assert.deepEqual(await codes('?search=seen', agent.token), ['seen-by-all', 'seen-by-me'])
    assert.deepEqual(await codes('?search=seen'), ['seen-by-all'])
    assertRefused(await test.api(`${base}/${own.body.id}`), 404, /^canned response not found/)
    assertRefused(await change(own.body.id, { content: 'x' }), 404, /^canned response not found/)
    assertRefused(await remove(own.body.id), 404, /^canned response not found/)
  })

  it('needs a short code that no other one has that its author sees', async () => {
    const { body } = await create({ short_code: 'taken' })
    for (const visibility of ['account', 'mine']) {
      const refused = await create({ short_code: 'taken', visibility }, agent.token)
      assertRefused(refused, 422, new RegExp(`^short_code is already used by canned response ${body.id}`))
      assert.equal(refused.body.errors[0].code, 'taken')
    }
    await create({ short_code: 'private-code', visibility: 'mine' }, agent.token)
    assert.equal((await create({ short_code: 'private-code', visibility: 'mine' })).status, 201)
    const other = (await create({ short_code: 'other-code' })).body
    assertRefused(await change(other.id, { short_code: 'taken' }), 422, /^short_code is already used/)
  })

  it('can be changed and deleted by its author and by administrators, and by no other agent', async () => {
    const ofAdministrator = (await create({ short_code: 'by-admin' })).body
    const ofAgent = (await create({ short_code: 'by-agent' }, agent.token)).body
    const rule = /^only its author or an administrator may/
    assertRefused(await change(ofAdministrator.id, { content: 'x' }, agent.token), 403, rule)
    assertRefused(await remove(ofAdministrator.id, agent.token), 403, rule)
    assert.equal((await change(ofAgent.id, { content: 'by the author' }, agent.token)).status, 200)
    const changed = await change(ofAgent.id, { content: 'by the administrator' })
    assert.deepEqual([changed.status, changed.body.author_id], [200, agent.userId])
    assertRefused(await change(ofAgent.id, { visibility: 'mine' }), 403, /^only its author may/)
    assert.equal((await remove(ofAgent.id)).status, 204)
    assert.deepEqual(await codes('?search=by-agent'), [])
  })

  it('is found by its short code and content, in any case and with or without accents', async () => {
    await create({ short_code: 'z-coffee', content: 'Our CAFÉ opens at 8, 100% sure_' })
    await create({ short_code: 'cafe-closed', content: 'It is closed.' })
    assert.deepEqual(await codes('?search=Cafe'), ['cafe-closed', 'z-coffee'])
    for (const search of ['100%25', 'sure_', '%C3%89'])
      assert.deepEqual(
        await codes(`?search=${search}`),
        search === '%C3%89' ? await codes('?search=e') : ['z-coffee'],
      )
    for (const search of ['1%250', 's_re', '%5C']) assert.deepEqual(await codes(`?search=${search}`), [])
  })

  it('is on one of several pages', async () => {
    const other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}${base}`
    for (let number = 10; number < 62; number += 1) {
      const body = { short_code: `code-${number}`, content: 'x' }
      await test.api(path, { method: 'POST', body, token: other.token })
    }
    const pages = await Promise.all(
      [1, 2, 3].map((page) => test.api(`${path}?page=${page}`, { token: other.token })),
    )
    assert.deepEqual(
      pages.map(({ body }) => [body.payload.length, body.payload[0]?.short_code, body.meta.has_more]),
      [
        [50, 'code-10', true],
        [2, 'code-60', false],
        [0, undefined, false],
      ],
    )
  })

  it('is logged for those who see it: one that is no longer shared is deleted for them', async () => {
    const events = await eventsOf(test, async () => {
      const { id } = (await create({ short_code: 'logged', content: 'one' }, agent.token)).body
      await change(id, { content: 'two' }, agent.token)
      await change(id, { visibility: 'mine' }, agent.token)
      await change(id, { content: 'secret' }, agent.token)
      await change(id, { visibility: 'account', content: 'three' }, agent.token)
      await remove(id, agent.token)
    })
    assert.deepEqual(
      events.map(({ name, data, before }) => [
        name,
        data.canned_response.content,
        JSON.parse(before ?? '{}').content,
      ]),
      [
        ['canned_response_created', 'one', undefined],
        ['canned_response_updated', 'two', 'one'],
        ['canned_response_deleted', 'two', undefined],
        ['canned_response_created', 'three', undefined],
        ['canned_response_deleted', 'three', undefined],
      ],
    )
  })

  it('of a user who is removed is deleted, unless everybody sees it', async () => {
    const leaving = await addUser(test, { inboxes: [1] })
    await create({ short_code: 'left-behind' }, leaving.token)
    await create({ short_code: 'taken-along', visibility: 'mine' }, leaving.token)
    const signature = { method: 'PUT', body: { content: 'Bye' }, token: leaving.token }
    assert.equal((await test.api('/inboxes/1/signature', signature)).status, 200)
    assert.equal((await test.api(`/agents/${leaving.userId}`, { method: 'DELETE' })).status, 204)
    const { sql } = test.app.database.read
    const rows = await sql.selectFrom('canned_responses').select(['short_code', 'author_id']).execute()
    const left = rows.filter(({ author_id }) => author_id === leaving.userId)
    assert.deepEqual(
      left.map(({ short_code }) => short_code),
      ['left-behind'],
    )
  })

  for (const [what, body, rule] of [
    ['a space in its short code', { short_code: 'two words' }, /^short_code must be 1 to 50/],
    ['a slash in its short code', { short_code: '/refund' }, /^short_code must be 1 to 50/],
    ['an empty content', { short_code: 'empty', content: ' ' }, /^content must not be empty/],
    ['another visibility', { short_code: 'team', visibility: 'team' }, /^visibility must be/],
  ] as const) {
    it(`cannot have ${what}`, async () => assertRefused(await create(body), 422, rule))
  }
})

describe('Variables', () => {
  let conversationId: number
  before(async () => {
    const contact = {
      name: 'Ada King',
      email: 'ada@example.com',
      custom_attributes: { plan: 'gold', seats: 3, a: {} },
    }
    const { id: contact_id } = (await test.api('/contacts', { method: 'POST', body: contact })).body
    const body = { inbox_id: 1, contact_id, custom_attributes: { order: 'A-17' } }
    conversationId = (await test.api('/conversations', { method: 'POST', body })).body.id
  })
  let count = 0
  const render = async (content: string, conversation_id = conversationId, token?: string) => {
    const { id } = (await create({ short_code: `variable-${++count}`, content })).body
    const request = { method: 'POST', body: { conversation_id }, ...(token ? { token } : {}) }
    return test.api(`${base}/${id}/render`, request)
  }

  for (const [text, filled] of [
    ['{{contact.name}}, {{ contact.first_name }}', 'Ada King, Ada'],
    ['{{contact.email}} {{contact.phone_number | none}}', 'ada@example.com none'],
    ['{{account.name}}: {{inbox.name}}', /^My company: \S/],
    ['{{contact.custom_attributes.plan}} x {{contact.custom_attributes.seats}}', 'gold x 3'],
    ['{{conversation.custom_attributes.order}}', 'A-17'],
    ['[{{contact.custom_attributes.missing}}][{{contact.custom_attributes.a|not a text}}]', '[][not a text]'],
    [
      '{{contact.password}} {{ }} {{constructor}} {{contact}}',
      '{{contact.password}} {{ }} {{constructor}} {{contact}}',
    ],
    ['{{contact.custom_attributes.constructor|-}}', '-'],
    ['{{{{contact.name}}}} {{contact.name', '{{Ada King}} {{contact.name'],
  ] as const) {
    it(`in ${text} are filled in`, async () => {
      const { body } = await render(text)
      if (filled instanceof RegExp) assert.match(body.content, filled)
      else assert.equal(body.content, filled)
    })
  }

  it('name the user who sends, and the conversation', async () => {
    const { body } = await render('{{agent.name}} #{{conversation.id}}', conversationId, agent.token)
    assert.equal(body.content, `${agent.name} #${conversationId}`)
  })

  it('are not looked for in values, which customers choose', async () => {
    const name = '{{contact.email}} {{agent.name}}'
    const { id: contact_id } = (await test.api('/contacts', { method: 'POST', body: { name } })).body
    const opened = await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id } })
    const { body } = await render('Dear {{contact.name}}', opened.body.id)
    assert.equal(body.content, `Dear ${name}`)
  })

  it('are cut at 1,000 characters, so that a text cannot repeat a large value', async () => {
    const custom_attributes = { long: 'x'.repeat(5000) }
    const { id: contact_id } = (await test.api('/contacts', { method: 'POST', body: { custom_attributes } }))
      .body
    const opened = await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id } })
    const { body } = await render('{{contact.custom_attributes.long}}', opened.body.id)
    assert.equal(body.content, 'x'.repeat(1000))
  })

  it('call a visitor without a name by the fallback', async () => {
    const { id: contact_id } = (await test.api('/contacts', { method: 'POST', body: {} })).body
    const opened = await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id } })
    const { body } = await render('Hi {{contact.first_name | there}}', opened.body.id)
    assert.equal(body.content, 'Hi there')
  })

  it('are not filled in from a conversation that the user does not see', async () => {
    const outsider = await addUser(test)
    assertRefused(
      await render('no variables', conversationId, outsider.token),
      404,
      /^conversation not found/,
    )
  })

  it('are filled in when a message is sent with canned responses, and otherwise left alone', async () => {
    const { id } = (await create({ short_code: 'greeting' })).body
    const content = 'Hi {{contact.name}}, {{contact.nickname}}'
    const sent = await sendMessage(test, content, { canned_response_ids: [id] }, conversationId)
    assert.equal(sent.content, 'Hi Ada King, {{contact.nickname}}')
    const plain = await sendMessage(test, content, {}, conversationId)
    assert.equal(plain.content, content)
    const first = { content, canned_response_ids: [id] }
    const body = { inbox_id: 1, contact_id: 1, message: first }
    const opened = await test.api('/conversations', { method: 'POST', body })
    assert.match(opened.body.last_message.content, /^Hi \w+ \w+, \{\{contact\.nickname\}\}$/)
  })
})

describe('A message sent with canned responses', () => {
  const post = (body: object, headers = {}) =>
    test.api('/conversations/1/messages', {
      method: 'POST',
      body: { content: 'Hi', message_type: 'outgoing', ...body },
      headers,
    })

  it('is sent as it is if its variables have been filled in before', async () => {
    const { id } = (await create({ short_code: 'rendered' })).body
    const headers = { 'idempotency-key': 'filled in before' }
    const body = { content: 'Dear {{agent.name}}', canned_response_ids: [id], fill_in: false }
    const sent = await post(body, headers)
    assert.deepEqual([sent.status, sent.body.content], [201, 'Dear {{agent.name}}'])
    assertRefused(await post({ ...body, fill_in: true }, headers), 422, /already used/)
    assert.match((await post({ ...body, fill_in: true })).body.content, /^Dear \w/)
  })

  it('is the same when it is repeated after they were deleted', async () => {
    const { id } = (await create({ short_code: 'repeated' })).body
    const headers = { 'idempotency-key': 'with a canned response' }
    const body = { content: '{{contact.name}}', canned_response_ids: [id] }
    const first = await post(body, headers)
    assert.equal(first.status, 201)
    await remove(id)
    const second = await post(body, headers)
    assert.deepEqual([second.status, second.body.id], [200, first.body.id])
    assertRefused(await post({ ...body, canned_response_ids: undefined }, headers), 422, /already used/)
    assertRefused(await post(body), 422, /^canned_response_ids names no canned response/)
  })

  for (const [what, body, rule] of [
    ['with an unknown one', { canned_response_ids: [9999] }, /^canned_response_ids names no/],
    ['with the same one twice', { canned_response_ids: [1, 1] }, /^canned_response_ids/],
    [
      'as the contact',
      { canned_response_ids: [1], message_type: 'incoming' },
      /^canned_response_ids must be empty/,
    ],
  ] as const) {
    it(`cannot be sent ${what}`, async () => assertRefused(await post(body), 422, rule))
  }

  it('cannot be empty once its variables are filled in', async () => {
    const { id } = (await create({ short_code: 'blank' })).body
    const content = '{{contact.custom_attributes.nothing}}'
    assertRefused(await post({ content, canned_response_ids: [id] }), 422, /^content must not be empty with/)
  })
})

describe('A signature', () => {
  const path = '/inboxes/1/signature'
  const set = (body: object, token?: string) =>
    test.api(path, { method: 'PUT', body, ...(token ? { token } : {}) })

  it('belongs to one user in one inbox, and follows the content of messages that ask for it', async () => {
    assert.deepEqual((await test.api(path)).body, { content: '', append_by_default: false })
    const content = '{{agent.name}}, {{account.name}}'
    assert.deepEqual((await set({ content })).body, { content, append_by_default: true })
    assert.equal((await test.api(path, { token: agent.token })).body.content, '')
    const signed = await sendMessage(test, 'Hello {{contact.name}}', { append_signature: true })
    assert.equal(signed.content, 'Hello {{contact.name}}\n\nAdministrator, My company')
    assert.equal((await sendMessage(test, 'Hello')).content, 'Hello')
    assert.equal((await set({ content: ' ' })).body.content, '')
    assert.equal((await sendMessage(test, 'Hello', { append_signature: true })).content, 'Hello')
  })

  it('cannot be on a private note, nor in an inbox that the user does not see', async () => {
    const body = { content: 'x', message_type: 'outgoing', private: true, append_signature: true }
    const note = await test.api('/conversations/1/messages', { method: 'POST', body })
    assertRefused(note, 422, /^append_signature must be false for a private note/)
    const outsider = await addUser(test)
    assertRefused(await set({ content: 'x' }, outsider.token), 404, /^inbox not found/)
  })
})
