import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { picture, sendForm } from '../files.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { brokenRules } from './looks.ts'

describe('A message in the thread', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test, '/conversations/1')
    await signIn(window.page)
    await window.page.locator('.message').first().waitFor()
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const message = (text: string) => window.page.locator('.message', { hasText: text })
  const last = async () => (await test.api('/conversations/1/messages')).body.payload.at(-1)

  it('is quoted by the reply to it, with a key', async () => {
    const { page } = window
    await sendMessage(test, 'Is it **blue**?', { message_type: 'incoming' })
    const { id } = await last()
    await message('Is it blue?').waitFor()
    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('q')
    await page.getByText('Reply to Jane Doe: Is it blue?').waitFor()
    await page.keyboard.type('Yes, it is.')
    await page.keyboard.press('Enter')
    await eventually(async () => (await last()).content === 'Yes, it is.')
    assert.equal((await last()).content_attributes.in_reply_to, id)
    const quote = message('Yes, it is.').getByRole('link', { name: 'Reply to Jane Doe: Is it blue?' })
    assert.match((await quote.getAttribute('href'))!, new RegExp(`[#?&/].*${id}`))
    await page
      .getByRole('button', { name: 'Reply to no message in particular' })
      .waitFor({ state: 'detached' })
    assert.deepEqual(await brokenRules(page), [])
  })

  it('is chosen with its button, and not quoted after all', async () => {
    const { page } = window
    await message('Hi, I need help').first().hover()
    await message('Hi, I need help').first().getByRole('button', { name: 'Reply to this message' }).click()
    await page.getByText('Reply to Jane Doe: Hi, I need help').waitFor()
    await page.getByRole('button', { name: 'Reply to no message in particular' }).click()
    await page.locator('#composer').fill('Hello')
    await page.locator('#composer').press('Enter')
    await eventually(async () => (await last()).content === 'Hello')
    assert.equal((await last()).content_attributes.in_reply_to, undefined)
  })

  it('shows its pictures over the page, one after another', async () => {
    const { page } = window
    const files = [
      { bytes: await picture(400, 300), name: 'front.jpg' },
      { bytes: await picture(300, 400), name: 'back.jpg' },
    ]
    await sendForm(test, { message_type: 'incoming' }, files)
    await page.getByRole('img', { name: 'front.jpg' }).click()
    const viewer = page.getByRole('dialog', { name: 'Picture' })
    await viewer.getByRole('img', { name: 'front.jpg' }).waitFor()
    await viewer.getByText('1 of 2').waitFor()
    assert.deepEqual(await brokenRules(page), [])
    await viewer.getByRole('button', { name: 'Next picture' }).click()
    await viewer.getByRole('img', { name: 'back.jpg' }).waitFor()
    await page.keyboard.press('ArrowLeft')
    await viewer.getByRole('img', { name: 'front.jpg' }).waitFor()
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'detached' })
  })
})
