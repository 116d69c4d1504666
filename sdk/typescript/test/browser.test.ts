import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { rolldown } from 'rolldown'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { noBrowser, startBrowser } from '../../../test/browser/chromium.ts'
import { listen } from '../../../test/local-servers.ts'
import { project } from '../../../test/process.ts'
import type * as customerModule from '../src/customer.ts'

type Module = typeof customerModule

describe('The SDK in a browser', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let bundle: string
  before(async () => {
    spawnSync(process.execPath, [join(project, 'bin/build-sdk.mjs')], { stdio: 'inherit' })
    const built = await rolldown({ input: join(project, 'sdk/typescript/dist/customer.js') })
    const { output } = await built.generate({ minify: true })
    bundle = output[0].code
    test = await startTestApp()
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await test?.close()
  })
  const pages: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
  })

  /** Opens a page of another website, which has the minified bundle. */
  const openPage = async () => {
    const server = createServer((request, response) => {
      const isScript = request.url === '/sdk.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? bundle : '<!doctype html><title>A shop</title>')
    })
    const { url } = await listen(server)
    const page = await browser.newPage()
    pages.push(page)
    await page.goto(url)
    return page
  }
  const settings = async () => ({
    url: test.app.url,
    inbox: (await test.api('/inboxes/1')).body.inbox_identifier as string,
  })

  it('writes, reads and follows as a customer on another website', async () => {
    const page = await openPage()
    const started = await page.evaluate(
      async (options) => {
        const { openInbox } = (await import('/sdk.js' as string)) as Module
        const inbox = openInbox(options)
        const { source_id } = await inbox.createContact({ name: 'Ada' })
        const ada = inbox.customer(source_id!)
        const { id } = await ada.conversations.create()
        await ada.messages.send(id, { content: 'Hello?' })
        return { source_id: source_id!, id }
      },
      await settings(),
    )
    await sendMessage(test, 'Hello Ada', {}, started.id)
    const contents = await page.evaluate(
      async ({ source_id, id, options }) => {
        const { openInbox } = (await import('/sdk.js' as string)) as Module
        const ada = openInbox(options).customer(source_id)
        const seen: (string | null)[] = []
        for await (const event of ada.events.stream({ after: 0 })) {
          if (event.event !== 'message_created') continue
          seen.push(event.content)
          if (seen.length === 2) break
        }
        for await (const { content } of ada.messages.list(id)) seen.push(content)
        return seen
      },
      { ...started, options: await settings() },
    )
    assert.deepEqual(contents, ['Hello?', 'Hello Ada', 'Hello Ada', 'Hello?'])
  })

  it('reports the progress of an upload, aborts one, and has the error of another', async () => {
    const page = await openPage()
    const result = await page.evaluate(
      async (options) => {
        const { NdotoError, openInbox } = (await import('/sdk.js' as string)) as Module
        const inbox = openInbox(options)
        const { source_id } = await inbox.createContact({ name: 'Grace' })
        const grace = inbox.customer(source_id!)
        const { id } = await grace.conversations.create()
        const shares: number[] = []
        const attachments = [new File([new Uint8Array(8_000_000)], 'large.bin')]
        const onProgress = (share: number) => shares.push(share)
        const message = await grace.messages.send(id, { content: 'x', attachments }, { onProgress })
        const aborted = await grace.messages
          .send(id, { attachments }, { signal: AbortSignal.abort(new Error('closed')) })
          .catch((error: Error) => error.message)
        const tooMany = Array.from({ length: 16 }, () => new File(['x'], 'x'))
        const refused = await grace.messages
          .send(id, { attachments: tooMany })
          .catch((error: unknown) => error)
        const code = refused instanceof NdotoError ? refused.code : String(refused)
        return { size: message.attachments[0]!.file_size, shares, aborted, code }
      },
      await settings(),
    )
    assert.equal(result.size, 8_000_000)
    assert.ok(result.shares.length > 0)
    assert.equal(result.shares.at(-1), 1)
    assert.deepEqual([result.aborted, result.code], ['closed', 'too_large'])
  })
})
