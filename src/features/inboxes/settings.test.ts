import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const create = (body: unknown, token = test.token) => test.api('/inboxes', { method: 'POST', body, token })
const patch = (id: number, body: unknown, token = test.token) =>
  test.api(`/inboxes/${id}`, { method: 'PATCH', body, token })
const remove = (id: number, query = '', token = test.token) =>
  test.api(`/inboxes/${id}${query}`, { method: 'DELETE', token })
const members = (id: number, method = 'GET', user_ids?: unknown, token = test.token) =>
  test.api(`/inbox_members/${id}`, { method, token, ...(user_ids ? { body: { user_ids } } : {}) })

describe('An inbox', () => {
  it('can be created for each channel, and is returned with every field', async () => {
    const channel = { type: 'api', webhook_url: 'https://example.com/hook', hmac_mandatory: true }
    const { status, body } = await create({ name: 'CRM', greeting_message: 'Hello', channel })
    assert.equal(status, 201)
    const { id, inbox_identifier, hmac_token, ...rest } = body
    assert.match(inbox_identifier, /^inbox_/)
    assert.match(hmac_token, /^hmac_/)
    assert.deepEqual(rest, {
      name: 'CRM',
      channel_type: 'api',
      channel_settings: null,
      webhook_url: 'https://example.com/hook',
      website_url: null,
      greeting_message: 'Hello',
      hmac_mandatory: true,
      widget: null,
      embed_script: null,
    })
    assert.deepEqual((await test.api(`/inboxes/${id}`)).body, body)
    const widget = (
      await create({ name: 'Web', channel: { type: 'web_widget', website_url: 'http://localhost:8080' } })
    ).body
    assert.deepEqual(
      [widget.channel_type, widget.website_url, widget.webhook_url, widget.hmac_mandatory],
      ['web_widget', 'http://localhost:8080', null, false],
    )
    assert.notEqual(widget.hmac_token, hmac_token)
  })

  it('can be changed field by field', async () => {
    const channel = { type: 'api', webhook_url: 'https://example.com/hook' }
    const { body } = await create({ name: 'Before', greeting_message: 'Hello', channel })
    assert.deepEqual((await patch(body.id, {})).body, body)
    const change = { name: 'After', greeting_message: null, channel: { hmac_mandatory: true } }
    const changed = (await patch(body.id, change)).body
    assert.deepEqual(changed, { ...body, name: 'After', greeting_message: null, hmac_mandatory: true })
    const without = (await patch(body.id, { channel: { webhook_url: null } })).body
    assert.deepEqual(without, { ...changed, webhook_url: null })
  })

  it('of a website has widget settings and an embed script', async () => {
    const channel = { type: 'web_widget', website_url: 'https://shop.example' }
    const { body } = await create({ name: 'Shop', channel })
    const defaults = {
      color: '#2b5fd9',
      position: 'right',
      title: null,
      allowed_origins: [],
      show_agents: true,
      record_visits: true,
      ask_email: false,
      pre_chat_form_enabled: false,
      pre_chat_form_options: {
        pre_chat_message: null,
        pre_chat_fields: [
          { name: 'name', label: 'Name', type: 'text', required: false },
          { name: 'email', label: 'E-mail address', type: 'email', required: true },
        ],
      },
    }
    assert.deepEqual(body.widget, defaults)
    assert.equal(
      body.embed_script,
      `<script src="${test.config.publicUrl}/widget.js" data-inbox="${body.inbox_identifier}" async></script>`,
    )
    const origins = ['https://*.shop.example', 'http://localhost:8080', 'file:']
    const first = await patch(body.id, {
      channel: { widget: { allowed_origins: origins, color: '#AA0000' } },
    })
    assert.deepEqual(first.body.widget, { ...defaults, allowed_origins: origins, color: '#AA0000' })
    const second = await patch(body.id, { channel: { widget: { position: 'left' } } })
    assert.deepEqual(second.body.widget, { ...first.body.widget, position: 'left' })
    assert.deepEqual((await patch(body.id, { name: 'Shop 2' })).body.widget, second.body.widget)
  })

  it('is refused with settings that its channel does not have', async () => {
    const { id } = (await create({ name: 'Web', channel: { type: 'web_widget' } })).body
    const rows = await readAllRows(test)
    const api = (channel: object) => ({ name: 'x', channel: { type: 'api', ...channel } })
    const web = (channel: object) => ({ name: 'x', channel: { type: 'web_widget', ...channel } })
    const size = { name: 'size', label: 'Size', type: 'text', required: false }
    const twice = [size, { ...size, label: 'Which size?' }]
    const preChat = (pre_chat_fields: object[]) =>
      web({ widget: { pre_chat_form_options: { pre_chat_message: null, pre_chat_fields } } })
    const refused: [unknown, RegExp][] = [
      [{}, /^name is required; channel is required$/],
      [{ name: ' ', channel: { type: 'api' } }, /^name must not be empty$/],
      [{ name: 'x', channel: { type: 'telegram' } }, /^channel.type must be one of api, /],
      [api({ webhook_url: 'ftp://example.com' }), /^channel.webhook_url must be an http/],
      [api({ webhook_url: 'http://127.0.0.1/' }), /^channel.webhook_url must not lead to a private/],
      [api({ webhook_url: 'http://user:x@example.com/' }), /^channel.webhook_url must not contain/],
      [api({ website_url: 'https://example.com' }), /^channel.website_url can be set for web_widget/],
      [preChat(twice), /pre_chat_fields\[1\].name is listed twice$/],
      [preChat([{ ...size, type: 'select' }]), /pre_chat_fields\[0\].values must have at least one/],
      [preChat([{ ...size, name: 'Size' }]), /pre_chat_fields\[0\].name must be lower case/],
      [web({ webhook_url: 'https://example.com' }), /^channel.webhook_url can be set for api/],
      [web({ website_url: 'javascript:alert(1)' }), /^channel.website_url must be an http/],
      [api({ widget: {} }), /^channel.widget can be set for web_widget/],
      [web({ widget: { color: 'red' } }), /^channel.widget.color must be a colour/],
      [web({ widget: { position: 'top' } }), /^channel.widget.position must be one of right, left$/],
      ...[
        'shop.example',
        'https://shop.example/',
        "https://a.example 'self'",
        'https://*',
        '*',
        'http://a;b',
      ].map((origin): [unknown, RegExp] => [
        web({ widget: { allowed_origins: [origin] } }),
        /^channel.widget.allowed_origins\[0\] must be an origin/,
      ]),
      [web({ hmac_mandatory: 'yes' }), /^channel.hmac_mandatory must be a boolean$/],
    ]
    for (const [body, sentence] of refused) assertRefused(await create(body), 422, sentence)
    const wrong = await patch(id, { channel: { webhook_url: 'https://example.com' } })
    assertRefused(wrong, 422, /^channel.webhook_url can be set for api/)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('may have a webhook at a private address if the operator allows that', async () => {
    const open = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' })
    try {
      const channel = { type: 'api', webhook_url: 'http://127.0.0.1:9000/hook' }
      const answer = await open.api('/inboxes', { method: 'POST', body: { name: 'x', channel } })
      assert.deepEqual([answer.status, answer.body.webhook_url], [201, channel.webhook_url])
    } finally {
      await open.close()
    }
  })

  it('shows its key and its webhook URL only to administrators with the scope admin', async () => {
    const channel = { type: 'api', webhook_url: 'https://example.com/hook/secret' }
    const { id } = (await create({ name: 'Secrets', channel })).body
    const agent = await addUser(test, { inboxes: [id] })
    const [reader, writer] = [
      await addUser(test, { role: 'administrator', scopes: ['read'] }),
      await addUser(test, { role: 'administrator', scopes: ['write'] }),
    ]
    const secretsFor = async (token: string) => {
      const one = (await test.api(`/inboxes/${id}`, { token })).body
      const { payload } = (await test.api('/inboxes', { token })).body
      const listed = payload.find((inbox: { id: number }) => inbox.id === id)
      return [one, listed].flatMap(({ hmac_token, webhook_url }) => [hmac_token !== null, webhook_url])
    }
    for (const { token } of [agent, reader, writer]) {
      assert.deepEqual(await secretsFor(token), [false, null, false, null])
    }
    assert.deepEqual(await secretsFor(test.token), [true, channel.webhook_url, true, channel.webhook_url])
  })

  it('can be changed by administrators only, and is visible to its members', async () => {
    const id = await addInbox(test)
    const member = await addUser(test, { inboxes: [id] })
    const outsider = await addUser(test, { inboxes: [1] })
    const other = await addAccount(test)
    assert.equal((await test.api(`/inboxes/${id}`, member)).status, 200)
    assertRefused(await test.api(`/inboxes/${id}`, outsider), 404, /^inbox not found$/)
    assertRefused(await members(id, 'GET', undefined, outsider.token), 404, /^inbox not found$/)
    assert.equal((await members(id, 'GET', undefined, member.token)).status, 200)
    const foreign = await test.api(`//api/v1/accounts/${other.accountId}/inboxes/1`, other)
    assertRefused(foreign, 404, /^inbox not found$/)
    const rows = await readAllRows(test)
    const writer = await addUser(test, { role: 'administrator', scopes: ['write'] })
    for (const { token } of [member, writer, other]) {
      assert.equal((await create({ name: 'x', channel: { type: 'api' } }, token)).status, 403)
      assert.equal((await patch(id, { name: 'x' }, token)).status, 403)
      assert.equal((await remove(id, '', token)).status, 403)
      assert.equal((await members(id, 'POST', [1], token)).status, 403)
      assert.equal((await members(id, 'DELETE', [1], token)).status, 403)
    }
    const { inboxes, inbox_members } = await readAllRows(test)
    assert.deepEqual([inboxes, inbox_members], [rows.inboxes, rows.inbox_members])
  })
})

describe('Deleting an inbox', () => {
  it('deletes its members and contact inboxes, too', async () => {
    const id = await addInbox(test)
    const member = await addUser(test, { inboxes: [id] })
    const contact = (await test.api('/contacts', { method: 'POST', body: { name: 'Gone', inbox_id: id } }))
      .body
    const events = await eventsOf(test, async () => {
      const answer = await remove(id)
      assert.deepEqual([answer.status, answer.body], [204, ''])
    })
    assert.deepEqual(
      events.map(({ name, audience, data }) => [name, audience, data.user_id ?? data.id, data.changed]),
      [
        ['inbox_deleted', 'agents', id, []],
        ['access_changed', 'server', member.userId, undefined],
        ['agent_updated', 'agents', member.userId, ['inboxes']],
      ],
    )
    assertRefused(await test.api(`/inboxes/${id}`), 404, /^inbox not found$/)
    assertRefused(await remove(id), 404, /^inbox not found$/)
    assert.deepEqual((await test.api(`/contacts/${contact.id}`)).body.contact_inboxes, [])
  })

  it('is refused if it has conversations, and deletes all of them with force', async () => {
    const id = await addInbox(test)
    const other = await addTestConversation(test)
    const numbers = []
    for (let i = 0; i < 45; i++) numbers.push(await addTestConversation(test, { inboxId: id }))
    await sendMessage(test, 'FORCED-MARK', {}, numbers[0])
    for (const query of ['', '?force=false']) {
      assertRefused(await remove(id, query), 409, /^this inbox has conversations: force=true/)
    }
    assertRefused(await remove(id, '?force=1'), 400, /^force must be/)
    assert.equal((await remove(id, '?force=true')).status, 204)
    for (const number of numbers) assert.equal((await test.api(`/conversations/${number}`)).status, 404)
    assert.equal((await test.api(`/conversations/${other}`)).status, 200)
    assert.ok(!JSON.stringify(await readAllRows(test)).includes('FORCED-MARK'))
  })
})

describe('The members of an inbox', () => {
  it('see the inbox until they are removed, and each change is logged', async () => {
    const id = await addInbox(test)
    const agent = await addUser(test)
    const number = await addTestConversation(test, { inboxId: id })
    const sees = async () => (await test.api(`/conversations/${number}`, agent)).status
    assert.equal(await sees(), 404)
    const added = await eventsOf(test, async () => {
      const { status, body } = await members(id, 'POST', [agent.userId, agent.userId])
      assert.equal(status, 200)
      assert.deepEqual(
        body.payload.map((member: { id: number; name: string }) => [member.id, member.name]),
        [[agent.userId, agent.name]],
      )
    })
    assert.equal(await sees(), 200)
    const again = await eventsOf(test, () => members(id, 'POST', [agent.userId]))
    const removed = await eventsOf(test, async () => {
      assert.deepEqual((await members(id, 'DELETE', [agent.userId, 1])).body, { payload: [] })
    })
    assert.equal(await sees(), 404)
    const changes = [added, again, removed].map((events) =>
      events.map(({ name, data }) => [name, data.user_id ?? Number(data.id)]),
    )
    const change = ['access_changed', 'agent_updated'].map((name) => [name, agent.userId])
    assert.deepEqual(changes, [change, [], change])
  })

  it('are unassigned from its conversations when they leave, and only from these', async () => {
    const [id, otherInbox] = [await addInbox(test), await addInbox(test)]
    const { userId } = await addUser(test, { inboxes: [id, otherInbox] })
    const numbers = [id, otherInbox].map((inboxId) => addTestConversation(test, { inboxId }))
    const [left, other] = (await Promise.all(numbers)) as [number, number]
    for (const number of [left, other]) {
      const body = { assignee_id: userId }
      const answer = await test.api(`/conversations/${number}/assignments`, { method: 'POST', body })
      assert.equal(answer.status, 200)
    }
    const events = await eventsOf(test, () => members(id, 'DELETE', [userId]))
    const assignee = async (number: number) =>
      (await test.api(`/conversations/${number}`)).body.meta.assignee?.id ?? null
    assert.deepEqual([await assignee(left), await assignee(other)], [null, userId])
    assert.deepEqual(
      events.filter(({ name }) => name === 'conversation_updated').map(({ data }) => [data.id, data.changed]),
      [[left, ['meta.assignee']]],
    )
  })

  it('stay assigned after leaving if they are administrators', async () => {
    const id = await addInbox(test)
    const number = await addTestConversation(test, { inboxId: id })
    await members(id, 'POST', [1])
    const path = `/conversations/${number}`
    await test.api(`${path}/assignments`, { method: 'POST', body: { assignee_id: 1 } })
    assert.equal((await members(id, 'DELETE', [1])).status, 200)
    assert.equal((await test.api(path)).body.meta.assignee.id, 1)
  })

  it('must be members of the account', async () => {
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    const answer = await members(1, 'POST', [1, other.userId])
    assertRefused(answer, 422, /^user_ids names no member of this account/)
    assertRefused(await members(1, 'POST', []), 422, /^user_ids must have at least 1 item$/)
    assertRefused(await members(9999, 'POST', [1]), 404, /^inbox not found$/)
    assert.deepEqual(await readAllRows(test), rows)
  })
})
