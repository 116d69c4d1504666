import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Refusal } from './errors.ts'
import { Quota } from './quota.ts'

describe('a quota', () => {
  const quotaOf = (most: number, window = 60_000) => new Quota({ most, window, sentence: 'too much' })
  const isRefused = (quota: Quota, key: string, amount?: number) => {
    try {
      quota.take(key, amount)
      return false
    } catch (error) {
      assert.ok(error instanceof Refusal && error.code === 'too_many_requests' && error.retryAfter! > 0)
      return true
    }
  }

  it('is for each key', () => {
    const quota = quotaOf(2)
    const answers = ['a', 'a', 'b', 'a', 'b', 'b'].map((key) => isRefused(quota, key))
    assert.deepEqual(answers, [false, false, false, true, false, true])
  })

  it('does not count what it refuses or what is returned', () => {
    const quota = quotaOf(10)
    assert.ok(isRefused(quota, 'a', 11))
    assert.ok(!isRefused(quota, 'a', 10))
    quota.giveBack('a', 4)
    assert.ok(isRefused(quota, 'a', 5))
    assert.ok(!isRefused(quota, 'a', 4))
    quota.giveBack('b')
    assert.ok(isRefused(quota, 'b', 11))
  })

  it('is whole again when its window ends', async () => {
    const quota = quotaOf(1, 20)
    assert.ok(!isRefused(quota, 'a'))
    await new Promise((resolve) => setTimeout(resolve, 30))
    assert.ok(!isRefused(quota, 'a'))
  })

  it('is not lost to a flood of other keys', () => {
    const quota = quotaOf(1)
    for (let key = 0; key < 40_000; key++) quota.take(`${key}`)
    assert.ok(isRefused(quota, '0'))
  })
})
