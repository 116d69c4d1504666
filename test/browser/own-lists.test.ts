import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation, addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertFits } from './layout.ts'
import { assertLooksRight } from './looks.ts'

describe('the lists of mentions and of what a user follows', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let agent: { token: string; userId: number }
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    agent = await addUser(test, { inboxes: [1] })
    window = await openWindow(browser, test, '/')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const links = () => window.page.locator('a[href^="/conversations/"]')
  const shown = async () => {
    // At once: a row may leave the list at any time.
    const addresses = await links().evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    return [...new Set(addresses.map((one) => Number(/\d+/.exec(one!)![0])))]
  }
  const until = (ids: number[]) => eventually(async () => String(await shown()) === String(ids))
  const mention = (id: number) =>
    test.api(`/conversations/${id}/messages`, {
      method: 'POST',
      token: agent.token,
      body: { content: '[@You](mention://user/1/You) look', message_type: 'outgoing', private: true },
    })

  it('are chosen next to the statuses, and have an address', async () => {
    const { page } = window
    const [followedOnly, mentioned] = [await addTestConversation(test), await addTestConversation(test)]
    await sendMessage(test, 'An answer', {}, followedOnly)
    await page.getByLabel('Status', { exact: true }).selectOption('Mentions')
    await page.waitForURL(/\?involvement=mentioned$/)
    await page.getByRole('heading', { name: 'Mentions' }).waitFor()
    await page.getByText('No conversations').waitFor()
    await mention(mentioned)
    await until([mentioned])
    await page.goto(`${test.app.url}/?involvement=participating`)
    await page.getByRole('heading', { name: 'Following' }).waitFor()
    await until([mentioned, followedOnly])
    await test.api(`/conversations/${mentioned}/participants`, { method: 'DELETE', body: { user_ids: [1] } })
    await until([followedOnly])
    await page.getByRole('link', { name: 'Close view' }).click()
    await eventually(async () => (await shown()).length > 2)
  })

  it('come with the list of what waits for an answer, which is kept up to date', async () => {
    const { page } = window
    const [first, second] = [await addTestConversation(test), await addTestConversation(test)]
    // The first conversation of a new server waits, too.
    const write = (id: number) => sendMessage(test, 'Hello?', { message_type: 'incoming' }, id)
    await write(first)
    await page.goto(`${test.app.url}/`)
    await page.getByLabel('Status', { exact: true }).selectOption('Unattended')
    await page.getByRole('heading', { name: 'Unattended' }).waitFor()
    await until([first, 1])
    await write(second)
    await until([second, first, 1])
    await sendMessage(test, 'An answer', {}, first)
    await until([second, 1])
  })

  it('fit into every window', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/?involvement=mentioned`)
    await page.getByRole('heading', { name: 'Mentions' }).waitFor()
    await assertLooksRight(page)
    await assertFits(page, 'the mentions')
  })
})
