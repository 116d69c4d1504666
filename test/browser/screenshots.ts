import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'
import { startTestApp } from '../app.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'
import { fillWithSample } from './sample.ts'

/* `npm run screenshots`: the pictures of docs/screenshots, of a real server with the data of sample-shop.ts. */

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
const largest = 200_000
const desk = { viewport: { width: 1440, height: 900 } }
const phone = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }

if (noBrowser) throw new Error(noBrowser)
mkdirSync(folder, { recursive: true })
const browser = await startBrowser()
const test = await startTestApp(environment)
try {
  const id = await fillWithSample(test)
  const open = async (path: string, options: BrowserContextOptions, take: (page: Page) => Promise<void>) => {
    const { page, close } = await openWindow(browser, test, path, { reducedMotion: 'reduce', ...options })
    await signIn(page)
    await take(page)
    await close()
  }
  const thread = async (page: Page) => {
    await page.locator('#composer').waitFor()
    await page.locator('.message img').evaluate('(image) => image.decode()')
  }
  await open(`/conversations/${id}`, desk, async (page) => {
    await thread(page)
    await page.locator('#composer').fill('You are very welcome! Enjoy the lamp')
    await shoot(page, 'workspace')
    await page.emulateMedia({ colorScheme: 'dark' })
    await shoot(page, 'workspace-dark')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('assign')
    await page.locator('#palette-0').waitFor()
    await shoot(page, 'commands-dark')
    await page.keyboard.press('Escape')
    await page.emulateMedia({ colorScheme: 'light' })
    for (const name of ['tokens', 'inboxes', 'agents']) {
      await page.goto(`${test.app.url}/settings/${name}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
      await shoot(page, `settings-${name}`)
    }
  })
  await open('/', phone, async (page) => {
    await page.locator('[data-row]').first().waitFor()
    await shoot(page, 'phone-list')
    await page.locator(`[data-row="${id}"]`).tap()
    await thread(page)
    await shoot(page, 'phone')
  })
} finally {
  await browser.close()
  await test.close()
}

async function shoot(page: Page, name: string): Promise<void> {
  const picture = await sharp(await page.screenshot())
    .png({ palette: true, quality: 92, effort: 10 })
    .toBuffer()
  if (picture.length > largest) throw new Error(`${name} has ${picture.length} bytes`)
  writeFileSync(`${folder}${name}.png`, picture)
}
