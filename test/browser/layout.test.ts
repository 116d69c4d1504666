import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults, windowSizes } from './layout.ts'
import { brokenRules } from './looks.ts'
import { fillRealisticAccount, type RealisticAccount } from './realistic-account.ts'

describe('the layout with a realistic account', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let page: Page
  let account: RealisticAccount
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    account = await fillRealisticAccount(test)
    await test.api('/webhooks', { method: 'POST', body: { url: hook, subscriptions: ['message_created'] } })
    window = await openWindow(browser, test, '/', { reducedMotion: 'reduce' })
    page = window.page
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const hook =
    'https://hooks.very-long-domain.example.com/ndoto/events/of/the/shop?region=eu-west-1&version=2024-11-01'
  const open = async (path: string) => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(test.app.url + path)
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
    // The event stream keeps the network from being idle.
    await eventually(async () => (await page.getByText('Loading…').count()) === 0)
  }

  /** Asserts that what is shown fits at every size, and that axe finds nothing, in light and in dark. */
  const assertFits = async (what: string, { arrange = async () => {} } = {}) => {
    for (const size of windowSizes) {
      await page.setViewportSize(size)
      await arrange()
      await page.waitForTimeout(100)
      assert.deepEqual(await layoutFaults(page), [], `${what} at ${size.width} x ${size.height}`)
      if (size.width === 320) assert.deepEqual(await brokenRules(page), [], `${what} at 320`)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    assert.deepEqual(await brokenRules(page), [], `${what} in dark`)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }

  it('fits before somebody has signed in', async () => {
    await page.getByLabel('Password').waitFor()
    await assertFits('the form to sign in')
    const body = { email: 'new@example.com', name: 'New', role: 'agent' }
    const { body: invited } = await test.api('/agents', { method: 'POST', body })
    await page.goto(test.app.url + invited.invite_url.replace(/^.*(?=\/invitation)/, ''))
    await page.getByLabel(/Your name/).waitFor()
    await assertFits('an invitation')
    await page.goto(test.app.url)
    await signIn(page)
  })

  it('fits in the list, with its filters', async () => {
    await open('/')
    await page.locator('.row').first().waitFor()
    await assertFits('the list')
    await page.getByRole('button', { name: 'Filters' }).click()
    for (const [id, index] of [
      ['narrow-inbox', 4],
      ['narrow-team', 3],
      ['narrow-label', 6],
    ] as const) {
      await page.locator(`#${id}`).selectOption({ index })
    }
    await page.getByRole('combobox', { name: 'Status' }).selectOption('All statuses')
    await assertFits('the filters')
    await open('/?q=lamp&status=all')
    await page.locator('.row mark').first().waitFor()
    await assertFits('a search')
  })

  it('fits in a conversation with everything', async () => {
    await open(`/conversations/${account.showcase}`)
    await page.locator('.message').first().waitFor()
    await assertFits('its end')
    const toTop = () =>
      page.locator('.thread-scroll').evaluate((box) => {
        ;(box as unknown as { scrollTop: number }).scrollTop = 0
      })
    // Older messages are loaded page by page.
    await eventually(async () => {
      await toTop()
      return (await page.locator('.thread-start').innerText()).startsWith('Start')
    })
    await toTop()
    await assertFits('its beginning')
    await page.locator('#composer').fill('A reply\nof a few\nlines')
    await page.getByRole('button', { name: 'Private note' }).click()
    await assertFits('a note')
  })

  it('fits in the details', async () => {
    await open(`/conversations/${account.showcase}`)
    const details = page.getByRole('complementary', { name: 'Details' })
    const arrange = async () => {
      // A window that has become narrow closes them, a moment later.
      await page.waitForTimeout(300)
      if (!(await details.isVisible()))
        await page.getByRole('button', { name: 'Details', exact: true }).click()
      await details.getByText('Customer since').waitFor()
      await details.getByText('Came from').waitFor()
    }
    await assertFits('the details', { arrange })
  })

  it('fits in dialogs', async () => {
    await open(`/conversations/${account.showcase}`)
    await page.locator('#composer').waitFor()
    for (const [key, name] of [
      ['Control+k', 'Commands'],
      ['?', 'Keyboard shortcuts'],
      ['s', 'Snooze'],
    ] as const) {
      await page.getByRole('region', { name: 'Messages' }).focus()
      await page.keyboard.press(key)
      await page.getByRole('dialog', { name }).waitFor()
      await assertFits(name)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await open('/settings/inboxes/4')
    await page.getByRole('button', { name: 'Delete this inbox' }).click()
    await page.getByRole('dialog').waitFor()
    await assertFits('the deletion of an inbox')
  })

  it('fits on the page for unknown addresses', async () => {
    await open(`/an-address-that-nobody-knows/${'and-that-is-long-'.repeat(10)}`)
    await assertFits('it')
  })

  const settings = [
    'profile',
    'tokens',
    'tokens/new',
    'inboxes',
    'inboxes/2',
    'inboxes/4',
    'inboxes/new',
    'agents',
    'agents/new',
    'teams',
    'teams/3',
    'teams/new',
    'labels',
    'labels/9',
    'labels/new',
    'webhooks',
    'webhooks/2',
    'webhooks/new',
    'nothing',
  ]
  for (const path of settings) {
    it(`fits in /settings/${path}`, async () => {
      await open(`/settings/${path}`)
      await assertFits(path)
    })
  }
})
