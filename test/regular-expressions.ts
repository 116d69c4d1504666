import assert from 'node:assert/strict'
import { createContext, runInContext } from 'node:vm'
import { parseSync } from 'vite'

/** A regular expression of a source file. */
export interface SourcePattern {
  pattern: RegExp
  /** Its file and line. */
  place: string
}

/**
 * Returns every regular expression in the files: literals, and `new RegExp()` with a literal string. `files` has the text
 * of each file by its path. Throws if a file calls `new RegExp()` with anything else, unless `built` has its patterns.
 */
export function patternsIn(
  files: Record<string, string>,
  built: Record<string, readonly RegExp[]> = {},
): SourcePattern[] {
  return Object.entries(files).flatMap(([file, text]) => {
    const { program, errors } = parseSync(file, text)
    assert.deepEqual(errors, [], `${file} cannot be parsed`)
    const patterns: SourcePattern[] = (built[file] ?? []).map((pattern) => ({ pattern, place: file }))
    visit(program, (node) => {
      const place = `${file}:${text.slice(0, node.start).split('\n').length}`
      const { regex } = node
      if (regex) patterns.push({ pattern: new RegExp(regex.pattern, regex.flags), place })
      const isBuilt = node.type === 'NewExpression' && node.callee?.name === 'RegExp'
      if (!isBuilt || file in built) return
      const [source, flags] = node.arguments ?? []
      assert.equal(
        typeof source?.value,
        'string',
        `${place} builds a pattern: list it in test/regular-expressions.test.ts`,
      )
      patterns.push({ pattern: new RegExp(source!.value as string, flags?.value as string), place })
    })
    return patterns
  })
}

interface Node {
  type: string
  start: number
  value?: unknown
  regex?: { pattern: string; flags: string } | null
  callee?: { name?: string }
  arguments?: Node[]
}

function visit(part: unknown, handle: (node: Node) => void): void {
  if (Array.isArray(part)) for (const one of part) visit(one, handle)
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return
  if ('type' in part) handle(part as Node)
  for (const one of Object.values(part)) visit(one, handle)
}

const units = [
  ...[
    '.',
    'a.',
    '-a',
    'a',
    'A',
    'é',
    '1',
    '0.',
    ' ',
    ' \t',
    '\n',
    '\r\n',
    '@',
    'a@',
    ':',
    '/',
    '-',
    '+',
    '_',
  ],
  ...[
    '(',
    ')',
    '[',
    ']',
    '[1]',
    '{',
    '}',
    '<',
    '>',
    '"',
    "'",
    '`',
    '\\',
    '=',
    ';',
    ',',
    '&',
    '%20',
    '!',
    '?',
  ],
  ...['http://a....', 'https://a', 'mailto:mailto:', 'a@b.', 'a=b; ', '\u0301', '\ud83d\ude00', '\ud800'],
]
// Endings at which a pattern fails after it has matched everything before.
const endings = ['', '\0', '\n', '@']
const largeUnits = ['.', 'a.', '-a', ' ', '@', '1', ')', 'a', 'http://a....', 'mailto:mailto:']

const small = 64 * 1024
const large = 2 * 1024 ** 2
// Milliseconds. For the small text, a linear pattern takes about 2 and a quadratic one 100 to 3000; for the large text, 50
// and half an hour.
const smallLimit = 20
const largeLimit = 250

/** A text on which a pattern is tried, at any length. */
interface Sample {
  unit: string
  text: (length: number) => string
  length: number
  limit: number
}

/**
 * Throws unless the time of a pattern is proportional to the length of the text. The texts are the worst for patterns:
 * repeated units, including the words of the pattern itself, with an ending at which it fails. A slow match is measured
 * again and compared with a quarter of the text, so that a slow machine is not mistaken for a slow pattern. What
 * takes longer than `deadline` milliseconds is aborted, because an exponential pattern would never end.
 */
