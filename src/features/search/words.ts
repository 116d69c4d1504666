// Longer words are truncated. If a text has more distinct words than this, the rest are ignored.
const maxWordLength = 64
const maxWords = 20_000

// Letters that NFKD does not decompose into a base letter and an accent.
const asciiEquivalents: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ı: 'i',
}

// Scripts that are written without spaces. Each of their characters counts as a word.
const unspacedScripts = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}'
const wordPattern = new RegExp(`[${unspacedScripts}]|(?:(?![${unspacedScripts}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')

/** Returns a text in lowercase and without accents (NFKD without the combining accents), in which searches compare it. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøđłı]/g, (letter) => asciiEquivalents[letter]!)
}

/**
 * Returns the distinct words of a text in the form that the search compares: `folded`, and split at everything that is
 * not a letter, a digit or a mark. Texts and queries are split here rather than in the database, so that SQLite and
 * PostgreSQL return the same results.
 */
export function wordsOf(text: string): string[] {
  const normalized = folded(text)
  const words = new Set<string>()
  for (const [word] of normalized.matchAll(wordPattern)) {
    words.add(word.slice(0, maxWordLength).toWellFormed())
    if (words.size === maxWords) break
  }
  return [...words]
}
