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

  it('are shown when the last conversation is gone, and not where a filter hides those there are', async () => {
    const { page } = window
    await page.getByRole('link', { name: /Jane Doe/ }).waitFor()
    await test.api('/conversations/1/toggle_status', { method: 'POST', body: { status: 'resolved' } })
    await page.getByText('No conversations').waitFor()
    await page.getByText('Select a conversation').waitFor()
    assert.equal(await steps().count(), 0)
    await erase(1)
    await steps().waitFor()
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

  it('give the line for a website, or lead to where its inbox is made', async () => {
    const { page } = window
    await steps().getByRole('link', { name: 'Create a website inbox' }).click()
    await page.getByRole('heading', { name: 'New inbox' }).waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('Shop')
    await page.getByRole('radio', { name: /^Website/ }).check()
    await page.getByRole('textbox', { name: 'Website URL' }).fill('https://shop.example.com')
    await page.getByRole('button', { name: 'Create inbox' }).click()
    await page.getByRole('heading', { level: 1, name: 'Shop' }).waitFor()
    await page.getByRole('link', { name: 'Conversations' }).click()
    const { embed_script } = (await test.api('/inboxes/2')).body
    await steps().getByText(embed_script).waitFor()
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
    assert.equal(await other.page.getByRole('link', { name: 'Create a website inbox' }).count(), 0)
    await other.close()
  })

  it('begin with the address, login and password that the first start prints', async (t) => {
    const server = await startProgram(t, { data: temporaryDirectory(t) })
    const shown = (name: string) => new RegExp(`^ +${name} +(\\S+)$`, 'm').exec(server.output())![1]!
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(shown('Dashboard'))
    await signIn(page, shown('Login'), shown('Password'))
    await page.getByRole('link', { name: /Jane Doe/ }).click()
    await page.locator('.message', { hasText: 'Hi, I need help with my order.' }).waitFor()
    await context.close()
  })
})
