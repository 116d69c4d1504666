import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertFits } from './layout.ts'
import { assertLooksRight } from './looks.ts'

describe('A session that ends while somebody works', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let page: Page
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    const body = { email: colleague.email, name: 'Kim', role: 'administrator' }
    const { invite_url } = (await test.api('/agents', { method: 'POST', body })).body
    const accepted = { token: invite_url.split('#')[1], password: colleague.password }
    await test.api('//auth/invitation', { method: 'POST', body: accepted, token: null })
    window = await openWindow(browser, test)
    page = window.page
    await signIn(page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const colleague = { email: 'kim@example.com', password: 'another horse battery' }
  const again = () => page.getByRole('dialog', { name: 'Sign in again' })
  const end = () => test.api('//api/v1/profile/sessions', { method: 'DELETE' })
  const enter = async (password: string = environment.NDOTO_ADMIN_PASSWORD) => {
    await again().getByLabel('Password').fill(password)
    await again().getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  const comeBack = async () => {
    await enter()
    await again().waitFor({ state: 'detached' })
  }
  const open = (path: string) => page.goto(test.app.url + path)
  const focused = () => page.evaluate<string>('document.activeElement.name || document.activeElement.id')

  it('asks for the password over the form, saves what was typed after it, and returns the focus', async () => {
    await open('/settings/labels/new')
    await page.getByLabel('Title').fill('late-delivery')
    // Before the page gets a sign of it from its stream, and hides the form.
    await page.route('**/labels', (route) => end().then(() => route.continue()), { times: 1 })
    await page.getByLabel('Title').press('Enter')
    await again().waitFor()
    await eventually(async () => (await focused()) === '')
    assert.equal(await again().getByLabel('Email address').inputValue(), 'admin@example.com')
    await page.keyboard.type(environment.NDOTO_ADMIN_PASSWORD)
    assert.equal((await test.api('/labels')).body.payload.length, 0)
    await page.keyboard.press('Enter')
    await again().waitFor({ state: 'detached' })
    await eventually(async () => (await test.api('/labels')).body.payload[0]?.title === 'late-delivery')
  })

  it('does not load the page again for a language that was chosen elsewhere meanwhile', async () => {
    await open('/settings/labels/new')
    await page.getByLabel('Title').fill('lost-parcel')
    const choose = (locale: string | null) =>
      test.api('//api/v1/profile', { method: 'PATCH', body: { ui_settings: { locale } } })
    await choose('de')
    await end()
    const loaded = page.waitForResponse((response) => response.url().endsWith('/api/v1/profile'))
    await comeBack()
    await loaded
    await page.getByLabel('Title').press('Enter')
    await eventually(async () =>
      (await test.api('/labels')).body.payload.some(
        ({ title }: { title: string }) => title === 'lost-parcel',
      ),
    )
    await choose(null)
  })

  it('shows nothing of the page until then, and Escape does not help', async () => {
    await open('/conversations/1')
    await page.getByText('I need help with my order').last().waitFor()
    await page.locator('#composer').fill('A secret')
    await end()
    await again().waitFor()
    assert.equal(await page.title(), 'Ndoto')
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('Escape')
    assert.equal(await again().isVisible(), true)
    assert.equal(await page.getByText('I need help with my order').first().isVisible(), false)
    assert.equal(await page.evaluate('document.body.innerText.includes("order")'), false)
    const reached = new Set<string>()
    for (let press = 0; press < 8; press += 1) {
      await page.keyboard.press('Tab')
      reached.add(await page.evaluate('document.activeElement.closest(".frame") ? "page" : "dialog"'))
    }
    assert.deepEqual([...reached], ['dialog'])
    await assertLooksRight(page)
    await assertFits(page, 'the dialog')
    await page.setViewportSize({ width: 1300, height: 800 })
    await enter('a wrong password')
    await again().getByText('the e-mail address or the password is wrong').waitFor()
    await comeBack()
    await page.getByText('I need help with my order').last().waitFor()
  })

  it('leaves the text in the composer, sends it, and the page is live again', async () => {
    const id = await addTestConversation(test)
    await open(`/conversations/${id}`)
    await page.locator('#composer').fill('Dear Ada, your lamp')
    await page.locator('#composer').focus()
    await end()
    await again().waitFor()
    await sendMessage(test, 'Written meanwhile', { message_type: 'incoming' }, id)
    await comeBack()
    await eventually(async () => (await focused()) === 'composer')
    assert.equal(await page.locator('#composer').inputValue(), 'Dear Ada, your lamp')
    await page.locator('.message', { hasText: 'Written meanwhile' }).waitFor()
    await sendMessage(test, 'And after it', { message_type: 'incoming' }, id)
    await page.locator('.message', { hasText: 'And after it' }).waitFor()
    await page.keyboard.type(' has arrived')
    await page.keyboard.press('Control+Enter')
    const sent = async () => (await test.api(`/conversations/${id}/messages`)).body.payload.at(-1)
    await eventually(async () => (await sent()).content === 'Dear Ada, your lamp has arrived')
  })

  it('leaves a dialog and its fields', async () => {
    await open('/conversations/1')
    await page.locator('#composer').waitFor()
    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Commands' })
    await palette.getByRole('combobox').fill('settings of')
    await end()
    await again().waitFor()
    assert.equal(await palette.isVisible(), false)
    await comeBack()
    assert.equal(await palette.getByRole('combobox').inputValue(), 'settings of')
    await page.keyboard.type(' webhooks')
    assert.equal(await palette.getByRole('combobox').inputValue(), 'settings of webhooks')
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'detached' })
  })

  it('is over in all windows of a browser, which go on when the user signs in to one of them', async () => {
    const other = await page.context().newPage()
    await other.goto(`${test.app.url}/settings/labels/new`)
    await other.getByLabel('Title').fill('from-the-other-window')
    await end()
    const there = other.getByRole('dialog', { name: 'Sign in again' })
    await there.waitFor()
    await again().waitFor()
    await comeBack()
    await there.waitFor({ state: 'detached' })
    assert.equal(await other.getByLabel('Title').inputValue(), 'from-the-other-window')
    await other.close()
  })

  it('shows another user nothing of what the first one wrote', async () => {
    await open('/settings/labels/new')
    await page.getByLabel('Title').fill('of-the-first-user')
    await end()
    await again().waitFor()
    await again().getByLabel('Email address').fill(colleague.email)
    await enter(colleague.password)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/')
    assert.equal(await page.locator('input', { hasText: 'first' }).count(), 0)
    await page.goBack().catch(() => {})
    assert.equal(
      await page.evaluate('[...document.querySelectorAll("input")].some(({ value }) => /first/.test(value))'),
      false,
    )
    await open('/')
    await page.getByRole('button', { name: /^Kim/ }).waitFor()
  })

  it('can be left for good, in every window, with drafts and all', async () => {
    const other = await page.context().newPage()
    await other.goto(`${test.app.url}/settings/labels/new`)
    await other.getByLabel('Title').fill('in-the-other-window')
    await open('/conversations/1')
    const isStored = () =>
      page.evaluate<boolean>('Object.values(localStorage).some((text) => /A draft of Kim/.test(text))')
    await page.locator('#composer').fill('A draft of Kim')
    await eventually(isStored)
    await test.app.database.transaction(null, (tx) => tx.sql.deleteFrom('sessions').execute())
    await again().waitFor()
    await again().getByRole('button', { name: 'Sign out and discard what is not saved' }).click()
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    await other.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    assert.equal(await isStored(), false)
    await other.close()
  })
})
