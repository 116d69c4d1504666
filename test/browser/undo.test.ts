import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { brokenRules } from './looks.ts'

describe('What was done', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const open = async () => {
    const id = await addTestConversation(test)
    await window.page.goto(`${test.app.url}/conversations/${id}`)
    await window.page.locator('#composer').waitFor()
    return id
  }
  const read = async (id: number) => (await test.api(`/conversations/${id}`)).body
  const contents = async (id: number) =>
    (await test.api(`/conversations/${id}/messages`)).body.payload
      .filter(({ message_type }: { message_type: string }) => message_type !== 'activity')
      .map(({ content }: { content: string }) => content)
  const undo = () => window.page.getByRole('button', { name: 'Undo' }).click()
  const message = (text: string) => window.page.locator('.message', { hasText: text })
  const send = async (text: string) => {
    await window.page.locator('#composer').fill(text)
    await window.page.locator('#composer').press('Enter')
    await window.page.locator('.message:not([data-unsent])', { hasText: text }).waitFor()
  }

  it('to the status is undone with a key', async () => {
    const id = await open()
    await window.page.getByRole('button', { name: 'Resolve' }).click()
    await window.page.getByText(`Conversation #${id}: resolved`).waitFor()
    assert.deepEqual(await brokenRules(window.page), [])
    assert.equal((await read(id)).status, 'resolved')
    await window.page.getByRole('region', { name: 'Messages' }).focus()
    await window.page.keyboard.press('z')
    await eventually(async () => (await read(id)).status === 'open')
    await window.page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' })
  })

  it('to the assignment is undone', async () => {
    const id = await open()
    await window.page.getByRole('button', { name: 'Assign to me' }).click()
    await eventually(async () => (await read(id)).meta.assignee !== null)
    await undo()
    await eventually(async () => (await read(id)).meta.assignee === null)
  })

  it('by sending is undone: the text is in the composer again', async () => {
    const id = await open()
    await send('Too early')
    await undo()
    await eventually(async () => (await contents(id)).length === 0)
    await eventually(async () => (await window.page.locator('#composer').inputValue()) === 'Too early')
  })

  it('by sending is undone with a key in the composer, in which a letter is still a letter', async () => {
    const id = await open()
    await send('Too soon')
    const { page } = window
    // It is in the message: no line over the page.
    await message('Too soon').getByRole('button', { name: 'Undo' }).waitFor()
    assert.equal(await page.locator('.undo').count(), 0)
    assert.deepEqual(await brokenRules(page), [])
    await page.keyboard.press('z')
    assert.equal(await page.locator('#composer').inputValue(), 'z')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Control+z')
    await eventually(async () => (await contents(id)).length === 0)
    await eventually(async () => (await page.locator('#composer').inputValue()) === 'Too soon')
  })

  it('by deleting is undone before it is erased', async () => {
    const id = await open()
    await send('Precious')
    await message('Precious').hover()
    await message('Precious').getByRole('button', { name: 'Delete' }).click()
    await window.page.getByText('You deleted this message').waitFor()
    await undo()
    await message('Precious').waitFor()
    await message('Precious').hover()
    await message('Precious').getByRole('button', { name: 'Delete' }).click()
    await eventually(async () => (await contents(id)).length === 0)
  })

  it('by deleting is done at once when the page is left', async () => {
    const id = await open()
    await send('Gone')
    await message('Gone').hover()
    await message('Gone').getByRole('button', { name: 'Delete' }).click()
    await window.page.getByText('You deleted this message').waitFor()
    await window.page.goto(`${test.app.url}/settings/profile`)
    await eventually(async () => (await contents(id)).length === 0)
  })

  it('cannot be undone after 5 seconds, unless the mouse is over the button', async () => {
    await open()
    await window.page.getByRole('button', { name: 'Resolve' }).click()
    const button = window.page.getByRole('button', { name: 'Undo' })
    await button.hover()
    const start = Date.now()
    await window.page.mouse.move(700, 300)
    await button.waitFor({ state: 'detached' })
    assert.ok(Date.now() - start > 4000)
  })
})
