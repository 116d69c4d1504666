import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addMailInbox } from '../mails.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertFits, formSizes, layoutFaults, visit } from './layout.ts'
import { fillRealisticAccount, type RealisticAccount } from './realistic-account.ts'

const isTranslated = (language: string) =>
  existsSync(new URL(`../../web/dashboard/languages/${language}.ts`, import.meta.url))

describe('the layout with a realistic account', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let page: Page
  let account: RealisticAccount
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    account = await fillRealisticAccount(test)
    const { id } = (
      await test.api('/webhooks', { method: 'POST', body: { url: hook, subscriptions: ['message_created'] } })
    ).body
    for (const body of [macro, { ...macro, name: 'What goes out', actions: outgoing(id) }]) {
      assert.equal((await test.api('/macros', { method: 'POST', body })).status, 201)
    }
    await addMailInbox(test, { email: `${'a-very-long-address'.repeat(3)}@example.com` })
    window = await openWindow(browser, test, '/', { reducedMotion: 'reduce' })
    page = window.page
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const hook =
    'https://hooks.very-long-domain.example.com/ndoto/events/of/the/shop?region=eu-west-1&version=2024-11-01'
  const macro = {
    name: 'A macro with a name that says everything that it does, and a little more than that',
    actions: [
      { action_name: 'send_message', action_params: ['Dear {{contact.name}}, it is **on its way**.'] },
      { action_name: 'remove_label', action_params: ['waiting-for-the-warehouse-to-answer-since-monday'] },
      { action_name: 'assign_team', action_params: [3] },
      { action_name: 'set_attribute', action_params: ['order', 'W'.repeat(100)] },
    ],
  }
  const outgoing = (webhook: number) => [
    { action_name: 'send_webhook_event', action_params: [webhook] },
    { action_name: 'send_email_transcript', action_params: [`${'long-'.repeat(11)}address@example.com`] },
    { action_name: 'snooze_conversation', action_params: [12_345] },
    { action_name: 'mute_conversation', action_params: [] },
  ]
  const open = async (path: string) => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(test.app.url + path)
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
    // The event stream keeps the network from being idle.
    await eventually(async () => (await page.getByText('Loading…').count()) === 0)
  }

  const fits = (what: string, options?: object) => assertFits(page, what, options)

  it('fits before somebody has signed in', async () => {
    await page.getByLabel('Password').waitFor()
    await fits('the form to sign in')
    const body = { email: 'new@example.com', name: 'New', role: 'agent' }
    const { body: invited } = await test.api('/agents', { method: 'POST', body })
    await page.goto(test.app.url + invited.invite_url.replace(/^.*(?=\/invitation)/, ''))
    await page.getByLabel(/Your name/).waitFor()
    await fits('an invitation')
    await page.goto(test.app.url)
    await signIn(page)
  })

  it('fits in the list, with its filters', async () => {
    await open('/')
    await page.locator('.row').first().waitFor()
    await fits('the list')
    await page.getByRole('button', { name: 'Filters' }).click()
    for (const [id, index] of [
      ['narrow-inbox', 4],
      ['narrow-team', 3],
      ['narrow-label', 6],
    ] as const) {
      await page.locator(`#${id}`).selectOption({ index })
    }
    await page.getByRole('combobox', { name: 'Status' }).selectOption('All statuses')
    await fits('the filters')
    await open('/?q=lamp&status=all')
    await page.locator('.row mark').first().waitFor()
    await fits('a search')
  })

  it('fits in a conversation with everything', async () => {
    await open(`/conversations/${account.showcase}`)
    await page.locator('.message').first().waitFor()
    await fits('its end')
    const toTop = () =>
      page.locator('.thread-scroll').evaluate((box) => {
        ;(box as unknown as { scrollTop: number }).scrollTop = 0
      })
    // Older messages are loaded page by page.
    await eventually(async () => {
      await toTop()
      return (await page.locator('.thread-start').innerText()).startsWith('Start')
    })
    await toTop()
    await fits('its beginning')
    await page.locator('#composer').fill('A reply\nof a few\nlines')
    await page.getByRole('button', { name: 'Private note' }).click()
    await fits('a note')
  })

  it('fits in the details', async () => {
    await open(`/conversations/${account.showcase}`)
    const details = page.getByRole('complementary', { name: 'Details' })
    const arrange = async () => {
      // A window that has become narrow closes them, a moment later.
      await page.waitForTimeout(300)
      if (!(await details.isVisible()))
        await page.getByRole('button', { name: 'Details', exact: true }).click()
      await details.getByText('Customer since').waitFor()
      await details.getByText('Came from').waitFor()
    }
    await fits('the details', { arrange })
  })

  it('fits with what waits to be sent, and with what can be undone', async () => {
    const path = `/conversations/${account.showcase}`
    const post = async (to: string, body: object) => {
      const { status } = await test.api(path + to, { method: 'POST', body })
      assert.equal(status, 201)
    }
    const link = `https://shop.example.com/${'shipping/'.repeat(20)}`
    await post('/proposals', {
      content: `It ships **today**: ${link}`,
      sources: [{ title: 'How we ship to places that are far away, in all seasons', url: link }],
      actions: [{ action_name: 'change_status', action_params: ['resolved'] }],
    })
    const send_at = Math.floor(Date.now() / 1000) + 86_400
    await post('/scheduled_messages', { content: 'Does it work?', send_at, cancel_if_contact_replies: true })
    await open(path)
    await page.locator('.prepared-card').nth(1).waitFor()
    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('q')
    await page.getByRole('button', { name: 'Reply to no message in particular' }).waitFor()
    await fits('the prepared messages')
    await page.getByRole('button', { name: 'Resolve' }).click()
    // While the mouse is over it, it stays.
    await page.locator('.undo').hover()
    await fits('the line that undoes')
    await page.getByRole('button', { name: 'Undo' }).click()
  })

  it('fits in the dialogs of the composer', async () => {
    await open(`/conversations/${account.showcase}`)
    await page.locator('#composer').fill('Later')
    await page.getByRole('button', { name: 'Send later' }).click()
    await page.getByRole('dialog', { name: 'Send later' }).waitFor()
    await fits('sending later')
    await page.keyboard.press('Escape')
    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog', { name: 'Run a macro' })
    await dialog.getByRole('button', { name: /^A macro/ }).waitFor()
    await fits('the macros')
    await dialog.getByRole('button', { name: /^A macro/ }).click()
    await dialog.getByRole('heading', { name: 'Changes' }).waitFor()
    await fits('a macro')
    await page.keyboard.press('Escape')
  })

  it('fits in dialogs', async () => {
    await open(`/conversations/${account.showcase}`)
    await page.locator('#composer').waitFor()
    for (const [key, name] of [
      ['Control+k', 'Commands'],
      ['?', 'Keyboard shortcuts'],
      ['s', 'Snooze'],
    ] as const) {
      await page.getByRole('region', { name: 'Messages' }).focus()
      await page.keyboard.press(key)
      await page.getByRole('dialog', { name }).waitFor()
      await fits(name)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await open('/settings/inboxes/4')
    await page.getByRole('button', { name: 'Delete this inbox' }).click()
    await page.getByRole('dialog').waitFor()
    await fits('the deletion of an inbox')
  })

  it('fits while many conversations are selected', async () => {
    await open('/')
    await page.locator('.row-check').first().click()
    const bar = page.getByRole('region', { name: 'Selected conversations' })
    await bar.getByText('1 selected').waitFor()
    await fits('the bar of selected conversations')
  })

  it('fits on the page for unknown addresses', async () => {
    await open(`/an-address-that-nobody-knows/${'and-that-is-long-'.repeat(10)}`)
    await fits('it')
  })

  const settings = [
    'profile',
    'macros',
    'macros/1',
    'macros/2',
    'macros/new',
    'canned-responses',
    'canned-responses/new',
    'views',
    'views/new',
    'bots',
    'bots/new',
    'notifications',
    'tokens',
    'tokens/new',
    'inboxes',
    'inboxes/2',
    'inboxes/4',
    'inboxes/5',
    'inboxes/new',
    'custom-attributes',
    'custom-attributes/new',
    'agents',
    'agents/new',
    'teams',
    'teams/3',
    'teams/new',
    'labels',
    'labels/9',
    'labels/new',
    'webhooks',
    'webhooks/2',
    'webhooks/new',
    'nothing',
  ]
  for (const path of settings) {
    it(`fits in /settings/${path}`, async () => {
      await visit(page, `/settings/${path}`)
      await fits(path, { sizes: formSizes })
    })
  }

  // The names of pages in other languages, with what is pressed on them.
  const pages: [path: string, ...keys: string[]][] = [
    ['/'],
    ['/conversations/SHOWCASE', 'Control+k', '?', 's', 'a'],
    ...settings.map((path): [string] => [`/settings/${path}`]),
    ['/nothing'],
  ]
  for (const language of ['de', 'ar'] as const) {
    it(`fits in another language: ${language}`, { skip: !isTranslated(language) }, async () => {
      const set = (locale: string | null) =>
        test.api('//api/v1/profile', { method: 'PATCH', body: { ui_settings: { locale } } })
      await set(language)
      const faults: string[] = []
      const measure = async (what: string) => {
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 800 })
          for (const fault of await layoutFaults(page)) faults.push(`${what} at ${width}: ${fault}`)
        }
        await page.setViewportSize({ width: 1280, height: 800 })
      }
      await page.goto(test.app.url)
      await page.locator(`html[lang=${language}] h1`).first().waitFor({ state: 'attached' })
      for (const [path, ...keys] of pages) {
        await visit(page, path.replace('SHOWCASE', String(account.showcase)))
        if (path.startsWith('/conversations')) await page.locator('#composer').waitFor()
        await measure(path)
        for (const key of keys) {
          await page.locator('.thread-scroll').focus()
          await page.keyboard.press(key)
          await page.getByRole('dialog').waitFor()
          await measure(`${key} in ${path}`)
          await page.keyboard.press('Escape')
          await page.getByRole('dialog').waitFor({ state: 'detached' })
        }
      }
      await set(null)
      assert.equal(faults.join('\n'), '')
    })
  }
})
