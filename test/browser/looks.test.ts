import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { picture, sendForm } from '../files.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

describe('the looks of the dashboard', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    await test.api('/labels', { method: 'POST', body: { title: 'invoice', color: '#c026d3' } })
    await test.api('/conversations/1/labels', { method: 'POST', body: { labels: ['invoice'] } })
    await test.api('/conversations/1', { method: 'PATCH', body: { custom_attributes: { order: 'A-1042' } } })
    await test.api('/conversations/1/toggle_priority', { method: 'POST', body: { priority: 'urgent' } })
    await sendMessage(
      test,
      'A link: https://example.com/a/very/long/address/that-goes-on-and-on-and-on-and-on',
    )
    await sendMessage(test, 'Only for us, see https://example.com/customers/1', { private: true })
    await sendForm(test, { content: 'The receipt', message_type: 'incoming' }, [
      { bytes: await picture(400, 200), name: 'receipt.jpg' },
      { bytes: 'a list', name: 'a-rather-long-name-of-a-list-of-orders-that-have-been-sent.txt' },
    ])
  })
  after(async () => {
    await browser?.close()
    await test?.close()
  })

  it('keep the rules before somebody has signed in', async () => {
    const { page, close } = await openWindow(browser, test)
    await page.getByLabel('Password').waitFor()
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Forgot your password?' }).click()
    await assertLooksRight(page)
    await close()
  })

  it('keep the rules in a conversation, in the list of commands and of keys', async () => {
    const { page, close } = await openWindow(browser, test, '/conversations/1')
    await signIn(page)
    await page.getByRole('img', { name: 'receipt.jpg' }).waitFor()
    await page.getByLabel('Labels').waitFor()
    await assertLooksRight(page)
    await page
      .locator('.composer input[type=file]')
      .setInputFiles([{ name: 'a.txt', mimeType: '', buffer: Buffer.alloc(10) }])
    await page.getByRole('button', { name: 'Private note' }).click()
    await page.locator('.composer .file').waitFor()
    await assertLooksRight(page)
    await page.keyboard.press('Control+k')
    await page.getByRole('listbox').waitFor()
    await assertLooksRight(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await assertLooksRight(page)
    await close()
  })

  it('let a phone go from the list to a conversation, its details and back', async () => {
    const { page, close } = await openWindow(browser, test, '/', {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
    })
    await signIn(page)
    await page.locator('[data-row="1"]').tap()
    await page.locator('#composer').waitFor()
    assert.equal(await page.locator('[data-row="1"]').isVisible(), false)
    await assertFits(page)
    await page.getByRole('button', { name: 'Details' }).tap()
    await page.getByRole('complementary', { name: 'Details' }).waitFor()
    await assertFits(page)
    await page.getByRole('button', { name: 'Hide details' }).tap()
    await page.getByRole('link', { name: 'Back' }).tap()
    await page.locator('[data-row="1"]').waitFor()
    assert.equal(await page.locator('#composer').count(), 0)
    await assertFits(page)
    await close()
  })

  it('are mirrored in a language that is written from the right', async () => {
    const { page, close } = await openWindow(browser, test, '/conversations/1')
    await signIn(page)
    await page.locator('#composer').waitFor()
    await page.evaluate(`document.documentElement.dir = 'rtl'`)
    const middleOf = async (selector: string) => {
      const { x, width } = (await page.locator(selector).boundingBox())!
      return x + width / 2
    }
    const places = [
      await middleOf('.rail'),
      await middleOf('.list'),
      await middleOf('.thread'),
      await middleOf('.details'),
    ]
    assert.deepEqual(
      places,
      places.toSorted((one, other) => other - one),
    )
    assert.ok(
      (await middleOf('[data-kind=outgoing] .bubble')) < (await middleOf('[data-message="1"] .bubble')),
    )
    await assertFits(page)
    await page.setViewportSize({ width: 360, height: 740 })
    await assertFits(page)
    await close()
  })

  it('do not move for those who do not like that', async () => {
    const { page, close } = await openWindow(browser, test, '/conversations/1', { reducedMotion: 'reduce' })
    await signIn(page)
    await page.locator('#composer').waitFor()
    const moving = await page.evaluate(`[...document.querySelectorAll('*')].filter((one) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(one)
      return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior === 'smooth'
    }).length`)
    assert.equal(moving, 0)
    await close()
  })
})

/** Asserts that nothing makes the page wider than its window, or sticks out of it. */
async function assertFits(page: Page): Promise<void> {
  const wide = await page.evaluate(`(() => {
    const width = document.documentElement.clientWidth
    const isWide = (one) => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX)
    const sticksOut = (one) => {
      const { left, right, width: own } = one.getBoundingClientRect()
      return own > 1 && (left < -1 || right > width + 1) && !one.closest('.skip')
    }
    return [...document.querySelectorAll('body, body *')]
      .filter((one) => isWide(one) || sticksOut(one))
      .map((one) => one.outerHTML.slice(0, 200))
  })()`)
  assert.deepEqual(wide, [])
}
