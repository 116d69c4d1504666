import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { brokenRules } from './looks.ts'

describe('Macros in the dashboard', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    await test.api('/labels', { method: 'POST', body: { title: 'refund' } })
    window = await openWindow(browser, test, '/settings/macros')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const status = async () => (await test.api('/conversations/1')).body.status
  const contents = async () =>
    (await test.api('/conversations/1/messages')).body.payload.map(
      ({ content }: { content: string }) => content,
    )

  it('are created in the settings, step by step', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Create macro' }).click()
    await page.getByLabel('Name').fill('Refund')
    await page.getByLabel('Step 1: Send a reply').fill('Dear {{contact.first_name}}, it is **on its way**.')
    await page.getByRole('button', { name: 'Add step' }).click()
    await page.getByLabel('Step 2', { exact: true }).selectOption('Add labels')
    await page.getByLabel('refund').check()
    await page.getByRole('button', { name: 'Add step' }).click()
    await page.getByLabel('Step 3', { exact: true }).selectOption('Set the status')
    assert.deepEqual(await brokenRules(page), [])
    await page.getByRole('button', { name: 'Create macro' }).click()
    await page.getByRole('link', { name: 'Refund' }).waitFor()
    const [macro] = (await test.api('/macros')).body.payload
    assert.deepEqual(macro.actions, [
      { action_name: 'send_message', action_params: ['Dear {{contact.first_name}}, it is **on its way**.'] },
      { action_name: 'add_label', action_params: ['refund'] },
      { action_name: 'change_status', action_params: ['resolved'] },
    ])
  })

  it('show what is wrong with a step', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Refund' }).click()
    await page.getByLabel('Step 1: Send a reply').fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').filter({ hasText: 'Step 1: its parameter must' }).waitFor()
    assert.equal((await test.api('/macros')).body.payload[0].actions[0].action_params[0].slice(0, 4), 'Dear')
  })

  it('run with a key, after a preview, and are undone at once', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/conversations/1`)
    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog', { name: 'Run a macro' })
    await dialog.getByRole('button', { name: 'Refund' }).click()
    await dialog.getByText('Dear Jane, it is on its way.').waitFor()
    await dialog.getByText('Resolved').waitFor()
    assert.deepEqual(await brokenRules(page), [])
    assert.equal(await status(), 'open')
    await dialog.getByRole('button', { name: 'Run', exact: true }).click()
    await eventually(async () => (await status()) === 'resolved')
    await page.getByText('“Refund” was run').waitFor()
    assert.deepEqual(await brokenRules(page), [])
    await page.getByRole('button', { name: 'Undo' }).click()
    await eventually(async () => (await status()) === 'open')
    assert.ok(!(await contents()).some((content: string) => content?.startsWith('Dear Jane')))
  })

  it('run from the palette, and say why they cannot be undone', async () => {
    const { page } = window
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Commands' }).waitFor()
    await page.keyboard.type('macro refund')
    await page.getByRole('option', { name: 'Run macro: Refund' }).waitFor()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Run a macro' })
    await dialog.getByText('Dear Jane').waitFor()
    await page.keyboard.press('Enter')
    await eventually(async () => (await status()) === 'resolved')
    await page.getByText('“Refund” was run').waitFor()
    await page.getByText('“Refund” was run').hover()
    await sendMessage(test, 'Thanks', { message_type: 'incoming' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('alert').filter({ hasText: 'the conversation has changed' }).waitFor()
  })
})
