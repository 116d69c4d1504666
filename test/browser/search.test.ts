import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addMessages } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('a message found by a search', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let messageId: number
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    const parcel = await sendMessage(test, 'The parcel went to Ålesund by mistake.', {
      message_type: 'incoming',
    })
    messageId = parcel.id
    await addMessages(
      test,
      1,
      Array.from({ length: 200 }, (_, index) => ({ content: `Message number ${index}.` })),
    )
    window = await openWindow(browser, test)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const message = (text: string) => window.page.locator('.message', { hasText: text })
  const isInView = (text: string) =>
    message(text).evaluate((element) => {
      const { top, bottom } = (
        element as unknown as { getBoundingClientRect(): { top: number; bottom: number } }
      ).getBoundingClientRect()
      return top > 0 && bottom < 800
    })

  it('is listed with the match highlighted, and the conversation opens at it', async () => {
    const { page } = window
    const row = page.locator('.row', { hasText: 'Ålesund' })
    await eventually(async () => (await test.api('/conversations?q=alesund')).body.data.meta.all_count === 1)
    await page.getByRole('searchbox', { name: 'Search' }).fill('alesund')
    await row.waitFor()
    assert.equal(await row.locator('mark').textContent(), 'Ålesund')
    await row.click()
    await page.locator('.message[data-wanted]', { hasText: 'Ålesund' }).waitFor()
    await eventually(() => isInView('Ålesund'))
    assert.equal(await message('Message number 199.').count(), 0)
    assert.match(page.url(), new RegExp(`/conversations/1\\?q=alesund&message=${messageId}$`))
  })

  it('is no longer highlighted after a jump to the newest messages', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Jump to newest' }).click()
    await message('Message number 199.').waitFor()
    await eventually(() => isInView('Message number 199.'))
    assert.equal(await page.locator('.message[data-wanted]').count(), 0)
    assert.doesNotMatch(page.url(), /message=/)
    await page.getByRole('button', { name: 'Jump to newest' }).waitFor({ state: 'detached' })
  })

  it('has a URL that opens the conversation at it, and a reply written there is shown', async () => {
    const { page } = window
    await page.goto(new URL(`/conversations/1?message=${messageId}`, test.app.url).href)
    await page.locator('.message[data-wanted]').waitFor()
    await eventually(() => isInView('Ålesund'))
    await page.locator('#composer').fill('It is on its way back.')
    await page.keyboard.press('Enter')
    await message('It is on its way back.').waitFor()
    await eventually(() => isInView('It is on its way back.'))
  })

  it('is shown as a tombstone if it was deleted, and reported as missing if there is none', async () => {
    const { page } = window
    const { id } = await sendMessage(test, 'Deleted soon')
    await test.api(`/conversations/1/messages/${id}`, { method: 'DELETE' })
    await page.goto(new URL(`/conversations/1?message=${id}`, test.app.url).href)
    await page.locator('.message[data-wanted]', { hasText: 'You deleted this message' }).waitFor()
    await page.goto(new URL('/conversations/1?message=999999', test.app.url).href)
    await page.getByRole('alert').filter({ hasText: 'this message no longer exists' }).waitFor()
  })
})
