import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import { isUnavailable } from '../lib/errors.ts'
import { migrations } from '../migrations.ts'
import type { Database, Queries } from './database.ts'
import { fileName, openSqlite } from './sqlite.ts'

let directory: string
let database: Database
let isClosed: boolean
/** All threads that were started, also those that have ended. */
const threads: Worker[] = []
const addThread = (thread: Worker) => void threads.push(thread)

function open(readThreads: number): void {
  database = openSqlite(directory, migrations, readThreads)
  isClosed = false
}

async function close(): Promise<void> {
  isClosed = true
  await database.close()
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ndoto-readers-'))
  threads.length = 0
  process.on('worker', addThread)
  open(1)
})
afterEach(async () => {
  process.off('worker', addThread)
  if (!isClosed) await database.close()
  rmSync(directory, { recursive: true, force: true })
})

function add(name: string): Promise<void> {
  return database.transaction(null, async (tx) => {
    await tx.sql.insertInto('accounts').values({ name, created_at: 1, updated_at: 1 }).execute()
  })
}

async function names(queries: Queries): Promise<string[]> {
  const rows = await queries.sql.selectFrom('accounts').select('name').orderBy('id').execute()
  return rows.map(({ name }) => name)
}

/** Runs a query that takes about half a second, and returns the number that it has counted to. */
async function readLong(queries: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`with recursive n (i) as
    (select 1 union all select i + 1 from n where i < 3000000) select count(i) as count from n`.execute(
    queries.sql,
  )
  return rows[0]!.count
}

/** The same, with a function in JavaScript for each row, at which a thread can be stopped. */
function readInJavaScript(queries: Queries): Promise<unknown> {
  return sql`with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000000)
    select count(sha256(i)) from n`.execute(queries.sql)
}

/** Records the order in which promises settle. */
function recorder() {
  const order: string[] = []
  const record = <T>(name: string, promise: Promise<T>) => promise.finally(() => order.push(name))
  return { order, record }
}

describe('A long read', () => {
  it('holds up neither reads nor transactions', async () => {
    const { order, record } = recorder()
    const long = record('long', readLong(database.longReads))
    for (let i = 0; i < 20; i++) {
      await record('write', add(`account ${i}`))
      await record('read', names(database.read))
    }
    assert.equal(await long, 3_000_000)
    assert.equal(order.length, 41)
    assert.equal(order.at(-1), 'long')
  })

  it('sees everything that was committed before it', async () => {
    for (let count = 1; count <= 200; count++) {
      await add(`account ${count}`)
      assert.equal((await names(database.longReads)).length, count)
    }
  })

  it('returns rows and values as other reads do', async () => {
    await add('näme')
    const query = (queries: Queries) =>
      sql`select name, 1 as number, 1.5 as real, null as missing, x'00ff' as bytes, ${'ü'} as parameter
        from accounts`.execute(queries.sql)
    const [expected, found] = [await query(database.read), await query(database.longReads)]
    assert.deepEqual(found.rows, expected.rows)
  })

  it('rejects with the error of the statement, and the next one runs', async () => {
    await assert.rejects(
      sql`select * from nowhere`.execute(database.longReads.sql),
      (error: Error) => error.message.includes('no such table: nowhere') && !isUnavailable(error),
    )
    assert.deepEqual(await names(database.longReads), [])
    assert.equal(threads.length, 1)
  })

  it('cannot write', async () => {
    const values = { name: 'no', created_at: 1, updated_at: 1 }
    await assert.rejects(
      database.longReads.sql.insertInto('accounts').values(values).execute(),
      isUnavailable,
    )
    assert.deepEqual(await names(database.read), [])
  })

  it('inside a transaction rolls it back, because others would wait for it', async () => {
    const work = database.transaction(null, async (tx) => {
      await tx.sql.insertInto('accounts').values({ name: 'no', created_at: 1, updated_at: 1 }).execute()
      await names(database.longReads)
    })
    await assert.rejects(work, /waited for something other than its own queries/)
    assert.deepEqual(await names(database.read), [])
  })
})

describe('The threads', () => {
  it('start when they are needed, at most as many as are allowed, and end with the database', async () => {
    await close()
    open(2)
    assert.deepEqual(await names(database.read), [])
    assert.equal(threads.length, 0)
    await names(database.longReads)
    await names(database.longReads)
    assert.equal(threads.length, 1)
    await Promise.all(Array.from({ length: 10 }, () => names(database.longReads)))
    assert.equal(threads.length, 2)
    await close()
    // The id of a thread that has ended is -1.
    assert.deepEqual(
      threads.map(({ threadId }) => threadId),
      [-1, -1],
    )
  })

  it('run reads at the same time', async () => {
    await close()
    open(2)
    const { order, record } = recorder()
    const long = record('long', readLong(database.longReads))
    await record('short', names(database.longReads))
    await long
    assert.deepEqual(order, ['short', 'long'])
  })

  it('do not exist if the setting is 0, and reads run at once', async () => {
    await close()
    open(0)
    const { order, record } = recorder()
    await Promise.all([
      record('long', readLong(database.longReads)),
      record('short', names(database.read)),
      database.snapshot(names),
    ])
    assert.deepEqual([order, threads], [['long', 'short'], []])
    assert.equal(database.stats().longReads, undefined)
  })

  it('are counted with what waits for them', async () => {
    assert.deepEqual(database.stats().longReads, { queued: 0, running: 0 })
    const before = database.stats().queries
    const reads = Array.from({ length: 5 }, () => names(database.longReads))
    // Queries of Kysely reach the pool a few promises later.
    await setTimeout(0)
    assert.deepEqual(database.stats().longReads, { queued: 4, running: 1 })
    await Promise.all(reads)
    assert.deepEqual(database.stats().longReads, { queued: 0, running: 0 })
    assert.equal(database.stats().queries, before + 5)
  })

  it('that die reject what they ran with `unavailable`, and are replaced', async () => {
    const running = readInJavaScript(database.longReads)
    const waiting = names(database.longReads)
    while (threads.length === 0) await setTimeout(1)
    await once(threads[0]!, 'online')
    const failed = assert.rejects(running, isUnavailable)
    await threads[0]!.terminate()
    await failed
    assert.deepEqual(await waiting, [])
    assert.equal(threads.length, 2)
    assert.deepEqual(database.stats().longReads, { queued: 0, running: 0 })
  })

  it('that die without work are replaced, too', async () => {
    await names(database.longReads)
    await threads[0]!.terminate()
    assert.deepEqual(await names(database.longReads), [])
    assert.equal(threads.length, 2)
  })
})

