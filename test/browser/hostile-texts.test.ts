import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { sendForm } from '../files.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { addWidget, embedding, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, frameOf, openPanel, write } from './visitor.ts'

const longest = 150_000
const texts = {
  'dots and letters': 'a.'.repeat(longest / 2),
  'beginnings of addresses': 'mailto:'.repeat(longest / 7),
  'marks on one letter': `e${'\u0301'.repeat(longest - 1)}`,
  'short lines': 'a\n'.repeat(longest / 2),
}
const wideName = '﷽'.repeat(255)
// Milliseconds. Without the limits it takes from 7 seconds to minutes; on an idle machine it takes less than one.
const patience = 5000

describe('hostile texts', { skip: noBrowser }, () => {
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

  const addConversation = async (contact: object = {}): Promise<number> => {
    const { id: contact_id } = await post('/contacts', { name: 'Mallory', ...contact })
    return (await post('/conversations', { inbox_id: 1, contact_id })).id
  }
  const post = async (path: string, body: object) => {
    const answer = await test.api(path, { method: 'POST', body })
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
    return answer.body
  }
  /** Opens a conversation without loading the page again, and asserts that the page reacts to keys soon. */
  const assertReacts = async (page: Page, id: number, content: Locator) => {
    const start = performance.now()
    await page.evaluate(
      `history.pushState(null, '', '/conversations/${id}'); dispatchEvent(new PopStateEvent('popstate'))`,
    )
    await content.first().waitFor()
    await page.locator('#composer').pressSequentially('Hello')
    const milliseconds = performance.now() - start
    assert.equal(await page.locator('#composer').inputValue(), 'Hello')
    assert.ok(milliseconds < patience, `${milliseconds} ms`)
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
    assert.ok(overflow <= 0, `${overflow} pixels too wide`)
  }

  for (const [kind, text] of Object.entries(texts)) {
    it(`of 150,000 characters do not freeze the dashboard: ${kind}`, async () => {
      const id = await addConversation()
      for (let count = 0; count < 10; count++) await sendMessage(test, text, { message_type: 'incoming' }, id)
      await assertReacts(window.page, id, window.page.locator('.message'))
    })
  }

  it('are cut, and shown in full when an agent asks for it', async () => {
    const id = await addConversation()
    await sendMessage(test, `${'word '.repeat(20_000)}the end`, { message_type: 'incoming' }, id)
    const message = window.page.locator('.message')
    await assertReacts(window.page, id, message)
    assert.equal(await message.getByText('the end').count(), 0)
    await message.getByRole('button', { name: 'Show full message' }).click()
    await message.getByText('the end').waitFor()
  })

  it('that a search finds are cut in the list', async () => {
    const id = await addConversation()
    await sendMessage(test, `needle ${'a.'.repeat(70_000)}`, { message_type: 'incoming' }, id)
    const row = window.page.locator(`[data-row="${id}"]`)
    // It is found a moment after it was written.
    await eventually(async () => {
      await window.page.goto(new URL('/?q=needle&status=all', test.app.url).href)
      const mark = row.locator('mark').waitFor({ timeout: 2000 })
      return mark.then(
        () => true,
        () => false,
      )
    })
    assert.ok((await row.innerText()).length < 500)
  })

  it('in names and attributes leave the page in its shape', async () => {
    const many = Object.fromEntries(Array.from({ length: 999 }, (_, index) => [`key ${index}`, index]))
    const custom_attributes = { long: 'W'.repeat(10_000), ...many }
    const id = await addConversation({ name: wideName, custom_attributes })
    await sendMessage(test, 'Hi', { message_type: 'incoming' }, id)
    await assertReacts(window.page, id, window.page.locator('.message'))
    await window.page.getByText('950 more attributes are not shown.').waitFor()
  })

  it('in 100 options, and 15 files, do not freeze the dashboard', async () => {
    const id = await addConversation()
    const items = Array.from({ length: 100 }, (_, index) => ({
      title: `${index}${'W'.repeat(400)}`,
      value: String(index),
    }))
    const asked = { content_type: 'input_select', content_attributes: { items } }
    for (let count = 0; count < 10; count++) await sendMessage(test, 'Choose', asked, id)
    const files = Array.from({ length: 15 }, (_, index) => ({
      bytes: 'x',
      name: `${wideName.slice(0, 60)}${index}`,
    }))
    for (let count = 0; count < 5; count++)
      await sendForm(test, { content: 'Files' }, files, { conversationId: id })
    await assertReacts(window.page, id, window.page.locator('.attachments'))
  })

  describe('to a visitor', { skip: noBrowser }, () => {
    let shop: Shop
    before(async () => {
      shop = await startShop()
    })
    after(() => shop?.close())

    it('do not freeze the widget', async () => {
      const inbox = await addWidget(test, shop)
      shop.page('/', shopPage(embedding(test, inbox)))
      const { page, close } = await openWindow(browser, test, new URL('/', shop.origin))
      await openPanel(page)
      await write(page, 'Hello?')
      await arrived(page, 'Hello?')
      const { body } = await test.api(`/conversations?inbox_id=${inbox.id}&assignee_type=all`)
      const { id } = body.data.payload[0]
      for (const text of Object.values(texts)) await sendMessage(test, text, {}, id)
      const start = performance.now()
      await write(page, 'Still here?')
      await arrived(page, 'Still here?')
      assert.ok(performance.now() - start < patience)
      const frame = frameOf(page)
      assert.equal(await frame.getByRole('button', { name: 'Show more' }).count(), 4)
      await frame.getByRole('button', { name: 'Show more' }).first().click()
      await frame.getByRole('button', { name: 'Show more' }).nth(3).waitFor({ state: 'detached' })
      await close()
    })
  })
})
