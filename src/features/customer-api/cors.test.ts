import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'

describe('The pages that may use an inbox of a website', () => {
  let test: TestApp
  let path: string
  before(async () => {
    test = await startTestApp()
    const widget = { allowed_origins: ['https://*.shop.example', 'http://localhost:8080', 'file:'] }
    const channel = { type: 'web_widget', website_url: 'https://example.com/shop', widget }
    const { body } = await test.api('/inboxes', { method: 'POST', body: { name: 'Shop', channel } })
    path = `//public/api/v1/inboxes/${body.inbox_identifier}`
  })
  after(() => test.close())
  const call = (origin: string | undefined, suffix = '', method = 'GET') =>
    test.api(path + suffix, {
      method,
      token: null,
      ...(origin === undefined ? {} : { headers: { origin } }),
      ...(method === 'POST' ? { body: {} } : {}),
    })

  it('are those of its website, of its allowed origins and of this server', async () => {
    const allowedOrigins = [
      'https://example.com',
      'https://a.shop.example',
      'https://a.b.shop.example',
      'http://localhost:8080',
    ]
    for (const origin of [...allowedOrigins, test.app.url, undefined]) {
      assert.equal((await call(origin)).status, 200, String(origin))
      assert.equal((await call(origin, '/contacts', 'POST')).status, 200, String(origin))
    }
  })

  it('do not include any others, which can read the refusal', async () => {
    const refusedOrigins = [
      'https://example.com:444',
      'http://example.com',
      'https://shop.example',
      'https://ashop.example',
      'http://a.shop.example',
      'https://a.shop.example.evil.example',
      'http://localhost',
      // The origin of pages opened as files, and of sandboxed frames on any website.
      'null',
      'file://',
      'https://evil.example',
    ]
    for (const origin of refusedOrigins) {
      for (const answer of [await call(origin), await call(origin, '/contacts', 'POST')]) {
        assert.deepEqual(
          [answer.status, answer.body],
          [
            403,
            {
              error: 'pages of this origin may not use this inbox: add the origin to its allowed_origins',
              code: 'origin_not_allowed',
            },
          ],
          origin,
        )
        assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      }
    }
  })

  it('get 404 for an inbox that does not exist', async () => {
    path = path.replace(/.$/, '~')
    assert.equal((await call('https://evil.example')).status, 404)
  })
})
