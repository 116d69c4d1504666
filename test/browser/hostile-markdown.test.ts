import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Frame, Page } from 'playwright-core'
import { bodyOf } from '../../src/features/channels/email/outgoing/body.ts'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'
import { hostileMarkdown } from './hostile-markdown.ts'
import { addWidget, embedding, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, innerOf, openPanel, write } from './visitor.ts'

// In the page: everything below an element that no text may become, as sentences.
const findFaults = `(selector) => {
  const elements = /^(?:p|strong|em|del|br|code|pre|blockquote|ul|ol|li|a|div|button)$/
  const attributes = /^(?:href|title|target|rel|dir|start|class|type|style)$/
  const faults = []
  for (const one of [...document.querySelectorAll(selector)].flatMap((text) => [...text.querySelectorAll('*')])) {
    const names = one.getAttributeNames()
    if (!elements.test(one.localName) || names.some((name) => !attributes.test(name)))
      faults.push('markup: ' + one.outerHTML)
    if (one.localName === 'a' && !/^(?:https?|mailto):$/.test(one.protocol)) faults.push('address: ' + one.outerHTML)
    if (one.localName === 'a' && /bank/.test(one.textContent) && !/bank/.test(one.href)) faults.push('name: ' + one.outerHTML)
    if (/fixed|absolute/.test(getComputedStyle(one).position)) faults.push('place: ' + one.outerHTML)
  }
  return faults
}`

describe('hostile Markdown', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
  })
  after(async () => {
    await browser?.close()
    await test?.close()
  })

  /** Notes whatever a page asks of strangers, and every dialog. */
  const watch = (page: Page) => {
    const seen: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('evil')) seen.push(request.url())
    })
    page.on('dialog', (dialog) => {
      seen.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    return seen
  }
  const assertInert = async (page: Page | Frame, selector: string, seen: string[]) => {
    assert.deepEqual(await page.evaluate(`(${findFaults})(${JSON.stringify(selector)})`), [])
    assert.deepEqual(seen, [])
  }

  it('is inert in the dashboard, from contacts and from agents', async () => {
    assert.ok(hostileMarkdown.length >= 40)
    for (const text of hostileMarkdown) {
      await sendMessage(test, text, { message_type: 'incoming' })
      await sendMessage(test, text, {})
    }
    const { page, close } = await openWindow(browser, test, '/conversations/1')
    const seen = watch(page)
    await signIn(page)
    const texts = page.locator('.message-text')
    await texts.getByText('gnp.live').last().waitFor()
    await eventually(async () => {
      await page.evaluate("document.querySelector('.thread-scroll').scrollTop = 0")
      return (await texts.count()) >= 2 * hostileMarkdown.length
    })
    await assertInert(page, '.message-text', seen)
    assert.ok((await page.locator('.message-text a').count()) > 10)
    await close()
  })

  it('is inert in the widget', async () => {
    const shop: Shop = await startShop()
    const inbox = await addWidget(test, shop)
    shop.page('/', shopPage(embedding(test, inbox)))
    const { page, close } = await openWindow(browser, test, new URL('/', shop.origin))
    const seen = watch(page)
    await openPanel(page)
    await write(page, 'Hello?')
    await arrived(page, 'Hello?')
    const { body } = await test.api(`/conversations?inbox_id=${inbox.id}&assignee_type=all`)
    const { id } = body.data.payload[0]
    await write(page, '**Mine**')
    for (const text of hostileMarkdown) await sendMessage(test, text, {}, id)
    await sendMessage(test, '**The end**', {}, id)
    const frame = innerOf(page)
    await frame.locator('.bubble strong', { hasText: 'The end' }).waitFor()
    await frame.locator('.bubble strong', { hasText: 'Mine' }).waitFor()
    await assertInert(frame, '.text', seen)
    assert.ok((await frame.locator('.text a').count()) > 5)
    await close()
    await shop.close()
  })

  it('is inert in the HTML of a mail, even where scripts may run', async () => {
    const page = await browser.newPage()
    const seen = watch(page)
    for (const text of hostileMarkdown) {
      await page.setContent(bodyOf(text, text).html)
      await assertInert(page, 'body', seen)
    }
    await page.close()
  })
})
