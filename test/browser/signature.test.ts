import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('A signature', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test, '/settings/profile')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const last = async () => (await test.api('/conversations/1/messages')).body.payload.at(-1)
  const send = async (text: string) => {
    await window.page.locator('#composer').fill(text)
    await window.page.locator('#composer').press('Enter')
    await eventually(async () => (await last()).content.startsWith(text))
    return (await last()).content
  }

  it('is written on the page of the profile', async () => {
    const form = window.page.getByRole('form', { name: 'Signature' })
    await form.getByLabel('Text').fill('**{{agent.name}}**, {{inbox.name}}')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Saved').waitFor()
    const { body } = await test.api('/inboxes/1/signature')
    assert.deepEqual(body, { content: '**{{agent.name}}**, {{inbox.name}}', append_by_default: true })
  })

  it('follows a reply, unless its checkbox says no, and never a note', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/conversations/1`)
    const choice = page.getByLabel('Add my signature')
    await choice.waitFor()
    assert.match(await send('Signed'), /^Signed\n+.*\*\*Administrator\*\*, /s)
    await choice.uncheck()
    assert.equal(await send('Unsigned'), 'Unsigned')
    await eventually(() => choice.isChecked())
    await page.getByRole('button', { name: 'Private note' }).click()
    await choice.waitFor({ state: 'detached' })
    assert.equal(await send('A note'), 'A note')
  })
})
