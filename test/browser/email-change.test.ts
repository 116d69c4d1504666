import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startTestApp } from '../app.ts'
import { startMailServer } from '../mail-server.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

it('An address is changed in the profile, and counts once its owner has opened the link and confirmed', {
  skip: noBrowser,
}, async (t) => {
  const mail = await startMailServer()
  const test = await startTestApp({ ...environment, SMTP_URL: mail.url })
  const browser = await startBrowser()
  const window = await openWindow(browser, test)
  t.after(async () => {
    await window.close()
    await browser.close()
    await test.close()
    mail.close()
  })
  const { page } = window
  await signIn(page)
  await page.goto(`${test.app.url}/settings/profile`)
  const form = page.getByRole('form', { name: 'Email address' })
  await form.getByLabel('New email address').fill('ada@example.com')
  await form.getByLabel('Current password').fill('not the password')
  await page.keyboard.press('Enter')
  await form.getByText('Current password is not the password of this user').waitFor()
  await form.getByLabel('Current password').fill(environment.NDOTO_ADMIN_PASSWORD)
  await page.keyboard.press('Enter')
  await form.getByText('Open the link in the message').waitFor()
  const { text } = await mail.next()
  const token = /\/email#(\S+)/.exec(text.replaceAll(/=\n/g, '').replaceAll('=3D', '='))![1]!

  await page.goto(`${test.app.url}/email#${token}`)
  await page.getByRole('heading', { name: 'Confirm your email address' }).waitFor()
  assert.equal(new URL(page.url()).hash, '')
  await assertLooksRight(page)
  assert.equal((await test.api('//api/v1/profile')).body.email, 'admin@example.com')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('Your address is confirmed').waitFor()
  await page.getByRole('link', { name: 'Continue' }).click()
  await page.goto(`${test.app.url}/settings/profile`)
  await page.getByText('You sign in with ada@example.com').waitFor()

  await page.goto(`${test.app.url}/email#${token}`)
  await page.reload()
  await page.goto('about:blank')
  await page.goto(`${test.app.url}/email#${token}`)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'This link is no longer valid' }).waitFor()
})
