import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation, addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults, windowSizes } from './layout.ts'
import { assertLooksRight } from './looks.ts'

describe('many conversations in the list', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  const ids: number[] = []
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    await test.api('/conversations/1', { method: 'DELETE' })
    await test.api('/labels', { method: 'POST', body: { title: 'vip' } })
    for (let count = 0; count < 40; count++) ids.unshift(await addTestConversation(test))
    window = await openWindow(browser, test)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const bar = () => window.page.getByRole('region', { name: 'Selected conversations' })
  const row = (at: number) => window.page.locator(`[data-row="${ids[at]}"]`)
  const check = (at: number) => window.page.locator('.row-item', { has: row(at) }).locator('.row-check')
  // The order of the list changes with what is done.
  const first = () => window.page.locator('.row-check').first()
  const button = (name: string) => bar().getByRole('button', { name, exact: true })
  const apply = async (action: string) => {
    await bar().getByRole('combobox', { name: 'Action' }).selectOption(action)
    await button('Apply').click()
  }
  const stateOf = async (at: number) => (await test.api(`/conversations/${ids[at]}`)).body

  it('are selected one by one and from one to another, and resolved together', async () => {
    await row(0).waitFor()
    await check(1).click()
    await bar().getByText('1 selected').waitFor()
    await check(4).click({ modifiers: ['Shift'] })
    await bar().getByText('4 selected').waitFor()
    await check(2).click()
    await bar().getByText('3 selected').waitFor()
    await apply('Resolved')
    await bar().getByText('3 conversations changed').waitFor()
    for (const at of [1, 3, 4]) assert.equal((await stateOf(at)).status, 'resolved')
    assert.equal((await stateOf(2)).status, 'open')
    await row(1).waitFor({ state: 'detached' })
  })

  it('are as before after an undo, except those that have changed since', async () => {
    await test.api(`/conversations/${ids[3]}/toggle_priority`, { method: 'POST', body: { priority: 'low' } })
    await button('Undo').click()
    await bar().getByText('2 conversations undone').waitFor()
    await bar().getByText('1 conversation left as they are').waitFor()
    await row(1).waitFor()
    assert.equal((await stateOf(3)).status, 'resolved')
    await button('Close').click()
    await bar().waitFor({ state: 'detached' })
  })

  it('are selected with the keyboard alone', async () => {
    const { page } = window
    await row(5).focus()
    await page.keyboard.press('c')
    await row(6).focus()
    await page.keyboard.press('c')
    await bar().getByText('2 selected').waitFor()
    await bar().getByRole('combobox', { name: 'Action' }).focus()
    await page.keyboard.type('High')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await bar().getByText('2 conversations changed').waitFor()
    assert.equal((await stateOf(6)).priority, 'high')
  })

  it('are all those of a view, also those that are not loaded', async () => {
    const { page } = window
    const filter = [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'] }]
    await test.api('/views', { method: 'POST', body: { name: 'Everything open', filter } })
    const { count } = (await test.api('/views/1/count')).body
    await page.goto(`${test.app.url}/?view=1`)
    await row(0).waitFor()
    await row(0).hover()
    await check(0).click()
    await button('Select all in this view').click()
    await bar().getByText('All in this view selected').waitFor()
    await apply('vip')
    await bar().getByText(`${count} conversations changed`).waitFor()
    await eventually(async () => (await stateOf(39)).labels.includes('vip'))
  })

  it('say why something was not possible, and are no longer selected in another list', async () => {
    const { page } = window
    const { userId } = await addUser(test)
    const { name } = (await test.api('/agents')).body.find(({ id }: { id: number }) => id === userId)
    await page.goto(`${test.app.url}/`)
    await page.locator('.row').first().waitFor()
    await first().click()
    await apply(name)
    await bar().getByText('1 conversation not changed: assignee_id must be a member').waitFor()
    await first().click()
    await bar().getByText('1 selected').waitFor()
    await page.getByRole('link', { name: /^Unassigned/ }).click()
    await eventually(async () => (await bar().getByText('1 selected').count()) === 0)
  })

  it('are right for eyes, screen readers and windows of every size', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/?view=1`)
    await page.locator('.row').first().waitFor()
    await first().click()
    await bar().waitFor()
    await assertLooksRight(page)
    for (const size of windowSizes) {
      await page.setViewportSize(size)
      assert.deepEqual(await layoutFaults(page), [], `at ${size.width}`)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await apply('Urgent')
    await bar().getByText('1 conversation changed').waitFor()
    await assertLooksRight(page)
  })
})
