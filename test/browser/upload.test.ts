import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { picture } from '../files.ts'
import { freePort } from '../process.ts'
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('files that an agent sends', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let relay: TcpProxy
  let window: Window
  const loading = new Set<unknown>()
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    relay = await startTcpProxy({ after() {} }, test.app.url)
    window = await openWindow(browser, test, '/conversations/1', {}, relay.url)
    await signIn(window.page)
    await window.page.locator('#composer').waitFor()
    window.page.on('request', (request) => !request.url().includes('/events') && loading.add(request))
    for (const event of ['requestfinished', 'requestfailed'] as const) {
      window.page.on(event as 'requestfinished', (request) => loading.delete(request))
    }
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await relay?.close()
    await test?.close()
  })
  /** Until what the page was loading has come, or it would hold all of its connections once nothing comes through. */
  const quiet = () => eventually(() => loading.size === 0)
  const chips = () => window.page.locator('.composer .file')
  const unsent = () => window.page.locator('.message-unsent')
  const sendButton = () => window.page.getByRole('button', { name: 'Send reply' })
  const choose = (...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
    window.page.locator('.composer input[type=file]').setInputFiles(files)
  const text = (name: string, bytes = 10) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.alloc(bytes, 'a'),
  })
  /** What the server has, as the text and the names of the files of each message. */
  const arrived = async (): Promise<string[]> => {
    const { payload } = (await test.api('/conversations/1/messages')).body
    return payload
      .slice(1)
      .map(({ content, attachments }: { content: string | null; attachments: { file_name: string }[] }) =>
        [content ?? '', ...attachments.map(({ file_name }) => file_name)].join(' '),
      )
  }
  /** An expression for files of these names, types and sizes in bytes, as a hand or the clipboard brings them. */
  const transferOf = (files: [name: string, type: string, bytes: number][]) => `(() => {
    const made = new DataTransfer()
    for (const [name, type, bytes] of ${JSON.stringify(files)}) {
      made.items.add(new File([new Uint8Array(bytes)], name, { type }))
    }
    return made
  })()`
  const drop = async (...files: Parameters<typeof transferOf>[0]) => {
    const dataTransfer = await window.page.evaluateHandle(transferOf(files))
    await window.page.dispatchEvent('.messages', 'dragover', { dataTransfer })
    await window.page.getByText('Drop files to attach them').waitFor()
    await window.page.dispatchEvent('.messages', 'drop', { dataTransfer })
  }

  it('are chosen, shown, taken away again and sent with a text', async () => {
    const photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await picture(400, 300) }
    await choose(photo, text('wrong.txt'), text('terms.txt', 2048))
    await chips().filter({ hasText: 'terms.txt' }).filter({ hasText: '2 kB' }).waitFor()
    await eventually(() =>
      chips()
        .locator('img')
        .evaluate((shown) => (shown as unknown as { naturalWidth: number }).naturalWidth > 0),
    )
    await window.page.getByRole('button', { name: 'Remove wrong.txt' }).click()
    await window.page.locator('#composer').fill('Here they are')
    await sendButton().click()
    await eventually(async () => (await arrived()).includes('Here they are photo.jpg terms.txt'))
    await window.page.locator('.message:not(.message-unsent) img[alt="photo.jpg"]').waitFor()
    assert.equal(await chips().count(), 0)
  })

  it('are dropped onto the thread, and sent without a text', async () => {
    await drop(['dropped.bin', '', 100])
    await chips().filter({ hasText: 'dropped.bin' }).waitFor()
    await sendButton().click()
    await eventually(async () => (await arrived()).at(-1) === ' dropped.bin')
  })

  it('are pasted as pictures, as a private note', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Private note' }).click()
    const clipboardData = transferOf([['image.png', 'image/png', 10]])
    const event = `new ClipboardEvent('paste', { clipboardData: ${clipboardData}, bubbles: true, cancelable: true })`
    await page.evaluate(`document.querySelector('#composer').dispatchEvent(${event})`)
    await chips().filter({ hasText: 'image.png' }).waitFor()
    await page.keyboard.press('Enter')
    await eventually(async () => (await arrived()).at(-1) === ' image.png')
    const { payload } = (await test.api('/conversations/1/messages')).body
    assert.equal(payload.at(-1).private, true)
    await page.locator('.kinds').getByRole('button', { name: 'Reply' }).click()
  })

  it('are refused before they are sent where they are too large or too many', async () => {
    await drop(['film.mov', '', 40 * 1024 ** 2 + 1], ['small.txt', '', 1])
    await window.page
      .getByRole('alert')
      .filter({ hasText: 'film.mov is 40 MB. The limit for a file is 40 MB.' })
      .waitFor()
    await choose(...Array.from({ length: 16 }, (_, number) => text(`${number}.txt`)))
    const sentence = 'A message can have 15 files. 2 more were not attached.'
    await window.page.getByRole('alert').filter({ hasText: sentence }).waitFor()
    assert.equal(await chips().count(), 15)
    await sendButton().click()
    await eventually(async () => (await arrived()).at(-1)!.startsWith(' small.txt 0.txt'))
    assert.equal(await window.page.getByText(sentence).count(), 0)
  })

  it('stay with their conversation while the page lives, and are named after a reload', async () => {
    const { page } = window
    const other = (await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id: 1 } }))
      .body.id
    await choose(text('kept.txt'))
    await chips().waitFor()
    await page.locator(`[data-row="${other}"]`).click()
    await page.locator('.thread-number', { hasText: `#${other}` }).waitFor()
    assert.equal(await chips().count(), 0)
    await page.locator('[data-row="1"]').click()
    await chips().filter({ hasText: 'kept.txt' }).waitFor()
    await page.reload()
    await page.getByText('Attach again: kept.txt').waitFor()
    await page.locator('.composer-trouble').getByRole('button', { name: 'Close' }).click()
  })

  it('arrive once where the network is cut while they are on their way', async () => {
    const { page } = window
    const before = (await arrived()).length
    await quiet()
    relay.hang()
    await drop(['large.bin', '', 20 * 1024 ** 2], ['second.txt', 'text/plain', 10])
    await page.locator('#composer').fill('A large one')
    await sendButton().click()
    await unsent().getByRole('progressbar', { name: 'Uploading large.bin' }).waitFor()
    // What is tried again must not get through before the reload.
    await page.route('**/conversations/1/messages', (route) => route.abort())
    relay.cut()
    await unsent().filter({ hasText: 'Waiting for a connection' }).waitFor()
    // It is still waiting after the page has been reloaded.
    relay.resume()
    await page.reload()
    await unsent().filter({ hasText: 'large.bin' }).waitFor()
    assert.equal((await arrived()).length, before)
    await page.unrouteAll({ behavior: 'wait' })
    await eventually(async () => (await arrived()).length > before)
    await unsent().waitFor({ state: 'detached' })
    assert.deepEqual((await arrived()).slice(before), ['A large one large.bin second.txt'])
    assert.equal(await page.locator('.message', { hasText: 'A large one' }).count(), 1)
  })

  it('arrive once where only the answer was lost', async () => {
    const before = (await arrived()).length
    await quiet()
    relay.mute()
    await choose(text('third.txt', 5000))
    await sendButton().click()
    await eventually(async () => (await arrived()).length > before)
    relay.cut()
    relay.resume()
    await unsent().waitFor({ state: 'detached' })
    assert.deepEqual((await arrived()).slice(before), [' third.txt'])
  })

  it('do not hold up the next message where an event is all that tells of them', async () => {
    const before = (await arrived()).length
    let isLost = false
    await window.page.route('**/conversations/1/messages', async (route) => {
      if (isLost) return route.continue()
      isLost = true
      await route.fetch()
    })
    // Or lost ones would take all connections of the page.
    const isEnded = window.page.waitForEvent('requestfailed', { timeout: 20_000 })
    await choose(text('fourth.txt'))
    await sendButton().click()
    await window.page.locator('#composer').fill('After it')
    await sendButton().click()
    await window.page.locator('.message:not(.message-unsent)', { hasText: 'After it' }).waitFor()
    assert.deepEqual((await arrived()).slice(before), [' fourth.txt', 'After it'])
    await isEnded
    await window.page.unrouteAll()
  })

  it('are given up while they are on their way', async () => {
    const before = (await arrived()).length
    await quiet()
    relay.hang()
    await drop(['unwanted.bin', '', 20 * 1024 ** 2])
    await sendButton().click()
    await unsent().getByRole('button', { name: 'Cancel' }).click()
    await unsent().waitFor({ state: 'detached' })
    relay.cut()
    relay.resume()
    await window.page.locator('#composer').fill('Without it')
    await sendButton().click()
    await eventually(async () => (await arrived()).includes('Without it'))
    assert.deepEqual((await arrived()).slice(before), ['Without it'])
  })
})

