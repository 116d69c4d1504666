import { isSafe, splitAtLinks } from './links.ts'
import { type Mention, mentionOf } from './mention.ts'

/** A part of a line. */
export type Inline =
  | string
  | { type: 'strong' | 'emphasis' | 'deleted'; content: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; target: string; content: Inline[] }
  | Mention

/** Signs in a row that may begin or end something, such as `**`. */
interface Run {
  sign: '*' | '_' | '~'
  /** How many are left. */
  count: number
  canOpen: boolean
  canClose: boolean
}

// An escaped sign, code, and a link; a picture is a link, too. Each part is bounded: otherwise a hostile text takes quadratic time.
const atoms =
  /\\([`*_~[\]#>])|(?<!`)(`{1,9})(?!`)([\s\S]{0,1000}?[^`])\2(?!`)|!?\[([^[\]\n]{1,300})\]\(([^\s()]{1,1000}(?:\([^\s()]{0,200}\)[^\s()]{0,200}){0,3})\)/g
const signs = /\*{1,9}|_{1,9}|~{2,9}/g
// More than anybody writes; it also limits how deep they are in each other.
const mostRuns = 200

/** Parses the lines of a paragraph. */
export function parseInline(text: string): Inline[] {
  const tokens: (Inline | Run)[] = []
  let end = 0
  for (const match of text.matchAll(atoms)) {
    const [whole, escaped, , code, label, address] = match
    const atom: Inline | undefined =
      escaped ?? (code === undefined ? linkOf(label!, address!) : { type: 'code', text: code })
    if (!atom) continue
    tokens.push(...tokensOf(text, end, match.index), atom)
    end = match.index + whole.length
  }
  tokens.push(...tokensOf(text, end, text.length))
  return pair(tokens)
}

/** A mention or a link; undefined if its address is not safe, or if its text looks like another address. */
function linkOf(label: string, address: string): Inline | undefined {
  const mention = mentionOf(label, address)
  if (mention) return mention
  if (!isSafe(address) || /^tel:/i.test(address)) return undefined
  const namesOther = splitAtLinks(label).some((part) => typeof part !== 'string' && part.target !== address)
  return namesOther ? undefined : { type: 'link', target: address, content: namesOf(label) }
}

/** The text of a link, in which addresses are no links of their own. */
function namesOf(label: string): Inline[] {
  return pair(runsOf(label, 0, label.length))
}

/** What is between the atoms: addresses, texts, and the signs in them. */
function tokensOf(text: string, from: number, to: number): (Inline | Run)[] {
  const tokens: (Inline | Run)[] = []
  let at = from
  for (const part of splitAtLinks(text.slice(from, to))) {
    if (typeof part === 'string') tokens.push(...runsOf(text, at, at + part.length))
    else tokens.push({ type: 'link', target: part.target, content: [part.text] })
    at += typeof part === 'string' ? part.length : part.text.length
  }
  return tokens
}

function runsOf(text: string, from: number, to: number): (string | Run)[] {
  const tokens: (string | Run)[] = []
  let end = from
  for (const { 0: found, index } of text.slice(from, to).matchAll(signs)) {
    const at = from + index
    tokens.push(text.slice(end, at), runAt(text, at, found))
    end = at + found.length
  }
  tokens.push(text.slice(end, to))
  return tokens
}

/** What the signs at a place can do, by the rules of CommonMark for the characters next to them. */
function runAt(text: string, at: number, found: string): Run {
  const before = text[at - 1] ?? ' '
  const after = text[at + found.length] ?? ' '
  const opens = !isSpace(after) && (!isPunctuation(after) || isSpace(before) || isPunctuation(before))
  const closes = !isSpace(before) && (!isPunctuation(before) || isSpace(after) || isPunctuation(after))
  const sign = found[0] as Run['sign']
  // Within a word they are only signs: snake_case, 2*3*4.
  const isOfWords = sign === '_' || (sign === '*' && found.length === 1)
  return {
    sign,
    count: found.length,
    canOpen: opens && !(isOfWords && closes && !isPunctuation(before)),
    canClose: closes && !(isOfWords && opens && !isPunctuation(after)),
  }
}

function isSpace(character: string): boolean {
  return /\s/.test(character)
}

function isPunctuation(character: string): boolean {
  return /[\p{P}\p{S}]/u.test(character)
}

const types = { '*': 'emphasis', _: 'emphasis', '~': 'deleted' } as const

/** Finds the runs that belong together. Those that are left over are text. */
function pair(tokens: readonly (Inline | Run)[]): Inline[] {
  const output: (Inline | Run)[] = []
  /** The runs in the output that are open, and where they are. */
  const open: { run: Run; at: number }[] = []
  let runs = 0
  for (const token of tokens) {
    if (isRun(token)) {
      runs += 1
      if (runs <= mostRuns && token.canClose) close(token, output, open)
      if (token.count === 0) continue
      if (runs <= mostRuns && token.canOpen) open.push({ run: token, at: output.length })
    }
    output.push(token)
  }
  return withoutRuns(output)
}

function close(run: Run, output: (Inline | Run)[], open: { run: Run; at: number }[]): void {
  while (run.count > 0) {
    const found = open.findLastIndex(({ run: opener }) => usedBy(opener, run) > 0)
    const opener = open[found]
    if (!opener) return
    const used = usedBy(opener.run, run)
    const content = withoutRuns(output.splice(opener.at + 1))
    opener.run.count -= used
    run.count -= used
    // What was opened in between stays text.
    open.length = opener.run.count > 0 ? found + 1 : found
    if (opener.run.count === 0) output.length = opener.at
    output.push({ type: used === 2 && run.sign !== '~' ? 'strong' : types[run.sign], content })
  }
}

/** How many signs of each of two runs make a pair; 0 if they make none. */
function usedBy(opener: Run, closer: Run): number {
  if (opener.sign !== closer.sign) return 0
  const both = Math.min(2, opener.count, closer.count)
  return closer.sign === '~' && both < 2 ? 0 : both
}

function withoutRuns(tokens: readonly (Inline | Run)[]): Inline[] {
  const result: Inline[] = []
  for (const token of tokens) {
    const part = isRun(token) ? token.sign.repeat(token.count) : token
    const last = result.at(-1)
    if (part === '') continue
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part
    else result.push(part)
  }
  return result
}

function isRun(token: Inline | Run): token is Run {
  return typeof token === 'object' && 'sign' in token
}
