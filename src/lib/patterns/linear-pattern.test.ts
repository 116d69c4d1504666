import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fc, seed } from '../../../test/random.ts'
import { LinearPattern } from './linear-pattern.ts'
import { PatternError } from './syntax.ts'

// Generates patterns of few characters, so that many of the texts match.
const character = fc.constantFrom(
  'a',
  'b',
  'A',
  '1',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '[ab]',
  '[^a]',
  '[a-b1]',
  '\\W',
)
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    character,
    fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?'))
      .map(([one, range]) => `(${one})${range}`),
    tie('pattern').map((one) => `^${one}`),
    tie('pattern').map((one) => `${one}$`),
    tie('pattern').map((one) => `\\b${one}\\B`),
  ),
}))
// Without emoji: V8 does not always match a set with them.
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '1', ' ', 'é'), maxLength: 8 })

describe('A pattern of an operator', () => {
  it('matches what the regular expressions of JavaScript match', () => {
    const property = fc.property(
      pattern,
      fc.boolean(),
      fc.array(text, { minLength: 5 }),
      (source, i, texts) => {
        const linear = new LinearPattern(i ? `/${source}/i` : source)
        const own = new RegExp(source, i ? 'iu' : 'u')
        for (const one of texts) assert.equal(linear.matches(one), own.test(one), `${source} on "${one}"`)
      },
    )
    fc.assert(property, { numRuns: 1000, seed })
  })

  it('takes time in proportion to the text', () => {
    const long = 'a'.repeat(1000)
    for (const source of ['^(a+)+$', '(a|a)*b', '^(a?){100}a{100}b$', '(.*)(.*)(.*)(.*)b']) {
      const linear = new LinearPattern(source)
      const start = performance.now()
      assert.equal(linear.matches(`${long}!`), false, source)
      // JavaScript needs longer than the universe exists.
      assert.ok(performance.now() - start < 2000, source)
    }
  })

  for (const [source, rule] of [
    ['(a)\\1', /must not contain \\1/],
    ['a(?=b)', /must not contain "\(\?"/],
    ['(?<!a)b', /must not contain "\(\?"/],
    ['(?i)b', /must not contain "\(\?"/],
    ['a++', /must not contain "\+" after/],
    ['[z-a]', /has a range/],
    ['[a', /has a "\[" without/],
    ['(a', /has a "\(" without/],
    ['a)', /has a "\)" without/],
    ['*', /has nothing before/],
    ['a{2000}', /has the range/],
    ['(a{100}){100}', /must have at most 1000 steps/],
    ['('.repeat(30), /must not nest more/],
    ['\\p{Script=Latin}', /must not contain \\p/],
    ['\\', /must not end with a backslash/],
    ['\\u{110000}', /without the code/],
    ['/a/m', /must not have flags/],
  ] as const) {
    it(`is refused if it cannot be matched so: ${source.slice(0, 20)}`, () => {
      assert.throws(
        () => new LinearPattern(source),
        (error) => error instanceof PatternError && rule.test(error.message),
      )
    })
  }

  it('can name letters of every language, codes, and groups', () => {
    assert.ok(new LinearPattern('^\\p{Lu}\\p{L}+$').matches('Zoë'))
    assert.ok(!new LinearPattern('^\\P{L}+$').matches('ключ'))
    assert.ok(new LinearPattern('^(?<year>\\x32\\u0030\\u{32}6)\\/').matches('2026/1'))
    assert.ok(new LinearPattern('^[^a]$').matches('😀'))
    assert.ok(new LinearPattern('[\\]\\-\\d]$').matches('a-'))
  })
})
