import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fc } from '../../../test/random.ts'
import { type Block, EventStreamParser } from '../src/event-stream-parser.ts'

const parse = (...pieces: string[]): Block[] => {
  const parser = new EventStreamParser()
  return pieces.flatMap((piece) => parser.push(piece))
}
const event = (data: string | undefined, more: Partial<Block> = {}): Block => ({
  id: undefined,
  name: 'message',
  data,
  ...more,
})

describe('an event stream', () => {
  // The first four are the examples of the standard.
  for (const [what, text, blocks] of [
    ['lines of data', 'data: YHOO\ndata: +2\ndata: 10\n\n', [event('YHOO\n+2\n10')]],
    [
      'a comment and ids',
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
      [event('first event', { id: '1' }), event('second event', { id: '' }), event(' third event')],
    ],
    ['empty data', 'data\n\ndata\ndata\n\ndata:', [event(''), event('\n')]],
    ['one blank after the colon', 'data:test\n\ndata: test\n\n', [event('test'), event('test')]],
    ['a name', 'event: typing\ndata: {}\n\ndata: {}\n\n', [event('{}', { name: 'typing' }), event('{}')]],
    ['an id alone', 'id: 7\n\n', [event(undefined, { id: '7' })]],
    ['a name alone', 'event: typing\n\ndata: 1\n\n', [event('1')]],
    ['an id with a zero in it', 'id: 1\0\ndata: 1\n\n', [event('1')]],
    ['fields that mean nothing', 'retry: x\nnonsense: 1\nmore\ndata: 1\n\n', [event('1')]],
    ['a mark of the byte order', '\uFEFFdata: 1\n\n', [event('1')]],
    ['what is not ended', 'data: 1\n\ndata: 2\n', [event('1')]],
  ] as const) {
    it(`with ${what} is read as the standard says`, () => {
      for (const end of ['\n', '\r\n', '\r']) {
        assert.deepEqual(parse(text.replaceAll('\n', end)), blocks, JSON.stringify(end))
      }
    })
  }

  it('means the same in whatever pieces it comes', () => {
    const line = fc.constantFrom('data: 1', 'data', 'id: 5', 'event: x', ': c', '', '', 'data:é')
    const text = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 20 })
      .map((lines) => lines.flat().join(''))
    const property = fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (whole, places) => {
      const cuts = [0, ...places.sort((one, other) => one - other), whole.length]
      const pieces = cuts.slice(1).map((cut, index) => whole.slice(cuts[index], cut))
      assert.deepEqual(parse(...pieces), parse(whole))
    })
    fc.assert(property, { numRuns: 500 })
  })
})
