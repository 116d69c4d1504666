import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { linkSecret } from '../../src/features/attachments/store.ts'
import { type ErrorCode, errorCodes, type FieldCode } from '../../src/lib/error-codes.ts'
import { fileLink } from '../../src/lib/file-link.ts'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { assertErrorBody } from '../assert-error.ts'
import { addInbox, addTestConversation, addUser } from '../factories.ts'
import { sendFile } from '../files.ts'

/*
 * Calls the API so that each code of an error, and each code of a field, is returned once. The types of the two tables
 * require an entry for each code: a code that nothing returns fails.
 */

const messages = '/conversations/1/messages'
const hello = { content: 'Hello', message_type: 'outgoing' }
const unknown = 'x'.repeat(64)

let test: TestApp
let own: string
let contacts: string
before(async () => {
  test = await startTestApp()
  const { inbox_identifier } = (await test.api('/inboxes/1')).body
  contacts = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
  own = `${contacts}/${(await post(contacts, {})).body.source_id}`
})
after(() => test.close())

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape
  body: any
}

const post = (path: string, body: unknown, headers = {}) => test.api(path, { method: 'POST', body, headers })
const patch = (path: string, body: unknown) => test.api(path, { method: 'PATCH', body })

/** Starts another server, breaks it or uses it up, and returns what `call` returns. */
async function onOther(environment: Record<string, string>, call: (other: TestApp) => Promise<Answer>) {
  const other = await startTestApp(environment)
  try {
    return await call(other)
  } finally {
    await other.close()
  }
}

