import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'
import { picture, sendForm, sound } from '../files.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('the dashboard', { skip: noBrowser }, () => {
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

  it('is served with a policy that lets nothing in from elsewhere', async () => {
    const { status, headers, body } = await test.api('//conversations/1')
    assert.equal(status, 200)
    assert.match(body, /<script type="module"[^>]* src="\/assets\//)
    assert.doesNotMatch(headers.get('content-security-policy')!, /unsafe|\*|http/)
    assert.match(body, /^<!doctype html>\s*<html data-max-file-size="41943040"/)
  })

  it('refuses to make markup from a text', async () => {
    const { page, close } = await openWindow(browser, test)
    const attempt = page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img>')")
    await assert.rejects(attempt, /TrustedHTML/)
    await close().catch((error: Error) => assert.match(error.message, /TrustedHTML/))
  })

  it('tells a wrong password, and lets in with the right one', async () => {
    const { page, close } = await openWindow(browser, test)
    await page.getByLabel('Email address').fill('admin@example.com')
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page
      .getByRole('alert')
      .filter({ hasText: /password/ })
      .waitFor()
    assert.equal(await page.getByRole('navigation', { name: 'Main' }).count(), 0)
    await signIn(page)
    await page.reload()
    await page.getByRole('link', { name: /Jane Doe/ }).waitFor()
    await page.getByRole('button', { name: 'Administrator, Online' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Password').waitFor()
    await close()
  })

  describe('of an agent who answers', { skip: noBrowser }, () => {
    let first: Window
    let second: Window
    before(async () => {
      first = await openWindow(browser, test)
      await signIn(first.page)
      second = await openWindow(browser, test, '/conversations/1')
      await signIn(second.page)
    })
    after(async () => {
      await first?.close()
      await second?.close()
    })
    const message = ({ page }: Window, text: string) => page.locator('.message', { hasText: text })

    it('shows what the customer has written, and marks it as read', async () => {
      await first.page.getByRole('link', { name: /Jane Doe/ }).click()
      await message(first, 'Hi, I need help with my order.').waitFor()
      await eventually(async () => (await test.api('/conversations/1')).body.unread_count === 0)
    })

    it('sends a reply that the other window shows at once', async () => {
      await first.page.getByRole('textbox', { name: 'Reply' }).fill('Which order is it?')
      await first.page.keyboard.press('Enter')
      await message(second, 'Which order is it?').waitFor()
      const { payload } = (await test.api('/conversations/1/messages')).body
      const [last] = payload.slice(-1)
      assert.deepEqual(
        [last.content, last.private, last.message_type],
        ['Which order is it?', false, 'outgoing'],
      )
      assert.equal(await message(first, 'Which order is it?').count(), 1)
    })

    it('sends a private note that looks like one', async () => {
      await first.page.getByRole('button', { name: 'Private note' }).click()
      await first.page.getByRole('textbox', { name: 'Private note' }).fill('She is on the premium plan.')
      await first.page.getByRole('button', { name: 'Add note' }).click()
      await message(second, 'She is on the premium plan.').waitFor()
      assert.equal(await message(second, 'She is on').getAttribute('data-kind'), 'note')
      const { payload } = (await test.api('/conversations/1/messages')).body
      assert.equal(payload.at(-1).private, true)
      await first.page.getByRole('button', { name: 'Reply', exact: false }).first().click()
    })

    it('shows what the customer writes meanwhile, in the list too', async () => {
      await sendMessage(test, 'It is order 1042.', { message_type: 'incoming' })
      await message(first, 'It is order 1042.').waitFor()
      await second.page.locator('.row', { hasText: 'It is order 1042.' }).waitFor()
    })

    it('shows the new title of a label that somebody renames', async () => {
      const send = (path: string, body: object, method = 'POST') => test.api(path, { method, body })
      const { id } = (await send('/labels', { title: 'shipping' })).body
      await send('/conversations/1/labels', { labels: ['shipping'] })
      await first.page.locator('.row', { hasText: 'shipping' }).waitFor()
      await send(`/labels/${id}`, { title: 'delivery' }, 'PATCH')
      await first.page.locator('.row', { hasText: 'delivery' }).waitFor()
      await first.page.getByRole('complementary').getByText('delivery').first().waitFor()
      await test.api(`/labels/${id}`, { method: 'DELETE' })
      await first.page.locator('.row', { hasText: 'delivery' }).waitFor({ state: 'detached' })
    })

    it('shows a text that wants to be a page as the text that it is', async () => {
      const text = '<img src=x onerror=alert(1)> javascript:alert(2) https://example.com/a?b=(c).'
      await sendMessage(test, text, { message_type: 'incoming' })
      const place = message(first, 'onerror=alert(1)')
      await place.waitFor()
      assert.equal(await place.locator('img').count(), 0)
      const links = place.locator('.message-text a')
      assert.equal(await links.count(), 1)
      assert.equal(await links.getAttribute('href'), 'https://example.com/a?b=(c)')
      assert.match((await links.getAttribute('rel'))!, /noopener/)
    })

    it('shows the files of a message, also where it has no text', async () => {
      const files = [
        { bytes: await picture(40, 20), name: 'receipt.jpg' },
        { bytes: 'a list', name: 'orders.txt' },
        { bytes: sound(), name: 'voice note.wav' },
      ]
      await sendForm(test, { message_type: 'incoming' }, files)
      const image = first.page.getByRole('img', { name: 'receipt.jpg' })
      await image.waitFor()
      await eventually(() =>
        image.evaluate((shown) => (shown as unknown as { naturalWidth: number }).naturalWidth > 0),
      )
      const duration = first.page.locator('audio').evaluate(
        (player) =>
          new Promise((resolve) => {
            const element = player as unknown as {
              duration: number
              preload: string
              onloadedmetadata(): void
            }
            element.onloadedmetadata = () => resolve(element.duration)
            element.preload = 'metadata'
          }),
      )
      assert.equal(await duration, 0.5)
      const link = first.page.getByRole('link', { name: /orders\.txt/ })
      const file = await first.page.request.get(
        new URL((await link.getAttribute('href'))!, test.app.url).href,
      )
      assert.equal(await file.text(), 'a list')
      await first.page.locator('.row', { hasText: 'receipt.jpg' }).waitFor()
    })

    it('resolves and reopens', async () => {
      await first.page.getByRole('button', { name: 'Resolve' }).click()
      await second.page.getByRole('button', { name: 'Reopen' }).waitFor()
      await eventually(async () => (await second.page.locator('.row').count()) === 0)
      await second.page.getByRole('button', { name: 'Reopen' }).click()
      await first.page.locator('.row', { hasText: 'Jane Doe' }).waitFor()
    })

    it('assigns, and the counts follow', async () => {
      // The reply above has taken it.
      await test.api('/conversations/1/assignments', { method: 'POST', body: { assignee_id: null } })
      await first.page.getByRole('button', { name: 'Assign to me' }).click()
      await second.page.locator('[data-tab=me] .count', { hasText: '1' }).waitFor()
      await second.page.locator('[data-tab=unassigned] .count', { hasText: '0' }).waitFor()
    })

    it('switches to a note with N and back with R, but not while somebody writes', async () => {
      const { page } = first
      await page.getByRole('region', { name: 'Messages' }).focus()
      await page.keyboard.press('n')
      await page.getByRole('textbox', { name: 'Private note' }).waitFor()
      await page.keyboard.type('r')
      assert.equal(await page.getByRole('textbox', { name: 'Private note' }).inputValue(), 'r')
      await page.locator('#composer').fill('')
      await page.getByRole('region', { name: 'Messages' }).focus()
      await page.keyboard.press('r')
      await page.getByRole('textbox', { name: 'Reply' }).waitFor()
      assert.equal(await page.locator('#composer').inputValue(), '')
    })

    it('resolves and reopens with E, but not while somebody writes', async () => {
      const { page } = first
      const status = async () => (await test.api('/conversations/1')).body.status
      await page.getByRole('textbox', { name: 'Reply' }).fill('')
      await page.keyboard.type('e')
      assert.equal(await page.locator('#composer').inputValue(), 'e')
      assert.equal(await status(), 'open')
      await page.locator('#composer').fill('')
      await page.getByRole('region', { name: 'Messages' }).focus()
      await page.keyboard.press('e')
      await page.getByRole('button', { name: 'Reopen' }).waitFor()
      await eventually(async () => (await status()) === 'resolved')
      await page.keyboard.press('e')
      await page.getByRole('button', { name: 'Resolve' }).waitFor()
      await eventually(async () => (await status()) === 'open')
    })

    it('opens the next conversation with J and the one before with K', async () => {
      const { page } = first
      const id = await addTestConversation(test)
      await page.locator(`[data-row="${id}"]`).waitFor()
      const hrefAt = async (at: number) => (await page.locator('[data-row]').nth(at).getAttribute('href'))!
      const order = [await hrefAt(0), await hrefAt(1)] as const
      await page.goto(new URL(order[0], test.app.url).href)
      await page.getByRole('region', { name: 'Messages' }).focus()
      await page.keyboard.press('j')
      await page.locator(`[href="${order[1]}"][aria-current=page]`).waitFor()
      await page.keyboard.press('k')
      await page.locator(`[href="${order[0]}"][aria-current=page]`).waitFor()
    })

    it('keeps what is begun for each conversation, and through a reload', async () => {
      await first.page.getByRole('textbox', { name: 'Reply' }).fill('Not ready yet')
      await first.page.reload()
      await eventually(async () => (await first.page.locator('#composer').inputValue()) === 'Not ready yet')
      await first.page.locator('#composer').fill('')
    })
  })
})
