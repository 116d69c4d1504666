import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fc } from '../../../test/random.ts'
import { longestLinkedText, splitAtLinks } from './links.ts'

const targetsIn = (text: string) =>
  splitAtLinks(text).flatMap((part) => (typeof part === 'string' ? [] : [part.target]))
const shown = (text: string) =>
  splitAtLinks(text)
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('')

describe('links in a text', () => {
  for (const [text, ...targets] of [
    ['see https://example.com/a?b=c#d.', 'https://example.com/a?b=c#d'],
    ['(http://example.com)', 'http://example.com'],
    ['https://example.com/a_(b), really', 'https://example.com/a_(b)'],
    ['https://example.com/…', 'https://example.com/'],
    ['HTTPS://EXAMPLE.COM!', 'HTTPS://EXAMPLE.COM'],
    [
      'ada@example.com, or bob.b+c@mail.example.co.uk.',
      'mailto:ada@example.com',
      'mailto:bob.b+c@mail.example.co.uk',
    ],
    ['<ada@example.com>', 'mailto:ada@example.com'],
    ['mailto:ada@example.com?subject=x', 'mailto:ada@example.com?subject=x'],
    ['ada@localhost and @ada and a@b'],
    ['javascript:alert(1) file:///etc/passwd example.com'],
    ['http://[ is no address'],
  ]) {
    it(`are these in "${text}": ${targets.join(', ') || 'none'}`, () => {
      assert.deepEqual(targetsIn(text!), targets)
    })
  }

  it('leave every character of the text in its place', () => {
    const word = fc.constantFrom('http://a.b/', 'a@b.cc', '.', ')', '(', ' ', 'mailto:', '…', '\n', 'x', '@')
    const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(''))
    fc.assert(
      fc.property(text, (one) => assert.equal(shown(one), one)),
      { numRuns: 1000 },
    )
  })

  it('are not looked for in very long texts, and 500 at most become links', () => {
    const link = 'a@b.cc '
    assert.equal(targetsIn(link.repeat(2000)).length, 500)
    assert.equal(shown(link.repeat(2000)), link.repeat(2000))
    assert.deepEqual(targetsIn(link.repeat(longestLinkedText)), [])
  })

  for (const unit of ['a.', '-a', '.', 'http://a....', 'mailto:mailto:', 'a@', 'a@b.', ')', 'http://a) ']) {
    it(`are found at once in any text of the longest length, such as ${unit}${unit}${unit}`, () => {
      const text = unit.repeat(longestLinkedText / unit.length)
      const start = performance.now()
      for (let count = 0; count < 10; count++) splitAtLinks(text)
      const milliseconds = performance.now() - start
      assert.ok(milliseconds < 1000, `${milliseconds} ms for ten`)
    })
  }
})
