import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { assetsFolder } from '../../http/assets.ts'

const build = fileURLToPath(new URL('../../../bin/build-web.mjs', import.meta.url))

describe('the dashboard', () => {
  let test: TestApp
  before(async () => {
    spawnSync(process.execPath, [build], { stdio: 'inherit' })
    test = await startTestApp()
  })
  after(() => test.close())
  const get = (path: string, encoding = 'identity') =>
    fetch(test.app.url + path, { headers: { 'accept-encoding': encoding } })
  const assetsOf = async () =>
    [...(await (await get('/')).text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!)

  for (const path of ['/', '/conversations/12', '/settings/inboxes', '/invitation', '/password']) {
    it(`is a page that browsers revalidate each time: ${path}`, async () => {
      const response = await get(path)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
      assert.equal(response.headers.get('cache-control'), 'no-cache')
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
      assert.match(response.headers.get('permissions-policy')!, /\bcamera=\(\).*\bmicrophone=\(\)/)
      assert.match(
        response.headers.get('content-security-policy')!,
        /; require-trusted-types-for 'script'; trusted-types service-worker$/,
      )
    })
  }

  it('lets the page of the API use no features that it does not need', async () => {
    const { status, headers } = await get('/docs/static/index.html')
    assert.equal(status, 200)
    assert.match(headers.get('permissions-policy')!, /\bcamera=\(\)/)
  })

  it('has assets that browsers can cache, with names that contain a hash', async () => {
    const paths = await assetsOf()
    assert.ok(paths.length >= 3)
    for (const path of paths) {
      const { status, headers } = await get(path)
      assert.equal(status, 200, path)
      assert.match(headers.get('cache-control')!, /immutable/)
    }
  })

  it('is compressed as the browser accepts it', async () => {
    const [script] = (await assetsOf()).filter((path) => path.endsWith('.js'))
    const plain = await (await get(script!)).text()
    for (const encoding of ['br', 'gzip']) {
      const response = await get(script!, `${encoding}, deflate`)
      assert.equal(response.headers.get('content-encoding'), encoding)
      assert.equal(response.headers.get('vary'), 'accept-encoding')
      assert.equal(await response.text(), plain)
    }
  })

  it('loads less than 80 kB at first, and each later part has less than 30 kB, a language 20', async () => {
    const first = await assetsOf()
    const sizeOf = async (path: string) => Number((await get(path, 'br')).headers.get('content-length'))
    const sizes = await Promise.all(['/', ...first].map(sizeOf))
    const total = sizes.reduce((sum, size) => sum + size, 0)
    assert.ok(total > 10_000 && total < 80_000, `${total} bytes`)
    const parts = readdirSync(join(assetsFolder, 'dashboard/assets'))
      .filter((name) => /\.(?:js|css)$/.test(name))
      .map((name) => `/assets/${name}`)
    for (const path of parts.filter((one) => !first.includes(one))) {
      const size = await sizeOf(path)
      const most = /\/(?:ar|de|es|fr|pt-BR|sw)-[^/]*$/.test(path) ? 20_000 : 30_000
      assert.ok(size > 0 && size < most, `${path}: ${size} bytes`)
    }
  })

  it('has what browsers need to install it', async () => {
    const types = {
      '/manifest.webmanifest': 'application/manifest+json',
      '/icon-192.png': 'image/png',
      '/apple-touch-icon.png': 'image/png',
      '/service-worker.js': 'text/javascript; charset=utf-8',
    }
    for (const [path, type] of Object.entries(types)) {
      const { status, headers } = await get(path, 'br')
      assert.equal(status, 200, path)
      assert.equal(headers.get('content-type'), type)
    }
    // A cached one would go on opening the page of an earlier version.
    assert.equal((await get('/service-worker.js')).headers.get('cache-control'), 'no-cache')
  })

  it('tells a browser about an unknown page with a page of its own, and a program with JSON', async () => {
    const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
    for (const path of ['/nothing', '/contact/12', '/apis', '/conversation/1?q=a']) {
      const page = await fetch(test.app.url + path, { headers: browser })
      assert.equal(page.status, 404, path)
      assert.match(page.headers.get('content-security-policy')!, /default-src 'none'/)
      assert.match(await page.text(), /<div id="app">/)
      const json = await fetch(test.app.url + path, { headers: { accept: '*/*' } })
      assert.equal(json.status, 404, path)
      assert.match(((await json.json()) as { error: string }).error, /^there is no GET on this path/)
    }
    for (const path of [
      '/api/nothing',
      '/api/v1/nothing',
      '/auth/nothing',
      '/public/nothing',
      '/assets/nothing.js',
    ]) {
      const response = await fetch(test.app.url + path, { headers: browser })
      assert.equal(response.status, 404, path)
      assert.match(response.headers.get('content-type')!, /^application\/json/, path)
    }
    const post = await fetch(`${test.app.url}/nothing`, { method: 'POST', headers: browser })
    assert.equal(post.status, 404)
    assert.match(((await post.json()) as { error: string }).error, /^there is no POST on this path/)
  })

  it('is not served for unknown paths', async () => {
    for (const path of [
      '/assets/nothing.js',
      '/assets/../package.json',
      '/api/v1/nothing',
      '/conversation',
    ]) {
      assert.equal((await get(path)).status, 404, path)
    }
  })
})
