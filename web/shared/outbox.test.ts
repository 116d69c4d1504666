import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../test/eventually.ts'
import { CallError } from './api.ts'
import { Outbox, type OutboxEntry, type OutboxOptions, randomKey } from './outbox.ts'

interface Entry extends OutboxEntry {
  lane: number
}

/** A request that waits for the test to answer it. */
interface Sent {
  key: string
  answer(result: string | CallError): void
  stop: AbortController
}

/** An outbox, and what the browser and the server would see of it. */
function setUp(options: Partial<OutboxOptions<Entry, string>> = {}) {
  const seen = { stored: [] as readonly Entry[], requests: [] as Sent[], messages: [] as string[] }
  const outbox = new Outbox<Entry, string>({
    read: () => seen.stored,
    write: (entries) => void Object.assign(seen, { stored: entries }),
    laneOf: ({ lane }) => lane,
    send: ({ key }, stop) =>
      new Promise((resolve, reject) => {
        const answer = (result: string | CallError) =>
          typeof result === 'string' ? resolve(result) : reject(result)
        seen.requests.push({ key, answer, stop })
      }),
    onSent: (message) => seen.messages.push(message),
    ...options,
  })
  const keys = () => seen.requests.map(({ key }) => key)
  const stored = () => seen.stored.map(({ key }) => key)
  return Object.assign(seen, { outbox, keys, storedKeys: stored })
}
const entry = (key: string, lane = 1): Entry => ({ key, lane })
const noNetwork = new CallError(0, 'no network')
const refusal = new CallError(422, 'content is too long')

describe('an outbox', () => {
  it('sends the entries of a lane one after another, and lanes side by side', async () => {
    const { outbox, keys, requests, messages, storedKeys } = setUp()
    outbox.add(entry('a'))
    outbox.add(entry('b'))
    outbox.add(entry('c', 2))
    assert.deepEqual(keys(), ['a', 'c'])
    assert.deepEqual([...outbox.underway.value.keys()], ['a', 'c'])
    assert.deepEqual(storedKeys(), ['a', 'b', 'c'])
    requests[0]!.answer('first')
    await eventually(() => keys().length === 3)
    assert.deepEqual(keys(), ['a', 'c', 'b'])
    requests[2]!.answer('second')
    requests[1]!.answer('other')
    await eventually(() => outbox.entries.value.length === 0)
    assert.deepEqual(messages, ['first', 'second', 'other'])
    assert.deepEqual(storedKeys(), [])
  })

  it('tries again after a failure that passes, and counts the tries', async () => {
    const { outbox, keys, requests } = setUp()
    outbox.add(entry('a'))
    requests[0]!.answer(noNetwork)
    await eventually(() => outbox.entries.value[0]!.tries === 1)
    assert.equal(outbox.underway.value.size, 0)
    await eventually(() => keys().length === 2)
    requests[1]!.answer('done')
    await eventually(() => outbox.entries.value.length === 0)
  })

  it('waits as long as the server asks it to, unless it is resumed', async () => {
    const { outbox, keys, requests } = setUp()
    outbox.add(entry('a'))
    requests[0]!.answer(new CallError(429, 'too many requests', 60))
    await eventually(() => outbox.entries.value[0]!.tries === 1)
    await sleep(1200)
    assert.equal(keys().length, 1)
    outbox.resume()
    await eventually(() => keys().length === 2)
    requests[1]!.answer('done')
    await eventually(() => outbox.entries.value.length === 0)
  })

  it('keeps what was refused, with the reason, and sends it when it is retried', async () => {
    const { outbox, keys, requests } = setUp()
    outbox.add(entry('a'))
    outbox.add(entry('b'))
    requests[0]!.answer(refusal)
    await eventually(() => keys().length === 2)
    assert.equal(outbox.entries.value[0]!.refused, 'content is too long')
    requests[1]!.answer('second')
    await eventually(() => outbox.entries.value.length === 1)
    outbox.retry('a')
    await eventually(() => keys().length === 3)
    assert.equal(outbox.entries.value[0]!.refused, undefined)
    requests[2]!.answer('first')
    await eventually(() => outbox.entries.value.length === 0)
  })

  it('takes a message that an event has brought for arrived, and soon ends its request', async () => {
    const { outbox, keys, requests, messages } = setUp()
    outbox.add(entry('a'))
    outbox.add(entry('b'))
    outbox.arrived('a')
    await eventually(() => keys().length === 2)
    assert.deepEqual(
      outbox.entries.value.map(({ key }) => key),
      ['b'],
    )
    assert.equal(requests[0]!.stop.signal.aborted, false)
    await eventually(() => requests[0]!.stop.signal.aborted)
    assert.deepEqual(messages, [])
    outbox.discard('b')
  })

  it('ends the request of what is given up, and goes on with the next', async () => {
    const removed: string[] = []
    const { outbox, keys, requests } = setUp({ onRemoved: ({ key }) => removed.push(key) })
    outbox.add(entry('a'))
    outbox.add(entry('b'))
    outbox.discard('a')
    assert.ok(requests[0]!.stop.signal.aborted)
    requests[0]!.answer(noNetwork)
    await eventually(() => keys().length === 2)
    requests[1]!.answer('done')
    await eventually(() => outbox.entries.value.length === 0)
    assert.deepEqual(removed, ['a', 'b'])
  })

  it('follows what other windows store, and does not overwrite it', async () => {
    const seen = setUp()
    const { outbox, keys, requests, storedKeys } = seen
    outbox.add(entry('a'))
    seen.stored = [...seen.stored, entry('theirs', 2)]
    outbox.add(entry('b'))
    assert.deepEqual(storedKeys(), ['a', 'theirs', 'b'])
    // Another window has heard that it arrived.
    seen.stored = seen.stored.filter(({ key }) => key !== 'a')
    outbox.replace(seen.stored)
    await eventually(() => keys().includes('b'))
    requests[1]!.answer('done')
    await eventually(() => outbox.entries.value.length === 1)
    assert.deepEqual(storedKeys(), ['theirs'])
  })

  it('lives on in its window if the browser stores nothing', async () => {
    const { outbox, requests } = setUp({ read: () => undefined, write() {} })
    outbox.add(entry('a'))
    outbox.add(entry('b'))
    requests[0]!.answer('done')
    await eventually(() => outbox.entries.value.length === 1)
    outbox.discard('b')
  })

  it('skips entries that have no lane, and stops a lane on request', async () => {
    let isSignedIn = true
    const { outbox, keys, requests } = setUp({
      laneOf: () => (isSignedIn ? 1 : undefined),
      reactionTo(error) {
        isSignedIn = error.status !== 401
        return isSignedIn ? 'wait' : 'stop'
      },
    })
    outbox.add(entry('a'))
    requests[0]!.answer(new CallError(401, 'signed out'))
    await eventually(() => !isSignedIn)
    outbox.resume()
    await sleep(50)
    assert.equal(keys().length, 1)
    isSignedIn = true
    outbox.resume()
    await eventually(() => keys().length === 2)
    requests[1]!.answer('done')
    await eventually(() => outbox.entries.value.length === 0)
  })

  it('gives every entry a key of its own', () => {
    const keys = new Set(Array.from({ length: 100 }, randomKey))
    assert.equal(keys.size, 100)
    for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/)
  })
})
