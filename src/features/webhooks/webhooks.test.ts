import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount } from '../../../test/factories.ts'
import { addWebhook } from '../../../test/webhooks.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const url = 'https://hooks.example.com/ndoto'
const create = (body: unknown, token?: string) =>
  test.api('/webhooks', { method: 'POST', body, ...(token ? { token } : {}) })

describe('creating a webhook', () => {
  it('returns 201 with every field of the webhook, and with its secret only in this response', async () => {
    const start = Math.floor(Date.now() / 1000)
    const subscriptions = ['message_created', 'contact_created']
    const { status, body } = await create({ url, name: 'CRM', subscriptions })
    assert.equal(status, 201)
    const { id, created_at, secret, ...rest } = body
    assert.ok(created_at >= start)
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    const state = { format: 'ndoto', active: true, disabled_reason: null, inbox_id: null }
    const others = { url, name: 'CRM', subscriptions, ...state }
    assert.deepEqual(rest, others)
    const one = { id, created_at, ...others }
    assert.deepEqual((await test.api(`/webhooks/${id}`)).body, one)
    assert.deepEqual((await test.api('/webhooks')).body, { payload: [one] })
  })

  it('ignores repeated events, and needs no name', async () => {
    const { body } = await create({ url, subscriptions: ['message_created', 'message_created'] })
    assert.deepEqual([body.subscriptions, body.name], [['message_created'], null])
  })

  it('stores nothing if it is refused', async () => {
    const rows = await readAllRows(test)
    const subscriptions = ['message_created']
    const refused: [unknown, RegExp][] = [
      [{ subscriptions }, /^url is required/],
      [{ url: 'ftp://example.com', subscriptions }, /^url must be an http/],
      [{ url: 'hooks', subscriptions }, /^url must be an http/],
      [{ url: 'https://a:b@example.com', subscriptions }, /^url must not contain a user name/],
      [{ url: `https://example.com/${'x'.repeat(2048)}`, subscriptions }, /^url must have at most/],
      [{ url }, /^subscriptions is required/],
      [{ url, subscriptions: [] }, /^subscriptions must/],
      [{ url, subscriptions: 'message_created' }, /^subscriptions must be/],
      [
        { url, subscriptions: ['message_created', 'presence'] },
        /^subscriptions\[1\] must be one of .*message_created/,
      ],
      [{ url, name: ' ', subscriptions }, /^name must not be empty/],
    ]
    for (const [body, sentence] of refused) assertRefused(await create(body), 422, sentence)
    assert.deepEqual(await readAllRows(test), rows)
  })

  for (const address of [
    'http://127.0.0.1/',
    'http://localhost:8080/',
    'http://10.0.0.7/',
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://2130706433/',
  ]) {
    it(`refuses the private address ${address}`, async () => {
      assertRefused(
        await create({ url: address, subscriptions: ['message_created'] }),
        422,
        /^url must not lead to a private or reserved address \(the server allows it with NDOTO_WEBHOOK_ALLOW_PRIVATE=true\)$/,
      )
      const { id } = await addWebhook(test, url)
      const change = await test.api(`/webhooks/${id}`, { method: 'PATCH', body: { url: address } })
      assertRefused(change, 422, /^url must not lead/)
    })
  }

  it('is refused if the account already has 50', async () => {
    const other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}/webhooks`
    const one = { token: other.token, method: 'POST', body: { url, subscriptions: ['message_created'] } }
    for (let i = 0; i < 50; i++) assert.equal((await test.api(path, one)).status, 201)
    assertRefused(await test.api(path, one), 409, /already has 50 webhooks/)
    const [first] = (await test.api(path, { token: other.token })).body.payload
    await test.api(`${path}/${first.id}`, { token: other.token, method: 'DELETE' })
    assert.equal((await test.api(path, one)).status, 201)
  })
})

describe('changing a webhook', () => {
  it('changes the given fields and no others', async () => {
    const { id, secret, ...before } = await addWebhook(test, url)
    const change = (body: object) => test.api(`/webhooks/${id}`, { method: 'PATCH', body })
    const expected = { id, ...before }
    for (const one of [
      { name: 'Ours' },
      { subscriptions: ['contact_updated'] },
      { url: 'https://other.example.com/' },
      { active: false },
      { active: true },
      { name: null },
      {},
    ]) {
      Object.assign(expected, one)
      const { status, body } = await change(one)
      assert.deepEqual([status, body], [200, expected])
    }
    assertRefused(await change({ subscriptions: ['nothing'] }), 422, /^subscriptions\[0\] must be one of/)
    assertRefused(await change({ active: 'no' }), 422, /^active must be/)
    assert.deepEqual((await test.api(`/webhooks/${id}`)).body, expected)
  })

  it('creates a new secret with rotate_secret', async () => {
    const { id, secret, ...others } = await addWebhook(test, url)
    const { status, body } = await test.api(`/webhooks/${id}/rotate_secret`, { method: 'POST' })
    assert.equal(status, 200)
    assert.notEqual(body.secret, secret)
    assert.deepEqual(body, { id, ...others, secret: body.secret })
  })

  it('is not possible after it was deleted', async () => {
    const { secret, ...webhook } = await addWebhook(test, url)
    const { id } = webhook
    const { status, body } = await test.api(`/webhooks/${id}`, { method: 'DELETE' })
    assert.deepEqual([status, body], [200, webhook])
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/rotate_secret'],
      ['GET', '/deliveries'],
      ['POST', '/deliveries/1/redeliver'],
    ] as const) {
      const body = method === 'PATCH' ? { body: {} } : {}
      assertRefused(await test.api(`/webhooks/${id}${path}`, { method, ...body }), 404, /^webhook not found$/)
    }
  })
})

describe('webhooks', () => {
  it('are invisible to another account, whose ids start at 1 again', async () => {
    const other = await addAccount(test)
    const base = `//api/v1/accounts/${other.accountId}/webhooks`
    const { token } = other
    assert.deepEqual((await test.api(base, { token })).body, { payload: [] })
    const { id } = await addWebhook(test, url)
    assertRefused(await test.api(`${base}/${id}`, { token }), 404, /^webhook not found$/)
    assertRefused(await test.api(`${base}/${id}/deliveries`, { token }), 404, /^webhook not found$/)
    const body = { url, subscriptions: ['message_created'] }
    assert.equal((await test.api(base, { token, method: 'POST', body })).body.id, 1)
  })
})
