import type { Frame, Page } from 'playwright-core'

/** The inside of the widget on a page. */
export const frameOf = (page: Page) => page.frameLocator('iframe')

/** The same, to run something in it. */
export const innerOf = (page: Page): Frame => page.frames().find((frame) => frame.url().includes('/widget/'))!

/** Opens the panel with its button. */
export const openPanel = (page: Page) =>
  frameOf(page)
    .getByRole('button', { name: /^Open chat/ })
    .click()

/** Says something as the visitor. */
export async function write(page: Page, text: string): Promise<void> {
  const field = frameOf(page).getByRole('textbox', { name: 'Write a message…' })
  await field.fill(text)
  await field.press('Enter')
}

/** Where something that was said is shown. */
export const bubble = (page: Page, text: string | RegExp) =>
  frameOf(page).locator('.bubble', { hasText: text })

/** Waits until something that was said is shown as what the server has. */
export const arrived = (page: Page, text: string) =>
  frameOf(page).locator('.row:not([data-unsent]) .bubble', { hasText: text }).waitFor()
