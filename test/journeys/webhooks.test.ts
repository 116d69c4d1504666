import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTestData } from '../databases.ts'
import { eventually } from '../eventually.ts'
import { call, postMessage, startProgram } from '../process.ts'
import { startReceiver } from '../webhooks.ts'

describe('A server that is killed', () => {
  it('delivers every event after its next start, and again the one that it was sending', async (t) => {
    const testData = await createTestData()
    t.after(() => testData.remove())
    const { DATA_DIR: data = '', ...engine } = testData.environment
    const environment: Record<string, string> = { ...engine, NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' }
    let hangs = true
    const receiver = await startReceiver((response) => {
      if (hangs) return new Promise((resolve) => response.on('close', () => resolve()))
      return undefined
    })
    const first = await startProgram(t, { data, environment })
    const body = { url: receiver.url, subscriptions: ['message_created'] }
    assert.equal((await call(first, '/webhooks', { body })).status, 201)
    await postMessage(first, 'message 0')
    await eventually(() => receiver.received.length === 1)
    const count = 100
    for (let i = 1; i < count; i++) assert.equal((await postMessage(first, `message ${i}`)).status, 201)
    first.kill('SIGKILL')
    await first.ended
    hangs = false
    await startProgram(t, { data, environment })
    const start = performance.now()
    await eventually(() => receiver.received.length >= 2)
    const seconds = (performance.now() - start) / 1000
    assert.ok(seconds < 3, `it continued ${seconds} seconds after its start`)
    await eventually(() => receiver.contents().at(-1) === `message ${count - 1}`)
    const expected = Array.from({ length: count }, (_, i) => `message ${i}`)
    assert.deepEqual(receiver.contents(), ['message 0', ...expected])
    const [one, again] = receiver.received
    assert.equal(one!.headers['webhook-id'], again!.headers['webhook-id'])
  })
})
