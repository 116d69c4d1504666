import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('Markdown in the dashboard', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test, '/conversations/1')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const message = (text: string) => window.page.locator('.message', { hasText: text })
  const field = () => window.page.locator('#composer')

  it('is shown in the thread, and without its signs in the list', async () => {
    await sendMessage(
      test,
      'It is **urgent**, see [the page](https://shop.example):\n\n- one\n- `two`\n\n> three',
      {
        message_type: 'incoming',
      },
    )
    const shown = message('It is urgent')
    await shown.locator('strong', { hasText: 'urgent' }).waitFor()
    assert.equal(
      await shown.getByRole('link', { name: 'the page' }).getAttribute('href'),
      'https://shop.example',
    )
    assert.deepEqual(await shown.locator('li').allInnerTexts(), ['one', 'two'])
    assert.equal(await shown.locator('blockquote').innerText(), 'three')
    await window.page.locator('.row-last', { hasText: 'It is urgent, see the page:' }).waitFor()
  })

  it('is written by keys and buttons, which the browser can undo', async () => {
    const { page } = window
    await field().fill('not now')
    await field().selectText()
    await page.keyboard.press('Control+b')
    assert.equal(await field().inputValue(), '**not now**')
    await page.keyboard.press('Control+b')
    assert.equal(await field().inputValue(), 'not now')
    await page.keyboard.press('Control+i')
    assert.equal(await field().inputValue(), '_not now_')
    await page.keyboard.press('Control+z')
    assert.equal(await field().inputValue(), 'not now')
    await field().selectText()
    await page.keyboard.press('Control+Shift+k')
    assert.equal(await field().inputValue(), '[not now](https://)')
    await page.keyboard.type('https://shop.example')
    assert.equal(await field().inputValue(), '[not now](https://shop.example)')
    await field().fill('one\ntwo')
    await field().selectText()
    await page.getByRole('button', { name: /^Bulleted list/ }).click()
    assert.equal(await field().inputValue(), '- one\n- two')
    await page.keyboard.press('Control+Enter')
    await message('one').last().locator('li').nth(1).waitFor()
    await eventually(async () => (await field().inputValue()) === '')
  })

  it('has a toolbar that is one stop of the Tab key', async () => {
    const { page } = window
    const focused = () => page.evaluate<string>('document.activeElement.getAttribute("aria-label")')
    await page.getByRole('button', { name: /^Bold/ }).focus()
    await page.keyboard.press('ArrowRight')
    assert.match(await focused(), /^Italic/)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    assert.match(await focused(), /^Quote/)
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Emoji')
    await page.keyboard.press('Shift+Tab')
    assert.match(await focused(), /^Quote/)
  })

  it('has emoji, chosen with the mouse or the keyboard', async () => {
    const { page } = window
    await field().fill('Hello ')
    await page.getByRole('button', { name: 'Emoji' }).click()
    await page.getByRole('group', { name: 'Emoji' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('group', { name: 'Emoji' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Enter')
    await page.getByRole('group', { name: 'Emoji' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    assert.equal(await field().inputValue(), 'Hello 😃')
    await field().fill('')
  })
})
