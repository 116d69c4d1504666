import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, startBrowser } from './chromium.ts'
import { addWidget, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, bubble, frameOf, write } from './visitor.ts'

/** The snippet that Chatwoot gives to websites. */
const snippet = (baseUrl: string, websiteToken: string, settings = {}) => `<script>
  window.told = []
  for (const name of ['ready', 'opened', 'closed', 'on-message', 'error'])
    window.addEventListener('chatwoot:' + name, ({ detail }) => told.push({ name, detail }))
  window.chatwootSettings = ${JSON.stringify(settings)};
  (function(d,t) {
    var BASE_URL="${baseUrl}";
    var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
    g.src=BASE_URL+"/packs/js/sdk.js";
    g.defer = true;
    g.async = true;
    s.parentNode.insertBefore(g,s);
    g.onload=function(){
      window.chatwootSDK.run({ websiteToken: '${websiteToken}', baseUrl: BASE_URL + '/' })
    }
  })(document,"script");
</script>`

describe('a page with Chatwoot’s snippet', { skip: noBrowser }, () => {
  let test: TestApp
  let shop: Shop
  let browser: Browser
  let oldUrl: string
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers it
  let inbox: any
  before(async () => {
    browser = await startBrowser()
    const port = await freePort()
    // Browsers find all names below localhost on this machine.
    const host = `old.localhost:${port}`
    oldUrl = `http://${host}`
    test = await startTestApp({ ...environment, PORT: String(port), NDOTO_CHATWOOT_HOST: host })
    shop = await startShop()
    inbox = await addWidget(test, shop)
  })
  after(async () => {
    await browser?.close()
    await shop?.close()
    await test?.close()
  })
  const visit = async (baseUrl: string, settings = {}) => {
    shop.page('/', shopPage(snippet(baseUrl, inbox.inbox_identifier, settings)))
    const window = await openWindow(browser, test, new URL('/', shop.origin))
    await told(window.page, 'ready')
    return window
  }
  const call = async (method: string, path: string, body?: object) => {
    const response = await test.api(path, { method, ...(body ? { body } : {}) })
    assert.ok(response.status < 300, JSON.stringify(response.body))
    return response.body
  }
  const told = (page: Page, name: string) =>
    page.waitForFunction(`told.find((one) => one.name === '${name}')`).then((handle) => handle.jsonValue())

  for (const [host, baseUrl] of [
    ['below /chatwoot', () => `${test.app.url}/chatwoot`],
    ['on the host that it always had', () => oldUrl],
  ] as const)
    it(`has a chat that works, ${host}`, async () => {
      const { page, close } = await visit(baseUrl())
      assert.equal(await page.evaluate('$chatwoot.hasLoaded && !$chatwoot.isOpen'), true)
      const holder = page.locator('#cw-widget-holder.woot-widget-holder')
      assert.match((await holder.getAttribute('class'))!, /woot--hide/)
      await page.evaluate(`$chatwoot.toggle('open')`)
      await told(page, 'opened')
      assert.doesNotMatch((await holder.getAttribute('class'))!, /woot--hide/)
      const text = `Hello ${host}`
      await write(page, text)
      await arrived(page, text)
      const list = (await test.api(`/conversations?inbox_id=${inbox.id}&assignee_type=all&status=all`)).body
      await sendMessage(test, 'Yes?', {}, list.data.payload[0].id)
      await bubble(page, 'Yes?').waitFor()
      const { detail } = (await told(page, 'on-message')) as { detail: Record<string, unknown> }
      assert.deepEqual([detail.content, detail.message_type], ['Yes?', 1])
      await page.locator('iframe#chatwoot_live_chat_widget').waitFor()
      // Pages press the button of Chatwoot, although nobody sees it.
      await page.evaluate(`document.querySelector('.woot--bubble-holder .woot-widget-bubble').click()`)
      await told(page, 'closed')
      await close()
    })

  it('identifies its user, hides the button, and is notified of mistakes', async () => {
    const look = { position: 'left', type: 'expanded_bubble', launcherTitle: 'Need help?', darkMode: 'dark' }
    const { page, close } = await visit(`${test.app.url}/chatwoot`, { hideMessageBubble: true, ...look })
    const visibility = () =>
      page.evaluate(`getComputedStyle(document.querySelector('iframe#chatwoot_live_chat_widget')).visibility`)
    await eventually(async () => (await visibility()) === 'hidden')
    await page.evaluate(`$chatwoot.toggleBubbleVisibility('show')`)
    await eventually(async () => (await visibility()) === 'visible')
    await frameOf(page).getByRole('button', { name: 'Need help? (Open chat)' }).waitFor()
    const frame = `getComputedStyle(document.querySelector('iframe#chatwoot_live_chat_widget'))`
    assert.deepEqual(await page.evaluate(`[${frame}.left, ${frame}.colorScheme]`), ['0px', 'dark'])
    await page.evaluate(`$chatwoot.setColorScheme('light')`)
    await eventually(async () => (await page.evaluate(`${frame}.colorScheme`)) === 'light')
    const mistake = (call: string) =>
      page.evaluate(`(() => { try { ${call} } catch (error) { return error.message } })()`)
    assert.equal(await mistake('$chatwoot.setUser({}, {})'), 'Identifier should be a string or a number')
    assert.match(
      String(await mistake(`$chatwoot.setUser(7, { phone_number: '1' })`)),
      /^User object should have one of/,
    )
    await page.evaluate(`$chatwoot.setUser(1042, { email: 'ada@example.com', identifier_hash: 'wrong' })`)
    await told(page, 'error')
    const identifier_hash = createHmac('sha256', inbox.hmac_token).update('1042').digest('hex')
    const user = {
      name: 'Ada Byron',
      email: 'ada@example.com',
      avatar_url: 'https://x.example/a.png',
      identifier_hash,
    }
    await page.evaluate(`$chatwoot.setUser(1042, ${JSON.stringify(user)})`)
    const found = () => test.api('/contacts/search?q=ada@example.com')
    await eventually(async () => {
      const { payload } = (await found()).body
      return payload.some((one: { identifier: string }) => one.identifier === '1042')
    })
    await page.evaluate('$chatwoot.reset()')
    assert.equal(await page.evaluate('$chatwoot.user'), undefined)
    await close()
  })

  it('sets labels that the team allows, and adds attributes to the conversation', async () => {
    for (const title of ['vip', 'trial', 'secret']) await call('POST', '/labels', { title })
    await call('PUT', `/inboxes/${inbox.id}/visitor_labels`, { labels: ['vip', 'trial'] })
    const { page, close } = await visit(`${test.app.url}/chatwoot`)
    const mistake = (call: string) =>
      page.evaluate(`(() => { try { ${call} } catch (error) { return error.message } })()`)
    assert.equal(
      await mistake('$chatwoot.setConversationCustomAttributes({})'),
      'Custom attributes should have atleast one key',
    )
    assert.equal(
      await mistake(`$chatwoot.deleteConversationCustomAttribute('')`),
      'Custom attribute is required',
    )
    const sent: string[] = []
    page.on('request', (request) => {
      const [, path] = /conversations\/\d+\/(labels|custom_attributes)$/.exec(request.url()) ?? []
      if (path) sent.push(`${path} ${request.postData()}`)
    })
    // There is no conversation yet.
    for (const label of ['vip', 'secret', 'trial']) await page.evaluate(`$chatwoot.setLabel('${label}')`)
    await page.evaluate('$chatwoot.setConversationCustomAttributes({ cart: 3, plan: "free" })')
    await page.evaluate('$chatwoot.setConversationCustomAttributes({ plan: "none" })')
    await page.evaluate(`$chatwoot.toggle('open')`)
    await write(page, 'About my cart')
    await arrived(page, 'About my cart')
    const read = async () =>
      (await call('GET', `/conversations?inbox_id=${inbox.id}&status=all`)).data.payload[0]
    await eventually(async () => (await read()).custom_attributes.cart === 3)
    assert.deepEqual((await read()).labels, ['trial', 'vip'])
    // Together they are refused, because of one of them.
    assert.deepEqual(sent, [
      'labels {"add":["vip","secret","trial"],"remove":[]}',
      ...['vip', 'secret', 'trial'].map((label) => `labels {"add":["${label}"]}`),
      'custom_attributes {"custom_attributes":{"plan":"free","cart":3}}',
    ])
    const { detail } = (await told(page, 'error')) as { detail: { message: string } }
    assert.equal(detail.message, 'add names a label that visitors may not set in this inbox: secret')
    await page.evaluate(`$chatwoot.removeLabel('trial')`)
    await eventually(async () => (await read()).labels.length === 1)
    await page.evaluate(`$chatwoot.setConversationCustomAttributes({ plan: 'gold', seats: 2 })`)
    await eventually(async () => (await read()).custom_attributes.seats === 2)
    assert.deepEqual((await read()).custom_attributes, { cart: 3, plan: 'free', seats: 2 })
    assert.deepEqual((await read()).labels, ['vip'])
    let ended = 0
    page.on('requestfailed', () => ended++)
    await page.route('**/custom_attributes', () => {})
    const unanswered = page.waitForRequest('**/custom_attributes')
    await page.evaluate('$chatwoot.setConversationCustomAttributes({ late: true })')
    await unanswered
    await write(page, 'A message does not wait for it')
    await arrived(page, 'A message does not wait for it')
    assert.equal(ended, 0)
    await close()
  })

  it('can open the chat as a page of its own, which speaks to an app', async () => {
    const context = await browser.newContext({ viewport: { width: 400, height: 600 } })
    const page = await context.newPage()
    await page.addInitScript(
      `window.ReactNativeWebView = { postMessage: (text) => (window.app ??= []).push(text) }`,
    )
    await page.goto(`${oldUrl}/widget?website_token=${inbox.inbox_identifier}&locale=de`)
    const said = (text: string) =>
      eventually(() => page.evaluate(`(window.app ?? []).some((one) => one.includes('${text}'))`))
    await said('chatwoot-widget:{"event":"loaded"')
    const text = 'From an app'
    const frame = page.frameLocator('iframe')
    await frame.getByRole('textbox').fill(text)
    await frame.getByRole('button', { name: 'Senden' }).click()
    await arrived(page, text)
    const command = { event: 'set-user', identifier: 'app-7', user: { name: 'App user' } }
    await page.evaluate(`window.postMessage('chatwoot-widget:' + ${JSON.stringify(JSON.stringify(command))})`)
    await eventually(async () => {
      const { payload } = (await test.api('/contacts/search?q=App')).body
      return payload.some(({ name }: { name: string }) => name === 'App user')
    })
    await context.close()
  })
})

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
