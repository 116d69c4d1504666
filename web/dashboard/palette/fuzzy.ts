import { folded } from '../search-match.ts'

/** Rates how well a text matches what was typed; 0 is no match. Each typed word must match. */
export function fitOf(text: string, typed: string): number {
  const foldedText = folded(text)
  const words = folded(typed).split(/\s+/).filter(Boolean)
  const fits = words.map((word) => fitOfWord(foldedText, word))
  return fits.includes(0) ? 0 : fits.reduce((sum, fit) => sum + fit, 1)
}

function fitOfWord(text: string, word: string): number {
  if (text.startsWith(word)) return 9
  if (text.includes(` ${word}`)) return 6
  if (text.includes(word)) return 3
  return text.split(/[\s:/-]+/).some((one) => isShortFor(word, one)) ? 1 : 0
}

/** Whether a word is an abbreviation of another: begins as it does, and has its letters in their order. */
function isShortFor(short: string, word: string): boolean {
  if (short[0] !== word[0]) return false
  let at = -1
  for (const letter of short) {
    at = word.indexOf(letter, at + 1)
    if (at < 0) return false
  }
  return true
}
