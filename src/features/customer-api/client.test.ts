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

async function begin(body: object = {}) {
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

describe('a customer', () => {
  it('begins, writes, and reads the answer', async () => {
    const { contact, id, messages } = await begin({ name: 'Ada', email: 'Ada@example.com' })
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
    const seen = (await test.api(`/conversations/${id}/messages`)).body.payload
    assert.equal(seen[0].sender.id, contact.id)
  })

  it('writes in a web_widget inbox, too, where a program may not', async () => {
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

  it('never sees notes, activity lines, deleted messages or what is kept beside a message', async () => {
    const { id, messages } = await begin()
    await post(messages, { content: 'Hello' })
    await sendMessage(test, 'MARKER note', { private: true }, id)
    await sendMessage(test, 'shown', { content_attributes: { crm: 'MARKER' } }, id)
    const gone = await sendMessage(test, 'MARKER deleted', {}, id)
    await test.api(`/conversations/${id}/messages/${gone.id}`, { method: 'DELETE' })
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    const { body } = await call(messages)
    assert.equal(body.payload.length, 2)
    assert.doesNotMatch(JSON.stringify(body), /MARKER|resolved the|admin@/)
    const all = JSON.stringify((await test.api(`/conversations/${id}/messages`)).body)
    assert.match(all, /MARKER note/)
    assert.match(all, /resolved the/)
  })

  it('sends files with a message or without words, which agents and the customer see', async () => {
    const { id, messages } = await begin()
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
    const [seen] = (await test.api(`/conversations/${id}/messages`)).body.payload
    assert.deepEqual(seen.attachments.length, 2)
    const picked = await fetchFile(test, sent.body.attachments[0].data_url)
    assert.equal(picked.status, 200)
    assert.equal(picked.headers.get('x-content-type-options'), 'nosniff')
    const stream = await openStream(test, { query: `after=${cursor}` })
    const { data } = await stream.find(({ name }) => name === 'message_created')
    assert.equal(data.attachments.length, 2)
    stream.close()
  })

  it('sends no files without a source_id that opens something, to another’s conversation, or while blocked', async () => {
    const { contact, id, messages } = await begin()
    const other = await begin()
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

  it('opens a resolved conversation by writing', async () => {
    const { id, own, messages } = await begin()
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    assert.equal((await call(`${own}/conversations`)).body.payload[0].status, 'resolved')
    await post(messages, { content: 'One more thing' })
    assert.equal((await call(`${own}/conversations`)).body.payload[0].status, 'open')
  })

  it('says something once with an Idempotency-Key, whatever key an agent has used', async () => {
    const { id, messages } = await begin()
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

  it('has idempotency keys that no agent can use up, and none of an agent', async () => {
    const { id, messages } = await begin()
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
    // The space in front is no part of a header.
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

  it('pages through what was said', async () => {
    const { messages } = await begin()
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

  it('who is blocked may read, but neither begin nor write', async () => {
    const { contact, own, messages } = await begin()
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: { blocked: true } })
    assertRefused(await post(messages, { content: 'Hi' }), 403, /blocked/)
    assertRefused(await post(`${own}/conversations`), 403, /blocked/)
    assert.equal((await call(messages)).status, 200)
  })
})

describe('what opens a contact', () => {
  it('is its source_id alone: everything else is the same 404', async () => {
    const mine = await begin()
    const other = await begin()
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
      assert.deepEqual([status, body], [404, { error: 'contact not found' }])
    }
    const unreadable = await post('/contacts/%00/conversations/1/messages', { content: 'in' })
    assertRefused(unreadable, 404, /path/)
    const foreign = `${other.own}/conversations/${mine.id}/messages`
    assertRefused(await call(foreign), 404, /conversation/)
    assertRefused(await post(foreign, { content: 'in' }), 404, /conversation/)
    assert.deepEqual(await readAllRows(test), before)
    for (let count = 0; count < 1000; count++) {
      const { status, body } = await call(`/contacts/${randomSecret('src')}`)
      assert.deepEqual([status, body], [404, { error: 'contact not found' }])
    }
    assert.equal((await call(mine.own)).status, 200)
  })

  it('is a proven identifier, which gives the same contact and its conversations again', async () => {
    const inbox = await addInbox(true)
    const body = { identifier: 'u1', identifier_hash: hashOf(inbox, 'u1') }
    const open = (sent: object) => call('/contacts', { method: 'POST', body: sent }, inbox.inbox_identifier)
    const first = await open(body)
    assert.equal(first.status, 200)
    const again = await open(body)
    assert.equal(again.body.id, first.body.id)
    // Only its hash is known, so each proof gets a secret of its own; the earlier ones still open the contact.
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
    const anew = { ...body, identifier_hash: hashOf(rotated.body, 'u1') }
    assert.equal((await open(anew)).body.id, first.body.id)
  })

  it('is no identifier without a proof: it is kept as a claim, and takes nothing', async () => {
    const inbox = await addInbox(false)
    const open = (sent: object) => call('/contacts', { method: 'POST', body: sent }, inbox.inbox_identifier)
    const guessed = (await open({ identifier: 'u9' })).body
    const proven = (await open({ identifier: 'u9', identifier_hash: hashOf(inbox, 'u9') })).body
    assert.notEqual(proven.id, guessed.id)
    const { body } = await test.api(`/contacts/${guessed.id}`)
    assert.equal(body.identifier, null)
    assert.deepEqual(body.custom_attributes, { claimed_identifier: 'u9' })
  })

  it('is no address: nobody learns that another contact has it', async () => {
    const given = { email: 'Known@example.com', phone_number: '+14155550199' }
    const { body: first } = await post('/contacts', given)
    const { body: second } = await post('/contacts', given)
    const public_ = ({ id, source_id, pubsub_token, ...rest }: Record<string, unknown>) => rest
    const shown = { name: 'Visitor', email: 'known@example.com', phone_number: '+14155550199' }
    assert.deepEqual([public_(first), public_(second)], [shown, shown])
    const nameless = { method: 'PATCH', body: { name: null, ...given } }
    for (const { source_id } of [first, second]) {
      assert.deepEqual(public_((await call(`/contacts/${source_id}`, nameless)).body), shown)
    }
    assert.notEqual(second.id, first.id)
    const { body } = await test.api(`/contacts/${second.id}`)
    assert.deepEqual([body.email, body.custom_attributes.claimed_email], [null, 'known@example.com'])
    const change = { method: 'PATCH', body: { email: 'free@example.com', phone_number: null } }
    assert.equal((await call(`/contacts/${second.source_id}`, change)).body.email, 'free@example.com')
    const after = (await test.api(`/contacts/${second.id}`)).body
    assert.deepEqual([after.email, after.custom_attributes], ['free@example.com', {}])
  })

  it('changes nothing that agents may rely on', async () => {
    const { contact, own } = await begin()
    const plan = { custom_attributes: { plan: 'free' } }
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: plan })
    await call(own, { method: 'PATCH', body: { custom_attributes: { plan: 'premium', city: 'Oslo' } } })
    const { custom_attributes } = (await test.api(`/contacts/${contact.id}`)).body
    assert.deepEqual(custom_attributes, { plan: 'free', city: 'Oslo' })
  })
})

describe('pages of any origin', () => {
  it('may call, and no secret goes on in a Referer', async () => {
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

  it('see of an inbox what they need, and not its secret', async () => {
    const { body } = await call('')
    assert.deepEqual(body, {
      name: 'API',
      channel_type: 'api',
      greeting_message: null,
      identity_validation: false,
    })
  })
})
