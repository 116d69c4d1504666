import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { openStream } from '../event-stream.ts'
import { eventually } from '../eventually.ts'
import { picture, sendForm } from '../files.ts'
import { environment, noBrowser, openWindow, startBrowser, type Window } from './chromium.ts'
import { brokenRules } from './looks.ts'
import { addWidget, embedding, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, bubble, frameOf, innerOf, openPanel, write } from './visitor.ts'

describe('a visitor and the team', { skip: noBrowser }, () => {
  let test: TestApp
  let shop: Shop
  let browser: Browser
  let window: Window
  let id: number
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    shop = await startShop()
    const inbox = await addWidget(test, shop)
    shop.page('/', shopPage(embedding(test, inbox)))
    window = await openWindow(browser, test, new URL('/', shop.origin))
    await openPanel(window.page)
    await write(window.page, 'Hello?')
    await arrived(window.page, 'Hello?')
    const { body } = await test.api(`/conversations?inbox_id=${inbox.id}&assignee_type=all`)
    id = body.data.payload[0].id
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await shop?.close()
    await test?.close()
  })
  const frame = () => frameOf(window.page)
  const field = () => frame().getByRole('textbox', { name: 'Write a message…' })
  const last = async () => (await test.api(`/conversations/${id}/messages`)).body.payload.at(-1)
  const ask = (content_type: string, items: object[], content: string) =>
    sendMessage(test, content, { content_type, content_attributes: { items } }, id)

  it('see each other write', async () => {
    const stream = await openStream(test)
    await field().fill('I am')
    await stream.find(({ name, data }) => name === 'typing' && data.contact && data.typing_status === 'on')
    await field().fill('')
    await stream.find(({ name, data }) => name === 'typing' && data.contact && data.typing_status === 'off')
    stream.close()
    const path = `/conversations/${id}/toggle_typing_status`
    await test.api(path, { method: 'POST', body: { typing_status: 'on' } })
    await frame().getByText('Administrator is typing…').waitFor({ state: 'attached' })
    await test.api(path, { method: 'POST', body: { typing_status: 'off' } })
    await frame().getByText('Administrator is typing…').waitFor({ state: 'detached' })
  })

  it('see what the other has seen', async () => {
    const answer = await sendMessage(test, 'Good morning', {}, id)
    await bubble(window.page, 'Good morning').waitFor()
    await eventually(async () => (await last()).status === 'read')
    assert.equal((await last()).id, answer.id)
    await write(window.page, 'To you, too')
    await arrived(window.page, 'To you, too')
    await frame().getByText('· Sent').waitFor()
    // Marks have whole seconds: one of the same second does not cover the message.
    await eventually(async () => {
      await test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })
      return (await frame().getByText('· Seen').count()) === 1
    })
  })

  it('see which message a reply answers, also one that was deleted or is not loaded', async () => {
    const { message_type, id: own } = await last()
    assert.equal(message_type, 'incoming')
    const reply = (text: string, in_reply_to: number) =>
      sendMessage(test, text, { content_attributes: { in_reply_to } }, id)
    const quoteOf = (text: string) => frame().locator('.row', { hasText: text }).locator('.quoted')
    await reply('Thank you!', own)
    await quoteOf('Thank you!').getByText('To you, too').waitFor()
    const gone = await sendMessage(test, 'A **typo**', {}, id)
    await reply('I meant this', gone.id)
    await quoteOf('I meant this').getByText('A typo').waitFor()
    const broken = await brokenRules(await innerOf(window.page))
    assert.deepEqual(
      broken.filter((rule) => !rule.startsWith('page-has-heading-one')),
      [],
    )
    await test.api(`/conversations/${id}/messages/${gone.id}`, { method: 'DELETE' })
    await quoteOf('I meant this').getByText('Deleted message').waitFor()
  })

  it('receive messages while the panel is closed, and the button counts them', async () => {
    await frame().getByRole('button', { name: 'Close chat' }).first().click()
    await sendMessage(test, 'One', {}, id)
    await sendMessage(test, 'Two', {}, id)
    await sendMessage(test, 'A note', { private: true }, id)
    const button = frame().getByRole('button', { name: 'Open chat, 2 unread' })
    await button.waitFor()
    await window.page.reload()
    await button.waitFor()
    assert.equal((await last()).status, 'sent')
    await button.click()
    await bubble(window.page, 'Two').waitFor()
    await frame().getByRole('button', { name: 'Close chat' }).last().click()
    await frame().getByRole('button', { name: 'Open chat', exact: true }).waitFor()
    await frame().getByRole('button', { name: 'Open chat', exact: true }).click()
  })

  it('send each other files and pictures', async () => {
    const image = { name: 'shoe.png', mimeType: 'image/png', buffer: Buffer.from(await picture(300, 200)) }
    const text = { name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('order 1042') }
    await frame().locator('input[type=file]').setInputFiles([image, text])
    await frame().getByRole('button', { name: 'Remove order.txt' }).waitFor()
    await field().fill('This one')
    await field().press('Enter')
    await arrived(window.page, 'This one')
    const { content, attachments } = await last()
    assert.equal(content, 'This one')
    assert.deepEqual(
      attachments.map(({ file_name, file_type }: Record<string, string>) => [file_name, file_type]),
      [
        ['shoe.png', 'image'],
        ['order.txt', 'file'],
      ],
    )
    await sendForm(test, { content: '' }, [{ bytes: await picture(500, 400), name: 'left.jpg' }], {
      conversationId: id,
    })
    for (const name of ['shoe.png', 'left.jpg']) {
      const shown = frame().getByRole('img', { name })
      await eventually(() =>
        shown.evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth > 0),
      )
    }
  })

  it('send a picture that was pasted, with an emoji', async () => {
    const bytes = [...(await picture(20, 20))]
    await field().evaluate((element, content) => {
      // biome-ignore lint/suspicious/noExplicitAny: this runs in the browser
      const browser = globalThis as any
      const clipboardData = new browser.DataTransfer()
      clipboardData.items.add(
        new browser.File([new Uint8Array(content)], 'pasted.png', { type: 'image/png' }),
      )
      element.dispatchEvent(
        new browser.ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      )
    }, bytes)
    await frame().getByRole('button', { name: 'Remove pasted.png' }).waitFor()
    await frame().getByRole('button', { name: 'Emoji' }).click()
    await frame().getByRole('button', { name: '👍' }).click()
    await frame().getByRole('button', { name: 'Send' }).click()
    await arrived(window.page, '👍')
    const { content, attachments } = await last()
    assert.deepEqual([content, attachments[0].file_name], ['👍', 'pasted.png'])
  })

  it('go on where an event is all that tells of a file, whose answer was lost', async () => {
    const { page } = window
    let isLost = false
    await page.route('**/public/**/messages', async (route) => {
      if (isLost) return route.continue()
      isLost = true
      await route.fetch()
    })
    // Or lost ones would take all connections of the page.
    const isEnded = page.waitForEvent('requestfailed', { timeout: 20_000 })
    await frame()
      .locator('input[type=file]')
      .setInputFiles({ name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from('1042') })
    await frame().getByRole('button', { name: 'Remove receipt.txt' }).waitFor()
    await field().press('Enter')
    await write(page, 'And the receipt')
    await arrived(page, 'And the receipt')
    assert.equal((await last()).content, 'And the receipt')
    await isEnded
    await page.unrouteAll()
  })

  it('choose, and once is enough', async () => {
    const items = [
      { title: 'Red', value: 'r' },
      { title: 'Blue', value: 'b' },
    ]
    await ask('input_select', items, 'Which colour?')
    await frame().getByRole('button', { name: 'Blue' }).click()
    await frame().locator('[aria-pressed=true]', { hasText: 'Blue' }).waitFor()
    assert.deepEqual((await last()).content_attributes.submitted_values, [{ title: 'Blue', value: 'b' }])
    assert.ok(await frame().getByRole('button', { name: 'Red' }).isDisabled())
  })

  it('leave an address', async () => {
    await sendMessage(test, 'Where do we reach you?', { content_type: 'input_email' }, id)
    await frame().getByLabel('Your email address').fill('ada@example.com')
    await frame().getByLabel('Your email address').press('Enter')
    await frame().locator('.given', { hasText: 'ada@example.com' }).waitFor()
    assert.equal((await last()).content_attributes.submitted_email, 'ada@example.com')
  })

  it('fill in a form', async () => {
    const items = [
      { name: 'name', label: 'Name', type: 'text', required: true },
      { name: 'size', label: 'Size', type: 'select', options: [{ label: 'Large', value: 'l' }] },
      { name: 'gift', label: 'It is a gift', type: 'checkbox' },
      { name: 'wish', label: 'Anything else', type: 'text_area', default: 'No' },
    ]
    await ask('form', items, 'Please tell us')
    await frame().getByLabel('Name').fill('Ada')
    await frame().getByLabel('Size').selectOption('Large')
    await frame().getByLabel('It is a gift').check()
    await frame().locator('form.asked').getByRole('button', { name: 'Send' }).click()
    await frame().locator('form.asked').waitFor({ state: 'detached' })
    assert.deepEqual((await last()).content_attributes.submitted_values, [
      { name: 'name', value: 'Ada' },
      { name: 'size', value: 'l' },
      { name: 'gift', value: true },
      { name: 'wish', value: 'No' },
    ])
  })

  it('look at cards and articles, whose links are safe', async () => {
    const actions = [
      { type: 'link', text: 'See it', uri: 'https://shop.example/boot' },
      { type: 'postback', text: 'I take it', payload: 'boot' },
    ]
    await ask('cards', [{ title: 'Boot', description: 'Warm', actions }], 'Look')
    await ask('article', [{ title: 'How to lace', link: 'https://shop.example/lace' }], 'Read')
    for (const [name, href] of [
      ['See it', 'https://shop.example/boot'],
      ['How to lace', 'https://shop.example/lace'],
    ]) {
      const link = frame().getByRole('link', { name: name! })
      assert.equal(await link.getAttribute('href'), href)
      assert.match((await link.getAttribute('rel'))!, /noopener/)
    }
    await frame().getByRole('button', { name: 'I take it' }).click()
    await arrived(window.page, 'You: I take it')
    assert.equal((await last()).message_type, 'incoming')
  })

  it('see texts that want to be pages as the texts that they are', async () => {
    await sendMessage(test, '<img src=x onerror=alert(1)> javascript:alert(2)', {}, id)
    const place = bubble(window.page, 'onerror=alert(1)')
    await place.waitFor()
    assert.equal(await place.locator('img, a').count(), 0)
  })

  it('agree on what was edited and deleted', async () => {
    const message = await sendMessage(test, 'Wronk', {}, id)
    await bubble(window.page, 'Wronk').waitFor()
    const path = `/conversations/${id}/messages/${message.id}`
    await test.api(path, { method: 'PATCH', body: { content: 'Right' } })
    await bubble(window.page, 'Right').waitFor()
    await test.api(path, { method: 'DELETE' })
    await bubble(window.page, 'Right').waitFor({ state: 'detached' })
  })

  it('find what was said long ago', async () => {
    for (let number = 0; number < 45; number++) await sendMessage(test, `Number ${number}`, {}, id)
    await window.page.reload()
    await bubble(window.page, 'Number 44').waitFor()
    assert.equal(await bubble(window.page, 'Hello?').count(), 0)
    await frame().getByRole('button', { name: 'Show earlier messages' }).click()
    await bubble(window.page, 'Hello?').waitFor()
    await frame().getByRole('button', { name: 'Show earlier messages' }).waitFor({ state: 'detached' })
  })

  it('see at once that a message was deleted which is quoted, but too old to be loaded', async () => {
    const old = await sendMessage(test, 'An old promise', {}, id)
    for (let count = 0; count < 60; count++) await sendMessage(test, `Line ${count}`, {}, id)
    await sendMessage(test, 'I take it back', { content_attributes: { in_reply_to: old.id } }, id)
    await window.page.reload()
    const quote = frame().locator('.row', { hasText: 'I take it back' }).locator('.quoted')
    await quote.getByText('An old promise').waitFor()
    assert.equal(await bubble(window.page, 'An old promise').count(), 1)
    await test.api(`/conversations/${id}/messages/${old.id}`, { method: 'DELETE' })
    await quote.getByText('Deleted message').waitFor()
    assert.equal(await quote.getByText('An old promise').count(), 0)
  })

  it('meet on a page that breaks no rule of accessibility, in light and in dark, open and closed', async () => {
    const { page } = window
    assert.equal(await frame().getByRole('button', { name: 'Sound' }).getAttribute('aria-pressed'), 'false')
    const inner = innerOf(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await field().fill('A draft')
      await frame().getByRole('button', { name: 'Emoji' }).click()
      assert.deepEqual(await brokenRules(inner), [], colorScheme)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await frame().locator('.panel').waitFor({ state: 'detached' })
      // A button needs no heading; the page around it has one.
      const broken = (await brokenRules(inner)).filter((rule) => !rule.startsWith('page-has-heading-one'))
      assert.deepEqual(broken, [], colorScheme)
      assert.deepEqual(await brokenRules(page), [], colorScheme)
      // The keyboard goes on where the panel was closed.
      await page.keyboard.press('Enter')
      await field().waitFor()
      assert.equal(await field().inputValue(), 'A draft')
      await eventually(async () => (await inner.evaluate('document.activeElement.tagName')) === 'TEXTAREA')
    }
  })

  it('fill the screen of a phone with it', async () => {
    const { page } = window
    await page.setViewportSize({ width: 360, height: 640 })
    await eventually(async () => {
      const box = await page.locator('iframe').boundingBox()
      return box!.x === 0 && box!.y === 0 && box!.width === 360 && box!.height === 640
    })
    const inner = innerOf(page)
    const tooWide = `[...document.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > 360.5)
      .map((one) => one.outerHTML.slice(0, 200))`
    assert.deepEqual(await inner.evaluate(tooWide), [])
    assert.deepEqual(await brokenRules(inner), [])
    await frame().getByRole('button', { name: 'Close chat' }).click()
    const box = await page.locator('iframe').boundingBox()
    assert.ok(box!.width < 100 && box!.height < 100)
    await page.setViewportSize({ width: 1300, height: 800 })
  })

  it('find it where the inbox has it, in its colour', async () => {
    const other = await addWidget(test, shop, {
      widget: { color: '#f2c230', position: 'left', title: 'Ask us' },
    })
    shop.page('/left', shopPage(embedding(test, other)))
    const { page, close } = await openWindow(browser, test, new URL('/left', shop.origin))
    await openPanel(page)
    await frameOf(page).getByRole('heading', { name: 'Ask us' }).waitFor()
    assert.equal((await page.locator('iframe').boundingBox())!.x, 0)
    const colors = `[getComputedStyle(document.querySelector('.head')).backgroundColor, getComputedStyle(document.querySelector('.head')).color]`
    const inner = innerOf(page)
    assert.deepEqual(await inner.evaluate(colors), ['rgb(242, 194, 48)', 'rgb(0, 0, 0)'])
    assert.deepEqual(await brokenRules(inner), [])
    await close()
  })
})
