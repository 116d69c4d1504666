import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { sendForm } from '../files.ts'
import { environment, german, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('a conversation and its details', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    const address = { street: '12 High Street', city: 'Leeds' }
    const custom_attributes = {
      address,
      vip: false,
      tags: ['wholesale', 'net-30'],
      cart: [{ product: 'Lamp' }],
    }
    await test.api('/conversations/1', { method: 'PATCH', body: { custom_attributes } })
    window = await openWindow(browser, test, '/conversations/1')
    await signIn(window.page)
    await window.page.locator('#composer').waitFor()
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const conversation = async () => (await test.api('/conversations/1')).body

  it('is snoozed with S until a time of one’s own, and woken again', async () => {
    const { page } = window
    const dialog = page.getByRole('dialog', { name: 'Snooze' })
    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('s')
    const focused = () => page.evaluate('document.activeElement.textContent')
    await eventually(async () => /^For an hour/.test((await focused()) as string))
    await dialog.getByLabel('Until another time').fill('2020-01-01T09:00')
    await dialog.getByRole('button', { name: 'Snooze', exact: true }).click()
    await dialog.getByText('Choose a time in the future.').waitFor()
    assert.equal((await conversation()).status, 'open')
    const year = new Date().getFullYear() + 1
    await dialog.getByLabel('Until another time').fill(`${year}-03-05T14:30`)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await eventually(async () => (await conversation()).status === 'snoozed')
    assert.equal(
      (await conversation()).snoozed_until,
      Math.floor(new Date(year, 2, 5, 14, 30).getTime() / 1000),
    )
    await page.getByRole('button', { name: 'Snooze until…' }).click()
    await dialog.getByText(/^Snoozed until Mar 5/).waitFor()
    await dialog.getByRole('button', { name: 'End snooze' }).click()
    await eventually(async () => (await conversation()).status === 'open')
    await page.getByRole('button', { name: 'Snooze until…' }).first().click()
    await dialog.getByRole('button', { name: /^Until the customer replies/ }).click()
    await eventually(async () => (await conversation()).status === 'snoozed')
    assert.equal((await conversation()).snoozed_until, null)
    await test.api('/conversations/1/toggle_status', { method: 'POST', body: { status: 'open' } })
  })

  it('shows attributes that are objects and lists without JSON', async () => {
    const { page } = window
    const section = page.getByRole('region', { name: 'Conversation', exact: true })
    const text = (await section.locator('> dl').last().innerText()).replace(/\s+/g, ' ')
    assert.match(text, /address street 12 High Street city Leeds/)
    assert.match(text, /vip No/)
    assert.match(text, /tags wholesale, net-30/)
    assert.match(text, /cart 1 product Lamp/)
    assert.doesNotMatch(text, /[{}[\]"]/)
  })

  it('says the size of a file in whole words, next to its underlined name', async () => {
    await sendForm(test, { message_type: 'incoming' }, [{ bytes: 'x'.repeat(44), name: 'list.txt' }])
    const link = window.page.locator('.attachment-file')
    assert.match(await link.innerText(), /44 bytes/)
    const lines = await window.page.evaluate(`['', ' bdi', ' .quiet'].map((part) =>
      getComputedStyle(document.querySelector('.attachment-file' + part)).textDecorationLine)`)
    assert.deepEqual(lines, ['none', 'underline', 'none'])
  })

  it('tells two contacts of one name apart, by address or number', async () => {
    const { page } = window
    for (const own of [{ email: 'one@example.com' }, { phone_number: '+14155550102' }]) {
      const contact = (
        await test.api('/contacts', { method: 'POST', body: { name: 'Maria Garcia', ...own } })
      ).body
      const body = {
        inbox_id: 1,
        contact_id: contact.id,
        message: { content: 'Hi', message_type: 'incoming' },
      }
      await test.api('/conversations', { method: 'POST', body })
    }
    const rows = page.locator('.row', { hasText: 'Maria Garcia' })
    await rows.filter({ hasText: 'one@example.com' }).waitFor()
    await rows.filter({ hasText: '+14155550102' }).click()
    await page.locator('.thread-head', { hasText: '+14155550102' }).waitFor()
    await page.goBack()
    await page.locator('.thread-head', { hasText: 'Jane Doe' }).waitFor()
  })

  it('shows a dot for white and black labels in both themes', async () => {
    const { page } = window
    for (const [title, color] of [
      ['white', '#ffffff'],
      ['black', '#000000'],
    ]) {
      await test.api('/labels', { method: 'POST', body: { title, color } })
    }
    await test.api('/conversations/1/labels', { method: 'POST', body: { labels: ['white', 'black'] } })
    await page.locator('.details .chip', { hasText: 'white' }).waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const contrasts = await page.evaluate<
        number[]
      >(`[...document.querySelectorAll('.details .chip-dot')].map((dot) => {
        const light = (text) => {
          const [r, g, b] = text.match(/[\\d.]+/g).map((one) => Number(one) / 255)
            .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
          return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
        }
        const [one, other] = [light(getComputedStyle(dot).borderTopColor), light(getComputedStyle(dot.parentElement).backgroundColor)]
        return Math.max(one, other) / Math.min(one, other)
      })`)
      assert.equal(contrasts.length, 2)
      for (const contrast of contrasts) assert.ok(contrast >= 3, `${colorScheme}: ${contrast}`)
    }
    await page.emulateMedia({ colorScheme: 'light' })
  })

  for (const [locale, clock, words] of [
    ['en-US', /^\d{1,2}:\d\d\s[AP]M$/, undefined],
    ['de-DE', /^\d\d:\d\d$/, german],
  ] as const) {
    it(`shows times as a browser in ${locale} does`, async () => {
      const { page, close } = await openWindow(browser, test, '/conversations/1', { locale })
      await signIn(page, undefined, undefined, words)
      assert.match(await page.locator('.message-link time').first().innerText(), clock)
      await close()
    })
  }
})
