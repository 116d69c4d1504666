import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { brokenRules } from './looks.ts'

describe('What is prepared in a conversation', { skip: noBrowser }, () => {
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
  const card = (text: string) => window.page.locator('.prepared-card', { hasText: text })
  const open = async () => {
    const id = await addTestConversation(test)
    await window.page.goto(`${test.app.url}/conversations/${id}`)
    await window.page.locator('#composer').waitFor()
    return id
  }
  const contents = async (id: number) =>
    (await test.api(`/conversations/${id}/messages`)).body.payload.map(
      ({ content }: { content: string }) => content,
    )

  describe('to be sent later', () => {
    const later = async (id: number, text: string) => {
      const { page } = window
      await page.locator('#composer').fill(text)
      await page.getByRole('button', { name: 'Send later' }).click()
      const dialog = page.getByRole('dialog', { name: 'Send later' })
      await dialog.getByRole('button', { name: /^Tomorrow morning/ }).waitFor()
      assert.deepEqual(await brokenRules(page), [])
      await dialog.getByRole('button', { name: /^Tomorrow morning/ }).click()
      await card(text.replaceAll('*', '')).waitFor()
      await eventually(async () => (await page.locator('#composer').inputValue()) === '')
      return (await test.api(`/conversations/${id}/scheduled_messages`)).body.payload
    }

    it('is chosen next to the button that sends, and cancelled in the thread', async () => {
      const { page } = window
      const id = await open()
      const [scheduled] = await later(id, 'Does it **work**?')
      assert.equal(scheduled.cancel_if_contact_replies, true)
      assert.ok(scheduled.send_at * 1000 > Date.now())
      await card('Does it work?').getByText('unless the customer replies').waitFor()
      assert.deepEqual(await contents(id), [])
      await card('Does it work?').getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await card('Does it work?').waitFor({ state: 'detached' })
      assert.deepEqual((await test.api(`/conversations/${id}/scheduled_messages`)).body.payload, [])
    })

    it('says that the customer has replied', async () => {
      const id = await open()
      await later(id, 'Still there?')
      await sendMessage(test, 'Yes', { message_type: 'incoming' }, id)
      await card('Still there?').getByText('Not sent: the customer has replied').waitFor()
    })
  })

  describe('as a proposal', () => {
    const propose = async (id: number, content: string, more: object = {}) => {
      const path = `/conversations/${id}/proposals`
      const { body, status } = await test.api(path, { method: 'POST', body: { content, ...more } })
      assert.equal(status, 201)
      await card(content.replaceAll('*', '')).waitFor()
      return async () => (await test.api(`${path}/${body.id}`)).body
    }
    const press = async (key: string) => {
      await window.page.getByRole('region', { name: 'Messages' }).focus()
      await window.page.keyboard.press(key)
    }

    it('is shown with its sources, and sent with one key', async () => {
      const id = await open()
      const sources = [{ title: 'Shipping', url: 'https://shop.example/ship' }]
      const read = await propose(id, 'It ships **today**.', { sources })
      await card('It ships').getByRole('link', { name: 'Shipping' }).waitFor()
      await card('It ships').locator('strong').waitFor()
      assert.deepEqual(await brokenRules(window.page), [])
      await press('y')
      await card('It ships').waitFor({ state: 'detached' })
      assert.equal((await read()).status, 'sent')
      assert.deepEqual(await contents(id), ['It ships **today**.'])
    })

    it('is edited with one key', async () => {
      const id = await open()
      await propose(id, 'It ships soon.')
      await press('i')
      const field = window.page.getByLabel('Text of the proposed reply')
      await field.fill('It ships at 5 pm.')
      await field.press('Control+Enter')
      await card('It ships').waitFor({ state: 'detached' })
      assert.deepEqual(await contents(id), ['It ships at 5 pm.'])
    })

    it('is refused with one key, and a reason', async () => {
      const id = await open()
      const read = await propose(id, 'Never.')
      await press('x')
      const field = window.page.getByLabel('Why not?')
      await field.fill('Too harsh')
      await field.press('Enter')
      await card('Never.').waitFor({ state: 'detached' })
      assert.deepEqual([(await read()).status, (await read()).reason], ['refused', 'Too harsh'])
      assert.deepEqual(await contents(id), [])
    })

    it('cannot be sent once the customer has written, but copied', async () => {
      const id = await open()
      await propose(id, 'Here is the answer.')
      await sendMessage(test, 'Another question', { message_type: 'incoming' }, id)
      await card('Here is').getByText('The customer has written since').waitFor()
      assert.equal(await card('Here is').getByRole('button', { name: /^Send/ }).count(), 0)
      await card('Here is').getByRole('button', { name: 'Copy to my reply' }).click()
      await eventually(
        async () => (await window.page.locator('#composer').inputValue()) === 'Here is the answer.',
      )
    })

    it('says that a colleague was faster', async () => {
      const id = await open()
      await propose(id, 'Twice?')
      const { page } = window
      // The colleague decides while this decision is on its way.
      await page.route('**/approve', async (route) => {
        const path = new URL(route.request().url()).pathname
        await test.api(`/${path}`, { method: 'POST', body: {} })
        await route.continue()
      })
      await press('y')
      await page.getByRole('alert').filter({ hasText: 'A colleague was faster' }).waitFor()
      await page.unroute('**/approve')
      await card('Twice?').waitFor({ state: 'detached' })
      assert.deepEqual(await contents(id), ['Twice?'])
    })
  })
})
