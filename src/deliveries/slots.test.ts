import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Slots } from './slots.ts'

describe('slots', () => {
  it('give a receiver as many as it may have, and again when it returns them', () => {
    const slots = new Slots(64, 8)
    assert.deepEqual(slots.take('a'), { count: 8, isShort: false })
    assert.deepEqual(slots.take('a'), { count: 0, isShort: false })
    slots.give('a', 3)
    assert.deepEqual(slots.take('a', 6), { count: 1, isShort: false })
    slots.give('a', 1)
    assert.deepEqual(slots.take('a'), { count: 3, isShort: false }, 'a single receiver gets all of its slots')
    slots.give('a', 8)
    assert.equal(slots.isIdle, true)
  })

  it('leave some for another receiver while forty receivers return none', () => {
    const slots = new Slots(64, 8)
    const counts = Array.from({ length: 40 }, (_, i) => slots.take(`slow ${i}`).count)
    assert.ok(
      counts.every((count) => count >= 1),
      String(counts),
    )
    assert.ok(slots.take('another').count >= 1)
  })

  it('report when other receivers occupy what one asks for', () => {
    const slots = new Slots(2, 2)
    assert.deepEqual(slots.take('a'), { count: 2, isShort: false })
    assert.deepEqual(slots.take('b'), { count: 0, isShort: true })
    slots.give('a', 1)
    assert.deepEqual(slots.take('b'), { count: 1, isShort: true })
    assert.equal(slots.isIdle, false)
  })
})
