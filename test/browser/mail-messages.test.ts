import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import sharp from 'sharp'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addMailInbox, type MailInbox, type MailInput } from '../mails.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults } from './layout.ts'
import { assertLooksRight } from './looks.ts'
import { bodyOf } from './mails.ts'

const text = `Dear shop,

the lamp has a crack.

--${' '}
Anna Berg
Lamps are life

On Mon, 23 Nov 2026 at 10:00, Shop <support@example.com> wrote:
> Your lamp is on its way.
`
const relay = 'mx.example.com'
const verified = {
  'Authentication-Results': `${relay}; dmarc=pass header.from=example.org; dkim=pass header.d=example.org`,
}

describe('a mail in a conversation', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let inbox: MailInbox
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    inbox = await addMailInbox(test, { trusted_relay: relay })
    window = await openWindow(browser, test)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  /** Delivers a mail, opens its conversation, and returns its message. */
  const open = async (input: MailInput): Promise<Locator> => {
    const { id, conversation_id } = await inbox.receive(input)
    await window.page.goto(new URL(`/conversations/${conversation_id}`, test.app.url).href)
    const message = window.page.locator(`[data-message="${id}"]`)
    await message.locator('.mail-people').waitFor()
    return message
  }

  it('shows its new text, and the signature and what it quotes when an agent asks', async () => {
    const message = await open({ text, headers: verified })
    await message.getByText('the lamp has a crack.').waitFor()
    assert.equal(await message.getByText('Lamps are life').count(), 0)
    assert.equal(await message.getByText('on its way').count(), 0)
    await message.getByRole('button', { name: 'Show signature and quoted text' }).click()
    await message.getByText('Lamps are life').waitFor()
    await message.getByText('on its way').waitFor()
    await message.getByRole('button', { name: 'Hide signature and quoted text' }).click()
    assert.equal(await message.getByText('Lamps are life').count(), 0)
  })

  it('has its subject in the list and above the messages', async () => {
    const subject = `The lamp ${'that I have ordered '.repeat(9)}`
    await open({ subject, from: 'Sue <sue@example.org>' })
    const { page } = window
    await page.locator('.thread-subject').getByText('The lamp that I have ordered').waitFor()
    await page.locator('.row-subject').getByText('The lamp that I have ordered').waitFor()
    assert.deepEqual(await layoutFaults(page), [])
    await page.setViewportSize({ width: 320, height: 640 })
    assert.deepEqual(await layoutFaults(page), [])
    await page.setViewportSize({ width: 1300, height: 800 })
  })

  it('says from whom it is and to whom, in one line and in full', async () => {
    const others = Array.from({ length: 60 }, (_, index) => `person${index}@example.net`)
    const message = await open({
      from: '"Müller, Jo" <jo@example.org>',
      headers: { Cc: others.join(', '), 'Reply-To': 'desk@example.org' },
    })
    await message.getByText('jo@example.org → support@example.com and 60 more').click()
    await message.getByText('Müller, Jo <jo@example.org>').waitFor()
    await message.getByText('desk@example.org').waitFor()
    await message.getByText('person48@example.net').waitFor()
    await message.getByText('and 11 more', { exact: true }).waitFor()
    await assertLooksRight(window.page)
  })

  it('is answered to all who got a copy only if an agent wants it', async () => {
    const headers = { Cc: 'Bob <bob@example.net>, carol@example.net, support+x@example.com, ron@example.org' }
    await open({ from: 'Ron <ron@example.org>', to: 'support@example.com, dan@example.net', headers })
    const { page } = window
    await page.locator('#composer').fill('To Ron alone')
    await page.getByText('To ron@example.org').waitFor()
    await page.getByRole('button', { name: 'Reply to all 4' }).click()
    const cc = page.locator('.composer').getByLabel('Cc', { exact: true })
    assert.equal(await cc.inputValue(), 'dan@example.net, bob@example.net, carol@example.net')
    await page.getByRole('button', { name: 'Remove Cc, Bcc and subject' }).click()
    await page.getByRole('button', { name: 'Reply to all 4' }).waitFor()
    await page.locator('#composer').fill('')
  })

  it('says whether the sender is verified', async () => {
    const good = await open({ from: 'Vera <vera@example.org>', headers: verified })
    await good.getByText('Verified sender: ').waitFor({ state: 'attached' })
    assert.equal(await good.getByText('Sender not verified').count(), 0)
    const bad = await open({ from: 'Fay <fay@example.org>' })
    await bad.getByText('Sender not verified').waitFor()
    assert.equal(await bad.getByText('Verified sender').count(), 0)
  })

  it('says if a program has written it', async () => {
    const list = await open({ from: 'Lisa <lisa@example.org>', headers: { 'List-Id': '<news.example.org>' } })
    await list.getByText('Automatic mail: from a mailing list, or to many people at once').waitFor()
    const body = { channel: { auto_reply: 'We have got your mail.' } }
    await test.api(`/inboxes/${inbox.id}`, { method: 'PATCH', body })
    await open({ from: 'Paul <paul@example.org>', headers: verified })
    const reply = window.page.locator('.message', { hasText: 'We have got your mail.' })
    await reply.getByText('Automatic reply').waitFor()
    await assertLooksRight(window.page)
    await test.api(`/inboxes/${inbox.id}`, { method: 'PATCH', body: { channel: { auto_reply: null } } })
  })

  it('shows the pictures that came with it in its original, without asking anybody else', async () => {
    const create = { width: 60, height: 40, channels: 3 as const, background: 'teal' }
    const picture = await sharp({ create }).png().toBuffer()
    const html = '<p>Look: <img src="cid:lamp%201@example.org" alt="The lamp"></p>'
    const pictures = { 'lamp 1@example.org': picture }
    const message = await open({
      from: 'Pia <pia@example.org>',
      body: bodyOf({ text: 'Look', html, pictures }),
    })
    await message.getByRole('button', { name: 'Show original' }).click()
    const shown = message.frameLocator('iframe').getByRole('img', { name: 'The lamp' })
    await shown.waitFor()
    const widthOf = `document.querySelector('.mail-frame iframe').contentDocument.querySelector('img').naturalWidth`
    await eventually(async () => (await window.page.evaluate(widthOf)) === 60)
    assert.equal(await message.getByRole('button', { name: 'Show pictures' }).count(), 0)
    await message.getByRole('button', { name: 'Hide original' }).click()
    await message.locator('.message-text').getByText('Look').waitFor()
  })

  it('can be downloaded as it arrived', async () => {
    const message = await open({ from: 'Rae <rae@example.org>', text: 'As it arrived' })
    const [download] = await Promise.all([
      window.page.waitForEvent('download'),
      message.getByRole('link', { name: 'Download the raw mail' }).click(),
    ])
    assert.match(download.suggestedFilename(), /\.eml$/)
    assert.match(
      readFileSync(await download.path(), 'utf8'),
      /^From: Rae <rae@example\.org>\r\n[\s\S]*As it arrived/,
    )
  })

  it('that is marked as spam can be marked as none, and the other way round', async () => {
    const { page } = window
    await open({ from: 'Sid <sid@example.org>', headers: { ...verified, 'X-Spam-Flag': 'YES' } })
    const bar = page.getByText('This conversation is marked as spam.')
    await bar.waitFor()
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Not spam' }).click()
    await bar.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Resolve' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('spam')
    await page.getByRole('option', { name: 'Mark as spam' }).click()
    await bar.waitFor()
  })

  it('of somebody who does not take part leads to the conversation that it answers', async () => {
    const first = await inbox.receive({ from: 'Lea <lea@example.org>' })
    const message = await open({
      from: 'Stranger <stranger@example.net>',
      headers: { 'In-Reply-To': first.source_id },
    })
    await message
      .getByRole('link', { name: `Answers a mail in conversation #${first.conversation_id}` })
      .click()
    await window.page.waitForURL(new RegExp(`/conversations/${first.conversation_id}$`))
  })
})
