import type { Queries } from '../../db/database.ts'
import { type Documents, type Lookup, sampleBeginning } from './match.store.ts'
import { digitsOfNumber } from './parts.store.ts'
import { wordsOf } from './words.ts'

/** One word of a search. A document matches if it contains each `lookup` and each `part`. */
export interface Term {
  /** How the index finds documents; undefined if only the text of the document shows whether it matches. */
  lookup: Lookup | undefined
  /** What the text ` word word word ` of a document must contain. */
  part: string
  /** True if the index finds more documents than match. */
  isRough: boolean
  /** No document from this id on contains the word. Undefined if one of those that were looked at does. */
  absentFrom?: number
}

// Letters by which the index finds words directly.
const shortBeginning = 3
const longBeginning = 5
// Of so many words, the longest ones, the index finds documents; the others are compared with their texts.
const mostLookups = 6
// How many of the newest documents with a beginning are looked at, and with how many matches a word is common.
const sampleSize = 400
const commonFrom = 8

/** Returns the words of a search for contacts. A number that is written in groups is found as one. */
export function contactWords(q: string): string[] {
  const words = wordsOf(q)
  const digits = digitsOfNumber(q)
  return digits !== undefined && digits.length > 2 && words.length > 1 ? [digits] : words
}

/**
 * Decides how to look up each word. The first 3 and 5 letters of words are in the index. Other beginnings would have to
 * be merged from all words that begin so, which takes as long as there are such documents: a common one is found by its
 * first 3 or 5 letters and compared with the text.
 */
export function planTerms(queries: Queries, documents: Documents, words: string[]): Promise<Term[]> {
  const sized = words.map((word) => ({ word, length: [...word].length }))
  const byLength = sized.toSorted((one, other) => other.length - one.length)
  const longest = byLength.slice(0, mostLookups)
  const hasLong = byLength[0]!.length >= shortBeginning
  const terms = sized.map((one) => {
    const { word, length } = one
    const part = ` ${word}`
    if (!hasLong) return shortTerm(word, length)
    // So many words begin with one or two letters that they only narrow down what a longer word has found.
    if (length < shortBeginning || !longest.includes(one)) return { lookup: undefined, part, isRough: false }
    if (length === shortBeginning || length === longBeginning)
      return { lookup: { text: word, kind: 'beginning' as const }, part, isRough: false }
    return longTerm(queries, documents, word, length)
  })
  return Promise.all(terms)
}

// Letters of words as the index has them: without accents, and in lower case.
const alphabets = [
  'abcdefghijklmnopqrstuvwxyz0123456789',
  'абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ',
  'αβγδεζηθικλμνξοπρσςτυφχψω',
]

/** One letter is looked up as a whole word. Two letters also as the first two of three, in some alphabets. */
function shortTerm(word: string, length: number): Term {
  const alphabet = alphabets.find((letters) => letters.includes(word.at(-1)!))
  if (length < 2 || alphabet === undefined)
    return { lookup: { text: word, kind: 'word' }, part: ` ${word} `, isRough: false }
  const beginnings = [...alphabet].map((letter) => word + letter)
  return { lookup: { text: word, kind: 'word', beginnings }, part: ` ${word}`, isRough: false }
}

async function longTerm(queries: Queries, documents: Documents, word: string, length: number): Promise<Term> {
  const part = ` ${word}`
  const text = [...word].slice(0, length < longBeginning ? shortBeginning : longBeginning).join('')
  const beginning: Lookup = { text, kind: 'beginning' }
  const { count, completeFrom } = await sampleBeginning(queries, documents, beginning, part, sampleSize)
  if (count >= commonFrom) return { lookup: beginning, part, isRough: true }
  const rare: Term = { lookup: { text: word, kind: 'prefix' }, part, isRough: false }
  return count === 0 ? { ...rare, absentFrom: completeFrom } : rare
}
