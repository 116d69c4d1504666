import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mentionsIn } from '../../../src/lib/text/mentions.ts'
import { atIn, matching, mentionText } from './at.ts'

describe('An @ in a note', () => {
  for (const [text, query] of [
    ['@', ''],
    ['Hello @Ki', 'Ki'],
    ['(@Kim Le', 'Kim Le'],
    ['a\n@Zoë', 'Zoë'],
    [`${'long '.repeat(1000)}@a`, 'a'],
  ] as const) {
    it(`opens the list of names at the end of ${JSON.stringify(text.slice(-20))}`, () => {
      assert.deepEqual(atIn(text, text.length), { at: text.length - query.length - 1, query })
    })
  }

  for (const text of ['', 'kim@example', '@Kim Lee and', '[@Kim](mention://user/1/Kim) ', '@ Kim'])
    it(`is a part of the text at the end of ${JSON.stringify(text)}`, () => {
      assert.equal(atIn(text, text.length), undefined)
    })

  it('finds names by the beginning of a word, in any case and without accents', () => {
    const all = ['Kim Lee', 'Zoë Kimura', 'Ann'].map((name, id) => ({ kind: 'user', id, name }) as const)
    const found = (query: string) => matching(all, query).map(({ name }) => name)
    assert.deepEqual(found('kim'), ['Kim Lee', 'Zoë Kimura'])
    assert.deepEqual(found('zoe'), ['Zoë Kimura'])
    assert.deepEqual(found('kim l'), ['Kim Lee'])
    assert.deepEqual(found('im'), [])
  })

  it('becomes a mention that the server reads, whatever the name is', () => {
    for (const name of ['Kim Lee', 'O’Brien (Sales) [EU]', 'عمر', '*Star* _x_', 'x'.repeat(250)]) {
      const [mention] = mentionsIn(`Look, ${mentionText({ kind: 'user', id: 7, name })}`)
      assert.deepEqual([mention?.kind, mention?.id], ['user', 7], name)
    }
  })
})
