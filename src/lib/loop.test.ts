import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../test/eventually.ts'
import { Refusal } from './errors.ts'
import { atLeastEvery, coalesced, every } from './loop.ts'

describe('a coalesced loop', () => {
  it('runs once more for all calls during a run, and never twice at a time', async () => {
    let runs = 0
    let most = 0
    let running = 0
    const loop = coalesced(async () => {
      runs++
      most = Math.max(most, ++running)
      await sleep(20)
      running--
    })
    for (let i = 0; i < 5; i++) loop.wake()
    await sleep(5)
    for (let i = 0; i < 5; i++) loop.wake()
    await sleep(70)
    assert.deepEqual([runs, most], [2, 1])
    loop.wake()
    await eventually(() => runs === 3)
    await loop.stop()
  })

  it('waits for the run under way when it stops, tells it, and starts no other', async () => {
    let runs = 0
    let ended = 0
    let wasTold = false
    const loop = coalesced(async (signal) => {
      runs++
      await sleep(30)
      wasTold = signal.aborted
      ended++
    })
    loop.wake()
    loop.wake()
    await loop.stop()
    assert.deepEqual([runs, ended, wasTold], [1, 1, true])
    loop.wake()
    await sleep(10)
    assert.equal(runs, 1)
  })

  it('goes on after an error, and reports it unless the database is unavailable', async () => {
    const errors: unknown[] = []
    const failures: unknown[] = [new Refusal('unavailable', 'the database is gone'), new Error('a bug')]
    let succeeded = 0
    const work = async () => {
      if (failures.length > 0) throw failures.shift()
      succeeded++
    }
    const loop = coalesced(work, { retry: 5, onError: (error) => errors.push(String(error)) })
    loop.wake()
    await eventually(() => succeeded === 1)
    assert.deepEqual(errors, ['Error: a bug'])
    await loop.stop()
  })
})

describe('a loop with an interval', () => {
  it('runs at once, after each interval, earlier if a run says so, and on request', async () => {
    const times: number[] = []
    const delays = [undefined, 5]
    const start = performance.now()
    const loop = atLeastEvery(200, async () => {
      times.push(performance.now() - start)
      return delays[times.length - 1]
    })
    await eventually(() => times.length === 3)
    assert.ok(times[0]! < 100 && times[1]! >= 190, String(times))
    assert.ok(times[2]! - times[1]! < 150, String(times))
    loop.wake()
    await eventually(() => times.length === 4)
    assert.ok(times[3]! - times[2]! < 150, String(times))
    await loop.stop()
    await sleep(250)
    assert.equal(times.length, 4)
  })

  it('stops before its first run', async () => {
    let runs = 0
    const loop = every(1, async () => void runs++, { first: 5 })
    await loop.stop()
    await sleep(20)
    assert.equal(runs, 0)
  })
})
