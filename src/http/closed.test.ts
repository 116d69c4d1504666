import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../test/app.ts'

const metricsToken = 'only-the-monitoring-knows-this'
let open: TestApp
let closed: TestApp
before(async () => {
  open = await startTestApp()
  closed = await startTestApp({
    METRICS_TOKEN: metricsToken,
    API_DOCS: 'off',
    SECURITY_CONTACT: 'mailto:security@example.com',
    PUBLIC_URL: 'https://desk.example.com',
  })
})
after(async () => {
  await open.close()
  await closed.close()
})

describe('/metrics', () => {
  it('requires the METRICS_TOKEN if it is set', async () => {
    const read = (headers: Record<string, string>) => closed.api('//metrics', { token: null, headers })
    for (const authorization of [
      '',
      'Bearer',
      'Bearer wrong',
      `Bearer ${metricsToken}x`,
      `Basic ${metricsToken}`,
    ]) {
      assertRefused(
        await read({ authorization }),
        401,
        /^send the METRICS_TOKEN of this server as a bearer token$/,
      )
    }
    assertRefused(await closed.api('//metrics'), 401, /METRICS_TOKEN/)
    const answer = await read({ authorization: `Bearer ${metricsToken}` })
    assert.equal(answer.status, 200)
    assert.match(answer.body, /^ndoto_database_commits_total /m)
  })

  it('does not exist if it is off', async () => {
    const off = await startTestApp({ METRICS: 'off', METRICS_TOKEN: metricsToken })
    try {
      const headers = { authorization: `Bearer ${metricsToken}` }
      assertRefused(await off.api('//metrics', { token: null, headers }), 404, /there is no GET/)
    } finally {
      await off.close()
    }
  })
})

describe('the pages that describe the API', () => {
  it('do not exist if they are off', async () => {
    for (const path of [
      '/docs',
      '/docs/',
      '/docs/json',
      '/docs/static/swagger-initializer.js',
      '/openapi.json',
    ]) {
      assertRefused(await closed.api(`/${path}`), 404, /^there is no GET on this path$/)
    }
  })

  it('are sent again only if they have changed', async () => {
    const first = await open.api('//openapi.json', { token: null })
    const etag = first.headers.get('etag')!
    const again = await open.api('//openapi.json', { token: null, headers: { 'if-none-match': etag } })
    assert.deepEqual([again.status, again.body], [304, ''])
    const other = await open.api('//openapi.json', { token: null, headers: { 'if-none-match': '"x"' } })
    assert.deepEqual([other.status, other.body], [200, first.body])
  })

  it('do not store tokens in the browser', async () => {
    const { body } = await open.api('//docs/static/swagger-initializer.js', { token: null })
    assert.match(body, /"persistAuthorization": *false/)
  })
})

describe('/.well-known/security.txt', () => {
  it('contains the contact, and expires within a year', async () => {
    const { status, headers, body } = await closed.api('//.well-known/security.txt', { token: null })
    assert.equal(status, 200)
    assert.match(headers.get('content-type')!, /^text\/plain; charset=utf-8$/)
    const [contact, expires, canonical] = body.split('\n')
    assert.equal(contact, 'Contact: mailto:security@example.com')
    const days = (Date.parse(expires.replace('Expires: ', '')) - Date.now()) / (24 * 60 * 60 * 1000)
    assert.ok(days > 90 && days < 365, expires)
    assert.equal(canonical, 'Canonical: https://desk.example.com/.well-known/security.txt')
  })

  it('does not exist if no contact is set', async () => {
    assertRefused(await open.api('//.well-known/security.txt', { token: null }), 404, /there is no GET/)
  })
})
