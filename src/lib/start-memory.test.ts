import assert from 'node:assert/strict'
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import { it } from 'node:test'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../test/eventually.ts'
import { freeStartMemory } from './start-memory.ts'

// Of a collection that V8 does not start by itself.
const wanted = constants.NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE
type Collection = PerformanceEntry & { detail: { flags: number } }

it('the memory of the start is freed when the process is idle for the first time', async (t) => {
  let collections = 0
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries() as Collection[]
    if (entries.some(({ detail }) => detail.flags & wanted)) collections++
  })
  observer.observe({ entryTypes: ['gc'] })
  t.after(() => observer.disconnect())
  freeStartMemory({ interval: 60 })
  for (const end = performance.now() + 300; performance.now() < end; ) await nextTurn()
  assert.equal(collections, 0, 'not while it is busy')
  await eventually(() => collections > 0)
  const before = collections
  await sleep(300)
  assert.equal(collections, before, 'only once')
})
