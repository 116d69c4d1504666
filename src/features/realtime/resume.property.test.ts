import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { testDatabaseUrl } from '../../../test/databases.ts'
import { openStream, type StreamEvent } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation } from '../../../test/factories.ts'
import { startNode } from '../../../test/nodes.ts'
import { fc } from '../../../test/random.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

describe('a client that is disconnected again and again', () => {
  it('gets each event once and in order, while others write, on any node', async (t) => {
    const urls = [test.app.url]
    if (testDatabaseUrl) urls.push((await startNode(t, test)).url)
    const conversations = [1, await addTestConversation(test), await addTestConversation(test)]
    const schedule = fc.record({
      // The number of events after which the client is disconnected, and for how many milliseconds.
      cuts: fc.array(fc.record({ after: fc.nat(9), pause: fc.nat(20) }), { minLength: 3, maxLength: 12 }),
      writers: fc.integer({ min: 1, max: 4 }),
      each: fc.integer({ min: 3, max: 12 }),
    })
    let run = 0
    const property = fc.asyncProperty(schedule, async ({ cuts, writers, each }) => {
      run += 1
      const start = await openStream(test)
      let cursor = start.cursor!
      start.close()
      const writing = Array.from({ length: writers }, async (_, writer) => {
        for (let count = 0; count < each; count++) {
          await sendMessage(test, `${run}.${writer}.${count}`, {}, conversations[(writer + count) % 3]!)
        }
      })
      const events: StreamEvent[] = []
      const total = writers * each
      for (let round = 0; events.length < total; round++) {
        const cut = cuts[round] ?? { after: total, pause: 0 }
        const stream = await openStream(test, { query: `after=${cursor}`, url: urls[round % urls.length]! })
        const enough = Math.min(cut.after, total - events.length)
        await eventually(() => stream.logged.length >= enough)
        stream.close()
        await eventually(() => stream.ended)
        events.push(...stream.logged)
        cursor = stream.cursor!
        await new Promise((resolve) => setTimeout(resolve, cut.pause))
      }
      await Promise.all(writing)
      assert.equal(events.length, total)
      const first = events[0]!.id!
      assert.deepEqual(
        events.map(({ id }) => id),
        events.map((_, index) => first + index),
      )
      assert.equal(new Set(events.map(({ data }) => data.content)).size, total)
      for (let writer = 0; writer < writers; writer++) {
        const own = events.filter(({ data }) => data.content.startsWith(`${run}.${writer}.`))
        assert.deepEqual(
          own.map(({ data }) => Number(data.content.split('.')[2])),
          Array.from({ length: each }, (_, count) => count),
        )
      }
    })
    await fc.assert(property, { numRuns: 8 })
  })
})
