import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

describe('the settings', { skip: noBrowser }, () => {
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
  const open = async (path: string) => {
    await window.page.goto(`${test.app.url}/settings/${path}`)
    await window.page.getByRole('heading', { level: 1 }).waitFor()
  }
  const title = (name: string) => window.page.getByRole('heading', { level: 1, name })

  it('are pages with addresses of their own, for links, reloads and the back button', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Settings' }).click()
    await title('Profile').waitFor()
    await page.getByRole('link', { name: 'Access tokens' }).click()
    await title('Access tokens').waitFor()
    assert.equal(new URL(page.url()).pathname, '/settings/tokens')
    // A conversation waits.
    assert.equal(await page.title(), '(1) Access tokens · Ndoto')
    await page.locator('h1:focus', { hasText: 'Access tokens' }).waitFor()
    await page.reload()
    await title('Access tokens').waitFor()
    await page.goBack()
    await title('Profile').waitFor()
    await page.goForward()
    await title('Access tokens').waitFor()
    await page.getByRole('link', { name: 'Conversations' }).click()
    await page.getByRole('link', { name: /Jane Doe/ }).waitFor()
    await page.goBack()
    await title('Access tokens').waitFor()
  })

  it('reload if a part of them could not be loaded, as after an update of the server', async () => {
    // It would have the part already.
    const { page, close } = await openWindow(browser, test, '/', { serviceWorkers: 'block' })
    await signIn(page)
    await page.route('**/assets/settings-*.js', (route) => route.abort())
    await page.goto(`${test.app.url}/settings/profile`)
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.unroute('**/assets/settings-*.js')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor()
    await close()
  })

  it('change a name, and show at its field what the server refuses, without losing what was typed', async () => {
    const { page } = window
    await open('profile')
    const name = page.getByRole('textbox', { name: 'Name' })
    await name.fill('')
    const form = page.getByRole('form', { name: 'About you' })
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Name must not be empty').waitFor()
    assert.equal(await name.getAttribute('aria-invalid'), 'true')
    await name.fill('Ada Lovelace')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Saved').waitFor()
    await page.getByRole('button', { name: 'Ada Lovelace, Online' }).waitFor()
    assert.equal((await test.api('//api/v1/profile')).body.name, 'Ada Lovelace')
  })

  it('change a password with the current one only', async () => {
    const { page } = window
    const form = page.getByRole('form', { name: 'Password' })
    await form.getByLabel('Current password').fill('not the password')
    await form.getByLabel('New password').fill('another battery staple')
    await form.getByRole('button', { name: 'Change password' }).click()
    await form.getByText('Current password is not the password of this user').waitFor()
    assert.equal(await form.getByLabel('New password').inputValue(), 'another battery staple')
    await form.getByLabel('Current password').fill(environment.NDOTO_ADMIN_PASSWORD)
    await page.keyboard.press('Enter')
    await form.getByText('Saved').waitFor()
    const other = await openWindow(browser, test)
    await signIn(other.page, 'admin@example.com', 'another battery staple')
    await other.close()
  })

  it('create a token with the keyboard alone, show it once, and revoke it', async () => {
    const { page } = window
    await open('tokens/new')
    await page.getByRole('textbox', { name: 'Name' }).focus()
    await page.keyboard.type('Order system')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Copy: Token' }).waitFor()
    const token = await page.locator('.panel-secret code').innerText()
    const profile = () => test.api('//api/v1/profile', { token })
    assert.equal((await profile()).status, 200)
    const made = (await test.api('//api/v1/profile/access_tokens')).body.payload.at(-1)
    assert.deepEqual([made.name, made.scopes, made.expires_at !== null], ['Order system', ['read'], true])
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Copied: Token' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Revoke Order system' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    assert.equal((await profile()).status, 200)
    await page.getByRole('button', { name: 'Revoke Order system' }).click()
    assert.equal(await page.getByText(token).count(), 0)
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('button', { name: 'Revoke Order system' }).waitFor({ state: 'detached' })
    assert.equal((await profile()).status, 401)
  })

  it('create an admin token only with the password', async () => {
    const { page } = window
    await open('tokens/new')
    assert.equal(await page.getByLabel('Your password').count(), 0)
    await page.getByRole('textbox', { name: 'Name' }).fill('Installer')
    await page.getByRole('radio', { name: /^Administer/ }).check()
    await page.getByRole('button', { name: 'Create token' }).click()
    const password = page.getByLabel('Your password')
    await password.fill('not the password')
    await page.getByRole('button', { name: 'Create token' }).click()
    await page.getByText('Your password is not the password of this user').waitFor()
    await password.fill('another battery staple')
    await page.getByRole('button', { name: 'Create token' }).click()
    await page.getByRole('button', { name: 'Copy: Token' }).waitFor()
    const made = (await test.api('//api/v1/profile/access_tokens')).body.payload.at(-1)
    assert.deepEqual([made.name, made.scopes, made.account_ids], ['Installer', ['admin'], [1]])
  })

  it('show in which browsers the user is signed in, and end those sessions', async () => {
    const { page } = window
    const other = await openWindow(browser, test)
    await signIn(other.page, 'admin@example.com', 'another battery staple')
    await open('profile')
    const sessions = page.getByRole('region', { name: 'Where you are signed in' })
    await sessions.getByText('This browser').waitFor()
    await sessions
      .getByRole('button', { name: /^End session: Chrome on / })
      .first()
      .waitFor()
    await sessions.getByRole('button', { name: 'End all other sessions' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End all other sessions' }).click()
    await sessions
      .getByRole('button', { name: /^End session/ })
      .first()
      .waitFor({ state: 'detached' })
    await other.page.getByRole('link', { name: 'Settings' }).click()
    await other.page.getByRole('button', { name: 'Sign in' }).waitFor()
    await other.close()
    await page.reload()
    await title('Profile').waitFor()
  })

  it('set a forgotten password by a link, and end access tokens unless that is unchecked', async () => {
    const { userId, token } = await addUser(test)
    const makeLink = () => test.api(`/agents/${userId}/password_link`, { method: 'POST' })
    for (const [keep, status] of [
      [true, 200],
      [false, 401],
    ] as const) {
      const { pathname, hash } = new URL((await makeLink()).body.url)
      const other = await openWindow(browser, test, pathname + hash)
      await other.page.getByLabel('New password').fill('correct horse battery')
      const box = other.page.getByRole('checkbox', { name: 'Also end my access tokens' })
      assert.equal(await box.isChecked(), true)
      await assertLooksRight(other.page)
      if (keep) await box.uncheck()
      await other.page.getByRole('button', { name: 'Set password' }).click()
      await other.page.getByText('Your password is set').waitFor()
      assert.equal((await test.api('//api/v1/profile', { token })).status, status)
      await other.close()
    }
  })

  it('say what to do with a link that has been used', async () => {
    const { userId } = await addUser(test)
    const { url } = (await test.api(`/agents/${userId}/password_link`, { method: 'POST' })).body
    const { pathname, hash } = new URL(url)
    for (const text of ['Your password is set', 'This link is no longer valid']) {
      const other = await openWindow(browser, test, pathname + hash)
      await other.page.getByLabel('New password').fill('correct horse battery')
      await other.page.getByRole('button', { name: 'Set password' }).click()
      await other.page.getByText(text).waitFor()
      await other.page.getByRole('link', { name: 'Sign in' }).waitFor()
      await other.close()
    }
  })

  for (const path of ['profile', 'tokens', 'tokens/new']) {
    it(`are right for eyes, screen readers and small windows: ${path}`, async () => {
      await open(path)
      await assertLooksRight(window.page)
    })
  }
})
