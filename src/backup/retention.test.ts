import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fc } from '../../test/random.ts'
import { backupName, backupTime } from './manifest.ts'
import { keptBackups } from './retention.ts'
import { isDue } from './schedule.ts'

const hour = 3600 * 1000
const day = 24 * hour
// A Sunday.
const now = Date.parse('2026-11-29T12:00:00Z')
const namesOf = (times: number[]) => times.map(backupName)

describe('The backups that are kept', () => {
  it('are those of the last day, of the last days and of the last weeks', () => {
    const everySixHours = Array.from({ length: 400 }, (_, index) => backupName(now - index * 6 * hour))
    const kept = keptBackups(everySixHours, { daily: 3, weekly: 3 })
    assert.deepEqual(
      [...kept]
        .sort()
        .reverse()
        .map((name) => name.slice(0, 16)),
      [
        '2026-11-29T12-00',
        '2026-11-29T06-00',
        '2026-11-29T00-00',
        '2026-11-28T18-00',
        '2026-11-27T18-00',
        '2026-11-22T18-00',
        '2026-11-15T18-00',
      ],
    )
  })

  it('reach back over days without a backup', () => {
    const names = namesOf([now, now - 20 * day, now - 90 * day, now - 91 * day, now - 92 * day])
    assert.deepEqual([...keptBackups(names, { daily: 3, weekly: 0 })], names.slice(0, 3))
    assert.deepEqual([...keptBackups(names, { daily: 0, weekly: 0 })], names.slice(0, 1))
    assert.deepEqual([...keptBackups([], { daily: 3, weekly: 3 })], [])
  })

  it('always include the newest, are never more than they can be, and stay kept with less', () => {
    const times = fc.array(fc.integer({ min: 0, max: 300 * 24 }), { maxLength: 200, minLength: 1 })
    const count = fc.nat(10)
    fc.assert(
      fc.property(times, count, count, (hours, daily, weekly) => {
        const names = namesOf([...new Set(hours)].map((one) => now - one * hour))
        const kept = keptBackups(names, { daily, weekly })
        assert.ok(kept.has(names.toSorted().at(-1)!))
        assert.ok(kept.size <= 24 + daily + weekly)
        // What is removed one after another is what is removed at once.
        assert.deepEqual(keptBackups([...kept], { daily, weekly }), kept)
      }),
    )
  })

  it('have names in the order of their times', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e12 }), (one, other) => {
        assert.equal(backupTime(backupName(one)), one)
        assert.equal(backupName(one) < backupName(other), one < other)
      }),
    )
  })
})

describe('A backup', () => {
  it('is due after its time, and after a pause if the last one has failed', () => {
    assert.equal(isDue({}, day, now), true)
    assert.equal(isDue({ succeeded_at: now - day + 1 }, day, now), false)
    assert.equal(isDue({ succeeded_at: now - day }, day, now), true)
    assert.equal(isDue({ succeeded_at: now - 2 * day, failed_at: now - 1000 }, day, now), false)
    assert.equal(isDue({ failed_at: now - hour / 6 }, day, now), true)
    assert.equal(isDue({ succeeded_at: now + 1000 * day, failed_at: now + day }, day, now), true)
  })
})
