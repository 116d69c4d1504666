import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { openStream } from '../event-stream.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { brokenRules } from './looks.ts'
import { addWidget, embedding, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, frameOf, innerOf, openPanel, write } from './visitor.ts'

const away = 'We are not here right now. Leave a message: you will find our reply here.'
const asking = 'How can we reach you if you leave this page?'

describe('a visitor who is somebody', { skip: noBrowser }, () => {
  let test: TestApp
  let shop: Shop
  let browser: Browser
  const windows: Window[] = []
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment, { intervals: { availability: 50 } })
    shop = await startShop()
  })
  after(async () => {
    for (const window of windows) await window.close()
    await browser?.close()
    await shop?.close()
    await test?.close()
  })
  const close = async () => {
    for (const window of windows.splice(0)) await window.close()
  }

  /** Opens a page of the shop with the chat of a new inbox, as a new visitor. */
  async function visit(widget: object = {}, path = '/boots') {
    const inbox = await addWidget(test, shop, { widget })
    shop.page(path, shopPage(embedding(test, inbox)))
    const window = await openWindow(browser, test, new URL(path, shop.origin))
    windows.push(window)
    await frameOf(window.page).getByRole('button', { name: 'Open chat' }).waitFor()
    /** The visitor's contact, once there is one. */
    const contact = async () => {
      const { body } = await test.api(`/conversations?inbox_id=${inbox.id}&status=all`)
      const [conversation] = body.data.payload
      return (await test.api(`/contacts/${conversation.contact.id}`)).body
    }
    return { inbox, page: window.page, contact }
  }
  const says = (page: Page, text: string) => frameOf(page).getByText(text, { exact: true })

  it('reads whether the team is there, before and after writing, and sees it change', async () => {
    const { page } = await visit()
    await openPanel(page)
    await says(page, away).waitFor()
    assert.deepEqual(await brokenRules(innerOf(page)), [])
    const agent = await openStream(test)
    // Without a stream, the widget asks when it is opened.
    await frameOf(page).getByRole('button', { name: 'Close chat' }).last().click()
    await eventually(async () => {
      await openPanel(page)
      await page.waitForTimeout(200)
      if (await says(page, 'Online').isVisible()) return true
      await frameOf(page).getByRole('button', { name: 'Close chat' }).last().click()
      return false
    })
    assert.equal(await says(page, away).count(), 0)
    await write(page, 'Hello?')
    await arrived(page, 'Hello?')
    const choose = (availability: string) =>
      test.api('//api/v1/profile', { method: 'PATCH', body: { availability } })
    await choose('busy')
    await says(page, away).waitFor()
    await choose('online')
    await says(page, 'Online').waitFor()
    agent.close()
    await says(page, 'Away').waitFor()
    await close()
  })

  for (const [locale, text] of [
    ['de', 'Abwesend'],
    ['es', 'Ausentes'],
    ['fr', 'Absents'],
    ['ar', 'غير متصلين'],
    ['pt', 'Away'],
  ] as const) {
    it(`reads it in the language of the page: ${locale}`, async () => {
      const { page } = await visit()
      await page.evaluate(`ndoto.setLocale('${locale}')`)
      await page.evaluate('ndoto.open()')
      await says(page, text).waitFor()
      const { lang, dir } = (await innerOf(page).evaluate(
        '({ lang: document.documentElement.lang, dir: document.documentElement.dir })',
      )) as { lang: string; dir: string }
      assert.deepEqual([lang, dir], [locale === 'pt' ? 'en' : locale, locale === 'ar' ? 'rtl' : 'ltr'])
      await close()
    })
  }

  it('is asked for an address after the first message, which is checked, and becomes that of the contact', async () => {
    const { page, contact } = await visit({ ask_email: true })
    await openPanel(page)
    await says(page, away).waitFor()
    assert.equal(await says(page, asking).count(), 0)
    await write(page, 'Hello?')
    await says(page, asking).waitFor()
    assert.deepEqual(await brokenRules(innerOf(page)), [])
    const field = frameOf(page).getByLabel('Your email address')
    await field.fill('ada@nowhere')
    await field.press('Enter')
    await says(page, 'Please check the address.').waitFor()
    assert.equal((await contact()).email, null)
    await field.fill('Ada@Example.com')
    await field.press('Enter')
    await frameOf(page).locator('.given', { hasText: 'Ada@Example.com' }).waitFor()
    assert.equal((await contact()).email, 'ada@example.com')
    await page.reload()
    await arrived(page, 'Hello?')
    assert.equal(await frameOf(page).locator('.asked').count(), 0)
    await close()
  })

  it('can say no to that, for good, and is not asked where the inbox does not want it or knows the address', async () => {
    const { page, contact } = await visit({ ask_email: true })
    await openPanel(page)
    await write(page, 'Hello?')
    await frameOf(page).getByRole('button', { name: 'Not now' }).click()
    await says(page, asking).waitFor({ state: 'detached' })
    await page.reload()
    await arrived(page, 'Hello?')
    await page.waitForTimeout(500)
    assert.equal(await says(page, asking).count(), 0)
    assert.equal((await contact()).email, null)
    for (const other of [await visit({}, '/one'), await visit({ ask_email: true }, '/two')]) {
      await other.page.evaluate(
        `ndoto.setUser('customer-1', { email: 'known-${other.inbox.id}@example.com' })`,
      )
      await openPanel(other.page)
      await write(other.page, 'Hello?')
      await arrived(other.page, 'Hello?')
      await other.page.waitForTimeout(500)
      assert.equal(await says(other.page, asking).count(), 0)
    }
    await close()
  })

  it('does not become the contact whose address they give, nor learns that there is one', async () => {
    const { page, contact } = await visit({ ask_email: true })
    await openPanel(page)
    await write(page, 'Hello?')
    const field = frameOf(page).getByLabel('Your email address')
    await field.fill('jane@example.com')
    await field.press('Enter')
    await frameOf(page).locator('.given', { hasText: 'jane@example.com' }).waitFor()
    const { id, email, custom_attributes } = await contact()
    assert.deepEqual([email, custom_attributes.claimed_email], [null, 'jane@example.com'])
    const jane = (await test.api('/contacts/1')).body
    assert.notEqual(id, jane.id)
    assert.deepEqual([jane.name, jane.email], ['Jane Doe', 'jane@example.com'])
    await close()
  })

  it('is shown to agents with a name of their own, and with the page that they are on, as they move', async () => {
    const { page, contact, inbox } = await visit({}, '/boots')
    await page.evaluate(`history.replaceState(null, '', '/boots?token=SECRET#SECRET')`)
    await openPanel(page)
    await write(page, 'Hello?')
    await arrived(page, 'Hello?')
    const { id, name } = await contact()
    assert.equal(name, 'Visitor')
    const agent = await openWindow(browser, test, '/')
    windows.push(agent)
    await signIn(agent.page)
    await agent.page.getByRole('link', { name: new RegExp(`Visitor ${id} .*Hello`) }).click()
    await agent.page.getByRole('heading', { level: 1, name: `Visitor ${id}` }).waitFor()
    await agent.page.locator('.message', { hasText: 'Hello?' }).getByText(`Visitor ${id}`).waitFor()
    const details = agent.page.getByRole('region', { name: 'Visit', exact: true })
    const link = details.getByRole('link', { name: `${new URL(shop.origin).host}/boots` })
    await link.waitFor()
    assert.equal(await link.getAttribute('href'), `${shop.origin}/boots`)
    assert.match((await link.getAttribute('rel'))!, /noopener noreferrer/)
    await details.getByText('Shop').waitFor()
    await details.getByText('Chrome on Linux').waitFor()
    await details.getByText('American English').waitFor()
    const requests: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/visits')) requests.push(request.postData()!)
    })
    for (let number = 1; number <= 8; number++) {
      await page.evaluate(
        `history.pushState(null, '', '/sandals/${number}'); document.title = 'Sandals ${number}'`,
      )
      await page.waitForTimeout(300)
    }
    await details.getByRole('link', { name: /\/sandals\/8$/ }).waitFor()
    await details.getByText('Sandals 8').waitFor()
    assert.ok(requests.length >= 1 && requests.length <= 2, `${requests.length} requests`)
    assert.doesNotMatch(JSON.stringify([requests, (await test.api(`/contacts/${id}/visits`)).body]), /SECRET/)
    const off = { channel: { widget: { record_visits: false } } }
    await test.api(`/inboxes/${inbox.id}`, { method: 'PATCH', body: off })
    await agent.page.reload()
    await agent.page.locator('.message', { hasText: 'Hello?' }).waitFor()
    await agent.page.getByText('Customer since').waitFor()
    assert.equal(await details.count(), 0)
    await close()
  })

  it('is known by where they came from, although they wrote on a later page', async () => {
    const { page, contact, inbox } = await visit({}, '/later')
    shop.page('/landing', shopPage(embedding(test, inbox)))
    shop.page('/search', shopPage(`<a href="${shop.origin}/landing">Shop</a>`))
    await page.goto(`${shop.origin.replace('localhost', '127.0.0.1')}/search?q=SECRET`)
    await page.getByRole('link', { name: 'Shop' }).click()
    await frameOf(page).getByRole('button', { name: 'Open chat' }).waitFor()
    await page.evaluate(`location.href = '/later'`)
    await frameOf(page).getByRole('button', { name: 'Open chat' }).waitFor()
    await openPanel(page)
    await write(page, 'Hello?')
    await arrived(page, 'Hello?')
    const { id } = await contact()
    await eventually(async () => (await test.api(`/contacts/${id}/visits`)).body.payload.length === 1)
    const [stored] = (await test.api(`/contacts/${id}/visits`)).body.payload
    assert.match(stored.referrer_url, /^http:\/\/127\.0\.0\.1:\d+\//)
    assert.doesNotMatch(JSON.stringify(stored), /SECRET/)
    await close()
  })

  it('is not stored before they write', async () => {
    const count = async () => (await test.api('/contacts')).body.meta.count
    const before = await count()
    const { page } = await visit()
    await openPanel(page)
    await says(page, 'Away').waitFor()
    await page.waitForTimeout(1500)
    assert.equal(await count(), before)
    await close()
  })
})
