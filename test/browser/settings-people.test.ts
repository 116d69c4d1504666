import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addAccount, addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

describe('the settings of people and what they share', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test, '/settings/agents')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const title = (name: string) => window.page.getByRole('heading', { level: 1, name })
  const open = async (path: string) => {
    await window.page.goto(`${test.app.url}/settings/${path}`)
    await window.page.locator('.panel').first().waitFor()
  }

  it('say why the last administrator stays one', async () => {
    const { page } = window
    const role = page.getByRole('combobox', { name: 'Role of Administrator' })
    await role.selectOption('agent')
    await page
      .getByText('the account needs an administrator: make another user an administrator first')
      .waitFor()
    await eventually(async () => (await role.inputValue()) === 'administrator')
    await page.getByRole('button', { name: 'Remove Administrator' }).click()
    await page.getByRole('dialog').getByText('You lose access to this account').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page
      .getByText('the account needs an administrator: make another user an administrator first')
      .waitFor()
    assert.equal((await test.api('/agents')).body.length, 1)
  })

  it('invite an agent, who accepts in another browser and sees no more than they may', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Invite an agent' }).click()
    const form = page.getByRole('form', { name: 'Invite an agent' })
    await form.getByRole('textbox', { name: 'Name' }).fill('Grace Hopper')
    await form.getByRole('textbox', { name: 'Email address' }).fill('grace')
    await form.getByRole('button', { name: 'Invite' }).click()
    await form.locator('.field-error', { hasText: /^Email address / }).waitFor()
    assert.equal(await form.getByRole('textbox', { name: 'Name' }).inputValue(), 'Grace Hopper')
    await form.getByRole('textbox', { name: 'Email address' }).fill('grace@example.com')
    await form.getByRole('button', { name: 'Invite' }).click()
    await page.locator('.thing', { hasText: 'Grace Hopper' }).getByText('Invited').waitFor()
    const link = new URL(await page.locator('.panel-secret code').innerText())
    const other = await openWindow(browser, test, link.pathname + link.hash)
    await other.page.getByLabel('New password').fill('a password of hers')
    await other.page.getByRole('button', { name: 'Set password' }).click()
    await other.page.getByRole('link', { name: 'Settings' }).click()
    const pages = other.page.getByRole('navigation', { name: 'Settings' }).getByRole('link')
    await pages.first().waitFor()
    const own = ['Profile', 'Notifications', 'Access tokens', 'Canned responses', 'Views', 'Macros']
    assert.deepEqual(await pages.allInnerTexts(), own)
    const { id } = (await test.api('/agents')).body[1]
    const be = (role: string) => test.api(`/agents/${id}`, { method: 'PATCH', body: { role } })
    await be('administrator')
    await eventually(async () => (await pages.count()) === 13)
    await be('agent')
    await eventually(async () => (await pages.count()) === 6)
    await other.page.goto(`${test.app.url}/settings/agents`)
    await other.page.getByText('Only administrators can change this.').waitFor()
    assert.equal(await other.page.getByRole('form').count(), 0)
    await other.page.goto(`${test.app.url}/settings/tokens/new`)
    await other.page.getByRole('radio', { name: /^Read and write/ }).waitFor()
    assert.equal(await other.page.getByRole('radio', { name: /^Administer/ }).count(), 0)
    await other.close()
  })

  it('follow what others change', async () => {
    const { page } = window
    const grace = page.locator('.thing', { hasText: 'Grace Hopper' })
    await grace.getByText('Invited').waitFor({ state: 'detached' })
    const { id } = (await test.api('/agents')).body[1]
    await test.api(`/agents/${id}`, { method: 'PATCH', body: { role: 'administrator' } })
    await eventually(async () => (await grace.getByRole('combobox').inputValue()) === 'administrator')
    await grace.getByRole('combobox').selectOption('agent')
    await eventually(async () => (await test.api('/agents')).body[1].role === 'agent')
  })

  it('list the access tokens of all agents, and revoke one', async () => {
    const { page } = window
    const agent = await addUser(test)
    await open('agents')
    const tokens = page.getByRole('region', { name: 'Access tokens' })
    await tokens.getByRole('button', { name: `Revoke test of ${agent.name}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await tokens.getByText(agent.name).waitFor({ state: 'detached' })
    assert.equal((await test.api('/inboxes', { token: agent.token })).status, 401)
    await test.api(`/agents/${agent.userId}`, { method: 'DELETE' })
  })

  it('let a user of another account join with their current password and a new one', async () => {
    const other = await addAccount(test)
    const body = { name: 'Joan', email: 'joan@example.com', role: 'agent' }
    const invite = (path: string, token = test.token) => test.api(path, { method: 'POST', body, token })
    const first = await invite(`//api/v1/accounts/${other.accountId}/agents`, other.token)
    const accepted = { token: first.body.invite_url.split('#')[1], password: 'the first password' }
    await test.api('//auth/invitation', { method: 'POST', body: accepted, token: null })
    const { pathname, hash } = new URL((await invite('/agents')).body.invite_url)
    const joining = await openWindow(browser, test, pathname + hash)
    await joining.page.getByLabel('New password').fill('the second password')
    await joining.page.getByRole('button', { name: 'Set password' }).click()
    await joining.page.getByRole('heading', { name: 'Join with your existing sign-in' }).waitFor()
    await assertLooksRight(joining.page)
    await joining.page.getByLabel('Current password').fill('a guess')
    await joining.page.getByRole('button', { name: 'Set password' }).click()
    await joining.page.getByText('This is not your current password.').waitFor()
    await joining.page.getByLabel('Current password').fill('the first password')
    await joining.page.getByRole('button', { name: 'Set password' }).click()
    const account = joining.page.getByRole('combobox', { name: 'Account' })
    await account.waitFor()
    assert.deepEqual(await account.locator('option').allInnerTexts(), ['My company', 'Another company'])
    await joining.close()
    const { id } = (await test.api('/agents')).body.find((one: { name: string }) => one.name === 'Joan')
    await test.api(`/agents/${id}`, { method: 'DELETE' })
  })

  it('make a team, change it, say who is in it, and delete it', async () => {
    const { page } = window
    await open('teams')
    await page.getByRole('link', { name: 'Create team' }).click()
    await page.getByRole('button', { name: 'Create team' }).click()
    await page.getByText('Name must not be empty').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('Night shift')
    await page.getByRole('button', { name: 'Create team' }).click()
    await title('Night shift').waitFor()
    const members = page.getByRole('region', { name: 'Members' })
    await members.getByRole('combobox').selectOption({ label: 'Grace Hopper (grace@example.com)' })
    await members.getByRole('button', { name: 'Remove Grace Hopper' }).waitFor()
    assert.equal((await test.api('/teams/1/team_members')).body[0].name, 'Grace Hopper')
    await page.getByRole('checkbox', { name: 'Assign conversations automatically' }).uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    assert.equal((await test.api('/teams/1')).body.allow_auto_assign, false)
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Delete this team' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No teams yet').waitFor()
    assert.deepEqual((await test.api('/teams')).body, [])
  })

  it('make a label, change it and delete it', async () => {
    const { page } = window
    await open('labels')
    await page.getByRole('link', { name: 'Create label' }).click()
    await page.getByRole('textbox', { name: 'Title' }).fill('Late Delivery!')
    await page.getByRole('button', { name: 'Create label' }).click()
    await page.getByText(/^Title must be 1 to 50 lowercase letters/).waitFor()
    await page.getByRole('textbox', { name: 'Title' }).fill('late')
    await page.getByRole('button', { name: 'Create label' }).click()
    await page.getByRole('link', { name: 'late' }).click()
    await title('late').waitFor()
    await page.getByRole('textbox', { name: 'Title' }).fill('very-late')
    await page.locator('input[type=color]').fill('#aa2200')
    await page.getByRole('checkbox').uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    await title('very-late').waitFor()
    const [label] = (await test.api('/labels')).body.payload
    assert.deepEqual([label.title, label.color, label.show_on_sidebar], ['very-late', '#aa2200', false])
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Delete this label' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No labels yet').waitFor()
    assert.deepEqual((await test.api('/labels')).body.payload, [])
  })

  it('keep a label out of the filter of the list, but where it is the one that is chosen', async () => {
    const { page } = window
    for (const [title, show_on_sidebar] of [
      ['spam', false],
      ['urgent', true],
    ]) {
      const { status } = await test.api('/labels', { method: 'POST', body: { title, show_on_sidebar } })
      assert.equal(status, 201)
    }
    const offered = async (path: string) => {
      await page.goto(test.app.url + path)
      await page.locator('#narrow-label option', { hasText: 'urgent' }).waitFor({ state: 'attached' })
      return (await page.locator('#narrow-label option').allTextContents()).slice(1)
    }
    assert.deepEqual(await offered('/'), ['urgent'])
    assert.deepEqual(await offered('/?label=spam'), ['spam', 'urgent'])
  })

  for (const path of ['agents', 'agents/new', 'teams', 'teams/new', 'labels', 'labels/new']) {
    it(`are right for eyes, screen readers and small windows: ${path}`, async () => {
      await open(path)
      await assertLooksRight(window.page)
    })
  }
})
