import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  type ApiRequest,
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { fetchFile, formOf, picture } from '../../../test/files.ts'
import { randomSecret } from '../../lib/secrets.ts'

let test: TestApp
let key: string
before(async () => {
  test = await startTestApp()
  key = (await test.api('/inboxes/1')).body.inbox_identifier
})
after(() => test.close())

const call = (path: string, request: ApiRequest = {}, inbox = key): Promise<ApiResponse> =>
  test.api(`//public/api/v1/inboxes/${inbox}${path}`, { token: null, ...request })
const post = (path: string, body?: object, more: ApiRequest = {}) =>
  call(path, { method: 'POST', ...(body ? { body } : {}), ...more })

async function startConversation(body: object = {}) {
  const contact = (await post('/contacts', body)).body
  const own = `/contacts/${contact.source_id}`
  const { id } = (await post(`${own}/conversations`)).body
  return { contact, own, id, messages: `${own}/conversations/${id}/messages` }
}

async function addInbox(hmac_mandatory: boolean) {
  const channel = { type: 'api', hmac_mandatory }
  return (await test.api('/inboxes', { method: 'POST', body: { name: 'Proof', channel } })).body
}
const hashOf = (inbox: { hmac_token: string }, identifier: string) =>
  createHmac('sha256', inbox.hmac_token).update(identifier).digest('hex')

