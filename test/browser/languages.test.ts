import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { addTestConversation } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'

describe('the language of the dashboard', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
  })
  after(async () => {
    await browser?.close()
    await test?.close()
  })
  const german = { locale: 'de-CH' }
  const password = environment.NDOTO_ADMIN_PASSWORD

  it('is that of the browser until the user chooses another, which follows them', async () => {
    const window = await openWindow(browser, test, '/settings/profile', german)
    const { page } = window
    const html = page.locator('html')
    await page.getByLabel('E-Mail-Adresse').fill('admin@example.com')
    await page.getByLabel('Passwort', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await page.getByRole('heading', { name: 'Profil', level: 1 }).waitFor()
    assert.equal(await html.getAttribute('lang'), 'de')
    const choice = page.getByRole('combobox', { name: 'Sprache' })
    assert.equal(await choice.locator('option').first().innerText(), 'Browser: Deutsch')

    await choice.selectOption('English')
    await page.getByRole('button', { name: 'Sprache ändern' }).click()
    await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor()
    assert.equal(await html.getAttribute('lang'), 'en')
    const { body } = await test.api('//api/v1/profile')
    assert.deepEqual(body.ui_settings, { locale: 'en' })
    await page.reload()
    await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor()

    const elsewhere = await openWindow(browser, test, '/', german)
    await elsewhere.page.getByLabel('E-Mail-Adresse').fill('admin@example.com')
    await elsewhere.page.getByLabel('Passwort', { exact: true }).fill(password)
    await elsewhere.page.getByRole('button', { name: 'Anmelden' }).click()
    await elsewhere.page.getByRole('navigation', { name: 'Main' }).waitFor()
    await elsewhere.close()

    await page.getByRole('combobox', { name: 'Language' }).selectOption({ index: 0 })
    await page.getByRole('button', { name: 'Change language' }).click()
    await page.getByRole('heading', { name: 'Profil', level: 1 }).waitFor()

    const conversation = await addTestConversation(test)
    const path = `/conversations/${conversation}`
    await test.api(`${path}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    // As they were stored before there were kinds.
    await test.app.database.transaction(1, async (tx) => {
      const rows = tx.sql.updateTable('messages').set({ content_attributes: '{}' })
      await rows.where('content', 'like', '% resolved %').execute()
    })
    await test.api(`${path}/assignments`, { method: 'POST', body: { assignee_id: 1 } })
    await page.goto(test.app.url + path)
    await page.getByText('Administrator hat die Unterhaltung übernommen').waitFor()
    await page.getByText('Administrator resolved the conversation').waitFor()
    await window.close()
  })

  it('is also that of what the server refuses', async () => {
    await test.api('/labels', { method: 'POST', body: { title: 'vip' } })
    const window = await openWindow(browser, test, '/settings/labels/new', german)
    const { page } = window
    await page.getByLabel('E-Mail-Adresse').fill('admin@example.com')
    await page.getByLabel('Passwort', { exact: true }).fill('not this one')
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await page.getByText('Die E-Mail-Adresse oder das Passwort ist falsch.').waitFor()
    await page.getByLabel('Passwort', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Anmelden' }).click()
    const title = page.getByRole('textbox', { name: 'Titel' })
    await title.fill('vip')
    await page.getByRole('button', { name: 'Label erstellen' }).click()
    await page.getByText('Titel wird schon verwendet').waitFor()
    await title.fill('x'.repeat(60))
    await page.getByRole('button', { name: 'Label erstellen' }).click()
    await page.getByText('Titel darf nur 50 Zeichen haben').waitFor()
    const filter = [{ attribute_key: 'created_at', filter_operator: 'is_less_than', values: ['soon'] }]
    await page.goto(`${test.app.url}/contacts?filter=${encodeURIComponent(JSON.stringify(filter))}`)
    await page.getByText(/^Wert hat nicht die richtige Form \(must be Unix seconds/).waitFor()
    await window.close()
  })

  it('is English if its file cannot be loaded, or the browser stores nothing', async () => {
    const window = await openWindow(browser, test, '/nothing', german)
    const { page } = window
    await page.route('**/assets/de-*.js', (route) => route.abort())
    await page.goto(test.app.url)
    await page.getByLabel('Password').waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    await page.unroute('**/assets/de-*.js')
    const set = (locale: string | null) =>
      test.api('//api/v1/profile', { method: 'PATCH', body: { ui_settings: { locale } } })
    await set('de')
    await page.addInitScript(`Object.defineProperty(window, 'localStorage', { get() { throw Error() } })
      Object.defineProperty(navigator, 'languages', { value: ['en'] })`)
    await page.goto(test.app.url)
    await signIn(page)
    await set(null)
    await window.close()
  })
})