describe('files of a server', { skip: noBrowser }, () => {
  let browser: Browser
  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser?.close())

  /** Runs with the dashboard of a server of its own, at the conversation 1. */
  const withDashboard = async (
    settings: Record<string, string>,
    run: (window: Window, test: TestApp) => Promise<void>,
  ) => {
    const test = await startTestApp({ ...environment, ...settings })
    try {
      const window = await openWindow(browser, test, '/conversations/1')
      await signIn(window.page)
      await window.page.locator('#composer').waitFor()
      await run(window, test)
      await window.close()
    } finally {
      await test.close()
    }
  }
  const photo = async () => ({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await picture(400, 300) })

  it('that have a host of their own are shown by the dashboard', async () => {
    const PORT = `${await freePort()}`
    const settings = {
      PORT,
      PUBLIC_URL: `http://127.0.0.1:${PORT}`,
      FILES_PUBLIC_URL: `http://localhost:${PORT}`,
    }
    await withDashboard(settings, async ({ page }) => {
      await page.locator('.composer input[type=file]').setInputFiles([await photo()])
      await page.getByRole('button', { name: 'Send reply' }).click()
      const shown = page.locator('.message:not(.message-unsent) img[alt="photo.jpg"]')
      await shown.waitFor()
      await eventually(() =>
        shown.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth === 320),
      )
    })
  })

  it('for which there is no room do not hold up the messages after them', async () => {
    await withDashboard({ NDOTO_MIN_FREE_DISK: '90000000' }, async ({ page }) => {
      await page.locator('.composer input[type=file]').setInputFiles([await photo()])
      await page.getByRole('button', { name: 'Send reply' }).click()
      await page.locator('.message-unsent').filter({ hasText: 'disk of the server is nearly full' }).waitFor()
      await page.locator('#composer').fill('Without a file')
      await page.getByRole('button', { name: 'Send reply' }).click()
      await page.locator('.message:not(.message-unsent)', { hasText: 'Without a file' }).waitFor()
    })
  })
})
