import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'

describe('the page of the API', { skip: noBrowser }, () => {
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

  it('opens in a tab of its own, and leads back to the dashboard', async () => {
    const { page, close } = await openWindow(browser, test)
    await signIn(page)
    const opened = page.waitForEvent('popup')
    await page.getByRole('link', { name: /^API/ }).click()
    const docs = await opened
    assert.equal(new URL(docs.url()).pathname, '/docs')
    await docs.getByRole('link', { name: '← Dashboard' }).click()
    await docs.getByRole('navigation', { name: 'Main' }).waitFor()
    await close()
  })

  it('has the theme that was chosen in the dashboard, or else that of the system', async () => {
    const { page, close } = await openWindow(browser, test, '/docs', { colorScheme: 'dark' })
    const isDark = () => page.evaluate<boolean>(`document.documentElement.classList.contains('dark-mode')`)
    assert.equal(await isDark(), true)
    await page.emulateMedia({ colorScheme: 'light' })
    await eventually(async () => !(await isDark()))
    await page.evaluate(`localStorage.setItem('ndoto.theme', '"dark"')`)
    await page.reload()
    assert.equal(await isDark(), true)
    await close()
  })

  it('shows examples that the server accepts', async () => {
    const { page, close } = await openWindow(browser, test, '/docs')
    // A contact names a company.
    for (const path of ['/companies', '/contacts', '/labels', '/teams']) {
      await page.mouse.wheel(0, -1_000_000)
      const call = page.locator('.opblock-post', { has: page.locator(`[data-path$="{account_id}${path}"]`) })
      // Swagger UI renders only what is near the part of the page that is seen.
      for (let turns = 0; turns < 200 && (await call.count()) === 0; turns++) {
        await page.mouse.wheel(0, 600)
        await page.waitForTimeout(50)
      }
      await call.locator('.opblock-summary').click()
      const body = await call.locator('textarea.body-param__text').inputValue()
      const { status, body: answer } = await test.api(path, { method: 'POST', body })
      assert.ok(status < 300, `${path}: ${body} ${JSON.stringify(answer)}`)
    }
    await close()
  })
})