describe('A customer', () => {
  it('can start a conversation, write, and read the answer', async () => {
    const { contact, id, messages } = await startConversation({ name: 'Ada', email: 'Ada@example.com' })
    assert.match(contact.source_id, /^src_[\w-]{43}$/)
    assert.equal(contact.email, 'ada@example.com')
    const sent = await post(messages, { content: 'Hello?', echo_id: 'e1' })
    assert.equal(sent.status, 201)
    assert.equal(sent.body.message_type, 'incoming')
    assert.equal(sent.body.echo_id, 'e1')
    await sendMessage(test, 'Yes!', { echo_id: 'inner' }, id)
    const { body } = await call(messages)
    assert.deepEqual(
      body.payload.map((one: { content: string; echo_id: string | null }) => [one.content, one.echo_id]),
      [
        ['Hello?', 'e1'],
        ['Yes!', null],
      ],
    )
    const agentView = (await test.api(`/conversations/${id}/messages`)).body.payload
    assert.equal(agentView[0].sender.id, contact.id)
  })

  it('can write in a web_widget inbox, in which programs may not write for them', async () => {
    const channel = { type: 'web_widget' }
    const { body } = await test.api('/inboxes', { method: 'POST', body: { name: 'Chat', channel } })
    const inbox = body.inbox_identifier
    const own = (await call('/contacts', { method: 'POST', body: {} }, inbox)).body
    const path = `/contacts/${own.source_id}/conversations`
    const { id } = (await call(path, { method: 'POST' }, inbox)).body
    const said = { method: 'POST', body: { content: 'Hi' } }
    assert.equal((await call(`${path}/${id}/messages`, said, inbox)).status, 201)
    const program = { content: 'Hi', message_type: 'incoming' }
    const refused = await test.api(`/conversations/${id}/messages`, { method: 'POST', body: program })
    assertRefused(refused, 422, /message_type/)
  })

  it('never sees private notes, activity lines, deleted messages or attributes of programs', async () => {
    const { id, messages } = await startConversation()
    await post(messages, { content: 'Hello' })
    await sendMessage(test, 'MARKER note', { private: true }, id)
    await sendMessage(test, 'shown', { content_attributes: { crm: 'MARKER' } }, id)
    const deleted = await sendMessage(test, 'MARKER deleted', {}, id)
    await test.api(`/conversations/${id}/messages/${deleted.id}`, { method: 'DELETE' })
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    const { body } = await call(messages)
    assert.equal(body.payload.length, 2)
    assert.doesNotMatch(JSON.stringify(body), /MARKER|resolved the|admin@/)
    const all = JSON.stringify((await test.api(`/conversations/${id}/messages`)).body)
    assert.match(all, /MARKER note/)
    assert.match(all, /resolved the/)
  })

  it('can send files with or without text, which agents and the customer see', async () => {
    const { id, messages } = await startConversation()
    const { cursor, close } = await openStream(test)
    close()
    const files = [
      { bytes: await picture(800, 400), name: '../../cat.png', type: 'image/png' },
      { bytes: 'hello', name: '', type: '' },
    ]
    const sent = await post(messages, undefined, { body: formOf({ echo_id: 'e' }, files) })
    assert.equal(sent.status, 201, JSON.stringify(sent.body))
    assert.deepEqual([sent.body.content, sent.body.echo_id], ['', 'e'])
    const shown = sent.body.attachments.map((one: Record<string, unknown>) => [one.file_type, one.width])
    assert.deepEqual(shown, [
      ['image', 800],
      ['file', null],
    ])
    const { payload } = (await call(messages)).body
    assert.deepEqual(payload[0].attachments.length, 2)
    const [agentView] = (await test.api(`/conversations/${id}/messages`)).body.payload
    assert.deepEqual(agentView.attachments.length, 2)
    const file = await fetchFile(test, sent.body.attachments[0].data_url)
    assert.equal(file.status, 200)
    assert.equal(file.headers.get('x-content-type-options'), 'nosniff')
    const stream = await openStream(test, { query: `after=${cursor}` })
    const { data } = await stream.find(({ name }) => name === 'message_created')
    assert.equal(data.attachments.length, 2)
    stream.close()
  })

  it('cannot send files with an unknown source_id, to a conversation of another contact, or while blocked', async () => {
    const { contact, id, messages } = await startConversation()
    const other = await startConversation()
    const body = () => formOf({ content: 'See' }, [{ bytes: 'hello', name: 'a.txt' }])
    const rows = await readAllRows(test)
    const path = (source: string) => `/contacts/${source}/conversations/${id}/messages`
    assertRefused(await post(path(`src_${'A'.repeat(43)}`), undefined, { body: body() }), 404, /^contact/)
    assertRefused(
      await post(path(other.contact.source_id), undefined, { body: body() }),
      404,
      /^conversation/,
    )
    assert.deepEqual(await readAllRows(test), rows)
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: { blocked: true } })
    assertRefused(await post(messages, undefined, { body: body() }), 403, /blocked/)
    assert.deepEqual((await call(messages)).body.payload, [])
  })

  it('reopens a resolved conversation by writing', async () => {
    const { id, own, messages } = await startConversation()
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    assert.equal((await call(`${own}/conversations`)).body.payload[0].status, 'resolved')
    await post(messages, { content: 'One more thing' })
    assert.equal((await call(`${own}/conversations`)).body.payload[0].status, 'open')
  })

  it('posts a message once with an Idempotency-Key, even if an agent has used the same key', async () => {
    const { id, messages } = await startConversation()
    const headers = { 'idempotency-key': 'k' }
    await test.api(`/conversations/${id}/messages`, {
      method: 'POST',
      body: { content: 'of an agent', message_type: 'outgoing' },
      headers,
    })
    const first = await post(messages, { content: 'once' }, { headers })
    const again = await post(messages, { content: 'once' }, { headers })
    assert.deepEqual([first.status, again.status], [201, 200])
    assert.equal(again.body.id, first.body.id)
    assertRefused(await post(messages, { content: 'other' }, { headers }), 422, /Idempotency-Key/)
  })

  it('has idempotency keys separate from those of agents', async () => {
    const { id, messages } = await startConversation()
    const path = `/conversations/${id}/messages`
    const ofAgent = (key: string) => {
      const body = { content: `agent ${key}`, message_type: 'outgoing' }
      return test.api(path, { method: 'POST', body, headers: { 'idempotency-key': key } })
    }
    const ofCustomer = (key: string) =>
      post(messages, { content: `customer ${key}` }, { headers: { 'idempotency-key': key } })
    const keys = ['k', 'contact k', 'contact contact k', ' contact k', 'user k']
    const sent: ApiResponse[] = []
    for (const key of keys) sent.push(await ofAgent(key), await ofCustomer(key))
    // HTTP removes the leading space from the header.
    assert.deepEqual(
      sent.map(({ status }) => status),
      [201, 201, 201, 201, 201, 201, 422, 422, 201, 201],
    )
    const again: ApiResponse[] = []
    for (const key of ['k', 'contact k', 'contact contact k', 'user k'])
      again.push(await ofAgent(key), await ofCustomer(key))
    assert.deepEqual(
      again.map(({ status, body }) => [status, body.id]),
      [0, 1, 2, 3, 4, 5, 8, 9].map((index) => [200, sent[index]!.body.id]),
    )
  })

  it('can page through messages', async () => {
    const { messages } = await startConversation()
    const ids: number[] = []
    for (let i = 0; i < 5; i++) ids.push((await post(messages, { content: `${i}` })).body.id)
    const page = async (query: string) => {
      const { payload, meta } = (await call(`${messages}?${query}`)).body
      return [payload.map(({ id }: { id: number }) => ids.indexOf(id)), meta.has_more]
    }
    assert.deepEqual(await page('limit=2'), [[3, 4], true])
    assert.deepEqual(await page(`limit=3&before_id=${ids[3]}`), [[0, 1, 2], false])
    assert.deepEqual(await page(`limit=2&after_id=${ids[1]}`), [[2, 3], true])
  })

  it('can read while blocked, but neither start a conversation nor write', async () => {
    const { contact, own, messages } = await startConversation()
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: { blocked: true } })
    assertRefused(await post(messages, { content: 'Hi' }), 403, /blocked/)
    assertRefused(await post(`${own}/conversations`), 403, /blocked/)
    assert.equal((await call(messages)).status, 200)
  })
})

