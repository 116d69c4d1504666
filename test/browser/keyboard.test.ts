import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'
import { environment, noBrowser, openWindow, startBrowser, type Window } from './chromium.ts'

describe('the keyboard', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => window.page.keyboard.press(key)), Promise.resolve())
  const type = (text: string) => window.page.keyboard.type(text)
  const conversation = async (id = 1) => (await test.api(`/conversations/${id}`)).body
  const palette = () => window.page.getByRole('combobox', { name: 'Commands' })
  /** Opens the palette, finds a command and does it. */
  const command = async (text: string) => {
    await press('Control+k')
    await palette().waitFor()
    await type(text)
    await press('Enter')
    await palette().waitFor({ state: 'detached' })
  }
  const focused = () =>
    window.page.evaluate<string>(
      `(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim().replace(/\\s+/g, ' ')`,
    )

  it('is enough to sign in, to answer and to resolve', async () => {
    const { page } = window
    await eventually(
      async () => (await focused()) === '' && (await page.getByLabel('Password').count()) === 1,
    )
    await type('admin@example.com')
    await press('Tab')
    await type(environment.NDOTO_ADMIN_PASSWORD)
    await press('Enter')
    await page.locator('[data-row="1"]').waitFor()
    await press('j')
    await page.getByRole('textbox', { name: 'Reply' }).waitFor()
    await press('r')
    await type('On its way.')
    await press('Enter')
    await page.locator('.message:not(.message-unsent)', { hasText: 'On its way.' }).waitFor()
    await press('Escape', 'e')
    await page.getByRole('button', { name: 'Reopen' }).waitFor()
    await eventually(async () => (await conversation()).status === 'resolved')
    const { payload } = (await test.api('/conversations/1/messages')).body
    assert.equal(
      payload.some(({ content }: { content: string }) => content === 'On its way.'),
      true,
    )
    await press('e')
    await page.getByRole('button', { name: 'Resolve' }).waitFor()
  })

  it('goes through the page in the order of what is seen, past the navigation first', async () => {
    await window.page.reload()
    await window.page.locator('#composer').waitFor()
    await press('Tab')
    assert.equal(await focused(), 'Skip to messages')
    const names: string[] = []
    for (let at = 0; at < 13; at++) {
      await press('Tab')
      names.push(await focused())
    }
    const expected = [
      'Conversations',
      'Contacts',
      'Settings',
      'Commands',
      'API (opens in a new tab)',
      'Notifications',
      // With the initials, which screen readers skip.
      'AAdministrator, Online',
      'Search',
      'Status',
      'Filters',
    ]
    assert.deepEqual(names.slice(0, 10), expected)
    assert.match(names[10]!, /^Mine \d+$/)
    await window.page.getByRole('link', { name: 'Skip to messages' }).focus()
    await press('Enter', 'Tab')
    assert.equal(await focused(), await window.page.locator('#messages a').first().textContent())
  })

  it('finds commands by a part of their name, and does them', async () => {
    await command('prio urg')
    await eventually(async () => (await conversation()).priority === 'urgent')
    // The reply has taken it.
    await test.api('/conversations/1/assignments', { method: 'POST', body: { assignee_id: null } })
    await eventually(async () => (await window.page.getByLabel('Assignee').inputValue()) === '')
    await command('assign to me')
    await eventually(async () => (await conversation()).meta.assignee?.id === 1)
    await command('snz tomor')
    await eventually(async () => (await conversation()).status === 'snoozed')
    await command('end snooze')
    await eventually(async () => (await conversation()).status === 'open')
    await command('private note')
    assert.equal(await focused(), 'Private note')
    await command('write a reply')
    assert.equal(await focused(), 'Reply')
  })

  it('finds the pages of the settings, and nothing that only has the same letters', async () => {
    const { page } = window
    const options = page.locator('#palette-list [role=option]')
    await test.api('/labels', { method: 'POST', body: { title: 'feature-request' } })
    await press('Control+k')
    await palette().waitFor()
    await eventually(async () => {
      await palette().fill('add label')
      return (await options.allInnerTexts()).includes('Add label: feature-request')
    })
    await palette().fill('delete')
    assert.deepEqual(await options.allInnerTexts(), ['Search conversations for “delete”'])
    await palette().fill('inboxes')
    assert.equal(await options.first().innerText(), 'Settings: Inboxes')
    await press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Inboxes' }).waitFor()
    await page.goBack()
    await page.locator('#composer').waitFor()
  })

  it('finds contacts, and lists the conversations of one', async () => {
    const { page } = window
    const body = { name: 'Zora Contact', email: 'zora@example.com' }
    const { id: contact_id } = (await test.api('/contacts', { method: 'POST', body })).body
    const { id } = (await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id } }))
      .body
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    await press('Control+k')
    await palette().waitFor()
    const option = page.getByRole('option', { name: 'Conversations of Zora Contact (zora@example.com)' })
    await eventually(async () => {
      // The search finds new contacts after about a second.
      await palette().fill('')
      await palette().fill('zora')
      return option.waitFor({ timeout: 1000 }).then(
        () => true,
        () => false,
      )
    })
    await option.click()
    await page.getByRole('link', { name: /Zora Contact/ }).waitFor()
    await page.goBack()
  })

  it('moves in the list of commands, and announces the choice to screen readers', async () => {
    const { page } = window
    await command('write a reply')
    await press('Control+k')
    const chosen = async () => {
      const id = await palette().getAttribute('aria-activedescendant')
      const option = page.locator(`[role=option][id="${id}"]`)
      assert.equal(await option.getAttribute('aria-selected'), 'true')
      return (await option.locator('bdi').textContent())!
    }
    assert.equal(await chosen(), 'Write a reply')
    await press('ArrowDown')
    assert.equal(await chosen(), 'Write a private note')
    await press('ArrowUp', 'ArrowUp')
    assert.equal(await chosen(), 'Sign out')
    await type('zzzz')
    assert.equal(await chosen(), 'Search conversations for “zzzz”')
    await press('Escape')
    await palette().waitFor({ state: 'detached' })
    assert.equal(await focused(), 'Reply')
  })

  it('goes to a conversation by its number, and to another list', async () => {
    const { page } = window
    const id = await addTestConversation(test)
    await command(`${id}`)
    await page.locator('.thread-number', { hasText: `#${id}` }).waitFor()
    await command('show unassigned')
    await page.locator('[data-tab=unassigned][aria-current]').waitFor()
    await command('settings')
    await page.getByRole('navigation', { name: 'Settings' }).waitFor()
    await command('show all')
    await page.locator('[data-tab=all][aria-current]').waitFor()
  })

  it('opens its commands again at once when they were just closed', async () => {
    await press('Control+k')
    await palette().waitFor()
    await window.page.evaluate(`document.querySelector('dialog').close()
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))`)
    await palette().waitFor()
    await press('Escape')
    await palette().waitFor({ state: 'detached' })
    // The focus leaves the field a moment after it is gone: the next key would be typed into it.
    await eventually(async () => (await window.page.evaluate('document.activeElement.tagName')) === 'BODY')
  })

  it('is explained by a dialog', async () => {
    const { page } = window
    await press('?')
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await dialog.waitFor()
    for (const key of ['R', 'N', 'E', 'O', 'P', 'J', 'K', 'B', '/', '?', 'Ctrl+K', 'Enter']) {
      assert.equal(
        await dialog.locator('kbd', { hasText: new RegExp(`^${key.replace(/\W/g, '\\$&')}$`) }).count(),
        // In a reply, it inserts a canned response.
        key === '/' ? 2 : 1,
        key,
      )
    }
    await press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('says how the page looks and what Enter does, and both stay so', async () => {
    const { page } = window
    const ground = () => page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`)
    const light = await ground()
    await command('theme dark')
    await page.locator('html[data-theme=dark]').waitFor()
    const dark = await ground()
    assert.notEqual(dark, light)
    await command('messages with ctrl')
    await page.goto(new URL('/conversations/1', test.app.url).href)
    await page.locator('html[data-theme=dark]').waitFor()
    assert.equal(await ground(), dark)
    await page.locator('#composer').waitFor()
    await press('r')
    await type('one')
    await press('Enter')
    await type('two')
    assert.equal(await page.locator('#composer').inputValue(), 'one\ntwo')
    await press('Control+Enter')
    await page.locator('.message:not(.message-unsent)', { hasText: 'one' }).waitFor()
    await command('messages with enter')
    await command('theme system')
    await page.locator('html:not([data-theme])').waitFor()
    assert.equal(await ground(), light)
  })
})
