import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { slashAt } from './slash.ts'

describe('A slash in a reply', () => {
  for (const [text, query] of [
    ['/', ''],
    ['/ref', 'ref'],
    ['Hello\n/ref', 'ref'],
    ['Hello /été', 'été'],
    [`${'long '.repeat(1000)}/a`, 'a'],
    [`/${'x'.repeat(50)}`, 'x'.repeat(50)],
  ] as const) {
    it(`opens canned responses at the end of ${JSON.stringify(text.slice(-20))}`, () => {
      assert.deepEqual(slashAt(text, text.length), { at: text.length - query.length - 1, query })
    })
  }

  for (const text of [
    '',
    'and/or',
    'https://example.com/a',
    ' /usr/bin',
    '/ref ',
    '//',
    `/${'x'.repeat(51)}`,
    `${' '.repeat(60)}a/b`,
  ]) {
    it(`is a part of the text at the end of ${JSON.stringify(text.slice(-20))}`, () => {
      assert.equal(slashAt(text, text.length), undefined)
    })
  }

  it('counts only up to the caret, wherever it is', () => {
    const pieces = fc.array(fc.constantFrom('/', ' ', '\n', 'a', 'é', '😀', 'x'.repeat(49)), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(pieces, fc.nat(), (all, place) => {
        const text = all.join('')
        const caret = place % (text.length + 1)
        const found = slashAt(text, caret)
        const [, query] = /(?:^|\s)\/([^\s/]{0,50})$/.exec(text.slice(0, caret)) ?? []
        assert.equal(found?.query, query)
        if (found) assert.equal(text.slice(found.at, caret), `/${query}`)
      }),
    )
  })
})
