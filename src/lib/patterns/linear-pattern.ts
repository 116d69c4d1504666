import { type Assertion, isWordCharacter, Parser, type Part, PatternError, type Test } from './syntax.ts'

type Step =
  | { type: 'character'; test: Test; next: number }
  | { type: 'branch'; nexts: number[] }
  | { type: 'assertion'; name: Assertion; next: number }
  | { type: 'match' }

/** The largest number of steps of a pattern, after its repetitions are written out. */
const mostSteps = 1000

/**
 * A regular expression that others have written. The expressions of JavaScript take exponential time for some texts, so
 * this one follows all of its branches at the same time: a text takes at most its length times the number of steps.
 */
export class LinearPattern {
  readonly #steps: Step[] = []
  readonly #first: number
  readonly #ignoresCase: boolean

  /** Throws `PatternError` for a syntax that cannot be matched in linear time. `/source/i` ignores the case. */
  constructor(text: string) {
    const { source, flags } = partsOf(text)
    this.#ignoresCase = flags.includes('i')
    const match = this.#add({ type: 'match' })
    this.#first = this.#compile(new Parser(source).parse(), match)
  }

  /** Whether the pattern matches a part of the text. */
  matches(text: string): boolean {
    const codes = Array.from(text, (character) => character.codePointAt(0)!)
    let active = new Set<number>()
    for (let at = 0; at <= codes.length; at++) {
      const reached = this.#reach([...active, this.#first], codes, at)
      if (reached === undefined) return true
      if (at === codes.length) return false
      active = this.#advance(reached, this.#forms(codes[at]!))
    }
    return false
  }

  /** The steps that wait for a character; undefined if one of the ways through the pattern has ended. */
  #reach(from: number[], codes: number[], at: number): Set<number> | undefined {
    const seen = new Set<number>()
    const waiting = new Set<number>()
    for (let index = from.pop(); index !== undefined; index = from.pop()) {
      if (seen.has(index)) continue
      seen.add(index)
      const step = this.#steps[index]!
      if (step.type === 'match') return undefined
      if (step.type === 'character') waiting.add(index)
      else if (step.type === 'branch') from.push(...step.nexts)
      else if (holds(step.name, codes, at)) from.push(step.next)
    }
    return waiting
  }

  #advance(waiting: Set<number>, forms: number[]): Set<number> {
    const active = new Set<number>()
    for (const index of waiting) {
      const step = this.#steps[index]!
      if (step.type === 'character' && step.test(forms)) active.add(step.next)
    }
    return active
  }

  /** A character, and if the case is ignored its other forms. */
  #forms(code: number): number[] {
    if (!this.#ignoresCase) return [code]
    const character = String.fromCodePoint(code)
    const forms = [character, character.toLowerCase(), character.toUpperCase()]
    return [...new Set(forms.map((form) => form.codePointAt(0)!))]
  }

  #add(step: Step): number {
    if (this.#steps.length >= mostSteps)
      throw new PatternError(`must have at most ${mostSteps} steps with its repetitions written out`)
    return this.#steps.push(step) - 1
  }

  /** Adds the steps of a part, which continue with the step `next`, and returns its first one. */
  #compile(part: Part, next: number): number {
    switch (part.type) {
      case 'character':
      case 'assertion':
        return this.#add({ ...part, next })
      case 'sequence':
        return part.parts.reduceRight((after, one) => this.#compile(one, after), next)
      case 'alternatives':
        return this.#add({ type: 'branch', nexts: part.parts.map((one) => this.#compile(one, next)) })
      case 'repetition':
        return this.#repeat(part, next)
    }
  }

  #repeat({ part, min, max }: Extract<Part, { type: 'repetition' }>, next: number): number {
    let first = next
    if (Number.isFinite(max)) {
      for (let count = min; count < max; count++)
        first = this.#add({ type: 'branch', nexts: [this.#compile(part, first), next] })
    } else {
      const nexts = [next]
      first = this.#add({ type: 'branch', nexts })
      nexts.push(this.#compile(part, first))
    }
    for (let count = 0; count < min; count++) first = this.#compile(part, first)
    return first
  }
}

/** A pattern can be written with slashes and flags, as in JavaScript. Those that change nothing here are ignored. */
function partsOf(text: string): { source: string; flags: string } {
  const end = text.lastIndexOf('/')
  const flags = text.slice(end + 1)
  const hasSlashes = text.startsWith('/') && end > 0 && /^[a-z]*$/.test(flags)
  if (!hasSlashes) return { source: text, flags: '' }
  if (/[^giu]/.test(flags)) throw new PatternError('must not have flags other than "i"')
  return { source: text.slice(1, end), flags }
}

function holds(name: Assertion, codes: number[], at: number): boolean {
  if (name === 'start') return at === 0
  if (name === 'end') return at === codes.length
  const isWord = (code: number | undefined) => code !== undefined && isWordCharacter(code)
  const isBoundary = isWord(codes[at - 1]) !== isWord(codes[at])
  return isBoundary === (name === 'boundary')
}
