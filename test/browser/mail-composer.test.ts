import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addMailInbox } from '../mails.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults } from './layout.ts'
import { assertLooksRight } from './looks.ts'

interface Message {
  id: number
  content: string
}

describe('a reply by mail', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let id: number
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    const inbox_id = (await addMailInbox(test)).id
    const contact = { name: 'Jane Roe', email: 'roe@example.com' }
    const contact_id = (await test.api('/contacts', { method: 'POST', body: contact })).body.id
    id = (await test.api('/conversations', { method: 'POST', body: { inbox_id, contact_id } })).body.id
    window = await openWindow(browser, test, `/conversations/${id}`)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const show = () => window.page.getByRole('button', { name: 'Cc, Bcc, subject' })
  const field = (name: string) => window.page.locator('.composer').getByLabel(name, { exact: true })
  const send = () => window.page.getByRole('button', { name: 'Send reply' }).click()
  const messages = async () =>
    (await test.api(`/conversations/${id}/messages`)).body.payload.filter(
      ({ message_type }: { message_type: string }) => message_type === 'outgoing',
    )

  it('says to whom it goes, and shows its fields only when they are wanted', async () => {
    await window.page.getByText('To roe@example.com').waitFor()
    assert.equal(await field('Cc').count(), 0)
    await show().click()
    assert.equal(await window.page.evaluate('document.activeElement.labels[0].textContent'), 'Cc')
    await window.page.getByRole('button', { name: 'Private note' }).click()
    assert.equal(await field('Cc').count(), 0)
    await window.page.getByRole('button', { name: 'Reply' }).first().click()
    await window.page.getByRole('button', { name: 'Remove Cc, Bcc and subject' }).click()
    await show().waitFor()
  })

  it('is not sent while an address in it cannot be one, and says which', async () => {
    await show().click()
    await field('Cc').fill('Bob <bob@example.com>, carol@')
    await window.page.locator('#composer').fill('Dear Jane')
    await send()
    await window.page.getByRole('alert').getByText('“carol@” is not an email address.').waitFor()
    await field('Cc').and(window.page.locator(':focus')).waitFor()
    assert.deepEqual(await messages(), [])
    await assertLooksRight(window.page)
    await window.page.setViewportSize({ width: 320, height: 640 })
    assert.deepEqual(await layoutFaults(window.page), [])
    await window.page.setViewportSize({ width: 1300, height: 800 })
  })

  it('keeps its fields in the draft', async () => {
    await field('Bcc').fill('boss@example.com')
    await field('Subject').fill('Your lamp')
    await window.page.reload()
    await field('Cc').waitFor()
    assert.equal(await field('Cc').inputValue(), 'Bob <bob@example.com>, carol@')
    assert.equal(await field('Bcc').inputValue(), 'boss@example.com')
    assert.equal(await field('Subject').inputValue(), 'Your lamp')
  })

  it('takes its fields along, and hides them for the next one', async () => {
    await field('Cc').fill('Bob <bob@example.com>; carol@example.com')
    await field('Cc').press('Enter')
    assert.deepEqual(await messages(), [])
    await send()
    await show().waitFor()
    const [message] = await eventually(async () => {
      const all = await messages()
      return all.length > 0 && all
    })
    assert.equal(message.content, 'Dear Jane')
    const { subject, cc_emails, bcc_emails } = message.content_attributes
    assert.deepEqual(
      [subject, cc_emails, bcc_emails],
      ['Your lamp', ['bob@example.com', 'carol@example.com'], ['boss@example.com']],
    )
  })

  it('takes its fields along with files, too', async () => {
    await show().click()
    await field('Cc').fill('dave@example.com')
    const file = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('A list') }
    await window.page.locator('.composer input[type=file]').setInputFiles([file])
    await send()
    const message = await eventually(async () => (await messages())[1])
    assert.deepEqual(message.content_attributes.cc_emails, ['dave@example.com'])
    assert.equal(message.attachments[0].file_name, 'a.txt')
  })

  it('is sent again to the same people if it was not delivered', async () => {
    const { page, close } = await openWindow(browser, test, '/conversations/1')
    await signIn(page)
    const head = { subject: 'Your lamp', cc_emails: ['bob@example.com'], own: 'field' }
    const { id: message } = await sendMessage(test, 'Not arrived', { content_attributes: head })
    const failed = { status: 'failed', external_error: 'The mailbox is full' }
    await test.api(`/conversations/1/messages/${message}`, { method: 'PATCH', body: failed })
    await page.locator('.delivery').getByText('Not delivered: The mailbox is full').waitFor()
    await page.getByRole('button', { name: 'Send again' }).click()
    const again = await eventually(async () => {
      const { payload } = (await test.api('/conversations/1/messages')).body
      return payload.find(({ id, content }: Message) => content === 'Not arrived' && id > message)
    })
    assert.deepEqual(again.content_attributes, { subject: 'Your lamp', cc_emails: ['bob@example.com'] })
    await close()
  })

  it('is sent later with its fields and what it quotes, which its card shows until then', async () => {
    const { page } = window
    const [first] = await messages()
    const message = page.locator('.message', { hasText: 'Dear Jane' })
    await message.hover()
    await message.getByRole('button', { name: 'Reply to this message' }).click()
    await show().click()
    await field('Cc').fill('bob@example.com')
    await field('Bcc').fill('boss@example.com')
    await field('Subject').fill('The colour of your lamp')
    await page.locator('#composer').fill('It is.')
    await page.getByRole('button', { name: 'Send later' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send later' })
    await dialog.getByRole('button', { name: /^Tomorrow morning/ }).click()
    const card = page.locator('.prepared-card')
    await card.getByText('The colour of your lamp').waitFor()
    await card.getByText('Cc: bob@example.com', { exact: true }).waitFor()
    await card.getByText('Bcc: boss@example.com').waitFor()
    await card.getByRole('link', { name: 'Reply to Administrator: Dear Jane' }).waitFor()
    const [scheduled] = (await test.api(`/conversations/${id}/scheduled_messages`)).body.payload
    const { subject, cc_emails, bcc_emails, in_reply_to } = scheduled.content_attributes
    assert.deepEqual(
      [subject, cc_emails, bcc_emails, in_reply_to],
      ['The colour of your lamp', ['bob@example.com'], ['boss@example.com'], first.id],
    )
    assert.ok(!(await messages()).some(({ content }: Message) => content === 'It is.'))
    await assertLooksRight(page)
    await page.setViewportSize({ width: 320, height: 640 })
    assert.deepEqual(await layoutFaults(page), [])
    await page.setViewportSize({ width: 1300, height: 800 })
    // The next reply has none of it.
    await show().waitFor()
    assert.equal(await page.getByRole('button', { name: 'Reply to no message in particular' }).count(), 0)
  })

  it('has none of these fields in other inboxes', async () => {
    const { page, close } = await openWindow(browser, test, '/conversations/1')
    await signIn(page)
    await page.locator('#composer').waitFor()
    await page.waitForTimeout(500)
    assert.equal(await page.getByRole('button', { name: 'Cc, Bcc, subject' }).count(), 0)
    await close()
  })
})
