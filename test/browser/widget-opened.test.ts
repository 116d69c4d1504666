import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import type { TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addWebhook, type Receiver, startReceiver, startWebhookApp } from '../webhooks.ts'
import { environment, noBrowser, openWindow, startBrowser } from './chromium.ts'
import { addWidget, embedding, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, frameOf, openPanel, write } from './visitor.ts'

describe('a widget that a visitor opens', { skip: noBrowser }, () => {
  let test: TestApp
  let shop: Shop
  let browser: Browser
  let receiver: Receiver
  before(async () => {
    browser = await startBrowser()
    test = await startWebhookApp({}, environment)
    shop = await startShop()
  })
  after(async () => {
    await browser?.close()
    await shop?.close()
    await test?.close()
  })
  const visit = async (channel: object = {}, script = (_: { hmac_token: string }) => '') => {
    receiver = await startReceiver()
    await addWebhook(test, receiver.url, ['widget_opened', 'typing'])
    const inbox = await addWidget(test, shop, channel)
    shop.page('/', shopPage(`<script>${script(inbox)}</script>${embedding(test, inbox)}`))
    return openWindow(browser, test, new URL('/?token=secret', shop.origin))
  }
  const opened = () => receiver.received.filter(({ body }) => body.event === 'widget_opened')

  it('tells webhooks each time, and not when the next page shows it open', async () => {
    const { page, close } = await visit()
    await openPanel(page)
    await eventually(() => opened().length === 1)
    const { body } = opened()[0]!
    assert.deepEqual([body.contact, body.page_url, body.page_title], [null, `${shop.origin}/`, 'Shop'])
    assert.match(body.language, /^en/)
    await write(page, 'Hello')
    await arrived(page, 'Hello')
    await page.reload()
    // So that it has had the time for another report.
    const field = frameOf(page).getByRole('textbox', { name: 'Write a message…' })
    await eventually(async () => {
      await field.fill(`more${Math.random()}`)
      return receiver.received.some(({ body }) => body.event === 'typing' && body.contact.name === 'Visitor')
    })
    assert.equal(opened().length, 1)
    await frameOf(page).getByRole('dialog').press('Escape')
    await openPanel(page)
    await eventually(() => opened().length === 2)
    assert.equal(opened()[1]!.body.contact.name, 'Visitor')
    await close()
  })

  it('lets no message wait for the response', async () => {
    const { page, close } = await visit()
    let ended = 0
    page.on('requestfailed', () => ended++)
    await page.route('**/openings', () => {})
    const sent = page.waitForRequest('**/openings')
    await openPanel(page)
    await sent
    await write(page, 'Hello')
    await arrived(page, 'Hello')
    assert.equal(ended, 0)
    await close()
  })

  it('tells them who it is if the page says that first, and no page if the inbox records no visits', async () => {
    const script = ({ hmac_token }: { hmac_token: string }) => {
      const identifier_hash = createHmac('sha256', hmac_token).update('customer-7').digest('hex')
      const user = JSON.stringify({ name: 'Ada', identifier_hash })
      return `window.ndoto = [(ndoto) => { ndoto.setUser('customer-7', ${user}); ndoto.open() }]`
    }
    const { close } = await visit({ widget: { record_visits: false } }, script)
    await eventually(() => opened().length === 1)
    const { contact, page_url } = opened()[0]!.body
    assert.deepEqual([contact.name, page_url], ['Ada', null])
    await close()
  })
})
