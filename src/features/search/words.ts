// Longer words are cut, and words of a text after these are not indexed.
const maxWordLength = 64
const maxWords = 20_000

// Letters that Unicode does not decompose into a base letter and a mark.
const baseLetters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ı: 'i',
}

// Scripts that are written without spaces: each character is a word.
const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}'
const wordPattern = new RegExp(`[${unspaced}]|(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')

/**
 * Returns the words of a text as the search compares them, each once: in lowercase, without accents (Unicode's NFKD
 * without combining marks), split at everything that is neither a letter nor a digit. Texts and queries are split here
 * rather than in the database, so that both engines find the same.
 */
export function wordsOf(text: string): string[] {
  const folded = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøđłı]/g, (letter) => baseLetters[letter]!)
  const words = new Set<string>()
  for (const [word] of folded.matchAll(wordPattern)) {
    words.add(word.slice(0, maxWordLength).toWellFormed())
    if (words.size === maxWords) break
  }
  return [...words]
}
