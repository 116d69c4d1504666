import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyFormat, type Format } from './formatting.ts'

/** The text after a format, with the selection in brackets. */
function after(format: Format, marked: string): string {
  const from = marked.indexOf('<')
  const to = marked.indexOf('>', from) - 1
  const text = marked.replace('<', '').replace('>', '')
  const { from: start, to: end, text: written, select } = applyFormat(format, { text, from, to })
  const result = text.slice(0, start) + written + text.slice(end)
  return `${result.slice(0, select[0])}<${result.slice(...select)}>${result.slice(select[1])}`
}

describe('A format of the composer', () => {
  for (const [format, before, expected] of [
    ['bold', 'a <b> c', 'a **<b>** c'],
    ['bold', 'a **<b>** c', 'a <b> c'],
    ['bold', 'a <**b**> c', 'a <b> c'],
    ['bold', 'a< b >c', 'a **<b>** c'],
    ['bold', '<>', '**<>**'],
    ['italic', '<a>', '_<a>_'],
    ['code', '<a>', '`<a>`'],
    ['code', 'x <a\nb> y', 'x \n```\n<a\nb>\n```\n y'],
    ['link', '<here>', '[here](<https://>)'],
    ['link', '<https://a.example>', '[<>](https://a.example)'],
    ['list', 'a\n<>b', 'a\n- b<>'],
    ['list', '<a\nb>', '<- a\n- b>'],
    ['list', '<- a\n- b>', '<a\nb>'],
    ['numbers', '<a\n2. b>', '<1. a\n2. b>'],
  ] as const) {
    it(`is ${format}: ${JSON.stringify(before)}`, () => assert.equal(after(format, before), expected))
  }

  it('quotes the lines of the selection', () => {
    const { text } = applyFormat('quote', { text: 'a\nb\nc', from: 0, to: 3 })
    assert.equal(text, '> a\n> b')
    assert.equal(applyFormat('quote', { text, from: 0, to: 5 }).text, 'a\nb')
  })
})
