import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addMailInbox, type MailInbox } from '../mails.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults } from './layout.ts'
import { assertLooksRight } from './looks.ts'

describe('the dialogs for mails', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let inbox: MailInbox
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    inbox = await addMailInbox(test)
    window = await openWindow(browser, test)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const dialog = (name: string) => window.page.getByRole('dialog', { name })
  const begin = () => dialog('New conversation by email')
  const newest = async (conversation: number | string) =>
    (await test.api(`/conversations/${conversation}/messages`)).body.payload.at(-1)
  const openId = () => new URL(window.page.url()).pathname.split('/').at(-1)!

  it('begin a conversation with somebody new', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'New conversation by email' }).click()
    const send = begin().getByRole('button', { name: 'Send' })
    await send.click()
    await begin().getByText('To is required').waitFor()
    await begin().getByLabel('To').fill('ida@example.org, bob@')
    await send.click()
    await begin().getByText('which “bob@” is not').waitFor()
    await assertLooksRight(page)
    await page.setViewportSize({ width: 320, height: 640 })
    assert.deepEqual(await layoutFaults(page), [])
    await page.setViewportSize({ width: 1300, height: 800 })
    await begin().getByLabel('To').fill('ida@example.org, bob@example.org')
    await begin().getByLabel('Cc').fill('carol@example.org')
    await begin().getByLabel('Subject').fill('Your lamp')
    await begin().getByLabel('Message').fill('Has it arrived?')
    await send.click()
    await page.locator('.thread-subject').getByText('Your lamp').waitFor()
    await begin().waitFor({ state: 'detached' })
    const { content, content_attributes, conversation_id } = await newest(openId())
    assert.equal(content, 'Has it arrived?')
    const { subject, to_emails, cc_emails } = content_attributes
    assert.deepEqual(
      [subject, to_emails, cc_emails],
      ['Your lamp', ['ida@example.org', 'bob@example.org'], ['carol@example.org']],
    )
    const { contact, inbox_id } = (await test.api(`/conversations/${conversation_id}`)).body
    assert.deepEqual([contact.email, inbox_id], ['ida@example.org', inbox.id])
  })

  it('begin another one with a contact, whose address is filled in', async () => {
    const { page } = window
    const before = openId()
    const { contact } = (await test.api(`/conversations/${before}`)).body
    await page.getByRole('button', { name: 'ida@example.org', exact: true }).click()
    assert.equal(await begin().getByLabel('To').inputValue(), 'ida@example.org')
    await begin().getByLabel('Subject').fill('Another thing')
    await begin().getByLabel('Message').fill('And your table?')
    await begin().getByRole('button', { name: 'Send' }).click()
    await page.locator('.thread-subject').getByText('Another thing').waitFor()
    assert.notEqual(openId(), before)
    assert.equal((await test.api(`/conversations/${openId()}`)).body.contact.id, contact.id)
  })

  it('begin one with files, once, although the answer to the first try is lost', async () => {
    const { page } = window
    const path = '**/api/v1/accounts/*/conversations'
    let tries = 0
    await page.route(path, async (route) => {
      if (route.request().method() !== 'POST' || ++tries > 1) return route.continue()
      // The server has it, and the browser does not learn that.
      await route.fetch()
      return route.abort()
    })
    await page.getByRole('button', { name: 'New conversation by email' }).click()
    await begin().getByLabel('To').fill('nia@example.org')
    await begin().getByLabel('Subject').fill('Your invoice')
    const chosen = page.waitForEvent('filechooser')
    await begin().getByRole('button', { name: 'Attach files' }).click()
    await (await chosen).setFiles([
      { name: 'invoice.txt', mimeType: 'text/plain', buffer: Buffer.from('100 EUR') },
      { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('no') },
    ])
    await begin().getByRole('button', { name: 'Remove wrong.txt' }).click()
    await assertLooksRight(page)
    const send = begin().getByRole('button', { name: 'Send' })
    await send.click()
    await begin().getByText('Cannot reach the server').waitFor()
    await send.click()
    await page.locator('.thread-subject').getByText('Your invoice').waitFor()
    await page.unroute(path)
    assert.equal(tries, 2)
    const { attachments } = await newest(openId())
    assert.deepEqual(
      attachments.map((one: { file_name: string }) => one.file_name),
      ['invoice.txt'],
    )
    const { data } = (await test.api('/conversations?q=nia')).body
    assert.equal(data.payload.length, 1)
  })

  it('close without sending anything', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'New conversation by email' }).click()
    await begin().getByLabel('To').press('Escape')
    await begin().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'New conversation by email' }).click()
    await begin().getByRole('button', { name: 'Cancel' }).click()
    await begin().waitFor({ state: 'detached' })
  })

  it('forward a mail to others', async () => {
    const { page } = window
    const mail = await inbox.receive({
      from: 'Jo <jo@example.org>',
      subject: 'The bill',
      text: 'It is too high.',
    })
    await page.goto(new URL(`/conversations/${mail.conversation_id}`, test.app.url).href)
    const message = page.locator(`[data-message="${mail.id}"]`)
    await message.hover()
    await message.getByRole('button', { name: 'Forward' }).click()
    const forward = dialog('Forward')
    await forward.getByText('It is too high.').waitFor()
    assert.equal(await forward.getByLabel('Subject').getAttribute('placeholder'), 'Fwd: The bill')
    await assertLooksRight(page)
    await page.setViewportSize({ width: 320, height: 640 })
    assert.deepEqual(await layoutFaults(page), [])
    await page.setViewportSize({ width: 1300, height: 800 })
    await forward.getByLabel('To').fill('tax@example.org')
    await forward.getByRole('button', { name: 'Send' }).click()
    await forward.waitFor({ state: 'detached' })
    const sent = await eventually(async () => {
      const message = await newest(mail.conversation_id)
      return message.message_type === 'outgoing' && message
    })
    assert.equal(sent.content, 'See the message below.')
    const { to_emails, forwarded_message_id } = sent.content_attributes
    assert.deepEqual([to_emails, forwarded_message_id], [['tax@example.org'], mail.id])
    await page
      .locator(`[data-message="${sent.id}"]`)
      .getByRole('link', { name: 'Forwards another message' })
      .click()
    await page.locator(`[data-message="${mail.id}"][data-wanted]`).waitFor()
  })

  it('are not there for other inboxes', async () => {
    const { page } = window
    await page.goto(new URL('/conversations/1', test.app.url).href)
    const message = page.locator('.message').first()
    await message.hover()
    await message.getByRole('button', { name: 'Delete' }).waitFor()
    assert.equal(await message.getByRole('button', { name: 'Forward' }).count(), 0)
    await test.api(`/inboxes/${inbox.id}?force=true`, { method: 'DELETE' })
    await page.getByRole('button', { name: 'New conversation by email' }).waitFor({ state: 'detached' })
  })
})