/** What a client reads whose request has not arrived in time. */
function timedOut(): Promise<Answer> {
  const { server } = test.app.server
  const error = Object.assign(new Error('timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  server.once('connection', (socket) => setImmediate(() => server.emit('clientError', error, socket)))
  return new Promise((resolve, reject) => {
    let text = ''
    connect(Number(new URL(test.app.url).port), '127.0.0.1')
      .on('data', (bytes) => {
        text += bytes
      })
      .on('close', () => {
        const [head, body] = text.split('\r\n\r\n')
        resolve({ status: Number(head!.split(' ')[1]), body: JSON.parse(body!) })
      })
      .on('error', reject)
  })
}

const answers: Record<ErrorCode, () => Promise<Answer>> = {
  malformed: () => post(messages, '{'),
  unauthenticated: () => test.api(messages, { token: null }),
  wrong_credentials: () => post('//auth/sign_in', { email: 'admin@example.com', password: 'not this one' }),
  forbidden: () => test.api('//api/v1/accounts/9/inboxes'),
  async administrator_required() {
    const { token } = await addUser(test)
    return test.api('/inboxes', { method: 'POST', body: { name: 'Mine' }, token })
  },
  async contact_blocked() {
    const id = await addTestConversation(test)
    const { contact } = (await test.api(`/conversations/${id}`)).body
    await patch(`/contacts/${contact.id}`, { blocked: true })
    return post(`/conversations/${id}/messages`, { ...hello, message_type: 'incoming' })
  },
  identity_not_proven: () => post(contacts, { identifier: 'ada', identifier_hash: unknown }),
  async link_expired() {
    const secret = await linkSecret(test.app.database.read)
    return test.api(`/${fileLink('', secret, `1/${'0'.repeat(32)}`, '', 1)}`)
  },
  async missing_scope() {
    const { token } = await addUser(test, { inboxes: [1], scopes: ['read'] })
    return test.api(messages, { method: 'POST', body: hello, token })
  },
  async origin_not_allowed() {
    const channel = { type: 'web_widget', website_url: 'https://shop.example.com' }
    const { inbox_identifier } = (await post('/inboxes', { name: 'Shop', channel })).body
    const headers = { origin: 'https://other.example.com' }
    return test.api(`//public/api/v1/inboxes/${inbox_identifier}`, { headers })
  },
  not_found: () => test.api('/conversations/999'),
  route_not_found: () => test.api('//nowhere'),
  unknown_source_id: () => test.api(`${contacts}/${unknown}/conversations`),
  request_timeout: timedOut,
  async conflict() {
    const { id } = await sendMessage(test, 'Read')
    await patch(`${messages}/${id}`, { status: 'read' })
    return patch(`${messages}/${id}`, { status: 'delivered' })
  },
  async already_answered() {
    const { id: conversation } = (await post(`${own}/conversations`, {})).body
    const { id } = await sendMessage(test, 'Your address?', { content_type: 'input_email' }, conversation)
    const answer = { submitted_email: 'jane@example.com' }
    await patch(`${own}/conversations/${conversation}/messages/${id}`, answer)
    return patch(`${own}/conversations/${conversation}/messages/${id}`, answer)
  },
  assignee_changed() {
    return post('/conversations/1/assignments', { assignee_id: 1, expected_assignee_id: 999 })
  },
  async inbox_has_conversations() {
    const inboxId = await addInbox(test)
    await addTestConversation(test, { inboxId })
    return test.api(`/inboxes/${inboxId}`, { method: 'DELETE' })
  },
  last_administrator: () => patch('/agents/1', { role: 'agent' }),
  async limit_reached() {
    const { source_id } = (await post(contacts, {})).body
    for (let count = 0; count < 5; count++) await post(`${contacts}/${source_id}/conversations`, {})
    return post(`${contacts}/${source_id}/conversations`, {})
  },
  stale: () =>
    test.api('/conversations/1/draft', { method: 'PUT', body: { content: 'Hello', version: 999 } }),
  too_large: () => post(messages, { ...hello, content: 'x'.repeat(3 * 1024 ** 2) }),
  unsupported_media_type: () => post(messages, 'hello', { 'content-type': 'text/plain' }),
  async range_not_satisfiable() {
    const { data_url } = await sendFile(test, { bytes: 'short', name: 'a.txt' })
    const { pathname, search } = new URL(data_url)
    return test.api(`/${pathname}${search}`, { headers: { range: 'bytes=5-' } })
  },
  invalid: () => post(messages, {}),
  async idempotency_key_reused() {
    const headers = { 'idempotency-key': 'the same' }
    await post(messages, hello, headers)
    return post(messages, { ...hello, content: 'Another' }, headers)
  },
  too_many_requests: () =>
    onOther({ NDOTO_RATE_LIMIT: '1' }, async (other) => {
      await other.api(messages)
      return other.api(messages)
    }),
  headers_too_large: () => test.api('//health', { headers: { 'x-long': 'x'.repeat(20_000) } }),
  internal_error: () =>
    onOther({}, async (other) => {
      const { database } = other.app
      await database.transaction(null, (tx) => sql`alter table messages rename to gone`.execute(tx.sql))
      return other.api(messages)
    }),
  async unavailable() {
    const broken = await startTestApp()
    await broken.app.database.close()
    try {
      return await broken.api('//health')
    } finally {
      await broken.app.server.close()
      rmSync(broken.config.dataDir, { recursive: true })
    }
  },
}

const token = { name: 'a token', scopes: ['read'] }
const password = 'a good new password'
const field = (name: string) => ({ name, label: name, type: 'text' })

const fields: Record<FieldCode, [field: string, call: () => Promise<Answer>]> = {
  required: ['content', () => post(messages, { message_type: 'outgoing' })],
  empty: ['name', () => patch('/inboxes/1', { name: ' ' })],
  wrong_type: ['content', () => post(messages, { ...hello, content: 5 })],
  wrong_format: ['email', () => post('/contacts', { email: 'jane' })],
  too_short: ['password', () => post('//auth/password/reset', { token: 'x', password: 'short' })],
  too_long: ['email', () => post('/contacts', { email: 'x'.repeat(300) })],
  too_many_items: [
    'custom_attributes',
    () => {
      const names = Array.from({ length: 1001 }, (_, i) => [`name${i}`, i])
      return post('/contacts', { custom_attributes: Object.fromEntries(names) })
    },
  ],
  too_small: ['inbox_id', () => post('/conversations', { inbox_id: 0, contact_id: 1 })],
  too_large: ['inbox_id', () => post('/conversations', { inbox_id: 2 ** 53, contact_id: 1 })],
  not_allowed_value: ['message_type', () => post(messages, { ...hello, message_type: 'sideways' })],
  not_allowed: ['private', () => post(messages, { ...hello, message_type: 'incoming', private: true })],
  not_found: ['inbox_id', () => post('/conversations', { inbox_id: 999, contact_id: 1 })],
  taken: [
    'title',
    async () => {
      await post('/labels', { title: 'urgent' })
      return post('/labels', { title: 'urgent' })
    },
  ],
  duplicate: [
    'content_attributes.items[1].name',
    () => {
      const content_attributes = { items: [field('size'), field('size')] }
      return post(messages, { ...hello, content_type: 'form', content_attributes })
    },
  ],
  in_the_past: ['expires_at', () => post('//api/v1/profile/access_tokens', { ...token, expires_at: 1 })],
  expired: ['token', () => post('//auth/password/reset', { token: 'unknown', password })],
  wrong_password: [
    'current_password',
    () => patch('//api/v1/profile', { password, current_password: 'not this one' }),
  ],
  weak_password: ['password', () => patch('//api/v1/profile', { password: 'password123' })],
}

describe('The code of an error', () => {
  for (const [code, call] of Object.entries(answers)) {
    it(`is ${code} with ${errorCodes[code as ErrorCode]}`, async () => {
      const { status, body } = await call()
      assertErrorBody(status, body)
      assert.equal(body.code, code, JSON.stringify(body))
    })
  }
})

describe('The code of a field', () => {
  for (const [code, [field, call]] of Object.entries(fields)) {
    it(`is ${code} for ${field}`, async () => {
      const { status, body } = await call()
      assertErrorBody(status, body)
      assert.equal(body.code, 'invalid')
      const codes = (body.errors as { field: string; code: string }[]).map((one) => [one.field, one.code])
      assert.deepEqual(codes, [[field, code]], JSON.stringify(body))
    })
  }
})
