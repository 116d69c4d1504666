import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { sendMessage, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addWebhook, startReceiver, startWebhookApp } from '../webhooks.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

describe('the settings of webhooks', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startWebhookApp({ delays: [20] }, environment)
    window = await openWindow(browser, test, '/settings/webhooks')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const title = (name: string) => window.page.getByRole('heading', { level: 1, name })

  it('offer every event that there is', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Create webhook' }).click()
    await title('New webhook').waitFor()
    const { body } = await test.api('//openapi.json')
    assert.equal(await page.getByRole('checkbox').count(), Object.keys(body.webhooks).length)
  })

  it('make one, say at its fields what is wrong with it, and show its secret once', async () => {
    const { page } = window
    const { url, received } = await startReceiver()
    await page.getByRole('textbox', { name: 'Name' }).fill('CRM')
    await page.getByRole('textbox', { name: 'URL' }).fill('example.com')
    await page.getByRole('checkbox', { name: 'Message created' }).uncheck()
    await page.getByRole('button', { name: 'Create webhook' }).click()
    await page.getByText('URL must be an http:// or https:// URL').waitFor()
    await page.getByText('Events must have at least 1 item').waitFor()
    assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'CRM')
    await page.getByRole('textbox', { name: 'URL' }).fill(url)
    await page.getByRole('checkbox', { name: 'Message created' }).check()
    await page.getByRole('button', { name: 'Create webhook' }).click()
    await title('CRM').waitFor()
    const secret = await page.locator('.panel-secret code').innerText()
    await page.reload()
    await title('CRM').waitFor()
    assert.equal(await page.getByText(secret).count(), 0)
    await sendMessage(test, 'One')
    const { text, headers } = await eventually(() => received[0])
    new Webhook(secret).verify(text, headers as Record<string, string>)
  })

  it('show every attempt of a delivery as it comes, and send one again', async () => {
    const { page } = window
    let isFull = true
    const { url, received } = await startReceiver((response) => {
      if (isFull) response.writeHead(507).end('no room left <b>here</b>')
    })
    const { id } = await addWebhook(test, url)
    await page.goto(`${test.app.url}/settings/webhooks/${id}`)
    await page.getByText('No deliveries').waitFor()
    await sendMessage(test, 'Two')
    const delivery = page.locator('.delivery', { hasText: 'message_created' })
    await delivery.getByText('Failed · 507').waitFor()
    await delivery.getByText('2 attempts').click()
    const last = delivery.locator('.attempt').last()
    assert.match(await last.innerText(), /\d+ ms\s*507.*no room left <b>here<\/b>/s)
    isFull = false
    await delivery.getByRole('button', { name: /^Send again: message_created \d+$/ }).click()
    await delivery.getByText('Delivered · 204').waitFor()
    await delivery.getByText('3 attempts').waitFor()
    assert.equal(received.length, 3)
    const state = page.getByRole('combobox', { name: 'Delivery state' })
    await state.selectOption('Failed')
    await page.getByText('No deliveries').waitFor()
    await state.selectOption('Delivered')
    await delivery.waitFor()
    await assertLooksRight(page)
    await test.api(`/webhooks/${id}`, { method: 'DELETE' })
  })

  it('change it, and switch it off and on', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/settings/webhooks/1`)
    const form = page.getByRole('form', { name: 'Settings' })
    await form.getByRole('textbox', { name: 'Name' }).fill('Our CRM')
    await form.getByRole('checkbox', { name: 'Contact created' }).check()
    await form.getByRole('radio', { name: 'Chatwoot' }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await title('Our CRM').waitFor()
    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByRole('button', { name: 'Switch on' }).waitFor()
    const { name, subscriptions, format, active } = (await test.api('/webhooks/1')).body
    assert.deepEqual(
      [name, subscriptions, format, active],
      ['Our CRM', ['message_created', 'contact_created'], 'chatwoot', false],
    )
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByRole('button', { name: 'Switch off' }).waitFor()
  })

  for (const path of ['webhooks', 'webhooks/new', 'webhooks/1']) {
    it(`are right for eyes, screen readers and small windows: ${path}`, async () => {
      await window.page.goto(`${test.app.url}/settings/${path}`)
      await window.page.locator('.panel').last().waitFor()
      await assertLooksRight(window.page)
    })
  }

  it('make a new secret, and delete it after they have said what is lost', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Replace secret' }).click()
    await page.locator('.panel-secret code').waitFor()
    await page.getByRole('button', { name: 'Delete this webhook' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No webhooks yet').waitFor()
    assert.deepEqual((await test.api('/webhooks')).body.payload, [])
  })
})