describe('Access to a contact', () => {
  it('requires its secret source_id; everything else gets the same 404', async () => {
    const mine = await startConversation()
    const other = await startConversation()
    const elsewhere = (await addInbox(false)).inbox_identifier
    await test.api(`/contacts/${mine.contact.id}/contact_inboxes`, {
      method: 'POST',
      body: { inbox_id: 1, source_id: 'customer-1042' },
    })
    const before = await readAllRows(test)
    const invented = `src_${'x'.repeat(43)}`
    const answers = [
      await call(`/contacts/${invented}`),
      await call(`/contacts/customer-1042`),
      await call(`/contacts/${mine.contact.source_id}`, {}, elsewhere),
      await call(`/contacts/${mine.contact.source_id}`, {}, 'inbox_nothing'),
      await call(`/contacts/${invented}/conversations/${mine.id}/messages`),
    ]
    for (const { status, body } of answers) {
      assert.deepEqual([status, body], [404, { error: 'contact not found', code: 'unknown_source_id' }])
    }
    const unreadable = await post('/contacts/%00/conversations/1/messages', { content: 'in' })
    assertRefused(unreadable, 404, /path/)
    const foreign = `${other.own}/conversations/${mine.id}/messages`
    assertRefused(await call(foreign), 404, /conversation/)
    assertRefused(await post(foreign, { content: 'in' }), 404, /conversation/)
    assert.deepEqual(await readAllRows(test), before)
    for (let count = 0; count < 1000; count++) {
      const { status, body } = await call(`/contacts/${randomSecret('src')}`)
      assert.deepEqual([status, body], [404, { error: 'contact not found', code: 'unknown_source_id' }])
    }
    assert.equal((await call(mine.own)).status, 200)
  })

  it('is given to whoever proves its identifier, again and again', async () => {
    const inbox = await addInbox(true)
    const body = { identifier: 'u1', identifier_hash: hashOf(inbox, 'u1') }
    const open = (sent: object) => call('/contacts', { method: 'POST', body: sent }, inbox.inbox_identifier)
    const first = await open(body)
    assert.equal(first.status, 200)
    const again = await open(body)
    assert.equal(again.body.id, first.body.id)
    // Only the hash of a secret is stored, so each proof gets a new one. The earlier ones stay valid.
    assert.notEqual(again.body.source_id, first.body.source_id)
    for (const { body: one } of [first, again]) {
      assert.equal(
        (await call(`/contacts/${one.source_id}`, {}, inbox.inbox_identifier)).body.id,
        first.body.id,
      )
    }
    assertRefused(await open({ identifier: 'u1' }), 403, /identifier_hash/)
    assertRefused(await open({ ...body, identifier_hash: hashOf(inbox, 'u2') }), 403, /identifier_hash/)
    assertRefused(await open({ ...body, identifier_hash: 'no hex' }), 403, /identifier_hash/)
    const rotated = await test.api(`/inboxes/${inbox.id}/rotate_hmac_token`, { method: 'POST' })
    assertRefused(await open(body), 403, /identifier_hash/)
    const newProof = { ...body, identifier_hash: hashOf(rotated.body, 'u1') }
    assert.equal((await open(newProof)).body.id, first.body.id)
  })

  it('is not given for an identifier without a proof, which is stored as a claim', async () => {
    const inbox = await addInbox(false)
    const open = (sent: object) => call('/contacts', { method: 'POST', body: sent }, inbox.inbox_identifier)
    const guessed = (await open({ identifier: 'u9' })).body
    const proven = (await open({ identifier: 'u9', identifier_hash: hashOf(inbox, 'u9') })).body
    assert.notEqual(proven.id, guessed.id)
    const { body } = await test.api(`/contacts/${guessed.id}`)
    assert.equal(body.identifier, null)
    assert.deepEqual(body.custom_attributes, { claimed_identifier: 'u9' })
  })

  it('is not given for an address, and nobody learns that another contact has it', async () => {
    const addresses = { email: 'Known@example.com', phone_number: '+14155550199' }
    const { body: first } = await post('/contacts', addresses)
    const { body: second } = await post('/contacts', addresses)
    const shownFields = ({ id, source_id, pubsub_token, ...rest }: Record<string, unknown>) => rest
    const shown = { name: 'Visitor', email: 'known@example.com', phone_number: '+14155550199' }
    assert.deepEqual([shownFields(first), shownFields(second)], [shown, shown])
    const nameless = { method: 'PATCH', body: { name: null, ...addresses } }
    for (const { source_id } of [first, second]) {
      assert.deepEqual(shownFields((await call(`/contacts/${source_id}`, nameless)).body), shown)
    }
    assert.notEqual(second.id, first.id)
    const { body } = await test.api(`/contacts/${second.id}`)
    assert.deepEqual([body.email, body.custom_attributes.claimed_email], [null, 'known@example.com'])
    const change = { method: 'PATCH', body: { email: 'free@example.com', phone_number: null } }
    assert.equal((await call(`/contacts/${second.source_id}`, change)).body.email, 'free@example.com')
    const after = (await test.api(`/contacts/${second.id}`)).body
    assert.deepEqual([after.email, after.custom_attributes], ['free@example.com', {}])
  })

  it('does not allow changing attributes that agents may rely on', async () => {
    const { contact, own } = await startConversation()
    const plan = { custom_attributes: { plan: 'free' } }
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: plan })
    await call(own, { method: 'PATCH', body: { custom_attributes: { plan: 'premium', city: 'Oslo' } } })
    const { custom_attributes } = (await test.api(`/contacts/${contact.id}`)).body
    assert.deepEqual(custom_attributes, { plan: 'free', city: 'Oslo' })
  })
})

describe('Pages of any origin', () => {
  it('may use the API, and no secret is sent on in a Referer', async () => {
    for (const path of ['', '/contacts/src_none']) {
      const { headers } = await call(path, { headers: { origin: 'https://shop.example' } })
      assert.equal(headers.get('access-control-allow-origin'), '*')
      assert.match(headers.get('access-control-expose-headers')!, /retry-after/)
      assert.equal(headers.get('access-control-allow-credentials'), null)
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cache-control'), 'no-store')
    }
    const { status, headers } = await call('/contacts', { method: 'OPTIONS' })
    assert.equal(status, 204)
    assert.match(headers.get('access-control-allow-headers')!, /content-type/)
  })

  it('get what they need of an inbox, but not its secret', async () => {
    const { body } = await call('')
    assert.deepEqual(body, {
      name: 'API',
      channel_type: 'api',
      greeting_message: null,
      identity_validation: false,
      available: false,
    })
  })
})
