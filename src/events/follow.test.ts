import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { startApp } from '../../src/app.ts'
import { sendMessage, startTestApp, type TestApp } from '../../test/app.ts'
import { skipWithoutPostgres } from '../../test/databases.ts'
import { eventually } from '../../test/eventually.ts'
import { addAccount } from '../../test/factories.ts'
import { features } from '../features.ts'
import type { Feature } from '../http/feature.ts'
import { Refusal } from '../lib/errors.ts'
import { startFollowing, stopFollowing } from './cursors.ts'
import { type FollowedBatch, type Follower, follow } from './follow.ts'
import { logBounds, readEvents } from './read.ts'

type Step = (events: FollowedBatch) => number | undefined

/** The usual features, and one that only follows the log. */
const featuresWith = (...followers: Follower[]): Feature[] => [...features, { name: 'test', followers }]

/** Starts a server with a follower. `seen` gets the positions of the events that it has processed, by account. */
async function startWith(t: TestContext, step: Step = () => undefined, from: Follower['from'] = 'start') {
  const seen: Record<number, number[]> = {}
  const follower = follow('test', {
    from,
    async step(_, batch) {
      const done = step(batch)
      const own = seen[batch.accountId] ?? []
      seen[batch.accountId] = own
      own.push(...batch.events.map(({ position }) => position).filter((one) => one <= (done ?? one)))
      return done
    },
  })
  const overrides = { features: featuresWith(follower), retry: { tries: 3, pause: 5 } }
  const test = await startTestApp({}, overrides)
  t.after(() => test.close())
  return { test, seen, overrides }
}

const newestOf = async ({ app }: TestApp, accountId = 1) =>
  (await logBounds(app.database.read, accountId)).newest

/** The positions from `first` to `last`. */
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

const parkedIn = ({ app }: TestApp) => app.database.read.sql.selectFrom('parked_events').selectAll().execute()

