import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isoOfSeconds } from './time.ts'

describe('A time in whole seconds', () => {
  it('is shown as toISOString shows it, whatever was shown before', () => {
    const day = 86_400
    const edges = [0, 59, 60, 3599, 3600, day - 1, day, 951_782_400, 1_709_164_799, 253_402_300_799, -1]
    const random = Array.from({ length: 2000 }, () => Math.floor(Math.random() * 4e9) - 1e9)
    const times = [...edges, ...random].flatMap((one) => [one, one + 1, one, one + day])
    for (const seconds of times.filter((one) => one <= 253_402_300_799))
      assert.equal(isoOfSeconds(seconds), new Date(seconds * 1000).toISOString())
  })
})
