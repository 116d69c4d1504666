import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addUser, cookieOf } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults } from './layout.ts'
import { assertLooksRight } from './looks.ts'

describe('the settings of canned responses', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test, '/settings/canned-responses')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const one = async (id: number) => (await test.api(`/canned_responses/${id}`)).body
  const field = (name: string) => window.page.getByLabel(name, { exact: true })
  const button = (name: string) => window.page.getByRole('button', { name, exact: true })
  const link = (name: string) => window.page.getByRole('link', { name, exact: true })
  const press = (key: string) => window.page.keyboard.press(key)

  it('create one with the keyboard alone, and say what is wrong with it', async () => {
    const { page } = window
    await page.getByText('No canned responses yet').waitFor()
    await link('Create canned response').focus()
    await press('Enter')
    await field('Short code').focus()
    await page.keyboard.type('two words')
    await press('Tab')
    await page.keyboard.type('Hello {{contact.name}}')
    await press('Tab')
    await press('ArrowDown')
    await field('Short code').focus()
    await press('Enter')
    await page.getByText('Short code must be 1 to 50 characters').waitFor()
    await field('Short code').fill('/greeting')
    await press('Enter')
    await link('/greeting').waitFor()
    const { short_code, content, visibility } = await one(1)
    assert.deepEqual([short_code, content, visibility], ['greeting', 'Hello {{contact.name}}', 'mine'])
  })

  it('change its text and files', async () => {
    const { page } = window
    await link('/greeting').click()
    const files = ['a.txt', 'b.txt'].map((name) => ({
      name,
      mimeType: 'text/plain',
      buffer: Buffer.from(name),
    }))
    await page.locator('input[type=file]').setInputFiles(files)
    await field('Everybody in the account').check()
    await button('Save').click()
    await page.getByText('Saved').waitFor()
    await button('Remove a.txt').click()
    await button('Save').click()
    await eventually(async () => (await one(1)).attachments.length === 1)
    const { attachments, visibility } = await one(1)
    assert.deepEqual([attachments[0].file_name, visibility], ['b.txt', 'account'])
    await page.reload()
    await page.locator('.file', { hasText: 'b.txt' }).waitFor()
  })

  it('list them as they are created, changed and searched', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/settings/canned-responses`)
    await link('/greeting').waitFor()
    for (let number = 0; number < 60; number++) {
      const body = { short_code: `code-${number}`, content: `Text ${number}` }
      await test.api('/canned_responses', { method: 'POST', body })
    }
    await button('Show more').click()
    await eventually(async () => (await page.locator('.thing').count()) === 61)
    await page.getByRole('searchbox', { name: 'Search' }).fill('TEXT 59')
    await eventually(async () => (await page.locator('.thing').count()) === 1)
    await page.getByRole('searchbox', { name: 'Search' }).fill('nothing like this')
    await page.getByText('No canned response contains this text.').waitFor()
  })

  it('show an agent those of others, and change only their own', async () => {
    const { userId } = await addUser(test)
    const [name, value] = (await cookieOf(test, userId)).split('=') as [string, string]
    const other = await openWindow(browser, test)
    await other.page.context().addCookies([{ name, value, url: test.app.url }])
    await other.page.goto(`${test.app.url}/settings/canned-responses/1`)
    await other.page.getByText('Only Administrator and administrators can change it.').waitFor()
    await other.page.getByText('Hello {{contact.name}}').waitFor()
    assert.equal(await other.page.getByRole('button', { name: 'Save' }).count(), 0)
    await other.close()
  })

  it('delete one, after a question', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/settings/canned-responses/1`)
    await button('Delete this canned response').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    assert.equal((await one(1)).short_code, 'greeting')
    await button('Delete this canned response').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete canned response' }).click()
    await link('/code-0').waitFor()
    assert.equal((await test.api('/canned_responses/1')).status, 404)
  })

  for (const path of ['', '/new', '/2']) {
    it(`are right for eyes, screen readers and small windows: ${path || 'all'}`, async () => {
      const { page } = window
      await page.goto(`${test.app.url}/settings/canned-responses${path}`)
      await (path ? field('Short code') : link('/code-0')).waitFor()
      await assertLooksRight(page)
      await page.setViewportSize({ width: 320, height: 640 })
      assert.deepEqual(await layoutFaults(page), [])
      await page.setViewportSize({ width: 1300, height: 800 })
    })
  }
})
