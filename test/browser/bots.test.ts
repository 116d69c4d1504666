import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addUser, cookieOf } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

describe('bots', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let token: string
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    window = await openWindow(browser, test, '/settings/bots')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const title = (name: string) => window.page.getByRole('heading', { level: 1, name })

  it('are created for inboxes, and their token and secret are shown once', async () => {
    const { page } = window
    await page.getByText('No bots yet').waitFor()
    await page.getByRole('link', { name: 'Create bot' }).click()
    await title('New bot').waitFor()
    await page.getByRole('button', { name: 'Create bot' }).click()
    await page.getByText('Name must not be empty').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('Ada')
    await page.getByRole('textbox', { name: 'Description' }).fill('Answers about orders')
    await page.getByRole('radio', { name: 'Chatwoot' }).check()
    await page.getByRole('checkbox', { name: 'API' }).check()
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Create bot' }).click()
    await title('Ada').waitFor()
    const shown = page.locator('.panel-secret code')
    assert.match(await shown.first().innerText(), /^bot_/)
    assert.match(await shown.last().innerText(), /^whsec_/)
    await assertLooksRight(page)
    await page.reload()
    await title('Ada').waitFor()
    assert.equal(await shown.count(), 0)
    assert.ok(await page.getByRole('checkbox', { name: 'API' }).isChecked())
    const { body } = await test.api('/agent_bots/1')
    assert.deepEqual(
      [body.description, body.format, body.inbox_ids],
      ['Answers about orders', 'chatwoot', [1]],
    )
  })

  it('are listed with their inboxes, and get a new token', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Bots', exact: true }).first().click()
    await page.getByText('Answers about orders · Answers in API').waitFor()
    await assertLooksRight(page)
    await page.getByRole('link', { name: 'Ada' }).click()
    await page.getByRole('button', { name: 'Replace token' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Replace token' }).click()
    token = await page.locator('.panel-secret code').innerText()
    await page.getByRole('button', { name: 'I have copied it' }).click()
    assert.equal(await page.locator('.panel-secret').count(), 0)
  })

  it('have their conversations until a person takes over, and get them back', async () => {
    const { page } = window
    const body = {
      inbox_id: 1,
      contact_id: 1,
      message: { content: 'Where is it?', message_type: 'incoming' },
    }
    const { id } = (await test.api('/conversations', { method: 'POST', body })).body
    const path = `/conversations/${id}`
    await page.goto(`${test.app.url}${path}`)
    const assignee = page.getByRole('combobox', { name: 'Assignee' })
    const status = page.locator('#status')
    await page.getByRole('button', { name: 'Hand over to a person' }).waitFor()
    assert.equal(await assignee.inputValue(), 'bot 1')
    const typing = { typing_status: 'on' }
    await test.api(`${path}/toggle_typing_status`, { method: 'POST', body: typing, token })
    await page.getByText('Typing: Ada').first().waitFor()
    const answer = { content: 'One moment.', message_type: 'outgoing' }
    await test.api(`${path}/messages`, { method: 'POST', body: answer, token })
    await page.getByText('Typing: Ada').first().waitFor({ state: 'detached' })
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Hand over to a person' }).click()
    await page.getByRole('button', { name: 'Hand over to a person' }).waitFor({ state: 'detached' })
    assert.deepEqual([await assignee.inputValue(), await status.inputValue()], ['', 'open'])
    await assignee.selectOption('Ada (bot)')
    await page.getByRole('button', { name: 'Hand over to a person' }).waitFor()
    await eventually(async () => (await status.inputValue()) === 'pending')
    await page.getByRole('button', { name: 'Assign to me' }).click()
    await eventually(async () => (await status.inputValue()) === 'open')
    const { meta } = (await test.api(path)).body
    assert.deepEqual([meta.assignee.id, meta.bot], [1, null])
  })

  it('get conversations of other inboxes from an agent, by the list and by the keyboard', async () => {
    const { userId } = await addUser(test, { inboxes: [1] })
    const { body } = await test.api('/agent_bots', { method: 'POST', body: { name: 'Bob' } })
    const conversation = { inbox_id: 1, contact_id: 1 }
    const { id } = (await test.api('/conversations', { method: 'POST', body: conversation })).body
    const bot = async () => (await test.api(`/conversations/${id}`)).body.meta.bot?.name
    const [name, value] = (await cookieOf(test, userId)).split('=') as [string, string]
    const agent = await openWindow(browser, test, '/')
    const { page } = agent
    await page.context().addCookies([{ name, value, url: test.app.url }])
    await page.goto(`${test.app.url}/conversations/${id}`)
    const assignee = page.getByRole('combobox', { name: 'Assignee' })
    await assignee
      .locator('optgroup[label="Other bots"] option')
      .getByText('Bob (bot)')
      .waitFor({ state: 'attached' })
    await assertLooksRight(page)
    const eve = assignee.locator('option').getByText('Eve (bot)')
    const created = await test.api('/agent_bots', { method: 'POST', body: { name: 'Eve' } })
    await eve.waitFor({ state: 'attached' })
    await test.api(`/agent_bots/${created.body.id}`, { method: 'DELETE' })
    await eve.waitFor({ state: 'detached' })
    await assignee.selectOption('Bob (bot)')
    await eventually(async () => (await bot()) === 'Bob')
    assert.equal(await assignee.inputValue(), `bot ${body.id}`)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Commands' }).fill('assign to ada')
    await page.getByRole('option', { name: 'Assign to Ada (bot)' }).waitFor()
    await page.keyboard.press('Enter')
    await eventually(async () => (await bot()) === 'Ada')
    await test.api(`/agent_bots/${body.id}`, { method: 'DELETE' })
    await agent.close()
  })

  it('are switched off, and deleted after it was said what is lost', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/settings/bots/1`)
    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByRole('button', { name: 'Switch on' }).waitFor()
    assert.equal((await test.api('/agent_bots/1')).body.active, false)
    await page.getByRole('button', { name: 'Delete this bot' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No bots yet').waitFor()
    assert.deepEqual((await test.api('/agent_bots')).body.payload, [])
  })
})
