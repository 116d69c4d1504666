import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('a message that is written while the network is bad', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let relay: TcpProxy
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    // So that a reply does not take it, which would add an activity message.
    await test.api('/conversations/1/assignments', { method: 'POST', body: { assignee_id: 1 } })
    relay = await startTcpProxy({ after() {} }, test.app.url)
    window = await openWindow(browser, test, '/conversations/1', {}, relay.url)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await relay?.close()
    await test?.close()
  })
  const messages = '**/conversations/1/messages'
  const arrived = async (): Promise<string[]> => {
    const { payload } = (await test.api('/conversations/1/messages')).body
    return payload.slice(2).map(({ content }: { content: string }) => content)
  }
  const write = async (text: string) => {
    await window.page.locator('#composer').fill(text)
    await window.page.keyboard.press('Enter')
  }
  const shown = (text: string) => window.page.locator('.message', { hasText: text })

  it('waits in sight, and arrives once and in order, through a reload', async () => {
    const { page } = window
    await page.route(messages, (route) => route.abort())
    await write('first')
    await write('second')
    await shown('first').filter({ hasText: 'Waiting for a connection' }).waitFor()
    assert.equal(await page.locator('#composer').inputValue(), '')
    await page.reload()
    await shown('second').waitFor()
    assert.deepEqual(await arrived(), [])
    await page.unrouteAll({ behavior: 'wait' })
    await eventually(async () => (await arrived()).length === 2)
    await page.locator('.message-unsent').first().waitFor({ state: 'detached' })
    assert.deepEqual(await arrived(), ['first', 'second'])
    assert.equal(await shown('first').count(), 1)
  })

  it('is not doubled where only the answer was lost', async () => {
    const { page } = window
    let lost = 0
    await page.route(messages, async (route) => {
      lost += 1
      // It reaches the server; what the server says reaches nobody.
      await route.fetch()
      await route.abort()
    })
    await write('third')
    await eventually(async () => (await arrived()).includes('third'))
    await eventually(() => lost >= 1)
    await page.unrouteAll({ behavior: 'wait' })
    await page.locator('.message-unsent').waitFor({ state: 'detached' })
    assert.deepEqual(await arrived(), ['first', 'second', 'third'])
    assert.equal(await shown('third').count(), 1)
  })

  it('says why the server will not take it, and can be given up', async () => {
    const { page } = window
    await page.route(messages, (route) =>
      route.fulfill({ status: 422, contentType: 'application/json', body: '{"error":"content is no good"}' }),
    )
    await write('fourth')
    await shown('fourth').filter({ hasText: 'Not sent: content is no good' }).waitFor()
    await page.unrouteAll({ behavior: 'wait' })
    await shown('fourth').getByRole('button', { name: 'Delete' }).click()
    await shown('fourth').waitFor({ state: 'detached' })
    await page.reload()
    await shown('third').waitFor()
    assert.equal(await shown('fourth').count(), 0)
    assert.deepEqual(await arrived(), ['first', 'second', 'third'])
  })

  it('is shown once the conversation, which did not load, can be loaded', async () => {
    const { page } = window
    await page.route('**/conversations/1/messages?*', (route) => route.abort())
    await page.reload()
    await page.getByText('Cannot reach the server.').waitFor()
    await page.unrouteAll({ behavior: 'wait' })
    await shown('third').waitFor()
  })

  it('is shown once the server, which could not be asked who has signed in, answers', async () => {
    const { page } = window
    await page.route('**/api/v1/profile', (route) => route.abort())
    await page.reload()
    await page.getByRole('alert').filter({ hasText: 'Cannot reach the server.' }).waitFor()
    await page.unrouteAll({ behavior: 'wait' })
    await shown('third').waitFor()
  })

  it('goes on where it stopped when the network is back, without a reload', async () => {
    const { page } = window
    const banner = page.getByText('You are offline.', { exact: false })
    await page.evaluate(`window.isSamePage = true`)
    relay.hang()
    relay.cut()
    await banner.waitFor()
    await write('fifth')
    await shown('fifth').filter({ hasText: 'Waiting for a connection' }).waitFor()
    await sendMessage(test, 'Written meanwhile', { message_type: 'incoming' })
    relay.cut()
    relay.resume()
    await banner.waitFor({ state: 'detached' })
    await shown('Written meanwhile').waitFor()
    await page.locator('.message-unsent').waitFor({ state: 'detached' })
    assert.deepEqual((await arrived()).slice(-2), ['Written meanwhile', 'fifth'])
    assert.equal(await page.evaluate(`window.isSamePage`), true)
  })
})
