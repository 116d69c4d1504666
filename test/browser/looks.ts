import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Frame, Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * Asserts that a page as it is shown breaks no rule of axe in light and in dark, and is not wider than a window of 360
 * pixels. Leaves it light and 1300 by 800.
 */
export async function assertLooksRight(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  assert.deepEqual(await brokenRules(page), [], `${page.url()} in light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.deepEqual(await brokenColorRules(page), [], `${page.url()} in dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 360, height: 740 })
  const tooWide = await page.evaluate(widerThanTheirPlace)
  assert.deepEqual(tooWide, [], `${page.url()} at 360 px`)
  await page.setViewportSize({ width: 1300, height: 800 })
}

// As texts, since tests know no types of pages. What scrolls by itself may; the navigation of a small window does.
const widerThanTheirPlace = `[document.documentElement, ...document.querySelectorAll('main, main *')]
  .filter((one) => one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX))
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 200))`

/** The rules of axe that a page breaks as it is shown, or a frame in it by itself. While a dialog is open, it is all that counts. */
export function brokenRules(page: Page | Frame): Promise<string[]> {
  return ask(page, {})
}

/** The rules about colors that a page breaks: in dark, nothing else can differ, and all rules take five times as long. */
export function brokenColorRules(page: Page): Promise<string[]> {
  // Not the tag: it has rules that are off otherwise.
  return ask(page, { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } })
}

async function ask(page: Page | Frame, options: object): Promise<string[]> {
  // Reading it takes longer than looking at a page.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeSource)
  const all = JSON.stringify({ resultTypes: ['violations'], ...options })
  return page.evaluate(`axe.run(document.querySelector('dialog:modal') ?? document, ${all}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`)
}
