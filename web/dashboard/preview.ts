import { plainText } from '../../src/lib/text/plain-text.ts'

/** The beginning of a text in one style; '' if there is none. The text may be a thousand times as long as what is visible. */
export function preview(text: string | null | undefined, length: number): string {
  // The signs of Markdown are taken out of a little more.
  return plainText(text?.slice(0, 2 * length) ?? '').slice(0, length)
}
