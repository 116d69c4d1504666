import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type App, startApp } from '../../src/app.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

describe('the dashboard as an installed app', { skip: noBrowser }, () => {
  let test: TestApp
  let app: App
  let browser: Browser
  let window: Window
  let page: Page
  before(async () => {
    browser = await startBrowser()
    const port = await findFreePort()
    test = await startTestApp({ ...environment, PORT: String(port) })
    app = test.app
    window = await openWindow(browser, test)
    page = window.page
    await signIn(page)
    await page.evaluate('navigator.serviceWorker.ready')
    await page.reload()
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await app?.close()
    await test?.close()
  })
  /** Starts the server again, with another page: what it says about files differs. */
  const start = async (maxFileSize: number) => {
    app = await startApp({ ...test.config, maxFileSize })
  }
  const maxFileSize = () => page.locator('html').getAttribute('data-max-file-size')
  const stored = (): Promise<{ cache: string; path: string; text: string }[]> => page.evaluate(readCaches)

  it('can be installed: Chromium has nothing to object', async () => {
    const devtools = await page.context().newCDPSession(page)
    const { errors, data } = await devtools.send('Page.getAppManifest')
    assert.deepEqual(errors, [])
    const { icons } = JSON.parse(data!) as { icons: { src: string; sizes: string }[] }
    for (const { src, sizes } of icons) {
      const size: number = await page.evaluate(`fetch('${src}').then((response) => response.blob())
        .then((blob) => createImageBitmap(blob)).then(({ width }) => width)`)
      assert.equal(`${size}x${size}`, sizes, src)
    }
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    await devtools.detach()
    // A window of a test is a private one.
    const rest = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')
    assert.deepEqual(rest, [])
  })

  it('stores the files of the program, and nothing else', async () => {
    await page.goto(`${test.app.url}/conversations/1`)
    await page.locator('.message').first().waitFor()
    const files = await stored()
    assert.ok(files.length > 10)
    for (const { path } of files) assert.match(path, /^\/assets\/[\w.-]+-[\w-]{8}\.(?:js|css|svg)$/)
    const { content } = (await test.api('/conversations/1/messages')).body.payload[0]
    assert.ok(content)
    assert.deepEqual(
      files.filter(({ text }) => text.includes(content)).map(({ path }) => path),
      [],
    )
  })

  it('opens without a network, shows nothing of anybody, and goes on by itself', async () => {
    await app.close()
    await page.context().setOffline(true)
    // Parts that this window has not loaded yet are there.
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('navigation', { name: 'Settings' }).waitFor()
    for (const path of ['/', '/conversations/1', '/settings/inboxes']) {
      await page.goto(test.app.url + path)
      await page.getByRole('alert').filter({ hasText: 'You are offline.' }).waitFor()
      assert.equal(await page.locator('main').count(), 1)
      assert.doesNotMatch(await page.locator('body').innerText(), /admin@example\.com|Conversations/)
    }
    await assertLooksRight(page)
    await start(1_000_000)
    await page.context().setOffline(false)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
  })

  it('takes an update of the server at the next load, and keeps the files of one earlier build', async () => {
    for (const size of [2_000_000, 3_000_000, 4_000_000]) {
      await app.close()
      await start(size)
      const before: string[] = await page.evaluate('caches.keys()')
      await page.goto(test.app.url)
      assert.equal(await maxFileSize(), String(size))
      // The browser updates the service worker when the page is loaded.
      await eventually(async () => {
        const names: string[] = await page.evaluate('caches.keys()')
        return names.at(-1) !== before.at(-1) && (await page.evaluate(isSettled))
      })
      await app.close()
      await page.goto(test.app.url)
      assert.equal(await maxFileSize(), String(size))
      await start(size)
    }
    const caches = new Set((await stored()).map(({ cache }) => cache))
    assert.equal(caches.size, 2)
  })
})

// As texts, since tests know no types of pages.
const isSettled = `navigator.serviceWorker.getRegistration()
  .then(({ installing, waiting, active }) => !installing && !waiting && active.state === 'activated')`
const readCaches = `(async () => {
  const files = []
  for (const cache of await caches.keys()) {
    const opened = await caches.open(cache)
    for (const request of await opened.keys()) {
      const text = await (await opened.match(request)).text()
      files.push({ cache, path: request.url.slice(location.origin.length), text })
    }
  }
  return files
})()`

function findFreePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
