import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { beginningOf, longestText, withoutExcessMarks } from './long-text.ts'

describe('a long text', () => {
  it('is cut, but not in the middle of a character', () => {
    assert.equal(beginningOf('a'.repeat(longestText)), 'a'.repeat(longestText))
    assert.equal(beginningOf('a'.repeat(longestText + 1)), 'a'.repeat(longestText))
    const emoji = `a${'😀'.repeat(longestText)}`
    assert.ok(beginningOf(emoji).isWellFormed())
    assert.equal(beginningOf(emoji).length, longestText - 1)
  })

  it('has at most 20 marks on a letter', () => {
    assert.equal(withoutExcessMarks(`e${'\u0301'.repeat(1000)}!`), `e${'\u0301'.repeat(20)}!`)
    for (const text of ['Ça va, naïve?', 'שָׁלוֹם', 'สวัสดี', '👩‍👩‍👧‍👦', `e${'\u0301'.repeat(20)}`]) {
      assert.equal(withoutExcessMarks(text), text)
    }
  })
})
