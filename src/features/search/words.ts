// Beyond these a word is cut, and a text's further words are not found.
const longest = 64
const mostWords = 20_000

// Letters that are no other letter with a mark, but are searched as if they were.
const alike: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ı: 'i',
}

// What is written without spaces is found by its signs.
const sign = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}'
const word = new RegExp(`[${sign}]|(?:(?![${sign}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')

/**
 * The words of a text as they are searched for, each once: lower case, without accents (Unicode's NFKD without combining
 * marks), split at everything that is neither letter nor digit. Texts and questions go through it on both engines, so
 * both find the same.
 */
export function wordsOf(text: string): string[] {
  const folded = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøđłı]/g, (letter) => alike[letter]!)
  const words = new Set<string>()
  for (const [found] of folded.matchAll(word)) {
    words.add(found.slice(0, longest).toWellFormed())
    if (words.size === mostWords) break
  }
  return [...words]
}