describe('Too many long reads', () => {
  it('are refused with `unavailable`, and the others are answered', async () => {
    const long = readLong(database.longReads)
    const others = Promise.allSettled(Array.from({ length: 201 }, () => names(database.longReads)))
    // Queries of Kysely reach the pool a few promises later.
    await setTimeout(0)
    assert.deepEqual(database.stats().longReads, { queued: 200, running: 1 })
    const outcomes = await others
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    assert.deepEqual(
      refused.map(({ reason }) => [isUnavailable(reason), reason.message]),
      [[true, 'too many lists and searches are waiting at the moment; try again']],
    )
    assert.equal(await long, 3_000_000)
  })
})

describe('Closing the database', () => {
  it('waits for long reads, those that are queued too, and refuses new ones', async () => {
    const reads = Promise.all([readLong(database.longReads), names(database.longReads)])
    const { order, record } = recorder()
    // So that the reads have reached the pool.
    await setTimeout(0)
    await Promise.all([record('read', reads), record('closed', close())])
    assert.deepEqual(order, ['read', 'closed'])
    await assert.rejects(names(database.longReads), isUnavailable)
  })

  it('needs no thread that has not been used', async () => {
    await close()
    assert.equal(threads.length, 0)
  })
})

describe('A snapshot', () => {
  it('shows one state for as long as it takes, on a thread of its own', async () => {
    await add('before')
    const seen = await database.snapshot(async (queries) => {
      const first = await names(queries)
      await add('after')
      assert.deepEqual(await names(database.longReads), ['before', 'after'])
      return [first, ...(await Promise.all([names(queries), names(queries)]))]
    })
    assert.deepEqual(seen, [['before'], ['before'], ['before']])
    assert.equal(threads.length, 2)
    assert.equal(threads.filter(({ threadId }) => threadId === -1).length, 1)
  })

  it('holds up neither reads nor transactions', async () => {
    const { order, record } = recorder()
    const snapshot = record('snapshot', database.snapshot(readLong))
    await record('write', add('other'))
    await record('long read', names(database.longReads))
    assert.equal(await snapshot, 3_000_000)
    assert.deepEqual(order, ['write', 'long read', 'snapshot'])
  })

  it('rejects with the error of its work', async () => {
    await assert.rejects(
      database.snapshot(() => Promise.reject(new Error('of the work'))),
      /of the work/,
    )
  })
})

describe('While others read without end', () => {
  const secret = 'what-somebody-once-said-and-takes-back'
  const log = () => join(directory, `${fileName}-wal`)

  async function whileReading(work: () => Promise<void>): Promise<void> {
    await close()
    open(2)
    let isDone = false
    let reads = 0
    const read = async () => {
      for (; !isDone; reads++) await readAccounts()
    }
    const readers = Promise.all([read(), read(), read()])
    // Until then the threads may still be starting.
    while (reads < 3) await setTimeout(1)
    await work()
    isDone = true
    await readers
  }

  /** Reads so long that there is no moment without a reader, not even while this thread commits. */
  function readAccounts(): Promise<unknown> {
    return sql`with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000000)
      select count(i), (select count(*) from accounts) from n`.execute(database.longReads.sql)
  }

  it('an erasure leaves no trace in any file', async () => {
    await whileReading(async () => {
      await add(secret)
      await database.transaction(null, async (tx) => {
        await tx.sql.updateTable('accounts').set({ name: '' }).execute()
      })
      await database.wipeErased()
      const traces = readdirSync(directory).filter((file) =>
        readFileSync(join(directory, file)).includes(secret),
      )
      assert.deepEqual(traces, [])
    })
  })

  it('a write-ahead log that has grown large is emptied', async () => {
    const size = () => statSync(log()).size
    await whileReading(async () => {
      await database.transaction(null, async (tx) => {
        for (let i = 0; i < 14; i++) {
          const name = 'x'.repeat(5 * 1024 ** 2)
          await tx.sql.insertInto('accounts').values({ name, created_at: 1, updated_at: 1 }).execute()
        }
      })
      assert.ok(size() > 64 * 1024 ** 2)
      for (let tries = 0; tries < 50 && size() > 1024 ** 2; tries++) {
        await setTimeout(100)
        await add('small')
      }
      assert.ok(size() < 1024 ** 2, `${size()} bytes`)
    })
  })
})

async function once(thread: Worker, event: string): Promise<void> {
  await new Promise((resolve) => thread.once(event, resolve))
}
