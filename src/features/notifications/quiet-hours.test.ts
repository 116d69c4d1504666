import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { endOfQuiet } from './quiet-hours.ts'

const at = (text: string) => Date.parse(text)
const end = (from: string, to: string, now: string, time_zone = 'Europe/Berlin') =>
  new Date(endOfQuiet({ from, to, time_zone }, at(now))).toISOString()

describe('Quiet hours', () => {
  it('end at their time in the time zone, also after midnight', () => {
    assert.equal(end('22:00', '07:00', '2026-01-10T21:30:00Z'), '2026-01-11T06:00:00.000Z')
    assert.equal(end('22:00', '07:00', '2026-01-11T05:00:00Z'), '2026-01-11T06:00:00.000Z')
    assert.equal(end('12:00', '13:00', '2026-07-10T10:30:00Z'), '2026-07-10T11:00:00.000Z')
  })

  it('are over at their end, and have not begun before their beginning', () => {
    for (const now of ['2026-01-11T06:00:00.000Z', '2026-01-10T20:59:00.000Z'])
      assert.equal(end('22:00', '07:00', now), now)
  })

  it('follow a change of the clock', () => {
    // On this night, 02:00 becomes 03:00.
    assert.equal(end('22:00', '02:30', '2026-03-28T22:00:00Z'), '2026-03-29T01:30:00.000Z')
    assert.equal(end('22:00', '07:00', '2026-03-28T22:00:00Z'), '2026-03-29T05:00:00.000Z')
  })

  it('are never if they begin when they end', () => {
    assert.equal(end('22:00', '22:00', '2026-01-10T21:00:00.000Z'), '2026-01-10T21:00:00.000Z')
  })
})
