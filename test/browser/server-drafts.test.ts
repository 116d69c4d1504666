import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('A draft in two browsers', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let first: Window
  let second: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    first = await openWindow(browser, test)
    second = await openWindow(browser, test)
    await signIn(first.page)
    await signIn(second.page)
  })
  after(async () => {
    await first?.close()
    await second?.close()
    await browser?.close()
    await test?.close()
  })
  const field = ({ page }: Window) => page.locator('#composer')
  const textIs = (window: Window, text: string) =>
    eventually(async () => (await field(window).inputValue()) === text)
  const draftOf = async (id: number) => (await test.api(`/conversations/${id}/draft`)).body
  const open = async (id: number, ...windows: Window[]) => {
    for (const { page } of windows) {
      await page.goto(`${test.app.url}/conversations/${id}`)
      await page.locator('#composer').waitFor()
    }
  }
  const goOffline = ({ page }: Window, is: boolean) => page.context().setOffline(is)

  it('is the same in both, while it is written', async () => {
    const id = await addTestConversation(test)
    await open(id, first, second)
    await field(first).pressSequentially('Dear Ada')
    await textIs(second, 'Dear Ada')
    await second.page.getByRole('button', { name: 'Private note' }).click()
    await field(second).press('End')
    await field(second).pressSequentially(', hello')
    await textIs(first, 'Dear Ada, hello')
    await first.page.getByRole('textbox', { name: 'Private note' }).waitFor()
  })

  it('is there in a browser that opens the conversation later', async () => {
    const id = await addTestConversation(test)
    await open(id, first)
    await field(first).fill('Begun here')
    await eventually(async () => (await draftOf(id)).content === 'Begun here')
    await open(id, second)
    await textIs(second, 'Begun here')
  })

  it('is gone in both when it is sent', async () => {
    const id = await addTestConversation(test)
    await open(id, first, second)
    await field(first).fill('Sent')
    await textIs(second, 'Sent')
    await field(first).press('Enter')
    await second.page.locator('.message', { hasText: 'Sent' }).waitFor()
    await textIs(second, '')
    assert.equal((await draftOf(id)).version, 0)
    await field(first).fill('The next one')
    await textIs(second, 'The next one')
  })

  it('does not come back after it was sent if only the answer to it was lost', async () => {
    const id = await addTestConversation(test)
    await open(id, first)
    const stored = Promise.withResolvers<void>()
    const sent = Promise.withResolvers<void>()
    await first.page.route('**/draft', async (route) => {
      if (route.request().method() !== 'PUT') return route.fallback()
      await route.fetch()
      stored.resolve()
      await sent.promise
      await route.abort()
      await first.page.unroute('**/draft')
    })
    await field(first).fill('Only once')
    await stored.promise
    await field(first).press('Enter')
    await first.page.locator('.message:not(.message-unsent)', { hasText: 'Only once' }).waitFor()
    sent.resolve()
    await eventually(async () => (await draftOf(id)).version === 0)
    await textIs(first, '')
    assert.equal((await draftOf(id)).content, '')
  })

  const writeBoth = async (id: number) => {
    await open(id, first, second)
    await goOffline(second, true)
    await field(second).fill('Written offline')
    await field(first).fill('Written online')
    await eventually(async () => (await draftOf(id)).content === 'Written online')
    await goOffline(second, false)
    const question = second.page.getByRole('alert').filter({ hasText: 'in another browser' })
    await question.getByText('Written online').waitFor()
    assert.equal(await field(second).inputValue(), 'Written offline')
    assert.equal((await draftOf(id)).content, 'Written online')
    return question
  }

  it('that was written differently in both is kept twice, until the user chooses the other text', async () => {
    const id = await addTestConversation(test)
    const question = await writeBoth(id)
    await question.getByRole('button', { name: 'Use that text' }).click()
    await textIs(second, 'Written online')
    assert.equal(await field(first).inputValue(), 'Written online')
  })

  it('that was written differently in both is kept twice, until the user keeps this text', async () => {
    const id = await addTestConversation(test)
    const question = await writeBoth(id)
    await question.getByRole('button', { name: 'Keep this text' }).click()
    await textIs(first, 'Written offline')
    assert.equal((await draftOf(id)).content, 'Written offline')
  })

  it('is in the other browser within a second', async () => {
    const id = await addTestConversation(test)
    await open(id, first, second)
    await field(first).fill('warm')
    await textIs(second, 'warm')
    const seen = (page: Page) =>
      page.evaluate<number>(`new Promise((resolve) => {
        const look = () => document.querySelector('#composer').value === 'Quick' ? resolve(Date.now()) : setTimeout(look, 5)
        look()
      })`)
    const arrival = seen(second.page)
    const start = Date.now()
    await field(first).fill('Quick')
    const milliseconds = (await arrival) - start
    // A second on an idle machine; the tests share theirs.
    assert.ok(milliseconds < 3000, `${milliseconds} ms`)
  })
})
