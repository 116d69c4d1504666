import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, startWholeBrowser } from './chromium.ts'
import { addWidget, embedding, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, bubble, frameOf, openPanel, write } from './visitor.ts'

describe('the JavaScript API of the widget', { skip: noBrowser }, () => {
  let test: TestApp
  let shop: Shop
  let browser: Browser
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers it
  let inbox: any
  before(async () => {
    browser = await startWholeBrowser()
    test = await startTestApp(environment)
    shop = await startShop()
    inbox = await addWidget(test, shop, { hmac_mandatory: true })
    shop.page('/', shopPage(embedding(test, inbox)))
  })
  after(async () => {
    await browser?.close()
    await shop?.close()
    await test?.close()
  })
  const visit = (path = '/') => openWindow(browser, test, new URL(path, shop.origin))
  const hashOf = (identifier: string) =>
    createHmac('sha256', inbox.hmac_token).update(identifier).digest('hex')
  const setUser = async (page: Page, identifier: string, user: object) => {
    await page.waitForFunction('window.ndoto?.open')
    await page.evaluate(`ndoto.setUser(${JSON.stringify(identifier)}, ${JSON.stringify(user)})`)
  }
  const warnings = (page: Page) => {
    const found: string[] = []
    page.on('console', (message) => message.type() === 'warning' && found.push(message.text()))
    return found
  }
  const latest = async (of = inbox) =>
    (await test.api(`/conversations?inbox_id=${of.id}&assignee_type=all&status=all`)).body.data.payload[0]

  it('takes calls before the script is there, and tells what happens', async () => {
    const script = `<script>
      window.told = [];
      (window.ndoto ||= []).push((ndoto) => {
        ndoto.on('open', () => told.push('open'))
        ndoto.on('message', ({ content, sender }) => told.push(sender.name + ': ' + content))
        ndoto.on('unread', (count) => told.push(count))
        ndoto.on('close', () => { told.push('close'); throw new Error('of the page') })
        ndoto.setCustomAttributes({ cart: 3 })
        ndoto.open()
      })</script>`
    shop.page('/early', shopPage(script + embedding(test, inbox)))
    const { page, close } = await visit('/early')
    await write(page, 'Hello')
    await arrived(page, 'Hello')
    const conversation = await latest()
    await page.evaluate('ndoto.push((ndoto) => ndoto.close())')
    await frameOf(page).locator('.panel').waitFor({ state: 'detached' })
    await sendMessage(test, 'Hi there', {}, conversation.id)
    await sendMessage(test, 'Between us', { private: true }, conversation.id)
    await frameOf(page).getByRole('button', { name: 'Open chat, 1 unread' }).waitFor()
    const told = await page.evaluate('told')
    assert.deepEqual(told, [0, 'open', 'close', 'Administrator: Hi there', 1])
    await page.evaluate('ndoto.toggle()')
    await bubble(page, 'Hi there').waitFor()
    const contact = await test.api(`/contacts/${conversation.contact.id}`)
    assert.equal(contact.body.custom_attributes.cart, 3)
    await assert.rejects(close(), /of the page/)
  })

  it('opens to a proven person what is theirs, in every browser', async () => {
    const first = await visit()
    await setUser(first.page, 'ada', {
      name: 'Ada',
      email: 'ada@example.com',
      identifier_hash: hashOf('ada'),
    })
    await openPanel(first.page)
    await write(first.page, 'I am Ada')
    await arrived(first.page, 'I am Ada')
    assert.equal((await latest()).contact.name, 'Ada')
    const second = await visit()
    await setUser(second.page, 'ada', { identifier_hash: hashOf('ada') })
    await openPanel(second.page)
    await arrived(second.page, 'I am Ada')
    await first.close()
    await second.close()
  })

  it('takes along what a visitor has written before they sign in', async () => {
    const { page, close } = await visit()
    await openPanel(page)
    await write(page, 'Before I sign in')
    await arrived(page, 'Before I sign in')
    const { id } = await latest()
    await setUser(page, 'ada', { identifier_hash: hashOf('ada') })
    await arrived(page, 'I am Ada')
    await arrived(page, 'Before I sign in')
    await write(page, 'After it')
    await arrived(page, 'After it')
    const { contact, last_message } = (await test.api(`/conversations/${id}`)).body
    assert.deepEqual([contact.name, last_message.content], ['Ada', 'After it'])
    await close()
  })

  it('takes a token that is another one on each page, and asks the server once', async () => {
    const tokenOf = (sub: string, life: number) => {
      const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const payload = { sub, exp: Math.floor(Date.now() / 1000) + life }
      const signed = `${encoded({ alg: 'HS512', typ: 'JWT' })}.${encoded(payload)}`
      return `${signed}.${createHmac('sha512', inbox.hmac_token).update(signed).digest('base64url')}`
    }
    const { page, close } = await visit()
    await openPanel(page)
    await write(page, 'Who may I be?')
    await arrived(page, 'Who may I be?')
    let asked = 0
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/contacts')) asked += 1
    })
    await setUser(page, 'eve', { name: 'Eve', identity_token: tokenOf('eve', 600) })
    await eventually(async () => (await latest()).contact.name === 'Eve')
    await write(page, 'I am Eve')
    await arrived(page, 'I am Eve')
    await page.reload()
    await setUser(page, 'eve', { name: 'Eve', identity_token: tokenOf('eve', 700) })
    await page.evaluate('ndoto.open()')
    await arrived(page, 'Who may I be?')
    await arrived(page, 'I am Eve')
    assert.equal(asked, 1)
    await close()
  })

  it('goes on as the same person when what opened them was rotated', async () => {
    const { page, close } = await visit()
    await setUser(page, 'fay', { name: 'Fay', identifier_hash: hashOf('fay') })
    await openPanel(page)
    await write(page, 'I am Fay')
    await arrived(page, 'I am Fay')
    const { id, contact } = await latest()
    const rotated = await test.api(`/contacts/${contact.id}/contact_inboxes/rotate_source_id`, {
      method: 'POST',
      body: { inbox_id: inbox.id },
    })
    assert.equal(rotated.status, 200)
    await eventually(async () => {
      const { sql } = test.app.database.read
      const secrets = sql.selectFrom('contact_secrets').select('hash')
      return (await secrets.where('contact_id', '=', contact.id).execute()).length === 2
    })
    await write(page, 'Still Fay')
    await arrived(page, 'Still Fay')
    const after = await latest()
    assert.deepEqual([after.id, after.contact.id, after.last_message.content], [id, contact.id, 'Still Fay'])
    await close()
  })

  it('opens nothing for a guessed identifier, with a wrong hash, another one’s or none', async () => {
    const { page, close } = await visit()
    const warned = warnings(page)
    for (const user of [{}, { identifier_hash: 'f'.repeat(64) }, { identifier_hash: hashOf('bob') }]) {
      await setUser(page, 'ada', user)
    }
    await eventually(() => warned.length === 3)
    assert.match(warned[0]!, /^ndoto: this inbox needs an identity_token or an identifier_hash/)
    assert.match(warned[1]!, /^ndoto: identifier_hash is not the HMAC-SHA256 of this identifier/)
    await openPanel(page)
    await write(page, 'Who am I?')
    await arrived(page, 'Who am I?')
    assert.equal(await bubble(page, 'I am Ada').count(), 0)
    await close()
  })

  it('leaves one person for another', async () => {
    const { page, close } = await visit()
    await setUser(page, 'carol', { identifier_hash: hashOf('carol') })
    await openPanel(page)
    await write(page, 'I am Carol')
    await arrived(page, 'I am Carol')
    await setUser(page, 'dave', { identifier_hash: hashOf('dave') })
    await bubble(page, 'I am Carol').waitFor({ state: 'detached' })
    await write(page, 'I am Dave')
    await arrived(page, 'I am Dave')
    assert.equal((await latest()).last_message.content, 'I am Dave')
    await page.reload()
    await arrived(page, 'I am Dave')
    assert.equal(await bubble(page, 'I am Carol').count(), 0)
    await close()
  })

  it('leaves nothing behind when the visitor logs out, in any tab', async () => {
    const { page, close } = await visit()
    const other = await page.context().newPage()
    await other.goto(shop.origin)
    await openPanel(page)
    await write(page, 'My secret')
    await arrived(page, 'My secret')
    await frameOf(page).getByRole('textbox', { name: 'Write a message…' }).fill('a draft')
    await openPanel(other)
    await arrived(other, 'My secret')
    await page.evaluate('ndoto.reset(); ndoto.open()')
    await bubble(page, 'Hi! How can we help?').waitFor()
    await bubble(other, 'My secret').waitFor({ state: 'detached' })
    assert.equal(await bubble(page, 'My secret').count(), 0)
    assert.equal(await frameOf(page).getByRole('textbox', { name: 'Write a message…' }).inputValue(), '')
    const kept =
      'Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter((key) => !key.endsWith(".open"))'
    assert.deepEqual(await page.evaluate(kept), [])
    await page.reload()
    await bubble(page, 'Hi! How can we help?').waitFor()
    assert.equal(await bubble(page, 'My secret').count(), 0)
    await write(page, 'Somebody else')
    await arrived(page, 'Somebody else')
    assert.equal(await bubble(page, 'My secret').count(), 0)
    await close()
  })

  it('uses the language of the page, or the one that is set', async () => {
    shop.page('/de', shopPage(embedding(test, inbox)).replace('lang="en"', 'lang="de-AT"'))
    const { page, close } = await visit('/de')
    await frameOf(page).getByRole('button', { name: 'Chat öffnen' }).click()
    await page.evaluate('ndoto.setLocale("ar")')
    const field = frameOf(page).getByRole('textbox', { name: 'اكتب رسالة…' })
    await field.waitFor()
    assert.equal(await field.evaluate('document.documentElement.dir'), 'rtl')
    await page.evaluate('ndoto.setLocale("xx")')
    await frameOf(page).getByRole('textbox', { name: 'Write a message…' }).waitFor()
    await close()
  })

  it('looks as the page says, also after a reset', async () => {
    const { page, close } = await visit()
    const styleOf = async () => {
      const style = `(({ left, right, width, colorScheme }) => ({ left, right, width: parseInt(width), colorScheme }))`
      return page.evaluate<{ left: string; width: number; colorScheme: string }>(
        `${style}(getComputedStyle(document.querySelector('html > iframe')))`,
      )
    }
    await page.waitForFunction('window.ndoto?.open')
    await page.evaluate(`ndoto.setAppearance({ position: 'left', colorScheme: 'dark', label: 'Ask us' })`)
    for (const reset of [false, true]) {
      if (reset) await page.evaluate('ndoto.reset()')
      const button = frameOf(page).getByRole('button', { name: 'Ask us (Open chat)' })
      await button.waitFor()
      await eventually(async () => (await styleOf()).width > 120)
      const { left, width, colorScheme } = await styleOf()
      assert.deepEqual([left, colorScheme], ['0px', 'dark'])
      assert.equal(width, Math.round((await button.boundingBox())!.width) + 40)
      assert.equal(await button.evaluate('document.documentElement.style.colorScheme'), 'dark')
    }
    await page.evaluate(`ndoto.setAppearance({ position: 'left', colorScheme: 'light dark' })`)
    await frameOf(page).getByRole('button', { name: 'Open chat', exact: true }).waitFor()
    await eventually(async () => (await styleOf()).width === 96)
    const { left, colorScheme } = await styleOf()
    assert.deepEqual([left, colorScheme], ['0px', 'light dark'])
    await close()
  })

  it('takes no words from anybody but its frame, nor the frame from anybody but its page', async () => {
    const { page, close } = await visit()
    await frameOf(page).locator('.launcher').waitFor()
    // The page itself, and a frame of somebody else in it.
    const forged = "{ ndoto: { type: 'shape', shape: 'panel', position: 'left', label: 'Forged' } }"
    const call = "{ ndoto: { type: 'call', name: 'open', args: [] } }"
    shop.page(
      '/other',
      `<script>parent.postMessage(${forged}, '*'); parent.frames[0].postMessage(${call}, '*')</script>`,
    )
    await page.evaluate(`postMessage(${forged}, '*'); new Promise((resolve) => {
      const other = document.createElement('iframe')
      other.onload = resolve
      other.src = '/other'
      document.body.append(other)
    })`)
    // What was said until now has been heard.
    await page.evaluate(`new Promise((resolve) => {
      addEventListener('message', ({ data }) => data === 'last' && resolve())
      postMessage('last', '*')
    })`)
    assert.equal(await page.locator('html > iframe').getAttribute('title'), 'Chat')
    await page.evaluate('ndoto.setLocale("de")')
    const widget = page.frameLocator('html > iframe')
    await widget.getByRole('button', { name: 'Chat öffnen' }).waitFor()
    assert.equal(await widget.locator('.panel').count(), 0)
    await close()
  })
})
