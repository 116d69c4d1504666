import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'
import { startTestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'
import { fillWithSample } from './sample.ts'
import { addPeople, contactFile, duplicate } from './sample-people.ts'
import { macro } from './sample-shop.ts'

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
    await page.locator('#composer').fill('')
    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('a')
    const macros = page.getByRole('dialog', { name: 'Run a macro' })
    await macros.getByRole('button', { name: macro.name }).click()
    await macros.getByRole('heading', { name: 'Changes' }).waitFor()
    await shoot(page, 'macro')
    await page.keyboard.press('Escape')
    const { contact } = (await test.api(`/conversations/${id}`)).body
    await page.goto(`${test.app.url}/contacts/${contact.id}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await eventually(async () => (await page.getByText('Loading…').count()) === 0)
    await shoot(page, 'contacts')
    await page.goto(`${test.app.url}/settings/agents`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
    await shoot(page, 'settings-agents')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(`${test.app.url}/?view=1`)
    await page.locator('[data-row]').first().waitFor()
    await page.keyboard.press('u')
    await page.getByRole('dialog', { name: 'Notifications' }).locator('.own-item').first().waitFor()
    await shoot(page, 'notifications-dark')
  })
  await open('/', phone, async (page) => {
    await page.locator('[data-row]').first().waitFor()
    await shoot(page, 'phone-list')
    await page.locator(`[data-row="${id}"]`).tap()
    await thread(page)
    await shoot(page, 'phone')
  })
  await takePeople()
} finally {
  await browser.close()
  await test.close()
}

async function open(
  path: string,
  options: BrowserContextOptions,
  take: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, close } = await openWindow(browser, test, path, { reducedMotion: 'reduce', ...options })
  await signIn(page)
  await take(page)
  await close()
}

/** Pictures of a mail, of companies, and of a merge and an import of contacts. */
async function takePeople(): Promise<void> {
  const { mail, company } = await addPeople(test)
  const settled = async (page: Page) => {
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await eventually(async () => (await page.getByText('Loading…').count()) === 0)
  }
  await open(`/conversations/${mail}`, desk, async (page) => {
    await page.getByRole('button', { name: 'Cc, Bcc, subject' }).click()
    await page.locator('.composer').getByLabel('Cc', { exact: true }).fill('emil@bluebird.example')
    await page.locator('#composer').fill('Dear Anna,\n\nyes, all forty can be with you on the 12th,')
    await shoot(page, 'mail')
    await page.goto(`${test.app.url}/companies/${company}`)
    await settled(page)
    await shoot(page, 'companies')
    await page.goto(`${test.app.url}/contacts/import`)
    const buffer = Buffer.from(contactFile)
    await page.locator('input[type=file]').setInputFiles({ name: 'guests.csv', mimeType: 'text/csv', buffer })
    await page.getByRole('button', { name: 'Check only' }).click()
    await page.locator('.import-faults li').first().waitFor()
    await page.locator('.imports').scrollIntoViewIfNeeded()
    await shoot(page, 'contact-import')
    await page.emulateMedia({ colorScheme: 'dark' })
    const [customer] = (await test.api('/contacts/search?q=Lindqvist')).body.payload
    await page.goto(`${test.app.url}/contacts/${customer.id}`)
    await settled(page)
    await page.getByRole('button', { name: 'Merge' }).click()
    await page.getByRole('searchbox', { name: 'The other contact' }).fill(duplicate)
    await page.getByRole('button', { name: `Merge with ${duplicate}` }).click()
    await page.locator('.merge-table').waitFor()
    await shoot(page, 'merge-dark')
  })
  await open('/', phone, async (page) => {
    await page.locator(`[data-row="${mail}"]`).tap()
    await page.locator('#composer').waitFor()
    await shoot(page, 'phone-mail')
    await page.goto(`${test.app.url}/companies/${company}`)
    await settled(page)
    await shoot(page, 'phone-company')
  })
}

async function shoot(page: Page, name: string): Promise<void> {
  const picture = await sharp(await page.screenshot())
    .png({ palette: true, quality: 100, effort: 10 })
    .toBuffer()
  if (picture.length > largest) throw new Error(`${name} has ${picture.length} bytes`)
  writeFileSync(`${folder}${name}.png`, picture)
}
