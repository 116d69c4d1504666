import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { eventually } from '../eventually.ts'
import { brokenColorRules, brokenRules } from './looks.ts'

/** Sizes of windows at which forms and lists differ. Pixels; 640 by 400 is 1280 by 800, zoomed to 200%. */
export const formSizes = [
  { width: 320, height: 640 },
  { width: 1280, height: 640 },
  { width: 640, height: 400 },
]
export const windowSizes = [
  ...formSizes,
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
]

/**
 * Returns what is wrong with the layout of a page as it is shown, as sentences: a document that scrolls, and texts and
 * controls that are cut off, and parts that cover each other. A text may end in an ellipsis if a tooltip has the whole of it;
 * the previews of messages need none.
 */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(`${drawn}.then(${findFaults})`)
}

/** Asserts that what is shown fits at each of `sizes`, and that axe finds nothing, in light and in dark. */
export async function assertFits(
  page: Page,
  what: string,
  { arrange, sizes = windowSizes }: { arrange?: () => Promise<void>; sizes?: typeof windowSizes } = {},
): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    await arrange?.()
    assert.deepEqual(await layoutFaults(page), [], `${what} at ${size.width} x ${size.height}`)
    if (size.width === 320) assert.deepEqual(await brokenRules(page), [], `${what} at 320`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  assert.deepEqual(await brokenColorRules(page), [], `${what} in dark`)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

/** Goes to another page of the dashboard without loading everything again, and waits until nothing of it is missing. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})
    dispatchEvent(new PopStateEvent('popstate'))
    ${drawn}`)
  // What is still loaded ends with an ellipsis, in every language.
  const isWhole = `document.querySelector('h1') !== null &&
    ![...document.querySelectorAll('.empty, p.quiet')].some((one) => /…$/.test(one.textContent))`
  await eventually(() => page.evaluate<boolean>(isWhole))
}

// As texts, since tests know no types of pages. What follows a change of the size is drawn with the frame after it.
const drawn =
  'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))))'
const findFaults = `() => {
  const faults = []
  const { scrollWidth, scrollHeight } = document.documentElement
  if (scrollWidth > innerWidth + 1 || scrollHeight > innerHeight + 1)
    faults.push('the document scrolls: ' + scrollWidth + ' x ' + scrollHeight + ' in ' + innerWidth + ' x ' + innerHeight)
  const previews = '.row-last, .row-last *, .earlier bdi'
  const notLookedAt = '.unseen, .unseen *, .skip, option, svg, svg *, script'
  const dialog = document.querySelector('dialog[open]')
  const canvas = document.createElement('canvas').getContext('2d')
  const scrollerOf = (one, axis) => {
    for (let outer = one.parentElement; outer && outer !== document.documentElement; outer = outer.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(outer)['overflow' + axis])) return outer
    }
  }
  const clipperOf = (one) => {
    for (let outer = one.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
      if (getComputedStyle(outer).overflowX !== 'visible') return outer
    }
  }
  for (const one of (dialog ?? document.body).querySelectorAll('*')) {
    if (one.matches(notLookedAt) || !one.checkVisibility({ visibilityProperty: true })) continue
    const { left, right, top, bottom, width, height } = one.getBoundingClientRect()
    if (width === 0 || height === 0) continue
    const tell = (what) => faults.push(what + ': ' + one.outerHTML.replace(/\\s+/g, ' ').slice(0, 160))
    const style = getComputedStyle(one)
    const isControl = one.matches('a, button, input, select, textarea, summary')
    if ((left < -1 || right > innerWidth + 1) && !scrollerOf(one, 'X')) tell('beyond the window')
    if (isControl && (top < -1 || bottom > innerHeight + 1) && !scrollerOf(one, 'Y')) tell('below the window')
    const clipper = clipperOf(one)
    if (clipper && !/auto|scroll/.test(getComputedStyle(clipper).overflowX)) {
      const box = clipper.getBoundingClientRect()
      const isHiddenWhole = top >= box.bottom - 1 || left >= box.right - 1
      const isCut = left < box.left - 1 || right > box.right + 1 || (isControl && (top < box.top - 1 || bottom > box.bottom + 1))
      if (isCut && !isHiddenWhole && getComputedStyle(clipper).textOverflow !== 'ellipsis') tell('cut off by what is around it')
    }
    if (style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1) {
      if (/auto|scroll/.test(style.overflowX)) {
        if (!one.matches('.settings-nav, code, input, textarea')) tell('scrolls sideways')
      } else if (style.textOverflow === 'ellipsis') {
        if (!one.matches(previews) && !one.closest('[title]')) tell('shortened without a tooltip')
      } else if (!one.matches('input, textarea, select')) tell('wider than its place')
    }
    const isText = one.childElementCount === 0 && one.textContent.trim() !== ''
    if (isText && style.overflowX === 'visible' && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
      tell('its text is wider than it')
    if (/grid|flex/.test(style.display)) {
      const parts = [...one.children].filter((part) => {
        const { position } = getComputedStyle(part)
        return /static|relative/.test(position) && !part.matches(notLookedAt) && part.checkVisibility({ visibilityProperty: true })
      })
      const boxes = parts.map((part) => part.getBoundingClientRect())
      const areOver = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2
      if (boxes.some((box, at) => boxes.slice(at + 1).some((other) => areOver(box, other)))) tell('parts of it cover each other')
    }
    if (one.matches('select') && one.selectedOptions[0]) {
      canvas.font = style.font
      const text = canvas.measureText(one.selectedOptions[0].text).width
      const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16
      if (text > room + 1 && !one.title) tell('a choice is cut off')
    }
  }
  return faults
}`
