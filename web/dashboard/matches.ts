const marks = /\p{M}/gu

/** As the search compares letters: whatever their case and accents. */
export function folded(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(marks, '')
}

/** A text around the first of its words that begins with a word of the question; all is `before` where none does. */
export function partsOf(text: string, question: string): { before: string; word: string; after: string } {
  const asked = folded(question).match(/[\p{L}\p{N}]+/gu) ?? []
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const [word] = match
    const beginning = folded(word)
    if (!asked.some((one) => beginning.startsWith(one))) continue
    return { before: text.slice(0, match.index), word, after: text.slice(match.index + word.length) }
  }
  return { before: text, word: '', after: '' }
}
