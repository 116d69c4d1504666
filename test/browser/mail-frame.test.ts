import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addMailInbox, type MailInbox } from '../mails.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'
import { hostileMails } from './hostile-mails.ts'
import { brokenRules } from './looks.ts'
import { bodyOf, type MailContent } from './mails.ts'

interface ReceivedMail {
  conversation_id: number
  source_id: string
}

describe('the HTML of a mail', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let inbox: MailInbox
  let stranger: Server
  let leak: string
  /** The paths that anything has requested of the server of a stranger. */
  const leaks: string[] = []
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    inbox = await addMailInbox(test)
    stranger = createServer((request, response) => {
      leaks.push(request.url!)
      response.writeHead(200, { 'content-type': 'image/svg+xml', 'access-control-allow-origin': '*' })
      response.end('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="150"/>')
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    leak = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
  })
  after(async () => {
    stranger?.close()
    await browser?.close()
    await test?.close()
  })
  let senders = 0
  /** Delivers a mail, of a new sender if it answers none. */
  const add = (content: MailContent, answered?: ReceivedMail): Promise<ReceivedMail> => {
    if (!answered) senders += 1
    const headers: Record<string, string> = answered ? { 'In-Reply-To': answered.source_id } : {}
    return inbox.receive({ from: `sender${senders}@example.com`, headers, body: bodyOf(content) })
  }
  const open = async ({ conversation_id }: ReceivedMail, options: BrowserContextOptions = {}) => {
    const window = await openWindow(browser, test, '/', options)
    await signIn(window.page)
    await window.page.goto(new URL(`/conversations/${conversation_id}`, test.app.url).href)
    return window
  }

  it('runs nothing, requests nothing and stays in its frame, in any of the hostile mails', async () => {
    const mails = hostileMails(leak)
    const names = Object.keys(mails)
    assert.ok(names.length >= 40)
    let last: ReceivedMail | undefined
    for (const [text, html] of Object.entries(mails)) last = await add({ html, text }, last)
    const { page, close } = await open(last!)
    await page.locator('.message').getByText(names.at(-1)!).waitFor()
    const facts = await factsOf(page)
    const requests = followResponses(page)
    await showOriginals(page, names.length)
    assert.deepEqual(await page.evaluate(suspects), [])
    await page.evaluate(`${framesOf}.forEach((one) => {
      for (const link of one.querySelectorAll('a:not([href]), area, button, summary, img')) link.click()
    })`)
    await page.waitForTimeout(1000)
    assert.deepEqual(leaks, [])
    assert.deepEqual([...requests], [`${test.app.url}/mail-frame`])
    assert.deepEqual(await factsOf(page), facts)
    await closeDespitePolicy(close)
  })

  it('runs and requests nothing even if it was not cleaned', async () => {
    // The page would load its service worker at some time.
    const { page, close } = await openWindow(browser, test, '/', { serviceWorkers: 'block' })
    await page.getByLabel('Password').waitFor()
    const facts = await factsOf(page)
    const own = Object.values(hostileMails(leak))
    const requests = followResponses(page)
    await page.evaluate(`window.mails = ${JSON.stringify(own)}`)
    await page.evaluate(addFrames)
    await until(page, `document.querySelectorAll('iframe[data-written]').length === mails.length`)
    await page.evaluate(`document.querySelectorAll('iframe').forEach((one) => {
      for (const link of one.contentDocument?.querySelectorAll('a, area, button, summary, input, img') ?? []) link.click?.()
      for (const form of one.contentDocument?.querySelectorAll('form') ?? []) HTMLFormElement.prototype.submit.call(form)
    })`)
    await page.waitForTimeout(1500)
    assert.deepEqual(leaks, [])
    assert.deepEqual([...requests], [`${test.app.url}/mail-frame`])
    await page.evaluate(`document.querySelectorAll('iframe').forEach((one) => one.remove())`)
    assert.deepEqual(await factsOf(page), facts)
    // The browser says of each mail what it has forbidden.
    await assert.rejects(close(), /Content Security Policy/)
  })

  it('has pictures of other servers only when an agent asks for them, and then nothing else', async () => {
    const mail = await add({
      text: 'With pictures',
      html: `<img src="${leak}/asked.svg" alt="A lamp"><p style="background:url(${leak}/style.svg)">x</p>
        <style>@import "${leak}/import.css"; @font-face { font-family: f; src: url(${leak}/font) } p { font-family: f }</style>
        <iframe src="${leak}/frame"></iframe><video src="${leak}/video" autoplay></video>`,
    })
    leaks.length = 0
    const { page, close } = await open(mail)
    await showOriginals(page, 1)
    const before = await heightOf(page)
    await page.waitForTimeout(300)
    assert.deepEqual(leaks, [])
    await page.getByRole('button', { name: 'Show pictures' }).click()
    await until(page, `${framesOf}[0]?.querySelector('img')?.naturalWidth > 0`)
    assert.deepEqual(leaks.toSorted(), ['/asked.svg', '/style.svg'])
    assert.equal(await page.getByRole('button', { name: 'Show pictures' }).count(), 0)
    // The frame has grown with the picture.
    await until(page, `document.querySelector('.mail-frame').clientHeight > ${before + 100}`)
    leaks.length = 0
    await closeDespitePolicy(close)
  })

  it('opens links in a new tab that knows nothing of this one', async () => {
    const html = `<a href="${leak}/linked">The order</a> <a href="mailto:jane@example.com">Jane</a> <a href="file:///etc/passwd">File</a> <a href="/settings">Settings</a>`
    const { page, close } = await open(await add({ text: 'With links', html }))
    await showOriginals(page, 1)
    const links = await page.evaluate(`[...${framesOf}[0].querySelectorAll('a')].map((one) =>
      [one.textContent, one.target, one.rel, one.hasAttribute('href')].join(' '))`)
    assert.deepEqual(links, [
      'The order _blank noopener noreferrer nofollow true',
      'Jane _blank noopener noreferrer nofollow true',
      'File   false',
      'Settings   false',
    ])
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.frameLocator('.mail-frame iframe').getByRole('link', { name: 'The order' }).click(),
    ])
    await tab.waitForURL(`${leak}/linked`)
    assert.deepEqual(await tab.evaluate('[opener, document.referrer]'), [null, ''])
    leaks.length = 0
    await close()
  })

  it('is reached and left by the Tab key, and is right for screen readers', async () => {
    const html = `<p>Look at <a href="https://example.com/1">the first</a></p>`
    const { page, close } = await open(await add({ text: 'Keys', html }))
    await showOriginals(page, 1)
    const hide = page.getByRole('button', { name: 'Hide original' })
    await hide.focus()
    await page.keyboard.press('Shift+Tab')
    const focused = `${framesOf}[0].activeElement.textContent`
    assert.equal(await page.evaluate(focused), 'the first')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Hide original')
    assert.deepEqual(await brokenRules(page), [])
    await close()
  })

  it('is as high as the mail, also if the mail wants to be higher than its window', async () => {
    const html = `<body style="min-height:100vh;padding:20px"><p style="height:400px">Tall</p><p style="height:105vh">Taller</p></body>`
    const { page, close } = await open(await add({ text: 'Tall', html }))
    await showOriginals(page, 1)
    const height = await heightOf(page)
    assert.ok(height > 430 && height < 600, String(height))
    await page.setViewportSize({ width: 1000, height: 700 })
    await page.waitForTimeout(300)
    assert.equal(await heightOf(page), height)
    await close()
  })

  it('fits into a window of 320 pixels, and scrolls in its frame if it has to', async () => {
    const html = `<table width="900" bgcolor="#ffffff"><tr><td style="width:900px">Wide</td></tr></table><pre style="white-space:pre">${'W'.repeat(900)}</pre>`
    const { page, close } = await open(await add({ text: 'Wide', html }), {
      viewport: { width: 1300, height: 800 },
    })
    await page.setViewportSize({ width: 320, height: 640 })
    await showOriginals(page, 1)
    const [inner, outer] = await page.evaluate<number[]>(
      `[document.documentElement.scrollWidth, document.querySelector('.mail-frame').getBoundingClientRect().right]`,
    )
    assert.ok(inner! <= 320 && outer! <= 320, `${inner} ${outer}`)
    assert.ok(await page.evaluate(`${framesOf}[0].scrollingElement.scrollWidth > 320`))
    await close()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is on white paper if it sets colours, else on the ground of the page, in ${colorScheme}`, async () => {
      const html = '<p style="color:#333333">Dark grey</p>'
      const first = await add({ text: 'Colourful', html })
      const mail = await add({ text: 'Plain', html: '<p>As it comes</p>' }, first)
      const { page, close } = await open(mail, { colorScheme })
      await showOriginals(page, 2)
      const grounds = await page.evaluate<string[]>(`${framesOf}.map((one) => {
        const { backgroundColor, color } = getComputedStyle(one.documentElement)
        return backgroundColor + ' ' + color
      })`)
      const plain = colorScheme === 'dark' ? 'rgb(231, 234, 240)' : 'rgb(26, 32, 43)'
      assert.deepEqual(grounds, ['rgb(255, 255, 255) rgb(26, 32, 43)', `rgba(0, 0, 0, 0) ${plain}`])
      await close()
    })
  }

  it('is refused if it is very long, and can be downloaded then', async () => {
    const html = `<p>${'long '.repeat(300_000)}</p>`
    const { page, close } = await open(await add({ text: 'Long', html }))
    await page.getByRole('button', { name: 'Show original' }).click()
    await page.getByText('This mail is too long to be shown here.').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Download the raw mail' }).count(), 1)
    await close()
  })

  it('has a page for its frame that only the dashboard may show', async () => {
    for (const [path, pictures] of [
      ['/mail-frame', ''],
      ['/mail-frame/pictures', ' http: https:'],
    ]) {
      const { headers } = await fetch(test.app.url + path)
      const host = new URL(test.app.url).host
      assert.equal(
        headers.get('content-security-policy'),
        `default-src 'none'; style-src 'unsafe-inline'; img-src data: ${host}/files/${pictures}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox`,
      )
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
    }
  })
})

/** Waits until an expression is true; the policy of the page forbids waitForFunction(). */
async function until(page: Page, expression: string): Promise<void> {
  await eventually(() => page.evaluate<boolean>(`Boolean(${expression})`))
}

/** The documents of all frames that show a mail. */
const framesOf = `[...document.querySelectorAll('.mail-frame iframe')].map((one) => one.contentDocument)`

/** Opens the original of each mail, one after the other, and waits until its frame is filled. */
async function showOriginals(page: Page, count: number): Promise<void> {
  const filled = page.locator('.mail-frame[data-filled]')
  for (let at = 0; at < count; at++) {
    await page.getByRole('button', { name: 'Show original' }).first().click()
    await filled.nth(at).waitFor({ state: 'attached' })
  }
}

function heightOf(page: Page): Promise<number> {
  return page.evaluate<number>(`document.querySelector('.mail-frame').clientHeight`)
}

/**
 * The addresses that the pages of a window get responses from, without those that its scripts ask. What the policy has
 * stopped has no response.
 */
function followResponses(page: Page): Set<string> {
  const addresses = new Set<string>()
  // Parts of the dashboard that load a little later.
  const assets = `${new URL(page.url()).origin}/assets/`
  page.context().on('response', (response) => {
    const isOfScript = response.request().resourceType() === 'fetch'
    const isOwn = response.url().startsWith('data:') || response.url().startsWith(assets)
    if (!isOfScript && !isOwn) addresses.add(response.url())
  })
  return addresses
}

/** What a mail must not change: the page around it, and how many pages there are. */
async function factsOf(page: Page) {
  const facts = await page.evaluate<object>(`({
    hacked: window.hacked ?? null,
    title: document.title.split(' ').at(-1),
    path: location.pathname,
    body: document.body.children.length,
    width: document.documentElement.scrollWidth,
  })`)
  return { ...facts, pages: page.context().pages().length }
}

/** Elements and attributes in the frames that are not on the list of what a mail may have. */
const suspects = `${framesOf}.flatMap((one) => [...one.getElementById('mail').querySelectorAll('*')]).flatMap((element) => {
  const isKnown = !/^(?:script|svg|math|iframe|object|embed|applet|form|input|button|textarea|select|link|meta|base|audio|video|source|track|picture|template|noscript|isindex|dialog)$/i.test(element.localName) && !element.localName.includes('-')
  const bad = element.getAttributeNames().filter((name) =>
    /^on|^(?:srcset|background|ping|is|autofocus|formaction|action|popover|xlink:href|form|poster)$/i.test(name) ||
    (/^(?:href|src)$/i.test(name) && !/^(?:https?:\\/\\/|mailto:|data:image)/i.test(element.getAttribute(name))))
  return isKnown && bad.length === 0 ? [] : [element.outerHTML]
})`

/** Writes each mail, as it came, into a frame of its own. */
const addFrames = `(() => {
  for (const html of mails) {
    const frame = document.createElement('iframe')
    frame.onload = () => {
      frame.onload = null
      frame.contentDocument.open()
      frame.contentDocument.write(html)
      frame.contentDocument.close()
      frame.dataset.written = ''
    }
    frame.src = '/mail-frame'
    document.body.append(frame)
  }
})()`

/** Closes a window in which the browser has said that it forbade something to a mail. */
async function closeDespitePolicy(close: () => Promise<void>): Promise<void> {
  await close().catch((error: Error) => {
    const isOfPolicy = /Content Security Policy|sandbox|Unsafe attempt to load URL/
    const others = error.message.split('\n').filter((line) => line !== '' && !isOfPolicy.test(line))
    assert.deepEqual(others, [])
  })
}
