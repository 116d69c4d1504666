/** A condition for a character, which is given with its other forms if the case is ignored. */
export type Test = (forms: readonly number[]) => boolean

/** A part of a pattern. */
export type Part =
  | { type: 'character'; test: Test }
  | { type: 'sequence' | 'alternatives'; parts: Part[] }
  | { type: 'repetition'; part: Part; min: number; max: number }
  | { type: 'assertion'; name: Assertion }

export type Assertion = 'start' | 'end' | 'boundary' | 'no boundary'

/** Says which part of a pattern cannot be used. */
export class PatternError extends Error {}

/** The largest number in braces, and how deep groups can be nested. */
const mostRepetitions = 1000
const mostDepth = 20

export function isWordCharacter(code: number): boolean {
  return isBetween(code, 48, 57) || isBetween(code, 65, 90) || isBetween(code, 97, 122) || code === 95
}

const digit = any((code) => isBetween(code, 48, 57))
const word = any(isWordCharacter)
const space = any((code) => /\s/.test(String.fromCodePoint(code)))
const classes: Record<string, Test> = {
  d: digit,
  D: not(digit),
  w: word,
  W: not(word),
  s: space,
  S: not(space),
}
const properties: Record<string, RegExp> = {
  L: /\p{L}/u,
  Lu: /\p{Lu}/u,
  Ll: /\p{Ll}/u,
  M: /\p{M}/u,
  N: /\p{N}/u,
  Nd: /\p{Nd}/u,
  P: /\p{P}/u,
  S: /\p{S}/u,
}
const controls: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 }
const assertions: Record<string, Assertion> = { b: 'boundary', B: 'no boundary', A: 'start', z: 'end' }

/**
 * Parses the part of the syntax of regular expressions that can be matched in linear time. Throws `PatternError` for
 * anything else, such as references to groups and look-ahead.
 */
