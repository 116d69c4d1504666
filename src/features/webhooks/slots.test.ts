import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Slots } from './slots.ts'

describe('slots', () => {
  it('give one receiver as many as it may have, and take them back', () => {
    const slots = new Slots(64, 8)
    assert.deepEqual(slots.take('a'), { count: 8, short: false })
    assert.deepEqual(slots.take('a'), { count: 0, short: false })
    slots.give('a', 3)
    assert.deepEqual(slots.take('a', 6), { count: 1, short: false })
    slots.give('a', 1)
    assert.deepEqual(slots.take('a'), { count: 3, short: false }, 'the only one has them all')
    slots.give('a', 8)
    assert.equal(slots.isIdle, true)
  })

  it('leave something for the next, when forty receivers keep what they have', () => {
    const slots = new Slots(64, 8)
    const counts = Array.from({ length: 40 }, (_, i) => slots.take(`slow ${i}`).count)
    assert.ok(
      counts.every((count) => count >= 1),
      String(counts),
    )
    assert.ok(slots.take('another').count >= 1)
  })

  it('say when others have what is wanted', () => {
    const slots = new Slots(2, 2)
    assert.deepEqual(slots.take('a'), { count: 2, short: false })
    assert.deepEqual(slots.take('b'), { count: 0, short: true })
    slots.give('a', 1)
    assert.deepEqual(slots.take('b'), { count: 1, short: true })
    assert.equal(slots.isIdle, false)
  })
})