export function assertLinear({ pattern, place }: SourcePattern, deadline = 20_000): void {
  const samples = samplesOf(pattern)
  for (let tried = 0; ; tried++) {
    const slow = firstSlow(pattern, samples, tried, deadline)
    if (!slow) return
    tried = slow.index
    const { unit, text, length, limit } = samples[tried]!
    const sentence = `${place}: ${pattern} takes too long for ${length} characters like ${JSON.stringify(unit)}`
    assert.ok(!slow.isEndless, sentence)
    const whole = shortestTimeOf(pattern, text(length), deadline)
    const quarter = shortestTimeOf(pattern, text(length / 4), deadline)
    assert.ok(
      whole < limit || whole < 8 * quarter,
      `${sentence}: ${whole} ms, and ${quarter} ms for a quarter`,
    )
  }
}

function samplesOf(pattern: RegExp): Sample[] {
  const samples: Sample[] = []
  for (const unit of new Set([...units, ...unitsOf(pattern)])) {
    for (const start of new Set(['', prefixOf(pattern)])) {
      for (const ending of endings) {
        const text = (length: number) => start + repeated(unit, length) + ending
        samples.push({ unit: start + unit + unit + ending, text, length: small, limit: smallLimit })
      }
    }
  }
  const whole = largeUnits.map((unit) => {
    return { unit, text: (length: number) => repeated(unit, length), length: large, limit: largeLimit }
  })
  return [...samples, ...whole]
}

function repeated(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length))
}

function shortestTimeOf(pattern: RegExp, text: string, deadline: number): number {
  return Math.min(...[1, 2, 3].map(() => timeOf(pattern, text, deadline)))
}

/** Returns the time of this thread on a processor, in milliseconds. */
function now(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

const sandbox = createContext({ now })
const match = "text.replace(pattern, ''); text.split(pattern, 2)"

/** Runs JavaScript that may use `values`. Returns whether it ended before the deadline; each call starts a thread. */
function endsInTime(program: string, values: object, deadline: number): boolean {
  Object.assign(sandbox, values)
  try {
    runInContext(program, sandbox, { timeout: deadline })
    return true
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'ERR_SCRIPT_EXECUTION_TIMEOUT')
    return false
  }
}

/** Finds the first sample from `index` on for which a pattern takes longer than its limit. */
function firstSlow(pattern: RegExp, samples: Sample[], index: number, deadline: number) {
  const state = { index }
  const program = `
    for (; state.index < samples.length; state.index++) {
      const sample = samples[state.index]
      const text = sample.text(sample.length)
      const before = now()
      ${match}
      if (now() - before >= sample.limit) break
    }`
  const isEndless = !endsInTime(program, { pattern, state, samples }, deadline)
  return state.index < samples.length ? { index: state.index, isEndless } : undefined
}

/** Returns the time in milliseconds for finding the matches in a text; infinity if it was aborted. */
function timeOf(pattern: RegExp, text: string, deadline: number): number {
  const before = now()
  return endsInTime(match, { pattern, text }, deadline) ? now() - before : Number.POSITIVE_INFINITY
}

/** Returns the words and characters that a pattern contains, and all of them in a row. */
function unitsOf(pattern: RegExp): string[] {
  const plain = pattern.source.replace(
    /\\(?:[bBdDsSwW]|[pP]\{[^}]*\}|u[0-9a-fA-F]{4})|\{\d+(?:,\d*)?\}/g,
    ' ',
  )
  const words = plain.match(/[a-z0-9_]{2,}|[^\sa-z0-9_\\]/gi) ?? []
  return [...words.slice(0, 12), words.join(''), prefixOf(pattern)].filter(Boolean)
}

/** Returns the text that each match begins with. */
function prefixOf({ source }: RegExp): string {
  const plain = source.replace(/^(?:\^|\\b|\(\?<?[=!:][^)]*\))+/, '').replaceAll('\\/', '/')
  return /^[^\\^$.*+?()[\]{}|]*(?![*?{])/.exec(plain)?.[0] ?? ''
}
