import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addInbox, addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

describe('people in the dashboard', { skip: noBrowser }, () => {
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
  const userButton = (page: Page, text: string) => page.getByRole('button', { name: text })
  const statusOf = async (id: number) => {
    const { body } = await test.api('/presence')
    return body.payload.find(({ user_id }: { user_id: number }) => user_id === id)?.status ?? 'offline'
  }
  const invite = async (body: object) => {
    const more = { email: `${Math.random()}@example.com`, role: 'agent', ...body }
    return (await test.api('/agents', { method: 'POST', body: more })).body
  }
  const openInvitation = (url: string) => {
    const { pathname, hash } = new URL(url)
    return openWindow(browser, test, pathname + hash)
  }
  const accept = async ({ page }: Window) => {
    await page.getByLabel('New password').fill('a long password')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
  }

  it('choose their availability in the menu of their avatar, which everybody sees at once', async () => {
    const { page } = window
    await userButton(page, 'Administrator, Online').click()
    const menu = page.getByRole('dialog', { name: 'Administrator' })
    await menu.getByText('admin@example.com').waitFor()
    await assertLooksRight(page)
    await menu.getByRole('button', { name: /^Busy/ }).click()
    await menu.locator('[aria-pressed=true]', { hasText: 'Busy' }).waitFor()
    await eventually(async () => (await statusOf(1)) === 'busy')
    await page.keyboard.press('Escape')
    await userButton(page, 'Administrator, Busy').waitFor()
    await page.locator('.rail-user:focus').waitFor()
    assert.equal((await test.api('//api/v1/profile')).body.availability, 'busy')
    // The same person, as the others see them.
    const agent = await openInvitation((await invite({ name: 'Watcher', inbox_ids: [1] })).invite_url)
    await accept(agent)
    await agent.page.goto(`${test.app.url}/conversations/1`)
    const option = (text: string) => agent.page.locator('#assignee option', { hasText: text })
    await option('Administrator (busy)').waitFor({ state: 'attached' })
    await page.keyboard.press('b')
    await userButton(page, 'Administrator, Online').waitFor()
    await page.getByRole('status').getByText('Your availability: Online').waitFor({ state: 'attached' })
    await option('Administrator (online)').waitFor({ state: 'attached' })
    await agent.close()
  })

  it('choose it in the palette, and see the same status of somebody on every page', async () => {
    const { page } = window
    const agent = await openInvitation((await invite({ name: 'Grace Hopper', inbox_ids: [1] })).invite_url)
    await accept(agent)
    await userButton(agent.page, 'Grace Hopper, Online').waitFor()
    await page.goto(`${test.app.url}/settings/agents`)
    const row = page.locator('.thing', { hasText: 'Grace Hopper' })
    await row.getByText('Online').waitFor()
    await agent.page.keyboard.press('Control+k')
    await agent.page.getByRole('combobox', { name: 'Commands' }).fill('availability busy')
    await agent.page.keyboard.press('Enter')
    await row.getByText('Busy').waitFor()
    await page.goto(`${test.app.url}/settings/inboxes/1`)
    await page.locator('.thing', { hasText: 'Grace Hopper' }).getByText('Busy').waitFor()
    await agent.close()
    await page.locator('.thing', { hasText: 'Grace Hopper' }).getByText('Offline').waitFor()
    await page.goto(test.app.url)
  })

  it('find the profile, the theme, the shortcuts and the way out in that menu', async () => {
    const { page } = window
    const open = async () => {
      await userButton(page, 'Administrator, Online').click()
      return page.getByRole('dialog', { name: 'Administrator' })
    }
    await (await open()).getByRole('button', { name: 'Dark' }).click()
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    await page.getByRole('button', { name: 'System' }).click()
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Be busy').waitFor()
    await page.keyboard.press('Escape')
    await (await open()).getByRole('button', { name: 'Profile' }).click()
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0, 'not one slip away')
    const other = await openWindow(browser, test)
    await signIn(other.page)
    await userButton(other.page, 'Administrator, Online').click()
    await other.page.getByRole('button', { name: 'Sign out' }).click()
    await other.page.getByLabel('Password').waitFor()
    await other.close()
  })

  it('are invited into inboxes and teams, and are greeted by their name and their inboxes', async () => {
    const { page } = window
    await addInbox(test)
    await test.api('/teams', { method: 'POST', body: { name: 'Night shift' } })
    await page.goto(`${test.app.url}/settings/agents/new`)
    const form = page.getByRole('form', { name: 'Invite an agent' })
    await form.getByRole('textbox', { name: 'Name' }).fill('Ada Lovelace')
    await form.getByRole('textbox', { name: 'Email address' }).fill('ada@example.com')
    await form.getByRole('checkbox', { name: 'Another inbox' }).check()
    await form.getByRole('checkbox', { name: 'Night shift' }).check()
    await assertLooksRight(page)
    await form.getByRole('button', { name: 'Invite' }).click()
    const link = await page.locator('.panel-secret code').innerText()
    const { id } = (await test.api('/agents')).body.at(-1)
    assert.deepEqual(
      (await test.api('/teams/1/team_members')).body.map((one: { id: number }) => one.id),
      [id],
    )
    const invited = await openInvitation(link)
    await invited.page.getByRole('heading', { name: 'Welcome, Ada Lovelace' }).waitFor()
    await invited.page.getByText('join My company. You will sign in with ada@example.com').waitFor()
    assert.equal(await invited.page.getByLabel(/^Your name/).inputValue(), 'Ada Lovelace')
    await assertLooksRight(invited.page)
    await accept(invited)
    await invited.page.getByText('Your inboxes: Another inbox').waitFor()
    await userButton(invited.page, 'Ada Lovelace, Online').waitFor()
    await invited.close()
    const again = await openInvitation(link)
    await again.page.getByText('This invitation is no longer valid').waitFor()
    await again.close()
  })

  it('see whom to ask if they are in no inbox, until they are added to one', async () => {
    const alone = await openInvitation((await invite({ name: 'Alan Turing' })).invite_url)
    await accept(alone)
    await alone.page.getByRole('heading', { name: 'You are not a member of an inbox yet' }).waitFor()
    await alone.page.getByRole('link', { name: 'admin@example.com' }).waitFor()
    await assertLooksRight(alone.page)
    await alone.page.setViewportSize({ width: 360, height: 740 })
    assert.equal(await alone.page.getByRole('link', { name: 'admin@example.com' }).isVisible(), true)
    await alone.page.setViewportSize({ width: 1300, height: 800 })
    const { id } = (await test.api('/agents')).body.at(-1)
    await test.api('/inbox_members/1', { method: 'POST', body: { user_ids: [id] } })
    await alone.page.getByText('Your inboxes: API').waitFor()
    await alone.close()
  })

  it('keep their colour under another name', async () => {
    const { page } = window
    const { userId, name } = await addUser(test)
    await page.goto(`${test.app.url}/settings/agents`)
    const hue = (text: string) =>
      page.locator('.thing', { hasText: text }).locator('.avatar').getAttribute('data-hue')
    const before = await hue(name)
    await test.api(`/agents/${userId}`, { method: 'PATCH', body: { name: 'Somebody Else' } })
    assert.equal(await hue('Somebody Else'), before)
  })
})
