const marks = /\p{M}/gu

/** Removes case and accents, as the search does. */
export function folded(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(marks, '')
}

// Each word of a text is compared with each word of a query: the longest text and query would take 100 ms for each row.
const mostLetters = 10_000
const mostWords = 10

/** Splits a text around its first word that begins with a word of the query; all is `before` if there is none. */
export function splitAtMatch(text: string, query: string): { before: string; word: string; after: string } {
  const words = (folded(query).match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, mostWords)
  for (const match of text.slice(0, mostLetters).matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const [word] = match
    const beginning = folded(word)
    if (!words.some((one) => beginning.startsWith(one))) continue
    return { before: text.slice(0, match.index), word, after: text.slice(match.index + word.length) }
  }
  return { before: text, word: '', after: '' }
}
