import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'

describe('the pages that may call for an inbox of a website', () => {
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
    const may = [
      'https://example.com',
      'https://a.shop.example',
      'https://a.b.shop.example',
      'http://localhost:8080',
    ]
    for (const origin of [...may, test.app.url, undefined]) {
      assert.equal((await call(origin)).status, 200, String(origin))
      assert.equal((await call(origin, '/contacts', 'POST')).status, 200, String(origin))
    }
  })

  it('are no others, and those can read that', async () => {
    const others = [
      'https://example.com:444',
      'http://example.com',
      'https://shop.example',
      'https://ashop.example',
      'http://a.shop.example',
      'https://a.shop.example.evil.example',
      'http://localhost',
      // Of pages opened as files, and of sandboxed frames anywhere.
      'null',
      'file://',
      'https://evil.example',
    ]
    for (const origin of others) {
      for (const answer of [await call(origin), await call(origin, '/contacts', 'POST')]) {
        assert.deepEqual(
          [answer.status, answer.body],
          [403, { error: 'this inbox takes no calls from pages of this origin' }],
          origin,
        )
        assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      }
    }
  })

  it('find out nothing more of an inbox that is not there', async () => {
    path = path.replace(/.$/, '~')
    assert.equal((await call('https://evil.example')).status, 404)
  })
})
