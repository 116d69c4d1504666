import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type ApiResponse, assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'

describe('An identity_token', () => {
  let test: TestApp
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers it
  let inbox: any
  before(async () => {
    test = await startTestApp()
    const channel = { type: 'api', hmac_mandatory: true }
    inbox = (await test.api('/inboxes', { method: 'POST', body: { name: 'Proof', channel } })).body
  })
  after(() => test.close())

  const seconds = (ahead: number) => Math.floor(Date.now() / 1000) + ahead
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const sign = (payload: unknown, header: unknown = { alg: 'HS512', typ: 'JWT' }, key = inbox.hmac_token) => {
    const signed = `${encoded(header)}.${encoded(payload)}`
    return `${signed}.${createHmac('sha512', key).update(signed).digest('base64url')}`
  }
  const open = (body: object): Promise<ApiResponse> =>
    test.api(`//public/api/v1/inboxes/${inbox.inbox_identifier}/contacts`, {
      method: 'POST',
      token: null,
      body,
    })

  it('proves the identifier in sub, which can be left out of the request, like a hash does', async () => {
    const identity_token = sign({ sub: 'ada', exp: seconds(3600), nbf: seconds(0), iat: seconds(0) })
    const first = await open({ identity_token, name: 'Ada' })
    assert.equal(first.status, 200, JSON.stringify(first.body))
    const identifier_hash = createHmac('sha256', inbox.hmac_token).update('ada').digest('hex')
    const others = [
      { identity_token, identifier: 'ada' },
      { identifier: 'ada', identifier_hash },
    ]
    for (const body of others) assert.equal((await open(body)).body.id, first.body.id)
    assert.equal((await test.api(`/contacts/${first.body.id}`)).body.identifier, 'ada')
    assertRefused(
      await open({ identity_token, identifier: 'bob' }),
      403,
      /must have the given identifier in sub/,
    )
  })

  it('is not the hash of an identifier that looks like a token, which a website may have signed for its user', async () => {
    for (const alg of ['HS256', 'HS512']) {
      const identifier = `${encoded({ alg })}.${encoded({ sub: 'victim', exp: seconds(3600) })}`
      const identifier_hash = createHmac('sha256', inbox.hmac_token).update(identifier).digest('hex')
      assert.equal((await open({ identifier, identifier_hash })).status, 200)
      const identity_token = `${identifier}.${Buffer.from(identifier_hash, 'hex').toString('base64url')}`
      assertRefused(await open({ identity_token }), 403, /must be a JWT signed/)
    }
  })

  it('is refused unless its signature, its algorithm and all its claims are valid', async () => {
    const valid = { sub: 'eve', exp: seconds(600) }
    const [header, payload, signature] = sign(valid).split('.')
    const none = encoded({ alg: 'none' })
    const sha256 = `${encoded({ alg: 'HS256' })}.${payload}`
    const cases: [string, string, RegExp][] = [
      ['of another key', sign(valid, undefined, 'another key'), /must be a JWT signed/],
      ['of an empty key', sign(valid, undefined, ''), /must be a JWT signed/],
      ['without an algorithm', `${none}.${payload}.`, /must be a JWT signed/],
      ['that names none and is signed', sign(valid, { alg: 'none' }), /must be a JWT signed/],
      ['that names another and is signed', sign(valid, { alg: 'RS256' }), /must be a JWT signed/],
      [
        'of another algorithm',
        `${sha256}.${createHmac('sha256', inbox.hmac_token).update(sha256).digest('base64url')}`,
        /must be a JWT signed/,
      ],
      ['with an extension', sign(valid, { alg: 'HS512', crit: ['b64'], b64: false }), /must be a JWT signed/],
      ['without a signature', `${header}.${payload}.`, /must be a JWT signed/],
      ['of two parts', `${header}.${payload}`, /must be a JWT signed/],
      ['of four parts', `${sign(valid)}.more`, /must be a JWT signed/],
      ['of another payload', `${header}.${encoded({ ...valid, sub: 'ada' })}.${signature}`, /must be a JWT/],
      ['that is no JWT', 'eve', /must be a JWT signed/],
      ['that has expired', sign({ ...valid, exp: seconds(-120) }), /has expired/],
      ['without an end', sign({ sub: 'eve' }), /must have an exp/],
      ['with an end as text', sign({ sub: 'eve', exp: String(seconds(600)) }), /must have an exp/],
      ['that lasts too long', sign({ ...valid, exp: seconds(24 * 3600 + 120) }), /at most 24 hours/],
      ['in milliseconds', sign({ ...valid, exp: Date.now() + 600_000 }), /at most 24 hours/],
      ['of later', sign({ ...valid, nbf: seconds(600) }), /is not valid yet/],
      ['without a subject', sign({ exp: seconds(600) }), /must have the identifier in sub/],
      ['of a number', sign({ ...valid, sub: 7 }), /must have the identifier in sub/],
      ['of an empty subject', sign({ ...valid, sub: ' ' }), /must have the identifier in sub/],
      ['of a long subject', sign({ ...valid, sub: 'x'.repeat(256) }), /must have the identifier in sub/],
      ['that no database takes', sign({ ...valid, sub: 'a\0b' }), /must have the identifier in sub/],
      ['that is a list', sign([valid]), /must have the identifier in sub/],
    ]
    for (const [name, identity_token, sentence] of cases) {
      const answer = await open({ identifier: 'eve', identity_token })
      assert.equal(answer.status, 403, `${name}: ${JSON.stringify(answer.body)}`)
      assert.match(answer.body.error, sentence, name)
    }
    assertRefused(await open({ identity_token: 'x'.repeat(4097) }), 422, /^identity_token must have at most/)
    const { payload: contacts } = (await test.api('/contacts/search?q=eve')).body
    assert.deepEqual(contacts, [])
    assert.equal((await open({ identity_token: sign(valid) })).status, 200)
  })

  it('becomes invalid with the hmac_token that it was signed with', async () => {
    const identity_token = sign({ sub: 'zoe', exp: seconds(600) })
    assert.equal((await open({ identity_token })).status, 200)
    await test.api(`/inboxes/${inbox.id}/rotate_hmac_token`, { method: 'POST' })
    assertRefused(await open({ identity_token }), 403, /must be a JWT signed/)
  })
})
