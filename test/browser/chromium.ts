import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { TestApp } from '../app.ts'

/** The system's Chromium: the one of TEST_CHROMIUM, else where distributions put it. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const found = process.env.TEST_CHROMIUM || places.find(existsSync)

/** For the option `skip` of tests that need a browser. */
export const noBrowser = found ? false : 'no Chromium: install it, or name it in TEST_CHROMIUM'

/** A build of Chromium without windows, which does the same in two thirds of the processor time. */
const light = process.env.TEST_HEADLESS_SHELL || found

const flags = [
  // The build without windows says no language by itself.
  '--accept-lang=en-US',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a browser, after the dashboard is built if it is not. */
export function startBrowser(): Promise<Browser> {
  return launch(light!)
}

/**
 * Starts Chromium itself, for what its build without windows does not do: show notifications, receive push messages,
 * and show the chat again when its page is loaded again.
 */
export function startWholeBrowser(): Promise<Browser> {
  return launch(found!)
}

function launch(executablePath: string): Promise<Browser> {
  const build = fileURLToPath(new URL('../../bin/build-web.mjs', import.meta.url))
  spawnSync(process.execPath, [build], { stdio: 'inherit' })
  return chromium.launch({ executablePath, args: flags })
}

/** What a test sets for the administrator whom it signs in. */
export const environment = { NDOTO_ADMIN_PASSWORD: 'correct horse battery' }

/** A window of its own, as of another person; what goes wrong in its page fails the test that closes it. */
export interface Window {
  page: Page
  /** Throws what the page has complained of: errors, and whatever the content security policy has stopped. */
  close(): Promise<void>
}

/** Opens a page of the server; `origin` is another way to it. */
export async function openWindow(
  browser: Browser,
  { app }: TestApp,
  path: string | URL = '/',
  options: BrowserContextOptions = {},
  origin = app.url,
): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1300, height: 800 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(40_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error.stack)))
  page.on('console', (message) => {
    // What the server refuses and what the network loses is in the log, too, and is no fault.
    const isFault = message.type() === 'error' && !message.text().startsWith('Failed to load resource')
    if (isFault) complaints.push(message.text())
  })
  await page.goto(new URL(path, origin).href)
  return {
    page,
    async close() {
      await context.close()
      if (complaints.length > 0) throw new Error(complaints.join('\n'))
    },
  }
}

const english = { email: 'Email address', password: 'Password', submit: 'Sign in', navigation: 'Main' }
/** What the page of a browser in German says. */
export const german = {
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  submit: 'Anmelden',
  navigation: 'Hauptmenü',
}

/** Fills in the form and waits for the list of conversations. */
export async function signIn(
  page: Page,
  email = 'admin@example.com',
  password: string = environment.NDOTO_ADMIN_PASSWORD,
  words = english,
): Promise<void> {
  await page.getByLabel(words.email).fill(email)
  await page.getByLabel(words.password, { exact: true }).fill(password)
  await page.getByRole('button', { name: words.submit, exact: true }).click()
  await page.getByRole('navigation', { name: words.navigation }).waitFor()
}
