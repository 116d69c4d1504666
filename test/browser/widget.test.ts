import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { startTcpProxy } from '../tcp-proxy.ts'
import { environment, noBrowser, openWindow, startBrowser } from './chromium.ts'
import { addWidget, embedding, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, bubble, frameOf, innerOf, openPanel, write } from './visitor.ts'

let test: TestApp
let shop: Shop
let browser: Browser
// biome-ignore lint/suspicious/noExplicitAny: as the API answers it
let inbox: any

const visit = (path = '/') => openWindow(browser, test, new URL(path, shop.origin))

/** The conversation of the inbox in which something happened last. */
async function latest(of = inbox) {
  const { body } = await test.api(`/conversations?inbox_id=${of.id}&assignee_type=all&status=all`)
  return body.data.payload[0]
}

async function contents(conversation: number): Promise<string[]> {
  const { body } = await test.api(`/conversations/${conversation}/messages`)
  return body.payload
    .filter((message: { message_type: string }) => message.message_type !== 'activity')
    .map((message: { content: string }) => message.content)
}

describe('the widget on a website', { skip: noBrowser }, () => {
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    shop = await startShop()
    inbox = await addWidget(test, shop, {}, { greeting_message: 'Welcome to the shoe shop!' })
    shop.page('/', shopPage(embedding(test, inbox)))
  })
  after(async () => {
    await browser?.close()
    await shop?.close()
    await test?.close()
  })

  it('takes the first message to the team and brings the answer, but never a note; a reload keeps it', async () => {
    const { page, close } = await visit()
    await openPanel(page)
    await bubble(page, 'Welcome to the shoe shop!').waitFor()
    await write(page, 'Do you have size 47?')
    await arrived(page, 'Do you have size 47?')
    const { id } = await latest()
    assert.deepEqual(await contents(id), ['Do you have size 47?'])
    await sendMessage(test, 'She has big feet.', { private: true }, id)
    await sendMessage(test, 'We do: https://shop.example/47', {}, id)
    await bubble(page, 'We do').waitFor()
    const link = bubble(page, 'We do').getByRole('link')
    assert.equal(await link.getAttribute('href'), 'https://shop.example/47')
    assert.equal(await bubble(page, 'big feet').count(), 0)
    await page.reload()
    await bubble(page, 'We do').waitFor()
    await arrived(page, 'Do you have size 47?')
    assert.equal(await bubble(page, 'big feet').count(), 0)
    assert.equal(await page.evaluate('document.cookie'), '')
    await close()
  })

  it('shows the same in two tabs, whichever was first', async () => {
    const { page: first, close } = await visit()
    const second = await first.context().newPage()
    await second.goto(shop.origin)
    await openPanel(second)
    await openPanel(first)
    await write(first, 'From the first')
    await arrived(second, 'From the first')
    await write(second, 'From the second')
    await arrived(first, 'From the second')
    await arrived(second, 'From the second')
    assert.deepEqual(await contents((await latest()).id), ['From the first', 'From the second'])
    for (const page of [first, second]) {
      assert.equal(await bubble(page, 'From the').count(), 2)
    }
    await close()
  })

  it('loses and doubles nothing where the network is cut, and says that it connects again', async (t) => {
    const relay = await startTcpProxy(t, test.app.url)
    shop.page('/far', shopPage(embedding({ app: { url: new URL(relay.url).origin } }, inbox)))
    const { page, close } = await visit('/far')
    await openPanel(page)
    await write(page, 'Before')
    await arrived(page, 'Before')
    const { id } = await latest()
    // The first try arrives, but its answer does not, nor the event of it; then there is no network at all.
    let hasArrived = false
    await page.route('**/public/**', async (route) => {
      if (!hasArrived && route.request().url().endsWith('/messages')) {
        await route.fetch()
        hasArrived = true
      }
      await route.abort()
    })
    relay.cut()
    await frameOf(page).getByText('Reconnecting…').waitFor()
    await write(page, 'In the tunnel')
    await eventually(() => hasArrived)
    await write(page, 'Still there?')
    await sendMessage(test, 'Meanwhile', {}, id)
    assert.equal(await bubble(page, 'Meanwhile').count(), 0)
    await page.unroute('**/public/**')
    for (const text of ['In the tunnel', 'Still there?', 'Meanwhile']) await arrived(page, text)
    await frameOf(page).getByText('Reconnecting…').waitFor({ state: 'detached' })
    const expected = ['Before', 'In the tunnel', 'Meanwhile', 'Still there?']
    assert.deepEqual(await contents(id), expected)
    assert.deepEqual((await frameOf(page).locator('.thread .text').allTextContents()).slice(1), expected)
    await close()
  })

  it('sends after a reload what was not sent before', async () => {
    const { page, close } = await visit()
    await openPanel(page)
    await page.route('**/public/**', (route) => route.abort())
    await write(page, 'Is anybody there?')
    await frameOf(page).locator('[data-unsent]', { hasText: 'Is anybody there?' }).waitFor()
    await page.unroute('**/public/**')
    await page.reload()
    await arrived(page, 'Is anybody there?')
    assert.deepEqual(await contents((await latest()).id), ['Is anybody there?'])
    await close()
  })

  it('keeps what it knows in a storage of its own, where browsers give it one', async () => {
    // To browsers this shop is of the same site as the server.
    const near = new URL(shop.origin)
    near.hostname = '127.0.0.1'
    const own = await addWidget(test, shop, { website_url: near.origin })
    shop.page('/near', shopPage(embedding(test, own)))
    const { page, close } = await openWindow(browser, test, new URL('/near', near))
    await openPanel(page)
    await write(page, 'Good neighbours')
    await arrived(page, 'Good neighbours')
    await page.reload()
    await arrived(page, 'Good neighbours')
    const keys = 'Object.keys(localStorage).filter((key) => key.includes("visitor"))'
    assert.equal((await innerOf(page).evaluate<string[]>(keys)).length, 1)
    assert.deepEqual(await page.evaluate(keys), [])
    await page.evaluate('ndoto.reset()')
    // The frame is another one then; asked in between, there is none.
    const left = 'Object.keys(localStorage).concat(Object.keys(sessionStorage)).length'
    await eventually(
      async () =>
        (await innerOf(page)
          ?.evaluate(left)
          .catch(() => undefined)) === 0,
    )
    await close()
  })

  it('is not shown on the page of another origin, which cannot call either', async () => {
    const closed = await addWidget(test, shop, { website_url: 'https://shop.example' })
    shop.page('/closed', shopPage(embedding(test, closed)))
    const { page, close } = await visit('/closed')
    await page.waitForFunction('window.ndoto && document.querySelector("iframe")')
    const status = await page.evaluate(
      `fetch('${test.app.url}/public/api/v1/inboxes/${closed.inbox_identifier}').then((answer) => answer.status)`,
    )
    assert.equal(status, 403)
    assert.equal(
      await page.evaluate('getComputedStyle(document.querySelector("iframe")).visibility'),
      'hidden',
    )
    // The browser says why, in the console.
    await assert.rejects(close(), /frame-ancestors/)
  })

  it('works on a page that does its worst', async () => {
    const worst = `<style>
      * { all: unset !important; display: none !important; color: red !important }
      @layer strong { iframe { visibility: hidden !important; width: 1px !important; position: static !important } }
      html { display: block !important }
      body { display: block !important; transform: rotate(9deg) !important; overflow: hidden !important }</style>
      <script>
        window.fetch = window.XMLHttpRequest = window.EventSource = () => { throw new Error('no') }
        window.postMessage = () => { throw new Error('no') }
        Array.prototype.push = Array.prototype.map = Array.prototype.slice = Array.prototype.shift = () => { throw new Error('no') }
        for (const one of [Object, Array, Function, Promise, EventTarget, Node, Element, HTMLElement]) Object.freeze(one.prototype)
        addEventListener('message', () => { window.heard = (window.heard ?? 0) + 1 })
      </script>`
    const opening = '<script>window.ndoto = [(ndoto) => ndoto.open()]</script>'
    shop.page('/worst', shopPage(opening + embedding(test, inbox), worst))
    const { page, close } = await visit('/worst')
    await write(page, 'Can you hear me?')
    await arrived(page, 'Can you hear me?')
    const box = await page.locator('iframe').boundingBox()
    assert.ok(box!.width > 400 && box!.height > 600, JSON.stringify(box))
    await close()
  })

  it('needs no more of the content security policy of a page than docs/widget.md says', async () => {
    const policy = `default-src 'none'; script-src ${test.app.url}; frame-src ${test.app.url}; require-trusted-types-for 'script'`
    shop.page('/strict', shopPage(embedding(test, inbox)), { 'content-security-policy': policy })
    const { page, close } = await visit('/strict')
    await openPanel(page)
    await write(page, 'Strict')
    await arrived(page, 'Strict')
    await close()
  })

  it('is shown on a page that was opened as a file where the inbox allows that, and only there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ndoto-page-'))
    const file = pathToFileURL(join(folder, 'page.html'))
    try {
      writeFileSync(file, shopPage(embedding(test, inbox)))
      const refused = await openWindow(browser, test, file)
      await refused.page.waitForFunction('window.ndoto')
      await assert.rejects(async () => {
        await refused.page.locator('iframe').waitFor({ timeout: 1000 })
      })
      await assert.rejects(refused.close(), /frame-ancestors/)
      const open = await addWidget(test, shop, { widget: { allowed_origins: ['file:'] } })
      writeFileSync(file, shopPage(embedding(test, open)))
      const { page, close } = await openWindow(browser, test, file)
      await openPanel(page)
      await write(page, 'From a file')
      await arrived(page, 'From a file')
      await close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
