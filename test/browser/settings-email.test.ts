import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { skipWithoutDovecot, startDovecot } from '../dovecot.ts'
import { eventually } from '../eventually.ts'
import { mail } from '../mails.ts'
import { startSmtpServer } from '../smtp-server.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults } from './layout.ts'
import { assertLooksRight } from './looks.ts'

describe('the settings of an e-mail inbox', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let id: number
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp({ ...environment, NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' })
    window = await openWindow(browser, test, '/settings/inboxes/new')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const field = (name: string, at = 0) => window.page.getByRole('textbox', { name }).nth(at)
  const choose = (name: string, option: string, at = 0) =>
    window.page.getByRole('combobox', { name }).nth(at).selectOption({ label: option })
  const click = (name: string) => window.page.getByRole('button', { name, exact: true }).click()
  const receiving = () => window.page.getByRole('group', { name: 'Receiving (IMAP)' })
  const settings = async () => (await test.api(`/inboxes/${id}`)).body.channel_settings

  it('have the servers of a provider that is chosen', async () => {
    const { page } = window
    await page.getByRole('radio', { name: 'Email' }).check()
    assert.equal(await field('Server').inputValue(), 'imap.gmail.com')
    await choose('Provider', 'Fastmail')
    const values = [await field('Server').inputValue(), await field('Server', 1).inputValue()]
    assert.deepEqual(values, ['imap.fastmail.com', 'smtp.fastmail.com'])
    await choose('Provider', 'Microsoft 365')
    assert.equal(await field('Port', 1).inputValue(), '587')
    await page.getByRole('textbox', { name: 'Refresh token' }).waitFor()
    assert.equal(await page.getByRole('textbox', { name: 'Password' }).count(), 0)
    await assertLooksRight(page)
    await page.setViewportSize({ width: 320, height: 640 })
    assert.deepEqual(await layoutFaults(page), [])
    await page.setViewportSize({ width: 1300, height: 800 })
  })

  it('say at each field what is wrong with it', async () => {
    const { page } = window
    await choose('Provider', 'Another server')
    await field('Name').fill('Support')
    await field('Email address').fill('support')
    await field('Server').fill('a server')
    await field('Port').fill('many')
    await click('Create inbox')
    await page.locator('.field-error', { hasText: /^Email address / }).waitFor()
    await receiving()
      .locator('.field-error', { hasText: /^Server must be the name or the address of a server/ })
      .waitFor()
    await receiving()
      .locator('.field-error', { hasText: /^Port / })
      .waitFor()
    assert.equal(await field('Server').inputValue(), 'a server')
  })

  it('create an inbox, and never show its password again', async () => {
    const { page } = window
    await field('Email address').fill('support@shop.example')
    for (const at of [0, 1]) {
      await field('Server', at).fill('127.0.0.1')
      await field('Port', at).fill('9')
      await choose('Encryption', 'None (private networks only)', at)
    }
    await field('User name').fill('support')
    await field('Password').fill('wrong')
    await click('Create inbox')
    await page.getByRole('heading', { level: 1, name: 'Support' }).waitFor()
    id = Number(page.url().split('/').at(-1))
    const { email, imap, smtp } = await settings()
    assert.deepEqual(
      [email, imap.host, imap.port, imap.user, imap.password],
      ['support@shop.example', '127.0.0.1', 9, 'support', null],
    )
    assert.deepEqual([smtp.port, smtp.user, smtp.tls], [9, 'support', 'none'])
    assert.equal(await field('Password').inputValue(), '')
    await page.getByText('A password is stored. Leave this empty to keep it.').waitFor()
  })

  it('have an automatic reply, and inboxes whose conversations go on by mail', async () => {
    const { page } = window
    await page.getByLabel('Automatic reply').fill('We have got your mail.')
    await page.getByRole('checkbox', { name: 'API' }).check()
    await click('Save')
    await page.getByText('Saved').waitFor()
    const { inbox_identifier } = (await test.api('/inboxes/1')).body
    const { auto_reply, continues } = await settings()
    assert.deepEqual([auto_reply, continues], ['We have got your mail.', [inbox_identifier]])
    await page.reload()
    await page.getByRole('checkbox', { name: 'API', checked: true }).uncheck()
    await page.getByLabel('Automatic reply').fill('')
    await click('Save')
    await page.getByText('Saved').waitFor()
    const after = await settings()
    assert.deepEqual([after.auto_reply, after.continues], [null, []])
  })

  it('sign mails with a key, and have its DNS record to copy', async () => {
    const { page } = window
    await page.getByRole('checkbox', { name: 'Sign mails with DKIM' }).check()
    await page.getByLabel('Selector').fill('s1')
    await page.getByLabel('Private key').fill('no key')
    await click('Save')
    await page.locator('.field-error', { hasText: /^Private key must be an RSA private key/ }).waitFor()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await page.getByLabel('Private key').fill(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
    await click('Save')
    const record = page.getByRole('region', { name: 'DNS record for DKIM' })
    await record.getByText('s1._domainkey.shop.example').waitFor()
    await record.getByText(/^v=DKIM1; k=rsa; p=MIIB/).waitFor()
    await assertLooksRight(page)
    // A secret that is not shown again stays as it is.
    await page.reload()
    await record.getByText('s1._domainkey.shop.example').waitFor()
    await page.getByLabel('Selector').fill('s2')
    await click('Save')
    await record.getByText('s2._domainkey.shop.example').waitFor()
    await page.getByRole('checkbox', { name: 'Sign mails with DKIM' }).uncheck()
    await click('Save')
    await record.waitFor({ state: 'detached' })
    assert.equal((await settings()).smtp.dkim, null)
  })

  it('say in a sentence why a server cannot be reached, next to its fields', async () => {
    await click('Save and test connection')
    await receiving().getByText('Nothing listens on port 9 of 127.0.0.1: check the port').waitFor()
    assert.equal(await window.page.getByText('Connected', { exact: true }).count(), 0)
  })

  it('say since when no mails arrive, and why', async () => {
    const health = window.page.getByRole('region', { name: 'Mailbox' })
    await eventually(async () => {
      await health.getByRole('button', { name: 'Refresh' }).click()
      return (await health.getByText('No mails arrive since').count()) > 0
    })
    await health.getByText('nothing listens on port 9 of 127.0.0.1').waitFor()
    await assertLooksRight(window.page)
  })

  it('test the connection, and show that mails arrive', {
    skip: skipWithoutDovecot,
    timeout: 90_000,
  }, async (t) => {
    const { page } = window
    const dovecot = await startDovecot(t as never)
    const sending = await startSmtpServer({ onAuth: (auth, _, done) => done(null, { user: auth.username }) })
    t.after(() => sending.close())
    await field('Port').fill(String(dovecot.port))
    await field('Port', 1).fill(String(sending.port))
    await click('Save and test connection')
    await receiving()
      .getByText(/does not accept the user and the password/)
      .waitFor()
    await field('Password').fill('secret')
    await click('Save and test connection')
    await page.getByText('Connected', { exact: true }).waitFor()
    await click('Save')
    await page.getByText('Saved').waitFor()
    await click('Save and test connection')
    await page.getByText('Connected', { exact: true }).waitFor()
    const health = page.getByRole('region', { name: 'Mailbox' })
    const refreshed = (text: string) =>
      eventually(async () => {
        await health.getByRole('button', { name: 'Refresh' }).click()
        return (await health.getByText(text).count()) > 0
      })
    await refreshed('Connected, last read')
    await health.getByText('No mail has arrived yet.').waitFor()
    await dovecot.append([mail({ to: 'support@shop.example' })])
    await refreshed('The newest mail was stored')
  })

  it('show the address for a mail server that delivers', async () => {
    const { page } = window
    await page.getByRole('radio', { name: 'Delivered by your mail server' }).check()
    await page.getByLabel('Secret for deliveries').fill('a-secret-of-deliveries')
    await click('Save')
    await page.getByText('Saved').waitFor()
    const { inbox_identifier, channel_settings } = (await test.api(`/inboxes/${id}`)).body
    assert.deepEqual([channel_settings.imap, channel_settings.inbound_secret], [null, null])
    await page.getByText(`${test.app.url}/channels/email/${inbox_identifier}/inbound`).waitFor()
    const answer = await test.api(`//channels/email/${inbox_identifier}/inbound`, {
      method: 'POST',
      body: mail(),
      token: null,
      headers: { 'content-type': 'message/rfc822', authorization: 'Bearer a-secret-of-deliveries' },
    })
    assert.equal(answer.body.state, 'stored')
  })
})
