import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

const run = promisify(execFile)

describe('the settings of inboxes', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test, '/settings/inboxes', {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const title = (name: string) => window.page.getByRole('heading', { level: 1, name })
  const inboxes = async () => (await test.api('/inboxes')).body.payload
  const conversations = async () => (await test.api('/conversations?inbox_id=2')).body.data.payload

  it('make one, and say at its field what is wrong with it', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Create inbox' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Orders')
    await page.getByRole('textbox', { name: 'Webhook URL' }).fill('http://192.168.0.1/')
    await page.getByRole('button', { name: 'Create inbox' }).click()
    await page.locator('.field-error', { hasText: /^Webhook URL / }).waitFor()
    assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Orders')
    await page.getByRole('textbox', { name: 'Webhook URL' }).fill('')
    await page.getByRole('button', { name: 'Create inbox' }).click()
    await title('Orders').waitFor()
    assert.deepEqual(
      (await inboxes()).map(({ name }: { name: string }) => name),
      ['API', 'Orders'],
    )
  })

  it('give commands to copy that write the first message to it', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Copy: Commands' }).click()
    await page.getByRole('button', { name: 'Copied: Commands' }).waitFor()
    const copied = await page.evaluate('navigator.clipboard.readText()')
    const { stdout } = await run('sh', ['-c', copied as string])
    assert.equal(JSON.parse(stdout).content, 'Hi, I need help.')
    assert.equal((await conversations())[0].last_message.content, 'Hi, I need help.')
  })

  it('copy where the browser has no clipboard for pages', async () => {
    const { page } = window
    await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`)
    await page.getByRole('button', { name: 'Copy: Inbox identifier' }).click()
    await page.getByRole('button', { name: 'Copied: Inbox identifier' }).waitFor()
    const greeting = page.getByRole('textbox', { name: 'Greeting' })
    await greeting.focus()
    await page.keyboard.press('Control+V')
    assert.equal(await greeting.inputValue(), (await inboxes())[1].inbox_identifier)
  })

  it('change it', async () => {
    const { page } = window
    const form = page.getByRole('form', { name: 'Settings' })
    await form.getByRole('textbox', { name: 'Greeting' }).fill('Hello!')
    await form.getByRole('textbox', { name: 'Name' }).fill('Order desk')
    await form.getByRole('button', { name: 'Save' }).click()
    await title('Order desk').waitFor()
    const { name, greeting_message } = (await inboxes())[1]
    assert.deepEqual([name, greeting_message], ['Order desk', 'Hello!'])
  })

  it('choose the labels that visitors may set', async () => {
    const { page } = window
    for (const title of ['vip', 'trial']) await test.api('/labels', { method: 'POST', body: { title } })
    await page.reload()
    const form = page.getByRole('form', { name: 'Labels that visitors may set' })
    await form.getByRole('checkbox', { name: 'vip' }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Saved').waitFor()
    const { id } = (await inboxes())[1]
    assert.deepEqual((await test.api(`/inboxes/${id}/visitor_labels`)).body, { payload: ['vip'] })
    await page.reload()
    assert.equal(await form.getByRole('checkbox', { name: 'vip' }).isChecked(), true)
    assert.equal(await form.getByRole('checkbox', { name: 'trial' }).isChecked(), false)
    const { payload } = (await test.api('/labels')).body
    const vip = payload.find((one: { title: string }) => one.title === 'vip')
    await form.getByRole('checkbox', { name: 'trial' }).check()
    await test.api(`/labels/${vip.id}`, { method: 'PATCH', body: { title: 'gold' } })
    await form.getByRole('checkbox', { name: 'gold' }).waitFor()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Saved').waitFor()
    const labels = (await test.api(`/inboxes/${id}/visitor_labels`)).body.payload
    assert.deepEqual(labels.sort(), ['gold', 'trial'])
  })

  it('say who works in it', async () => {
    const { page } = window
    const { userId, name } = await addUser(test)
    await page.reload()
    const members = page.getByRole('region', { name: 'Members' })
    await members.getByRole('combobox', { name: 'Add a member…' }).selectOption(String(userId))
    await members.getByRole('button', { name: `Remove ${name}` }).waitFor()
    assert.equal((await test.api('/inbox_members/2')).body.payload[0].id, userId)
    await members.getByRole('button', { name: `Remove ${name}` }).click()
    await members.getByText('No members yet').waitFor()
    assert.deepEqual((await test.api('/inbox_members/2')).body.payload, [])
  })

  it('show the key of proofs when asked to, and make another', async () => {
    const { page } = window
    const key = async () => (await inboxes())[1].hmac_token
    const before = await key()
    assert.equal(await page.getByText(before).count(), 0)
    await page.getByRole('button', { name: 'Show key' }).click()
    await page.getByText(before).waitFor()
    await page.getByRole('button', { name: 'Replace key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Replace key' }).click()
    await page.getByText(before).waitFor({ state: 'detached' })
    assert.notEqual(await key(), before)
    await page.getByText(await key()).waitFor()
  })

  it('set up the chat of a website, and give the line that shows it', async () => {
    const { page } = window
    const channel = { type: 'web_widget', website_url: 'https://shop.example.com' }
    const { id, embed_script } = (
      await test.api('/inboxes', { method: 'POST', body: { name: 'Shop', channel } })
    ).body
    await page.goto(`${test.app.url}/settings/inboxes/${id}`)
    await page.getByText(embed_script).waitFor()
    const form = page.getByRole('form', { name: 'Settings' })
    await form.getByRole('textbox', { name: 'Other websites' }).fill('https://*.example.org\nexample.net')
    await form.locator('input[type=color]').fill('#aa2200')
    await form.getByRole('radio', { name: 'Bottom left' }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText(/^Other websites must be an origin/).waitFor()
    await form
      .getByRole('textbox', { name: 'Other websites' })
      .fill('https://*.example.org\nhttps://example.net')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Saved').waitFor()
    const { widget } = (await test.api(`/inboxes/${id}`)).body
    assert.deepEqual(
      [widget.color, widget.position, widget.allowed_origins],
      ['#aa2200', 'left', ['https://*.example.org', 'https://example.net']],
    )
    await assertLooksRight(page)
    await test.api(`/inboxes/${id}`, { method: 'DELETE' })
  })

  for (const path of ['inboxes', 'inboxes/new', 'inboxes/2']) {
    it(`are right for eyes, screen readers and small windows: ${path}`, async () => {
      await window.page.goto(`${test.app.url}/settings/${path}`)
      await window.page.locator('.panel').first().waitFor()
      await assertLooksRight(window.page)
    })
  }

  it('delete it after they have said what is lost', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Delete this inbox' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete the inbox “Order desk”?' })
    await dialog.getByText('This also deletes its conversation with all messages and files').waitFor()
    const name = dialog.getByRole('textbox', { name: 'Type “Order desk” to confirm' })
    await name.fill('Orders')
    await name.press('Enter')
    assert.equal((await inboxes()).length, 2)
    await name.fill('Order desk')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await title('Inboxes').waitFor()
    await eventually(async () => (await page.getByRole('link', { name: 'Order desk' }).count()) === 0)
    assert.equal((await inboxes()).length, 1)
  })
})
