import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addUser } from '../factories.ts'
import { startProgram, temporaryDirectory } from '../process.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults, windowSizes } from './layout.ts'
import { assertLooksRight } from './looks.ts'

const run = promisify(execFile)

describe('the first steps', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test, '/', { permissions: ['clipboard-read', 'clipboard-write'] })
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const steps = () => window.page.getByRole('region', { name: 'Your first conversation' })
  const conversations = async () => (await test.api('/conversations?status=all')).body.data.payload
  const erase = (id: number) => test.api(`/conversations/${id}`, { method: 'DELETE' })

  it('are shown next to the sample, lead to a website, and are gone with the first real conversation', async () => {
    const { page } = window
    await page.locator('.row', { hasText: 'Jane Doe' }).waitFor()
    const start = page.getByRole('region', { name: 'First steps' })
    await start.getByText('Jane Doe is a sample customer.').waitFor()
    assert.equal(await start.getByRole('button', { name: 'Create sample conversation' }).count(), 0)
    await assertLooksRight(page)
    for (const size of windowSizes) {
      await page.setViewportSize(size)
      await page.waitForTimeout(100)
      assert.deepEqual(await layoutFaults(page), [], `${size.width} x ${size.height}`)
    }
    await page.setViewportSize({ width: 1300, height: 800 })
    await start.getByRole('link', { name: 'Open the sample' }).click()
    await page.locator('#composer').fill('Hello Jane')
    await page.keyboard.press('Enter')
    await page.locator('.message', { hasText: 'Hello Jane' }).waitFor()
    await page.getByRole('link', { name: 'Conversations' }).click()
    await start.waitFor()
    // On a phone, the list has the place.
    await page.setViewportSize({ width: 360, height: 740 })
    await page.locator('.row', { hasText: 'Jane Doe' }).waitFor()
    await page.setViewportSize({ width: 1300, height: 800 })
    const { id: contact_id } = (await test.api('/contacts', { method: 'POST', body: { name: 'Mary' } })).body
    const message = { content: 'Anybody there?', message_type: 'incoming' }
    const { id } = (
      await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id, message } })
    ).body
    await page.getByText('Select a conversation').waitFor()
    assert.equal(await start.count(), 0)
    await page.reload()
    await page.getByText('Select a conversation').waitFor()
    await erase(id)
    await start.waitFor()
  })

  it('are shown when the last conversation is gone, and not where a filter hides those there are', async () => {
    const { page } = window
    const { id: contact_id } = (await test.api('/contacts', { method: 'POST', body: { name: 'Mary' } })).body
    const { id } = (await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id } }))
      .body
    for (const one of [1, id])
      await test.api(`/conversations/${one}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    await page.getByText('No conversations').waitFor()
    await page.getByText('Select a conversation').waitFor()
    assert.equal(await steps().count(), 0)
    // The response that says that one is left arrives after the other one is gone, too.
    const whole = '**/conversations?status=all'
    await page.route(whole, async (route) => {
      const response = await route.fetch()
      await page.waitForTimeout(500)
      await route.fulfill({ response })
    })
    const asked = page.waitForRequest(whole)
    await erase(1)
    await asked
    await page.waitForTimeout(200)
    await erase(id)
    await steps().waitFor()
    await page.unrouteAll({ behavior: 'wait' })
    await assertLooksRight(page)
  })

  it('make a sample conversation by the calls of customers, and open it', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Create sample conversation' }).click()
    await page.locator('.message', { hasText: 'I am a sample customer.' }).waitFor()
    const [sample] = await conversations()
    assert.deepEqual([sample.contact.name, sample.unread_count <= 1], ['Sam Sample', true])
    await page.getByRole('link', { name: 'Conversations' }).click()
    await page.getByText('Select a conversation').waitFor()
    await erase(sample.id)
    await steps().waitFor()
  })

  it('give commands that begin a conversation, with a token of their own', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Create a token and insert it' }).click()
    await page.getByText('The token can read and write as you.').waitFor()
    await page.getByRole('button', { name: 'Copy: Commands' }).click()
    await page.getByRole('button', { name: 'Copied: Commands' }).waitFor()
    const { stdout } = await run('sh', [
      '-c',
      (await page.evaluate('navigator.clipboard.readText()')) as string,
    ])
    const { id } = JSON.parse(stdout)
    await page.getByRole('link', { name: /Ada.*Do you ship to Norway/ }).waitFor()
    assert.equal(await steps().count(), 0)
    const tokens = (await test.api('//api/v1/profile/access_tokens')).body.payload
    assert.deepEqual(tokens.at(-1).scopes, ['write'])
    await erase(id)
    await steps().waitFor()
  })

  it('create the chat for a website from its address, and give the line for its pages', async () => {
    const { page } = window
    const form = steps().getByRole('form', { name: 'Add a chat to your website' })
    await form.getByRole('button', { name: 'Create the chat' }).click()
    await form.getByText('Enter the address of your website.').waitFor()
    await form.getByRole('textbox', { name: 'Website URL' }).fill('www.shop.example.com/en')
    await form.getByRole('button', { name: 'Create the chat' }).click()
    await steps().getByText('data-inbox=').waitFor()
    const { name, website_url, embed_script } = (await test.api('/inboxes/2')).body
    assert.deepEqual([name, website_url], ['shop.example.com', 'https://www.shop.example.com/en'])
    await steps().getByText(embed_script).waitFor()
    assert.equal(await form.count(), 0)
    await assertLooksRight(page)
  })

  it('ask an agent without an inbox to be patient', async () => {
    const { userId } = await addUser(test)
    const { url } = (await test.api(`/agents/${userId}/password_link`, { method: 'POST' })).body
    const { pathname, hash } = new URL(url)
    const other = await openWindow(browser, test, pathname + hash)
    await other.page.getByLabel('New password').fill('a password of an agent')
    await other.page.getByRole('button', { name: 'Set password' }).click()
    const email = (await test.api('/agents')).body.find(({ id }: { id: number }) => id === userId).email
    await other.page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(other.page, email, 'a password of an agent')
    await other.page.getByText('You are not a member of an inbox yet.').waitFor()
    await test.api('/inbox_members/1', { method: 'POST', body: { user_ids: [userId] } })
    await eventually(() => other.page.getByRole('button', { name: 'Create sample conversation' }).isVisible())
    assert.equal(await other.page.getByRole('button', { name: 'Create the chat' }).count(), 0)
    await other.close()
  })

  it('begin with the address, login and password that the first start prints', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t) })
    const shown = (name: string) => new RegExp(`^ +${name} +(\\S+)$`, 'm').exec(server.output())![1]!
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(shown('Dashboard'))
    // The address of the first start has the login, and it does not stay in the address bar.
    assert.equal(await page.getByLabel('Email address').inputValue(), shown('Login'))
    assert.doesNotMatch(page.url(), /#|email/)
    await page.locator('input[type=password]:focus').waitFor()
    await page.keyboard.type(shown('Password'))
    await page.keyboard.press('Enter')
    await page.locator('.row', { hasText: 'Jane Doe' }).click()
    await page.locator('.message', { hasText: 'Hi, I need help with my order.' }).waitFor()
    await context.close()
  })
})