export class Parser {
  readonly #characters: string[]
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#characters = [...source]
  }

  parse(): Part {
    const part = this.#alternatives()
    if (this.#next !== undefined) throw new PatternError('has a ")" without a "("')
    return part
  }

  get #next(): string | undefined {
    return this.#characters[this.#at]
  }

  #take(text: string): boolean {
    const is = [...text].every((character, index) => this.#characters[this.#at + index] === character)
    if (is) this.#at += [...text].length
    return is
  }

  #alternatives(): Part {
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    return parts.length === 1 ? parts[0]! : { type: 'alternatives', parts }
  }

  #sequence(): Part {
    const parts: Part[] = []
    while (this.#next !== undefined && this.#next !== '|' && this.#next !== ')')
      parts.push(this.#repeated(this.#one()))
    return { type: 'sequence', parts }
  }

  #repeated(part: Part): Part {
    const range = this.#range()
    if (!range) return part
    // Whether as little as possible is taken makes no difference to whether a text matches.
    this.#take('?')
    if (this.#next === '+') throw new PatternError('must not contain "+" after a repetition')
    if (part.type === 'assertion') throw new PatternError('must not repeat "^", "$" or "\\b"')
    return { type: 'repetition', part, ...range }
  }

  #range(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { min: 0, max: 1 }
    const ahead = this.#characters.slice(this.#at, this.#at + 12).join('')
    const braces = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(ahead)
    if (!braces) return undefined
    this.#at += braces[0].length
    const min = Number(braces[1])
    const max = braces[2] === undefined ? min : braces[3] ? Number(braces[3]) : Number.POSITIVE_INFINITY
    const largest = Number.isFinite(max) ? max : min
    if (max < min || largest > mostRepetitions)
      throw new PatternError(`has the range ${braces[0]}, which must be within 0 and ${mostRepetitions}`)
    return { min, max }
  }

  #one(): Part {
    const character = this.#characters[this.#at++]!
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return { type: 'character', test: this.#set() }
      case '.':
        return { type: 'character', test: not(any((code) => [10, 13, 0x2028, 0x2029].includes(code))) }
      case '^':
        return { type: 'assertion', name: 'start' }
      case '$':
        return { type: 'assertion', name: 'end' }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw new PatternError(`has nothing before "${character}"`)
      default:
        return { type: 'character', test: is(character.codePointAt(0)!) }
    }
  }

  #group(): Part {
    if (++this.#depth > mostDepth) throw new PatternError(`must not nest more than ${mostDepth} groups`)
    if (this.#take('?') && !this.#take(':')) this.#name()
    const part = this.#alternatives()
    if (!this.#take(')')) throw new PatternError('has a "(" without a ")"')
    this.#depth -= 1
    return part
  }

  #name(): void {
    const isName = this.#take('<') && this.#next !== '=' && this.#next !== '!'
    if (!isName) throw new PatternError('must not contain "(?" except for "(?:" and "(?<name>"')
    const end = this.#characters.indexOf('>', this.#at)
    if (end === -1) throw new PatternError('has a group whose name does not end')
    this.#at = end + 1
  }

  #escape(): Part {
    const name = assertions[this.#next ?? '']
    if (name === undefined) return { type: 'character', test: this.#escapedTest() }
    this.#at += 1
    return { type: 'assertion', name }
  }

  /** After a backslash. */
  #escapedTest(): Test {
    const code = this.#escapedCode()
    if (code !== undefined) return is(code)
    const character = this.#characters[this.#at++]!
    const known = classes[character]
    if (known) return known
    const end = this.#characters.indexOf('}', this.#at)
    const name = this.#characters.slice(this.#at + 1, end).join('')
    const property = this.#next === '{' && end > 0 ? properties[name] : undefined
    if (!property) throw new PatternError(`must not contain \\${character} with "${name.slice(0, 20)}"`)
    this.#at = end + 1
    const test = any((code) => property.test(String.fromCodePoint(code)))
    return character === 'P' ? not(test) : test
  }

  /** The character that an escape stands for; undefined for that of a class of characters. */
  #escapedCode(): number | undefined {
    const character = this.#next
    if (character === undefined) throw new PatternError('must not end with a backslash')
    if (Object.hasOwn(classes, character) || character === 'p' || character === 'P') return undefined
    this.#at += 1
    if (Object.hasOwn(controls, character)) return controls[character]!
    if (character === 'x' || character === 'u') return this.#hexadecimal(character)
    if (/[A-Za-z1-9]/.test(character)) throw new PatternError(`must not contain \\${character}`)
    return character.codePointAt(0)!
  }

  #hexadecimal(letter: 'x' | 'u'): number {
    const ahead = this.#characters.slice(this.#at, this.#at + 8).join('')
    const form = letter === 'x' ? /^([\dA-Fa-f]{2})/ : /^(?:\{([\dA-Fa-f]{1,6})\}|([\dA-Fa-f]{4}))/
    const found = form.exec(ahead)
    const code = found ? Number.parseInt(found[1] ?? found[2]!, 16) : Number.POSITIVE_INFINITY
    if (code > 0x10ffff) throw new PatternError(`has a \\${letter} without the code of a character`)
    this.#at += found![0].length
    return code
  }

  /** After a "[". */
  #set(): Test {
    const isNegative = this.#take('^')
    const tests: Test[] = []
    while (!this.#take(']')) {
      if (this.#next === undefined) throw new PatternError('has a "[" without a "]"')
      const from = this.#memberCode()
      if (from === undefined) {
        tests.push(this.#escapedTest())
        continue
      }
      const isRange = this.#next === '-' && this.#characters[this.#at + 1] !== ']'
      if (!isRange) {
        tests.push(is(from))
        continue
      }
      this.#at += 1
      const to = this.#next === undefined ? undefined : this.#memberCode()
      if (to === undefined || to < from) throw new PatternError('has a range such as "z-a" in "[ ]"')
      tests.push(any((code) => isBetween(code, from, to)))
    }
    const test: Test = (forms) => tests.some((one) => one(forms))
    return isNegative ? not(test) : test
  }

  /** The next character of a set; undefined before the letter of a class. */
  #memberCode(): number | undefined {
    if (!this.#take('\\')) return this.#characters[this.#at++]!.codePointAt(0)!
    if (this.#take('b')) return 8
    if (this.#take('-')) return 45
    return this.#escapedCode()
  }
}

function is(wanted: number): Test {
  return any((code) => code === wanted)
}

function any(test: (code: number) => boolean): Test {
  return (forms) => forms.some(test)
}

function not(test: Test): Test {
  return (forms) => !test(forms)
}

function isBetween(code: number, from: number, to: number): boolean {
  return code >= from && code <= to
}
