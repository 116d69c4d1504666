import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../test/app.ts'
import { assertErrorBody } from '../../test/assert-error.ts'
import { testDatabaseUrl } from '../../test/databases.ts'
import { addUser } from '../../test/factories.ts'
import { openapiDocument } from '../commands/openapi.ts'
import { errorCodes, fieldCodes } from '../lib/error-codes.ts'

const messages = '/conversations/1/messages'
const hello = { content: 'Hello', message_type: 'outgoing' }
let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** Sends raw bytes, and returns everything that the server sends until it closes the connection. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(test.app.url).port), '127.0.0.1')
    let response = ''
    socket.on('data', (bytes) => {
      response += bytes
    })
    socket.on('close', () => resolve(response))
    socket.on('error', reject)
    socket.write(request)
  })
}

describe('a token', () => {
  const ways: [string, (token: string) => Record<string, string>][] = [
    ['api_access_token', (token) => ({ api_access_token: token })],
    ['Api-Access-Token', (token) => ({ 'Api-Access-Token': token })],
    ['API_ACCESS_TOKEN in capitals', (token) => ({ API_ACCESS_TOKEN: token })],
    ['Authorization: Bearer', (token) => ({ Authorization: `Bearer ${token}` })],
    ['authorization: bearer in small letters', (token) => ({ authorization: `bearer ${token}` })],
  ]
  for (const [name, headers] of ways) {
    it(`can be sent as ${name}`, async () => {
      assert.equal((await test.api(messages, { token: null, headers: headers(test.token) })).status, 200)
      assert.equal((await test.api(messages, { token: null, headers: headers('nonsense') })).status, 401)
    })
  }

  const none: [string, Record<string, string>][] = [
    ['no header', {}],
    ['Basic instead of Bearer', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['a Bearer without a token', { authorization: 'Bearer ' }],
    ['the token without Bearer', { authorization: 'TOKEN' }],
    ['an empty api_access_token', { api_access_token: '' }],
    ['half a token', { api_access_token: 'HALF' }],
    ['the token in capitals', { api_access_token: 'CAPITALS' }],
    ['a token with a letter after it', { api_access_token: 'MORE' }],
    ['an injection', { api_access_token: "' or '1'='1" }],
    ['a very long token', { api_access_token: 'x'.repeat(10_000) }],
  ]
  for (const [name, headers] of none) {
    it(`is refused with 401 for ${name}`, async () => {
      const { token } = test
      const filled = Object.fromEntries(
        Object.entries(headers).map(([key, value]) => [
          key,
          value
            .replace('TOKEN', token)
            .replace('HALF', token.slice(0, 20))
            .replace('CAPITALS', token.toUpperCase())
            .replace('MORE', `${token}x`),
        ]),
      )
      const answer = await test.api(messages, { token: null, headers: filled })
      assertRefused(answer, 401, /access token/)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    })
  }

  it('cannot be sent in the query', async () => {
    for (const name of ['api_access_token', 'access_token', 'token']) {
      assert.equal((await test.api(`${messages}?${name}=${test.token}`, { token: null })).status, 401)
    }
  })

  it('is checked before the body and the path', async () => {
    const wrong = [
      await test.api(messages, { token: null, method: 'POST', body: '{' }),
      await test.api(messages, { token: null, method: 'POST', body: {} }),
      await test.api(`${messages}?limit=x`, { token: null }),
      await test.api('/conversations/abc/messages', { token: null }),
      await test.api('//api/v1/accounts/2/conversations/1/messages', { token: null }),
      await test.api(messages, {
        token: null,
        method: 'POST',
        body: 'x',
        headers: { 'content-type': 'text/plain' },
      }),
      await test.api(messages, { token: null, method: 'POST', body: 'x'.repeat(100_000) }),
    ]
    assert.deepEqual(
      wrong.map(({ status }) => status),
      Array(7).fill(401),
    )
  })

  it('is stored only as a hash', async () => {
    const { token } = await addUser(test)
    await test.api(messages, { token })
    assert.ok(!JSON.stringify(await readAllRows(test)).includes(token))
  })

  it('that expires soon is valid until then', async () => {
    const { token } = await addUser(test, { inboxes: [1], expiresAt: Date.now() + 3_600_000 })
    assert.equal((await test.api(messages, { token })).status, 200)
  })

  it('of a user who has left the account no longer works there', async () => {
    const { token, userId } = await addUser(test)
    assert.equal((await test.api('/inboxes', { token })).status, 200)
    await test.app.database.transaction(null, (tx) =>
      tx.sql.deleteFrom('account_users').where('user_id', '=', userId).execute(),
    )
    assertRefused(await test.api('/inboxes', { token }), 403, /not belong to a member of this account/)
  })
})

describe('an account in the path', () => {
  it('is refused with 403 if the user is not a member, whether or not it exists', async () => {
    for (const id of [2, 987_654, Number.MAX_SAFE_INTEGER]) {
      const answer = await test.api(`//api/v1/accounts/${id}/inboxes`)
      assertRefused(answer, 403, /^this token does not belong to a member of this account$/)
    }
  })

  for (const id of ['0', '-1', '1.5', '01', 'abc', '1e0', '18446744073709551617', '%00', '%201']) {
    it(`is refused with 404 if its id is invalid: ${id}`, async () => {
      assertRefused(await test.api(`//api/v1/accounts/${id}/inboxes`), 404, /not found$/)
    })
  }
})

describe('a body', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    test.api(messages, { method: 'POST', body, headers })

  const broken: Record<string, string> = {
    'that ends early': '{"content":"a"',
    'with an extra comma': '{"content":"a",}',
    'in single quotes': "{'content':'a'}",
    'with a comment': '{"content":"a"} // hello',
    'with two objects': '{"content":"a"}{}',
    'that is a form': 'content=a&message_type=outgoing',
    'with NaN': '{"content":NaN}',
    'with a key without quotes': '{content:"a"}',
    'with a bad escape': '{"content":"\\x41"}',
    'with only white space': ' ',
  }
  for (const [name, body] of Object.entries(broken)) {
    it(`${name} is refused with 400`, async () =>
      assertRefused(await post(body), 400, /^the body is not valid JSON$/))
  }

  for (const body of ['null', '[]', '5', '"text"', 'true']) {
    it(`that is ${body} instead of an object is refused with 422`, async () => {
      const answer = await post(body)
      assertRefused(answer, 422, /^body must be an object$/)
      assert.deepEqual(answer.body.errors, [
        { field: 'body', message: 'must be an object', code: 'wrong_type' },
      ])
    })
  }

  it('that is missing is refused with 422', async () => {
    assertRefused(await test.api(messages, { method: 'POST' }), 422, /^body must be an object$/)
    assertRefused(await post(''), 422, /^body must be an object$/)
  })

  it('can begin with a byte order mark, and have a charset', async () => {
    assert.equal((await post(`\ufeff${JSON.stringify(hello)}`)).status, 201)
    for (const type of [
      'application/json; charset=utf-8',
      'application/json;charset=UTF-8',
      'APPLICATION/JSON',
    ]) {
      assert.equal((await post(hello, { 'content-type': type })).status, 201)
    }
  })

  for (const type of ['text/plain', 'application/xml', 'application/jsonx', 'x']) {
    it(`of the type ${type} is refused with 415, but an empty one is as none`, async () => {
      const headers = { 'content-type': type }
      assertRefused(await post(JSON.stringify(hello), headers), 415, /application\/json/)
      assertRefused(await post('', headers), 422, /^body must be an object$/)
      const seen = '/conversations/1/update_last_seen'
      assert.equal((await test.api(seen, { method: 'POST', headers })).status, 200)
    })
  }

  for (const encoding of ['gzip', 'br', 'nonsense']) {
    it(`with Content-Encoding: ${encoding} is refused with 415`, async () => {
      assertRefused(
        await post(JSON.stringify(hello), { 'content-encoding': encoding }),
        415,
        /Content-Encoding/,
      )
    })
  }

  for (const number of ['12345678901234567890', '9007199254740993', '-9007199254740993']) {
    it(`with the number ${number}, which would lose precision, is refused with 422`, async () => {
      const body = JSON.stringify({ ...hello, content_attributes: { n: 'X' } }).replace('"X"', number)
      assertRefused(await post(body), 422, /^n must not be .*2\^53/)
    })
  }

  it('can contain large numbers that keep their precision, and digits as a text', async () => {
    const body = {
      ...hello,
      content_attributes: { a: 9007199254740992, b: '12345678901234567890', c: 1e300 },
    }
    const answer = await post(JSON.stringify(body))
    assert.equal(answer.status, 201)
    assert.deepEqual(answer.body.content_attributes, body.content_attributes)
  })

  it('that is too large is refused with 413, with or without Content-Length', async () => {
    const large = JSON.stringify({ ...hello, content: 'x'.repeat(2 * 1024 * 1024) })
    assertRefused(await post(large), 413, /larger than this server accepts/)
    const head = `POST /api/v1/accounts/1${messages} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
content-type: application/json\r\napi_access_token: ${test.token}\r\n`
    const withLength = await raw(`${head}content-length: 99999999999\r\n\r\n{`)
    assert.match(withLength, /^HTTP\/1\.1 413 /)
    const chunk = 'x'.repeat(1024 * 1024)
    const chunks = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(3)
    const chunked = await raw(`${head}transfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
    assert.match(chunked, /^HTTP\/1\.1 413 /)
  })

  it('with two fields of one name has the value of the last one', async () => {
    const answer = await post('{"content":"a","content":"b","message_type":"outgoing"}')
    assert.equal(answer.body.content, 'b')
  })
})

describe('an error', () => {
  it('is one sentence, and with 422 contains each field with its rule', async () => {
    const key = { 'idempotency-key': 'refusal' }
    await test.api(messages, { method: 'POST', body: hello, headers: key })
    const post = (body: unknown, path = messages, headers = {}) =>
      test.api(path, { method: 'POST', body, headers })
    const { id } = await sendMessage(test, 'x')
    const answers = [
      await post({}),
      await post({ ...hello, content: ' ' }),
      await post({ ...hello, content_type: 'input_select' }),
      await post({ ...hello, content_attributes: { deleted: true } }),
      await post({ ...hello, content: '\0' }),
      await post(`{"content_attributes":${'['.repeat(100)}${']'.repeat(100)}}`),
      await post([]),
      await post({ ...hello, content: 'Another' }, messages, key),
      await test.api(`${messages}/${id}`, { method: 'PATCH', body: {} }),
      await test.api(`${messages}/${id}`, { method: 'PATCH', body: { status: 'sent' } }),
      await post({ inbox_id: 999, contact_id: 1 }, '/conversations'),
      await post({ email: 'x' }, '/contacts'),
    ]
    for (const { status, body } of answers) {
      assert.equal(status, 422)
      assert.ok(body.errors?.length > 0, `no errors with: ${body.error}`)
      for (const { field, message } of body.errors) {
        assert.ok(field.length > 0 && message.length > 0)
        assert.ok(body.error.includes(message), body.error)
      }
    }
  })

  it('explains the rule without a regular expression', async () => {
    const { error } = (
      await test.api('/contacts', { method: 'POST', body: { email: 'x', phone_number: 'y' } })
    ).body
    assert.equal(
      error,
      'email must look like name@example.com; phone_number must be a phone number like +14155552671 (E.164)',
    )
  })

  it('has a list of errors only with 422', async () => {
    for (const path of [
      `${messages}?limit=x`,
      '/conversations/9999',
      '//api/v1/accounts/9/inboxes',
      '//nowhere',
    ]) {
      assert.deepEqual(Object.keys((await test.api(path)).body), ['error', 'code'])
    }
  })

  it('reveals no internals, even if it is an error of the server', async () => {
    const broken = await startTestApp()
    try {
      await broken.app.database.transaction(null, (tx) =>
        sql`alter table messages rename to gone`.execute(tx.sql),
      )
      for (const request of [{}, { method: 'POST', body: hello }]) {
        const answer = await broken.api(messages, request)
        assert.equal(answer.status, 500)
        assert.deepEqual(Object.keys(answer.body), ['error', 'code'])
        assert.doesNotMatch(JSON.stringify(answer.body), /messages|gone|table|select|sqlite|node|\.ts|\bat /i)
        assert.ok(answer.headers.get('x-request-id'))
      }
    } finally {
      await broken.close()
    }
  })
})

describe('GET /api', () => {
  it('says that this is the API, without a token', async () => {
    const { status, body } = await test.api('//api', { token: null })
    assert.equal(status, 200)
    const { timestamp, ...rest } = body
    assert.deepEqual(rest, { version: '1', queue_services: 'ok', data_services: 'ok' })
    assert.ok(Math.abs(Date.parse(`${timestamp}Z`.replace(' ', 'T')) - Date.now()) < 60_000)
  })
})

describe('a list', () => {
  const lists = `/conversations /conversations/unread /conversations/1/labels /contacts /contacts/search
    /contacts/1/conversations /contacts/1/visits /inboxes /inbox_members/1 /labels /teams /agents /access_tokens
    /webhooks /presence //api/v1/profile/access_tokens //api/v1/profile/sessions`.split(/\s+/)

  it('refuses a word of the query that it does not have, instead of returning everything', async () => {
    for (const path of lists)
      assertRefused(
        await test.api(`${path}?assigne=1`),
        400,
        /^"assigne" is not a query parameter of this list: /,
      )
    assertRefused(
      await test.api('/contacts?Page=2'),
      400,
      /: use page, sort, include_contact_inboxes, cursor$/,
    )
    assertRefused(await test.api('/labels?a%00=1'), 400, /^"a/)
    assertRefused(await test.api('/conversations?q[]=1'), 400, /^"q\[\]" is not/)
  })

  it('of messages ignores it, as its reference has none but `before` and `after`', async () => {
    assert.equal((await test.api(`${messages}?assigne=1`)).status, 200)
  })
})

describe('a path', () => {
  it('is not found if it has a text that cannot be stored, and a query with one is refused', async () => {
    const { body } = await test.api('/inboxes')
    const { inbox_identifier } = body.payload[0]
    for (const path of ['inboxes/a%00', `inboxes/${inbox_identifier}/contacts/a%00`]) {
      assertRefused(await test.api(`//public/api/v1/${path}`, { token: null }), 404, /not found$/)
    }
    assertRefused(await test.api('/conversations?labels=a%00'), 400, /labels must not contain the NUL/)
    assertRefused(await test.api('/contacts/search?q=a%00'), 400, /q must not contain the NUL/)
  })

  it('that does not exist gets 404 with JSON, and so does an unknown method', async () => {
    for (const [method, path] of [
      ['GET', '//nowhere'],
      ['GET', '//api/v1'],
      ['GET', '//api/v2/accounts/1/inboxes'],
      ['GET', '/nothing'],
      ['PUT', messages],
      ['OPTIONS', messages],
      ['GET', '//.env'],
      ['GET', '//docs/static/..%2f..%2fpackage.json'],
      ['GET', '//docs/nothing.js'],
    ] as const) {
      const answer = await test.api(path, { method })
      assert.equal(answer.status, 404, path)
      assert.equal(typeof answer.body.error, 'string')
    }
  })

  it('can end with a slash', async () => {
    assert.equal((await test.api(`${messages}/`)).status, 200)
  })

  it('that is invalid or too long is refused, and is not part of the error', async () => {
    for (const [path, status] of [
      ['/conversations/%zz/messages', 400],
      ['/conversations/%ff/messages', 400],
      [`/conversations/${'1'.repeat(9000)}/messages`, 404],
    ] as const) {
      const answer = await test.api(path)
      assert.equal(answer.status, status)
      assert.doesNotMatch(answer.body.error, /%|1111/)
    }
  })

  it('has the same response for HEAD as for GET, without the body', async () => {
    const get = await test.api(messages)
    const head = await test.api(messages, { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(head.body, '')
    assert.equal(head.headers.get('content-length'), get.headers.get('content-length'))
    assert.equal((await test.api(messages, { method: 'HEAD', token: null })).status, 401)
    const { token } = await addUser(test, { inboxes: [1], scopes: ['read'] })
    assert.equal((await test.api(messages, { method: 'HEAD', token })).status, 200)
  })
})

describe('a request that is not valid HTTP', () => {
  const broken: [string, () => string, number][] = [
    ['garbage', () => 'nonsense\r\n\r\n', 400],
    ['a length that is not a number', () => 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: abc\r\n\r\n', 400],
    [
      'two different lengths',
      () => 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'headers that are too long',
      () => `GET / HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['no Host', () => 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['a path that is too long', () => `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
  ]
  for (const [name, request, status] of broken) {
    it(`gets ${status} for ${name}, and is disconnected`, async () => {
      const response = await raw(request())
      const [head, body] = response.split('\r\n\r\n')
      assert.match(head!, new RegExp(`^HTTP/1\\.1 ${status} `))
      assert.match(head!, /content-type: application\/json/i)
      assertErrorBody(status, JSON.parse(body!))
    })
  }

  it('may have an unknown Expect, which is ignored', async () => {
    const request = 'GET /health HTTP/1.1\r\nhost: x\r\nexpect: magic\r\nconnection: close\r\n\r\n'
    assert.match(await raw(request), /^HTTP\/1\.1 200 /)
  })

  it('does not affect others', async () => {
    await raw('nonsense\r\n\r\n')
    assert.equal((await test.api('//health')).status, 200)
  })
})

describe('a request that arrives while the server stops', () => {
  it('is refused with 503 and a code, and its connection is closed', async (t) => {
    const stopping = await startTestApp()
    t.after(() => stopping.close())
    const socket = connect(Number(new URL(stopping.app.url).port), '127.0.0.1')
    let response = ''
    socket.on('data', (bytes) => {
      response += bytes
    })
    const ended = once(socket, 'close')
    // A connection in the middle of a request is not idle, so it stays open.
    const isBegun = once(stopping.app.server.server, 'connection')
    socket.write('GET /health HTTP/1.1\r\nhost: x\r\n')
    await isBegun
    await sleep(50)
    const closed = stopping.app.server.close()
    await sleep(50)
    socket.write('\r\n')
    await ended
    await closed
    const [head, body] = response.split('\r\n\r\n')
    assert.match(head!, /^HTTP\/1\.1 503 .*connection: close/is)
    assertErrorBody(503, JSON.parse(body!))
  })
})

describe('every response', () => {
  const answers: [string, () => Promise<ApiResponse>][] = [
    ['200', () => test.api(messages)],
    ['201', () => test.api(messages, { method: 'POST', body: hello })],
    ['400', () => test.api(messages, { method: 'POST', body: '{' })],
    ['400 for the path', () => test.api('/conversations/%zz/messages')],
    ['401', () => test.api(messages, { token: null })],
    ['403', () => test.api('//api/v1/accounts/9/inboxes')],
    ['404', () => test.api('/conversations/999')],
    ['404 for the path', () => test.api('//nowhere')],
    ['404 for a very long id', () => test.api(`/conversations/${'1'.repeat(9000)}`)],
    ['415', () => test.api(messages, { method: 'POST', body: 'x', headers: { 'content-type': 'x/y' } })],
    ['422', () => test.api(messages, { method: 'POST', body: {} })],
  ]
  for (const [name, ask] of answers) {
    it(`has a request id, and headers against caching and sniffing: ${name}`, async () => {
      const [one, two] = [(await ask()).headers, (await ask()).headers]
      assert.match(one.get('x-request-id') ?? '', /^[\w-]{36}$/)
      assert.notEqual(one.get('x-request-id'), two.get('x-request-id'))
      assert.equal(one.get('x-content-type-options'), 'nosniff')
      assert.equal(one.get('cache-control'), 'no-store')
      assert.equal(one.get('content-type'), 'application/json; charset=utf-8')
      assert.equal(one.get('x-powered-by'), null)
    })
  }

  it('has the request id of the caller if it is safe to log', async () => {
    const idOf = async (id: string) =>
      (await test.api(messages, { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    for (const id of ['abc', 'a.b-c_d:1', 'x'.repeat(128)]) assert.equal(await idOf(id), id)
    for (const id of ['a b', 'x'.repeat(129), '{"a":1}', '<b>', '']) assert.notEqual(await idOf(id), id)
  })
})

describe('the rate limit', () => {
  let limited: TestApp
  before(async () => {
    limited = await startTestApp({ NDOTO_RATE_LIMIT: '4' })
  })
  after(() => limited.close())

  it('sends what is left in RateLimit headers, then 429 with Retry-After', async () => {
    const { token } = await addUser(limited, { inboxes: [1] })
    for (const left of ['3', '2', '1', '0']) {
      const { status, headers } = await limited.api(messages, { token })
      assert.equal(status, 200)
      assert.equal(headers.get('ratelimit-limit'), '4')
      assert.equal(headers.get('ratelimit-remaining'), left)
      assert.match(headers.get('ratelimit-reset')!, /^\d+$/)
    }
    const refused = await limited.api(messages, { token })
    assertRefused(refused, 429, /^more than 4 requests in a minute; try again in /)
    assert.deepEqual(Object.keys(refused.body), ['error', 'code'])
    const wait = Number(refused.headers.get('retry-after'))
    assert.ok(wait >= 1 && wait <= 60)
    assert.equal(refused.headers.get('ratelimit-remaining'), '0')
  })

  it('stores nothing for a refused request', async () => {
    const { token } = await addUser(limited, { inboxes: [1] })
    const sent = []
    for (let i = 0; i < 6; i++) sent.push(await limited.api(messages, { token, method: 'POST', body: hello }))
    assert.deepEqual(
      sent.map(({ status }) => status),
      [201, 201, 201, 201, 429, 429],
    )
    const { token: reader } = await addUser(limited, { inboxes: [1] })
    assert.equal((await limited.api(messages, { token: reader })).body.payload.length, 5)
  })

  it('counts all requests of a token together', async () => {
    const [one, two] = [await addUser(limited, { inboxes: [1] }), await addUser(limited, { inboxes: [1] })]
    const paths = [messages, '/inboxes', '/contacts', '/conversations', messages]
    const answers = []
    for (const path of paths) answers.push((await limited.api(path, { token: one.token })).status)
    assert.deepEqual(answers, [200, 200, 200, 200, 429])
    assert.equal((await limited.api(messages, { token: two.token })).status, 200)
  })

  it('counts by address without a valid token, and a header cannot change the address', async () => {
    const statuses = []
    for (let i = 0; i < 6; i++) {
      const headers = { 'x-forwarded-for': `10.0.0.${i}`, forwarded: `for=10.0.0.${i}` }
      statuses.push((await limited.api(messages, { token: i % 2 ? null : `guess${i}`, headers })).status)
    }
    assert.deepEqual(statuses, [401, 401, 401, 401, 429, 429])
  })

  it('does not apply to monitoring and to the dashboard', async () => {
    for (const path of ['//health', '//metrics', '//']) {
      for (let i = 0; i < 6; i++) assert.equal((await limited.api(path, { token: null })).status, 200, path)
    }
  })

  it('counts requests for the description of the API and for unknown paths', async () => {
    for (const path of ['//openapi.json', '//docs/json', '//nowhere']) {
      const { token } = await addUser(limited)
      const answers = []
      for (let i = 0; i < 5; i++) answers.push((await limited.api(path, { token })).status)
      const expected = path === '//nowhere' ? 404 : 200
      assert.deepEqual(answers, [...Array(4).fill(expected), 429], path)
      assert.equal((await limited.api(messages, { token })).status, 429)
    }
  })

  it('counts by the address that a trusted proxy reports, and by /64 networks of IPv6', async () => {
    const behind = await startTestApp({ NDOTO_RATE_LIMIT: '2', TRUST_PROXY: '127.0.0.1' })
    try {
      const from = async (address: string) =>
        (await behind.api(messages, { token: null, headers: { 'x-forwarded-for': address } })).status
      const statuses = []
      for (const last of [1, 1, 1, 2, 2, 2]) statuses.push(await from(`10.0.0.${last}`))
      assert.deepEqual(statuses, [401, 401, 429, 401, 401, 429])
      const ofNetworks = []
      for (const last of [1, 2, 3]) ofNetworks.push(await from(`2001:db8:1:2::${last}`))
      ofNetworks.push(await from('2001:db8:1:3::1'))
      assert.deepEqual(ofNetworks, [401, 401, 429, 401])
    } finally {
      await behind.close()
    }
  })
})

describe('GET /health', () => {
  it('requires no token, and returns the engine but not the version', async () => {
    const { status, body } = await test.api('//health', { token: null })
    assert.equal(status, 200)
    assert.deepEqual(body, { status: 'ok', engine: testDatabaseUrl ? 'postgres' : 'sqlite' })
    assert.equal((await test.api('//health', { token: 'nonsense' })).status, 200)
  })

  it('returns 503 if the database does not respond', async () => {
    const broken = await startTestApp()
    await broken.app.database.close()
    try {
      const { status, body, headers } = await broken.api('//health', { token: null })
      assert.equal(status, 503)
      assert.deepEqual(Object.keys(body), ['error', 'code'])
      assert.ok(headers.get('retry-after'))
    } finally {
      await broken.app.server.close()
      rmSync(broken.config.dataDir, { recursive: true })
    }
  })
})

describe('GET /metrics', () => {
  it('returns requests by route and commits as Prometheus text, without a token', async () => {
    await sendMessage(test, 'Counted')
    const { status, headers, body } = await test.api('//metrics', { token: null })
    assert.equal(status, 200)
    assert.match(headers.get('content-type')!, /^text\/plain; version=0\.0\.4/)
    const route = '/api/v1/accounts/:account_id/conversations/:conversation_id/messages'
    assert.match(
      body,
      new RegExp(
        `^ndoto_http_request_duration_seconds_count\\{method="POST",route="${route}",status="201"\\} [1-9]`,
        'm',
      ),
    )
    assert.match(body, /^ndoto_database_commits_total [1-9]/m)
    assert.match(body, /^process_cpu_seconds_total /m)
  })

  it('counts committed and failed transactions', async () => {
    const read = async () => {
      const { body } = await test.api('//metrics')
      const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)![1])
      return [value('ndoto_database_transactions_total'), value('ndoto_database_transactions_failed_total')]
    }
    const [done, failed] = await read()
    await sendMessage(test, 'One')
    await test.api('/conversations', { method: 'POST', body: { inbox_id: 999, contact_id: 1 } })
    const [doneNow, failedNow] = await read()
    assert.ok(doneNow! > done!)
    assert.equal(failedNow, failed! + 1)
  })

  it('contains nothing from paths and queries', async () => {
    await test.api('//nowhere/SECRET-PATH?a=SECRET-QUERY')
    await test.api('/conversations/SECRET-PATH/messages?limit=SECRET-QUERY')
    assert.doesNotMatch((await test.api('//metrics')).body, /SECRET/)
  })
})

describe('the OpenAPI document', () => {
  interface Operation {
    summary?: string
    description?: string
    tags?: string[]
    responses: Record<string, unknown>
    security?: unknown[]
  }
  interface Code {
    enum: string[]
    items: { properties: Record<string, { enum: string[] }> }
  }
  let document: {
    openapi: string
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, { properties: Record<string, Code> }> }
  }
  before(async () => {
    document = (await test.api('//openapi.json', { token: null })).body
  })

  it('is the same from the server and from the command', async () => {
    assert.equal(document.openapi, '3.1.0')
    assert.deepEqual(document, await openapiDocument())
  })

  it('is the one in docs/openapi.json (if not, run `npm run openapi`)', async () => {
    const file = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')
    assert.deepEqual(JSON.parse(file), document)
  })

  it('describes the calls for messages', () => {
    const base = '/api/v1/accounts/{account_id}/conversations/{conversation_id}/messages'
    assert.deepEqual(Object.keys(document.paths[base]!).toSorted(), ['get', 'post'])
    assert.deepEqual(Object.keys(document.paths[`${base}/{message_id}`]!).toSorted(), [
      'delete',
      'get',
      'patch',
    ])
  })

  it('contains the summary, security and errors of every call', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { summary, tags, responses, security }] of Object.entries(operations)) {
        assert.ok(summary && tags?.length === 1, `${method} ${path}`)
        assert.ok('4XX' in responses && '5XX' in responses, `${method} ${path}`)
        assert.equal(Boolean(security), path.startsWith('/api/'), `${method} ${path}`)
      }
    }
  })

  it('says once that a call is only for administrators', () => {
    const rule = 'Only for administrators.'
    const descriptions = Object.values(document.paths)
      .flatMap((operations) => Object.values(operations))
      .map(({ description = '' }) => description)
      .filter((description) => description.includes(rule))
    assert.ok(descriptions.length > 20, String(descriptions.length))
    for (const description of descriptions) assert.equal(description.split(rule).length, 2, description)
  })

  it('contains the codes of errors and of fields', () => {
    const { code, errors } = document.components.schemas.Error!.properties
    assert.deepEqual(code!.enum, Object.keys(errorCodes))
    assert.deepEqual(errors!.items.properties.code!.enum, fieldCodes)
  })

  it('contains everything that it refers to', () => {
    const text = JSON.stringify(document)
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!)
    assert.ok(references.length > 0)
    for (const reference of references) {
      assert.match(reference, /^#\//)
      let target: unknown = document
      for (const part of reference.slice(2).split('/')) target = (target as Record<string, unknown>)?.[part]
      assert.ok(target, reference)
    }
  })
})

describe('the pages that show the API', () => {
  it('load nothing from other servers', async () => {
    for (const path of ['//docs', '//docs/']) {
      const { status, headers, body } = await test.api(path, { token: null })
      assert.equal(status, 200)
      assert.match(headers.get('content-type')!, /^text\/html/)
      assert.doesNotMatch(
        headers.get('content-security-policy')!,
        /https?:|\*|unsafe-eval|script-src[^;]*unsafe/,
      )
      const names = [...body.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, name]) => name!)
      assert.ok(names.length > 0)
      for (const name of names) {
        const url = new URL(name, test.app.url + path.slice(1))
        assert.equal(url.origin, test.app.url)
        assert.equal((await test.api(`/${url.pathname}`, { token: null })).status, 200, url.pathname)
      }
      assert.doesNotMatch(
        body,
        /<script(?![^>]*\bsrc=)|\bon\w+="/,
        'the policy does not allow inline scripts',
      )
    }
  })

  it('show the document', async () => {
    const script = (await test.api('//docs/static/swagger-initializer.js', { token: null })).body
    assert.match(script, /url: resolveUrl\('\.\/json'\)/)
    const shown = (await test.api('//docs/json', { token: null })).body
    assert.deepEqual(shown, (await test.api('//openapi.json', { token: null })).body)
  })
})