describe('a follower', () => {
  it('processes each event once, in order, in every account, and after a restart', async (t) => {
    const { test, seen } = await startWith(t)
    const other = await addAccount(test)
    for (let i = 0; i < 30; i++) await sendMessage(test, `message ${i}`)
    const body = { name: 'Theirs' }
    const path = `//api/v1/accounts/${other.accountId}/contacts`
    await test.api(path, { method: 'POST', body, token: other.token })
    await eventually(async () => seen[1]?.at(-1) === (await newestOf(test)))
    await test.restart()
    await sendMessage(test, 'after the restart')
    const newest = await newestOf(test)
    await eventually(() => seen[1]?.at(-1) === newest)
    assert.deepEqual(seen[1], range(1, newest))
    const theirs = await newestOf(test, other.accountId)
    await eventually(() => seen[other.accountId]?.at(-1) === theirs)
    assert.deepEqual(seen[other.accountId], range(1, theirs))
  })

  it('gets the rest of a batch again if it stops in the middle', async (t) => {
    const { test, seen } = await startWith(t, ({ events }) =>
      events.length > 2 ? events[1]!.position : undefined,
    )
    for (let i = 0; i < 20; i++) await sendMessage(test, `message ${i}`)
    const newest = await newestOf(test)
    await eventually(() => seen[1]?.at(-1) === newest)
    assert.deepEqual(seen[1], range(1, newest))
  })

  it('gets no batch of more than a megabyte, except for a single larger event', async (t) => {
    const { test } = await startWith(t)
    const large = 'x'.repeat(140_000)
    for (let i = 0; i < 12; i++) await sendMessage(test, large)
    const { read } = test.app.database
    const batch = await readEvents(read, 1, 0, 1000)
    const bytes = batch.events.reduce((sum, { data }) => sum + data.length, 0)
    assert.ok(batch.hasMore)
    assert.ok(bytes > 700_000 && bytes < 1_400_000, String(bytes))
    const positions: number[] = []
    for (let after = 0, hasMore = true; hasMore; ) {
      const next = await readEvents(read, 1, after, 1000)
      positions.push(...next.events.map(({ position }) => position))
      after = positions.at(-1)!
      hasMore = next.hasMore
    }
    assert.deepEqual(positions, range(1, await newestOf(test)))
  })

  it('parks an event that fails again and again, says so, and goes on', async (t) => {
    const bad = new Set<number>()
    const { test, seen } = await startWith(t, ({ events }) => {
      const one = events.find(({ position }) => bad.has(position))
      if (one) throw new Error(`cannot process ${one.position}`)
      return undefined
    })
    const before = await newestOf(test)
    await eventually(() => seen[1]?.at(-1) === before)
    bad.add(before + 3).add(before + 4)
    for (let i = 0; i < 8; i++) await sendMessage(test, `message ${i}`)
    const newest = await newestOf(test)
    await eventually(() => seen[1]?.at(-1) === newest)
    assert.deepEqual(
      seen[1],
      range(1, newest).filter((position) => !bad.has(position)),
    )
    const parked = await parkedIn(test)
    assert.deepEqual(
      parked.map(({ follower, position, error }) => ({ follower, position, error })),
      [...bad].map((position) => ({
        follower: 'test',
        position,
        error: `Error: cannot process ${position}`,
      })),
    )
    const { body: metrics } = await test.api('//metrics', { token: null })
    assert.match(metrics, /^ndoto_parked_events 2$/m)
  })

  it('waits while the database is unavailable, and parks nothing', async (t) => {
    let isUnavailable = true
    let tries = 0
    const { test, seen } = await startWith(t, () => {
      tries++
      if (isUnavailable) throw new Refusal('unavailable', 'the database is gone')
      return undefined
    })
    await eventually(() => tries > 8)
    isUnavailable = false
    const newest = await newestOf(test)
    await eventually(() => seen[1]?.at(-1) === newest)
    assert.deepEqual(await parkedIn(test), [])
  })

  it('does not repeat the writes of a step that has failed', async (t) => {
    let failures = 2
    const follower = follow('test', {
      from: 'start',
      async step(tx, { accountId, events }) {
        for (const { position } of events) {
          await tx.sql
            .insertInto('labels')
            .values({ account_id: accountId, id: position, title: `event ${position}`, ...label })
            .execute()
        }
        if (failures-- > 0) throw new Error('after its writes')
        return undefined
      },
    })
    const test = await startTestApp({}, { features: featuresWith(follower), retry: { pause: 5 } })
    t.after(() => test.close())
    await eventually(async () => {
      const { payload } = (await test.api('/labels')).body
      return payload.length === (await newestOf(test))
    })
  })

  it('from `call` follows only accounts in which it was started, from then on', async (t) => {
    const { test, seen } = await startWith(t, undefined, 'call')
    await sendMessage(test, 'before')
    const { database } = test.app
    const first = (await newestOf(test)) + 1
    await database.transaction(1, (tx) => startFollowing(tx, 1, 'test'))
    await sendMessage(test, 'followed')
    const last = await newestOf(test)
    await eventually(() => seen[1]?.at(-1) === last)
    await database.transaction(1, (tx) => stopFollowing(tx, 1, 'test'))
    await sendMessage(test, 'not followed')
    await database.transaction(1, (tx) => startFollowing(tx, 1, 'test'))
    await sendMessage(test, 'followed again')
    const newest = await newestOf(test)
    await eventually(() => seen[1]?.at(-1) === newest)
    assert.deepEqual(seen[1], [...range(first, last), newest])
  })

  it('skips events that were removed from the log before it came to them', async (t) => {
    const { test, seen } = await startWith(t, undefined, 'call')
    const { database } = test.app
    await database.transaction(1, async (tx) => {
      await startFollowing(tx, 1, 'test')
      await tx.sql.updateTable('followers').set({ position: 0 }).where('name', '=', 'test').execute()
      await tx.sql.deleteFrom('events').where('account_id', '=', 1).execute()
    })
    const newest = await newestOf(test)
    await eventually(async () => {
      const cursors = database.read.sql.selectFrom('followers').selectAll().where('name', '=', 'test')
      return (await cursors.executeTakeFirst())?.position === newest
    })
    assert.equal(seen[1], undefined)
  })

  it('runs on one of two nodes at a time', { skip: skipWithoutPostgres }, async (t) => {
    const { test, seen, overrides } = await startWith(t)
    const other = await startApp({ ...test.config, port: 0 }, overrides)
    t.after(() => other.close())
    await Promise.all(Array.from({ length: 100 }, (_, i) => sendMessage(test, `message ${i}`)))
    const newest = await newestOf(test)
    await eventually(() => seen[1]?.length === newest)
    assert.deepEqual(seen[1], range(1, newest))
  })
})

const label = { color: '#112233', description: null, show_on_sidebar: 0, created_at: 1, updated_at: 1 }
