import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { CompiledQuery, sql } from 'kysely'
import pg from 'pg'
import { createDatabase, skipWithoutPostgres } from '../../test/databases.ts'
import { eventually } from '../../test/eventually.ts'
import { chownToPostgres, skipWithoutInitdb, startPostgresServer } from '../../test/postgres-server.ts'
import { atEnd, temporaryDirectory } from '../../test/process.ts'
import { startTcpProxy } from '../../test/tcp-proxy.ts'
import { isUnavailable } from '../lib/errors.ts'
import { migrations } from '../migrations.ts'
import type { Database, Queries } from './database.ts'
import { GrowingStatistics } from './growing-statistics.ts'
import { WrongDatabase } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { PostgresListener } from './postgres-listener.ts'
import { prepare } from './prepare.ts'

let url: string
let drop: () => Promise<void>
/** Sees only what is committed, and manipulates the server. */
let outside: pg.Client
let database: Database

before(async () => {
  if (skipWithoutPostgres) return
  const fresh = await createDatabase()
  url = fresh.url
  drop = fresh.drop
  outside = new pg.Client({ connectionString: url, application_name: 'outside' })
  await outside.connect()
  const first = await openPostgres(url, migrations)
  await first.close()
})
after(async () => {
  await outside?.end()
  await drop?.()
})
beforeEach(async () => {
  if (skipWithoutPostgres) return
  await outside.query('delete from accounts')
  database = await openPostgres(url, migrations)
})
afterEach(() => database?.close())

/** Opens the database with other options in its URL, or through a relay. Closed after the test. */
async function open(
  t: TestContext,
  settings: Record<string, string | number>,
  from = url,
): Promise<Database> {
  const address = new URL(from)
  for (const [name, value] of Object.entries(settings)) address.searchParams.set(name, String(value))
  const opened = await openPostgres(address.href, migrations)
  let closed: Promise<void> | undefined
  const close = opened.close.bind(opened)
  opened.close = () => (closed ??= close())
  atEnd(t, opened.close)
  return opened
}

async function add(tx: Queries, name: string): Promise<void> {
  await tx.sql.insertInto('accounts').values({ name, created_at: 1, updated_at: 1 }).execute()
}

async function rename(tx: Queries, name: string, updated_at: number): Promise<void> {
  await tx.sql.updateTable('accounts').set({ updated_at }).where('name', '=', name).execute()
}

async function ask(queries: Queries, text: string): Promise<Record<string, unknown>[]> {
  return (await sql.raw<Record<string, unknown>>(text).execute(queries.sql)).rows
}

/** The id of the server process of a connection. */
async function backend(queries: Queries): Promise<number> {
  return (await ask(queries, 'select pg_backend_pid() as pid'))[0]!.pid as number
}

async function names(): Promise<string[]> {
  const { rows } = await outside.query('select name from accounts order by id')
  return rows.map(({ name }) => name)
}

/** Ends all connections to the database of the tests, except `outside`. Returns how many. */
async function terminateAll(): Promise<number> {
  const { rows } = await outside.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  return rows.length
}

function isIdleInTransaction(error: unknown): boolean {
  return (
    isUnavailable(error) && /waited for something other than its own/.test(String((error as Error).cause))
  )
}

/** Asserts that `work` rejects with `unavailable` between `least` and `most` milliseconds from now. */
async function assertGivenUp(work: Promise<unknown>, least: number, most: number): Promise<void> {
  const start = performance.now()
  await assert.rejects(work, isUnavailable)
  const took = performance.now() - start
  assert.ok(took >= least && took <= most, `${took} ms`)
}

const raise = (code: string) => `do $$ begin raise exception using errcode = '${code}'; end $$`

describe('A transaction', { skip: skipWithoutPostgres }, () => {
  it('resolves when others see what it wrote, and not before', async () => {
    let before: string[] | undefined
    const after = await database
      .transaction(null, async (tx) => {
        await add(tx, 'one')
        before = await names()
      })
      .then(names)
    assert.deepEqual({ before, after }, { before: [], after: ['one'] })
  })

  it('returns the result of its work, which sees its own writes', async () => {
    const seen = await database.transaction(null, async (tx) => {
      await add(tx, 'one')
      return tx.sql.selectFrom('accounts').select('name').execute()
    })
    assert.deepEqual(seen, [{ name: 'one' }])
  })

  it('that throws is rolled back and rejects with its error, and is not counted as committed', async () => {
    const thrown = database.transaction(null, async (tx) => {
      await add(tx, 'one')
      throw new Error('no')
    })
    await assert.rejects(thrown, /^Error: no$/)
    await assert.rejects(
      database.transaction(null, () => {
        throw new Error('at once')
      }),
      /^Error: at once$/,
    )
    assert.deepEqual(await names(), [])
    const { transactions, failedTransactions, commits, queued, connections } = database.stats()
    assert.deepEqual(
      { transactions, failedTransactions, commits, queued, connections },
      {
        transactions: 0,
        failedTransactions: 2,
        commits: 0,
        queued: 0,
        connections: { open: 1, inUse: 0 },
      },
    )
  })

  it('inside a transaction is refused, also with autocommit, and the outer one can continue', async () => {
    await database.transaction(null, async (tx) => {
      await add(tx, 'outer')
      const inner = [
        database.transaction(null, (other) => add(other, 'inner')),
        database.autocommit(add as never),
      ]
      for (const one of inner) await assert.rejects(one, /transactions cannot be nested/)
    })
    assert.deepEqual(await names(), ['outer'])
  })

  it('excludes others of its account, also on another node, but runs concurrently with those of other accounts', async (t) => {
    const other = await open(t, {})
    const together = async (one: number | null, two: number | null) => {
      let inside = 0
      let most = 0
      const work = async (tx: Queries) => {
        most = Math.max(most, ++inside)
        await ask(tx, 'select pg_sleep(0.1)')
        inside--
      }
      await Promise.all([database.transaction(one, work), other.transaction(two, work)])
      return most
    }
    assert.deepEqual([await together(7, 7), await together(null, null)], [1, 1])
    assert.deepEqual([await together(7, 8), await together(null, 8)], [2, 2])
  })

  it('that waited for another sees what that one wrote, regardless of the default isolation level', async (t) => {
    const strict = await open(t, { options: '-c default_transaction_isolation=serializable' })
    const count = async (tx: Queries) => {
      const { length } = await tx.sql.selectFrom('accounts').select('id').execute()
      await ask(tx, 'select pg_sleep(0.05)')
      await add(tx, `after ${length}`)
    }
    let runs = 0
    await Promise.all(
      Array.from({ length: 3 }, () =>
        strict.transaction(null, (tx) => {
          runs++
          return count(tx)
        }),
      ),
    )
    assert.deepEqual(await names(), ['after 0', 'after 1', 'after 2'])
    assert.equal(runs, 3)
  })
})

describe('After many rows', { skip: skipWithoutPostgres }, () => {
  const addAccounts = (count: number) =>
    outside.query(`insert into accounts (name, created_at, updated_at)
      select 'one of many', 1, 1 from generate_series(1, ${count})`)
  const counted = async () => {
    const { rows } = await outside.query(`select reltuples from pg_class where relname = 'accounts'`)
    return rows[0].reltuples as number
  }

  it('the planner knows how many there are, without waiting for the server to count them', async () => {
    await addAccounts(5000)
    assert.notEqual(await counted(), 5000)
    await database.gatherStatistics()
    assert.equal(await counted(), 5000)
  })

  it('of a program that adds them one batch after another, the planner knows them from 10,000 on, and again from 100,000 on', async () => {
    await addAccounts(3000)
    const statistics = new GrowingStatistics(database)
    await statistics.count(9999)
    assert.notEqual(await counted(), 3000)
    await statistics.count(1)
    assert.equal(await counted(), 3000)
    await addAccounts(3000)
    await statistics.count(89_999)
    assert.equal(await counted(), 3000)
    await statistics.count(1)
    assert.equal(await counted(), 6000)
  })
})

describe('A transaction that breaks the rules', { skip: skipWithoutPostgres }, () => {
  it('makes queries fail that it did not await, or that code outside of it sends', async () => {
    let forgotten: Promise<void> | undefined
    let lent: Queries | undefined
    await database.transaction(null, async (tx) => {
      lent = tx
      forgotten = setTimeout(20).then(() => add(tx, 'forgotten'))
      forgotten.catch(() => {})
    })
    await assert.rejects(forgotten!, /something in it was not awaited/)
    await assert.rejects(add(lent!, 'outside'), /after the end of its transaction/)
    assert.deepEqual(await names(), [])
  })

  it('stores nothing and rejects with the error of a query if it ignores that error', async () => {
    const goesOn = database.transaction(null, async (tx) => {
      await add(tx, 'before')
      await ask(tx, 'select nonsense').catch(() => {})
      await add(tx, 'as if nothing had happened').catch(() => {})
    })
    await assert.rejects(goesOn, /nonsense/)
    assert.deepEqual(await names(), [])
    assert.equal(database.stats().commits, 0)
  })

  it('stores nothing and rejects if a query fails that it did not await', async () => {
    const goesOn = database.transaction(null, async (tx) => {
      await add(tx, 'before')
      tx.run(CompiledQuery.raw('select nonsense')).catch(() => {})
    })
    await assert.rejects(goesOn, /nonsense|nothing was stored/)
    assert.deepEqual(await names(), [])
    assert.equal(database.stats().commits, 0)
  })

  it('is rolled back and rejected if it waits for something else; others continue, and its connection is closed', async (t) => {
    const patient = await open(t, { idle_in_transaction_session_timeout: 500, pool_size: 2 })
    let pid: number | undefined
    let late: Promise<void> | undefined
    let end: () => void = () => {}
    const start = performance.now()
    const stuck = patient.transaction(5, async (tx) => {
      await add(tx, 'stuck')
      pid = await backend(tx)
      await new Promise<void>((resolve) => {
        end = resolve
      })
      late = add(tx, 'too late')
      await late
    })
    const next = setTimeout(50).then(() => patient.transaction(5, (tx) => add(tx, 'next')))
    await assert.rejects(stuck, isIdleInTransaction)
    const took = performance.now() - start
    assert.ok(took > 450 && took < 2000, `${took} ms`)
    await next
    end()
    await setTimeout(10)
    await assert.rejects(late!, /after the end of its transaction/)
    assert.deepEqual(await names(), ['next'])
    const pids = await Promise.all([1, 2].map(() => patient.transaction(null, backend)))
    assert.ok(!pids.includes(pid!))
    assert.ok(patient.stats().connections!.open <= 2)
  })

  it('cannot use up the connections, even if it never settles', async (t) => {
    const small = await open(t, { idle_in_transaction_session_timeout: 300, pool_size: 1 })
    for (let round = 0; round < 2; round++) {
      const stuck = small.transaction(null, () => new Promise(() => {}))
      await assert.rejects(stuck, isIdleInTransaction)
    }
    await small.transaction(null, (tx) => add(tx, 'next'))
    assert.deepEqual(await names(), ['next'])
  })

  it('is refused with autocommit if it sends a second statement', async () => {
    const two = database.autocommit(async (tx) => {
      await add(tx, 'one')
      await add(tx, 'two')
    })
    await assert.rejects(two, /runs a single statement/)
  })
})

describe('Conflicts with other writers:', { skip: skipWithoutPostgres }, () => {
  it('after a deadlock both transactions finish and store their writes', async (t) => {
    const other = await open(t, {})
    for (const name of ['a', 'b']) await database.transaction(null, (tx) => add(tx, name))
    let runs = 0
    const waiting: (() => void)[] = []
    const bothAreIn = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 2) for (const go of waiting) go()
        // When it runs again, the other has finished.
        if (waiting.length > 2) resolve()
      })
    const both = (one: string, two: string) => async (tx: Queries) => {
      runs++
      await ask(tx, `set local deadlock_timeout = '50ms'`)
      await rename(tx, one, 2)
      await bothAreIn()
      await tx.sql
        .updateTable('accounts')
        .set((eb) => ({ created_at: eb('created_at', '+', 1) }))
        .where('name', '=', two)
        .execute()
    }
    await Promise.all([database.transaction(1, both('a', 'b')), other.transaction(2, both('b', 'a'))])
    assert.ok(runs >= 3, 'there was no deadlock')
    const { rows } = await outside.query('select created_at::int, updated_at::int from accounts order by id')
    assert.deepEqual(rows, [
      { created_at: 2, updated_at: 2 },
      { created_at: 2, updated_at: 2 },
    ])
  })

  it('a statement runs again if the server refuses it because the row that it waited for has changed', async (t) => {
    const strict = await open(t, { options: '-c default_transaction_isolation=serializable' })
    await database.transaction(null, (tx) => add(tx, 'a'))
    let runs = 0
    let second: Promise<void> | undefined
    await database.transaction(null, async (tx) => {
      await rename(tx, 'a', 2)
      second = strict.autocommit((once) => {
        runs++
        return rename(once, 'a', 3)
      })
      await ask(tx, 'select pg_sleep(0.1)')
    })
    await second
    assert.equal(runs, 2)
    const { rows } = await outside.query('select updated_at::int from accounts')
    assert.deepEqual(rows, [{ updated_at: 3 }])
  })

  it('a transaction runs again and finds a row that was inserted after it looked for it', async (t) => {
    const other = await open(t, {})
    const taken = { id: 1, name: 'taken', created_at: 1, updated_at: 1 }
    let runs = 0
    const took = await database.transaction(1, async (tx) => {
      runs++
      const found = await tx.sql.selectFrom('accounts').select('name').where('id', '=', 1).executeTakeFirst()
      if (found) return found.name
      await other.transaction(2, (rival) => rival.sql.insertInto('accounts').values(taken).execute())
      await tx.sql
        .insertInto('accounts')
        .values({ ...taken, name: 'mine' })
        .execute()
      return 'mine'
    })
    assert.deepEqual({ took, runs }, { took: 'taken', runs: 2 })
  })

  it('a transaction that violates a constraint each time rejects with the error after five runs, and stores nothing', async () => {
    let runs = 0
    const before = await backend(database.read)
    const violates = database.transaction(null, async (tx) => {
      runs++
      const one = { id: 1, name: `run ${runs}`, created_at: 1, updated_at: 1 }
      await tx.sql.insertInto('accounts').values(one).execute()
      await tx.sql.insertInto('accounts').values(one).execute()
    })
    await assert.rejects(violates, (error) => error instanceof pg.DatabaseError && error.code === '23505')
    assert.equal(runs, 5)
    assert.deepEqual(await names(), [])
    assert.equal(await backend(database.read), before, 'an error cost a connection')
    assert.deepEqual(database.stats().connections, { open: 1, inUse: 0 })
  })

  it('so does a single statement, which does not lose its connection', async () => {
    let runs = 0
    const before = await backend(database.read)
    const one = { id: 1, name: 'one', created_at: 1, updated_at: 1 }
    const violates = database.autocommit((once) => {
      runs++
      return once.sql.insertInto('accounts').values([one, one]).execute()
    })
    await assert.rejects(violates, (error) => error instanceof pg.DatabaseError && error.code === '23505')
    assert.equal(runs, 5)
    assert.equal(await backend(database.read), before)
  })

  for (const [what, code] of [
    ['that has a serialization failure', '40001'],
    ['that is in a deadlock', '40P01'],
  ] as const) {
    it(`a transaction ${what} each time is rejected as unavailable after five runs`, async () => {
      let runs = 0
      const unlucky = database.transaction(null, async (tx) => {
        runs++
        await add(tx, `run ${runs}`)
        await ask(tx, raise(code))
      })
      await assert.rejects(unlucky, isUnavailable)
      assert.equal(runs, 5)
      assert.deepEqual(await names(), [])
    })
  }

  it('work is not run again after any other error', async () => {
    let runs = 0
    const broken = database.transaction(null, async (tx) => {
      runs++
      await ask(tx, raise('23514'))
    })
    await assert.rejects(broken, (error) => error instanceof pg.DatabaseError && error.code === '23514')
    assert.equal(runs, 1)
  })
})

describe('Connections that are closed by the server', { skip: skipWithoutPostgres }, () => {
  it('are replaced unnoticed if they are idle', async () => {
    await Promise.all(
      Array.from({ length: 5 }, () => database.transaction(null, (tx) => ask(tx, 'select 1'))),
    )
    assert.ok((await terminateAll()) >= 1)
    await setTimeout(50)
    assert.equal(database.stats().connections!.open, 0)
    await database.transaction(null, (tx) => add(tx, 'next'))
    assert.deepEqual(await names(), ['next'])
  })

  it('make running queries unavailable, but not the next ones', async () => {
    const running = [
      ask(database.read, 'select pg_sleep(5)'),
      database.autocommit((once) => ask(once, 'select pg_sleep(5)')),
      database.transaction(1, async (tx) => {
        await add(tx, 'half')
        await ask(tx, 'select pg_sleep(5)')
      }),
    ]
    const ended = Promise.all(running.map((one) => assertGivenUp(one, 0, 2000)))
    await setTimeout(100)
    assert.equal(await terminateAll(), 3)
    await ended
    await database.transaction(null, (tx) => add(tx, 'next'))
    assert.deepEqual(await names(), ['next'])
  })

  it('without a message make running and waiting queries unavailable, but not the next ones', async (t) => {
    const relay = await startTcpProxy(t, url)
    const cut = await open(t, {}, relay.url)
    const running = [
      ask(cut.read, 'select pg_sleep(5)'),
      cut.autocommit((once) => ask(once, 'select pg_sleep(5)')),
      ...[1, 1].map((account) => cut.transaction(account, (tx) => ask(tx, 'select pg_sleep(5)'))),
    ]
    const ended = Promise.all(running.map((one) => assertGivenUp(one, 0, 2000)))
    await eventually(() => relay.count() === 4)
    await setTimeout(200)
    relay.cut()
    await ended
    await cut.ping()
  })

  it('roll back a transaction that is idle, but not the next ones', async () => {
    const lost = database.transaction(null, async (tx) => {
      await add(tx, 'half')
      await terminateAll()
      await setTimeout(50)
      await add(tx, 'the other half')
    })
    await assert.rejects(lost, isUnavailable)
    await database.transaction(null, (tx) => add(tx, 'next'))
    assert.deepEqual(await names(), ['next'])
  })

  it('before a commit make the transaction reject', async () => {
    const lost = database.transaction(null, async (tx) => {
      await add(tx, 'half')
      await terminateAll()
    })
    await assert.rejects(lost, isUnavailable)
    assert.deepEqual(await names(), [])
  })
})

describe('A server that hangs', { skip: skipWithoutPostgres }, () => {
  // The client gives up a second after the server should have canceled the statement.
  const limits = { connect_timeout: 1, statement_timeout: 500, pool_size: 3 }

  it('makes queries, transactions and waits for a connection fail in bounded time, and all work again afterwards', async (t) => {
    const relay = await startTcpProxy(t, url)
    const hung = await open(t, limits, relay.url)
    let hang: () => void = () => {}
    const hanging = new Promise<void>((resolve) => {
      hang = resolve
    })
    let swallowed: unknown
    const inTransaction = hung.transaction(1, async (tx) => {
      await add(tx, 'half')
      relay.hang()
      hang()
      await add(tx, 'the other half').catch((error) => {
        swallowed = error
      })
      await add(tx, 'as if nothing had happened')
    })
    const transaction = assertGivenUp(inTransaction, 1400, 2500)
    await hanging
    await Promise.all([
      transaction,
      assertGivenUp(hung.ping(), 900, 3500),
      assertGivenUp(ask(hung.read, 'select 1'), 900, 1700),
      // These get no connection.
      assertGivenUp(ask(hung.read, 'select 1'), 900, 1700),
      assertGivenUp(
        hung.transaction(2, (tx) => add(tx, 'never')),
        900,
        1700,
      ),
      assertGivenUp(
        hung.autocommit((once) => add(once, 'never')),
        900,
        1700,
      ),
    ])
    assert.ok(isUnavailable(swallowed))
    relay.resume()
    const start = performance.now()
    await hung.transaction(1, (tx) => add(tx, 'next'))
    assert.ok(performance.now() - start < 1000)
    await hung.ping()
    assert.ok((await names()).includes('next'))
  })

  it('fails the health check after three seconds', async (t) => {
    const relay = await startTcpProxy(t, url)
    const hung = await open(t, { connect_timeout: 9 }, relay.url)
    await hung.ping()
    relay.hang()
    await assertGivenUp(hung.ping(), 2900, 3500)
  })

  it('does not prevent closing, regardless of the state of the connections', async (t) => {
    const relay = await startTcpProxy(t, url)
    const hung = await open(t, {}, relay.url)
    await Promise.all(
      [1, 2, 3].map((account) => hung.transaction(account, (tx) => ask(tx, 'select pg_sleep(0.05)'))),
    )
    relay.hang()
    const running = [
      ask(hung.read, 'select 1'),
      hung.transaction(1, (tx) => ask(tx, 'select 1')),
      ...Array.from({ length: 12 }, () => ask(hung.read, 'select 1')),
    ].map((one) => assertGivenUp(one, 0, 3500))
    await setTimeout(20)
    const start = performance.now()
    await hung.close()
    const took = performance.now() - start
    assert.ok(took < 2000, `${took} ms`)
    await Promise.all(running)
  })

  it('does not prevent closing if nothing is running', async (t) => {
    const relay = await startTcpProxy(t, url)
    const hung = await open(t, {}, relay.url)
    await hung.ping()
    relay.hang()
    const start = performance.now()
    await hung.close()
    assert.ok(performance.now() - start < 2000)
  })
})

describe('A notification between nodes', { skip: skipWithoutPostgres }, () => {
  const topic = 'ndoto_signals'
  const notify = (text: string) => outside.query('select pg_notify($1, $2)', [topic, text])

  /** Listens through a relay, and returns the received texts; an empty text means a new connection. */
  async function listening(t: TestContext) {
    const relay = await startTcpProxy(t, url)
    const received: string[] = []
    const address = `${relay.url}?statement_timeout=200&connect_timeout=1`
    const listener = new PostgresListener({
      url: address,
      topics: [topic],
      onNotification: (_, text) => received.push(text),
      heartbeat: { interval: 200, timeout: 1000 },
    })
    atEnd(t, () => listener.close())
    await eventually(() => received.length === 1)
    return { relay, received }
  }

  it('arrives after the connection was closed and opened again', async (t) => {
    const { received } = await listening(t)
    await notify('before')
    await eventually(() => received.length === 2)
    await terminateAll()
    await eventually(() => received.length === 3)
    await notify('after')
    await eventually(() => received.length === 4)
    assert.deepEqual(received, ['', 'before', '', 'after'])
  })

  it('comes with a lock, of another name after each connection, that other nodes see', async (t) => {
    const other = await open(t, {})
    other.listen(topic, () => {})
    database.listen(topic, () => {})
    const first = await eventually(() => database.nodes.id)
    const theirs = await eventually(() => other.nodes.id)
    assert.deepEqual(await other.nodes.alive(), new Set([first, theirs]))
    let lost = 0
    database.nodes.onLost(() => lost++)
    await terminateAll()
    const second = await eventually(() => database.nodes.id !== first && database.nodes.id)
    const next = await eventually(() => other.nodes.id !== theirs && other.nodes.id)
    // Longer than the interval of heartbeats: those of the first connection end now.
    await setTimeout(700)
    assert.deepEqual([database.nodes.id, lost], [second, 1])
    assert.deepEqual(await other.nodes.alive(), new Set([second, next]))
    await database.close()
    await eventually(async () => !(await other.nodes.alive()).has(second as number))
  })

  it('arrives after the other end of the connection has vanished', async (t) => {
    const { received, relay } = await listening(t)
    relay.strand()
    await notify('lost')
    await eventually(() => received.length === 2)
    await notify('after')
    await eventually(() => received.length === 3)
    assert.deepEqual(received, ['', '', 'after'])
  })
})

describe('A server that refuses connections', { skip: skipWithoutPostgres }, () => {
  it('makes queries unavailable at once, and they work again afterwards', async (t) => {
    const relay = await startTcpProxy(t, url)
    const refused = await open(t, {}, relay.url)
    await refused.ping()
    await relay.close()
    for (let round = 0; round < 3; round++) {
      await assertGivenUp(refused.ping(), 0, 500)
      await assertGivenUp(ask(refused.read, 'select 1'), 0, 500)
      await assertGivenUp(
        refused.transaction(null, (tx) => add(tx, 'never')),
        0,
        500,
      )
    }
    assert.equal(refused.stats().connections!.open, 0)
  })

  it('makes opening fail with a message for the operator, and the cause', async (t) => {
    const relay = await startTcpProxy(t, url)
    await relay.close()
    const isExplained = (error: unknown) =>
      error instanceof WrongDatabase &&
      /^Nothing listens at /.test(error.message) &&
      /ECONNREFUSED/.test(String(error.cause))
    await assert.rejects(openPostgres(relay.url, migrations), isExplained)
  })
})

describe('Closing', { skip: skipWithoutPostgres }, () => {
  it('finishes queued work, refuses new work, and closes the connections', async (t) => {
    const closing = await open(t, { application_name: 'closing', pool_size: 3 })
    const queued = Array.from({ length: 200 }, (_, index) =>
      closing.transaction(null, (tx) => add(tx, `account ${index}`)),
    )
    await setTimeout(20)
    const closed = closing.close()
    const late = closing.transaction(null, (tx) => add(tx, 'late'))
    await assert.rejects(late, (error) => isUnavailable(error) && /shutting down/.test(String(error)))
    await assert.rejects(ask(closing.read, 'select 1'), isUnavailable)
    await Promise.all([...queued, closed])
    assert.equal((await names()).length, 200)
    const { rows } = await outside.query(`select from pg_stat_activity where application_name = 'closing'`)
    assert.equal(rows.length, 0)
  })
})

describe('The options of the URL:', { skip: skipWithoutPostgres }, () => {
  const settingsOf = async ({ read }: Database) => {
    const [row] = await ask(
      read,
      `select current_setting('application_name') as name, current_setting('statement_timeout') as statement,
        current_setting('idle_in_transaction_session_timeout') as idle, current_setting('geqo') as geqo,
        current_setting('enable_seqscan') as seqscan`,
    )
    return row
  }

  it('they are sent to the server, with defaults for those that are not set', async (t) => {
    const usual = { name: 'ndoto', statement: '6s', idle: '5s', geqo: 'on', seqscan: 'off' }
    assert.deepEqual(await settingsOf(database), usual)
    const set = await open(t, {
      application_name: 'my node',
      statement_timeout: 700,
      options: '-c geqo=off -c enable_seqscan=on',
    })
    const own = { name: 'my node', statement: '700ms', idle: '5s', geqo: 'off', seqscan: 'on' }
    assert.deepEqual(await settingsOf(set), own)
  })

  it('pool_size limits the connections of a node, regardless of what it does', async (t) => {
    const nodes = await Promise.all(
      [2, 3].map((pool_size) => open(t, { pool_size, application_name: `has ${pool_size}` })),
    )
    const work = nodes.flatMap((node) =>
      Array.from({ length: 20 }, (_, account) => [
        ask(node.read, 'select pg_sleep(0.03)'),
        node.transaction(account, (tx) => ask(tx, 'select pg_sleep(0.03)')),
      ]),
    )
    const counts = async () => {
      const { rows } =
        await outside.query(`select application_name as name, count(*)::int from pg_stat_activity
        where application_name like 'has %' group by 1 order by 1`)
      return rows
    }
    const seen: unknown[] = []
    const watching = (async () => {
      for (let sample = 0; sample < 10; sample++) seen.push(...(await counts()))
    })()
    await Promise.all([...work.flat(), watching])
    assert.deepEqual(await counts(), [
      { name: 'has 2', count: 2 },
      { name: 'has 3', count: 3 },
    ])
    for (const { name, count } of seen as { name: string; count: number }[]) {
      assert.ok(count <= Number(name.split(' ')[1]), `${name}: ${count}`)
    }
  })

  it('statement_timeout makes a statement unavailable, and its connection remains usable', async (t) => {
    const hurried = await open(t, { statement_timeout: 200, pool_size: 1 })
    const pid = await backend(hurried.read)
    await assertGivenUp(ask(hurried.read, 'select pg_sleep(5)'), 180, 900)
    await assertGivenUp(
      hurried.transaction(1, (tx) => ask(tx, 'select pg_sleep(5)')),
      180,
      900,
    )
    assert.equal(await backend(hurried.read), pid)
  })

  it('pooler gets the pooled connections, which send no settings, and no others', async (t) => {
    const relay = await startTcpProxy(t, url)
    const pooled = await open(t, {
      pooler: new URL(relay.url).host,
      application_name: 'pooled',
      pool_size: 2,
    })
    const bare = { name: 'pooled', statement: '0', idle: '0', geqo: 'on', seqscan: 'on' }
    assert.deepEqual(await settingsOf(pooled), bare)
    const received: string[] = []
    t.after(pooled.listen('ndoto_events', (text) => received.push(text)))
    await eventually(() => received.length > 0)
    assert.equal(relay.count(), 1)
    await relay.close()
    await assert.rejects(ask(pooled.read, 'select 1'), isUnavailable)
    await outside.query(`select pg_notify('ndoto_events', 'past the pooler')`)
    await eventually(() => received.includes('past the pooler'))
    const rows = await pooled.snapshot((queries) => ask(queries, 'select 1 as one'))
    assert.deepEqual(rows, [{ one: 1 }])
  })

  it('a pooler that hangs makes opening fail in bounded time', async (t) => {
    const relay = await startTcpProxy(t, url)
    const opening = openPostgres(
      `${url}?pooler=${new URL(relay.url).host}&statement_timeout=200&connect_timeout=1`,
      migrations,
    )
    relay.hang()
    await assert.rejects(
      opening,
      (error) => error instanceof WrongDatabase && /does not respond in time/.test(error.message),
    )
  })

  it('a pooler that cannot be reached makes opening fail with a message that names it', async (t) => {
    const relay = await startTcpProxy(t, url)
    await relay.close()
    const { host } = new URL(relay.url)
    const isExplained = (error: unknown) =>
      error instanceof WrongDatabase && error.message.startsWith(`Nothing listens at ${host}`)
    await assert.rejects(openPostgres(`${url}?pooler=${host}`, migrations), isExplained)
  })

  it('connect_timeout limits the wait for a connection while all are in use', async (t) => {
    const full = await open(t, { connect_timeout: 1, pool_size: 2 })
    const holders = [1, 2].map((account) =>
      full.transaction(account, (tx) => ask(tx, 'select pg_sleep(1.5)')),
    )
    await setTimeout(100)
    const waiting = Promise.all([
      assertGivenUp(ask(full.read, 'select 1'), 900, 1400),
      assertGivenUp(
        full.transaction(3, (tx) => ask(tx, 'select 1')),
        900,
        1400,
      ),
    ])
    await setTimeout(100)
    const { queued, connections } = full.stats()
    assert.deepEqual({ queued, connections }, { queued: 2, connections: { open: 2, inUse: 2 } })
    await waiting
    assert.equal(full.stats().queued, 0)
    await Promise.all(holders)
    await ask(full.read, 'select 1')
    assert.deepEqual(full.stats().connections, { open: 2, inUse: 0 })
  })

  it('sslmode requires TLS, which this server does not support', async (t) => {
    const { rows } = await outside.query('show ssl')
    if (rows[0].ssl !== 'off') return t.skip('this server has TLS')
    await assert.rejects(open(t, { sslmode: 'verify-full' }), (error) =>
      /does not support SSL/.test(String((error as Error).cause)),
    )
    await open(t, { sslmode: 'disable' })
  })
})

describe('A server with TLS', { skip: skipWithoutInitdb }, () => {
  it('is connected to as sslmode says, and verify-full requires a trusted certificate', async (t) => {
    const directory = temporaryDirectory(t)
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
    if (!hasOpenssl()) return t.skip('needs openssl')
    const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=database.example']
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    for (const path of [directory, key]) chownToPostgres(path)
    const server = await startPostgresServer(t, ['ssl=on', `ssl_key_file=${key}`, `ssl_cert_file=${cert}`])
    const isEncrypted = async (settings: Record<string, string>) => {
      const { read } = await open(t, settings, server.url)
      return (await ask(read, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'))[0]!.ssl
    }
    assert.equal(await isEncrypted({ sslmode: 'verify-full', sslrootcert: cert }), true)
    assert.equal(await isEncrypted({ sslmode: 'no-verify' }), true)
    assert.equal(await isEncrypted({ sslmode: 'disable' }), false)
    const unknown = (error: unknown) => /self-signed/.test(String((error as Error).cause))
    await assert.rejects(isEncrypted({ sslmode: 'verify-full' }), unknown)
  })
})

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('The totals for the metrics', { skip: skipWithoutPostgres }, () => {
  it('count queries and their time, and commits', async () => {
    const before = database.stats()
    const start = performance.now()
    await Promise.all([
      ask(database.read, 'select pg_sleep(0.1)'),
      database.autocommit((once) => ask(once, 'select pg_sleep(0.1)')),
      database.transaction(1, (tx) => ask(tx, 'select pg_sleep(0.1)')),
    ])
    const sums = database.stats()
    // One each, and the start of the transaction.
    assert.equal(sums.queries - before.queries, 4)
    const seconds = sums.querySeconds - before.querySeconds
    const most = (3 * (performance.now() - start)) / 1000
    assert.ok(seconds >= 0.3 && seconds <= most, `${seconds} of ${most}`)
    assert.equal(sums.commits - before.commits, 2, 'a single statement counts as a commit too')
    assert.ok(sums.commitSeconds > 0 && sums.commitSeconds < seconds)
    assert.equal(sums.transactions, 2)
  })
})

describe('A statement that was planned before a newer program changed the columns', {
  skip: skipWithoutPostgres,
}, () => {
  const all = prepare()((builder) => builder.selectFrom('colours' as 'accounts').selectAll())
  const more = prepare<{ name: string }>()((builder, p) =>
    builder
      .insertInto('colours' as 'accounts')
      .values({ name: p.name } as never)
      .returningAll(),
  )
  beforeEach(() => outside.query('create table colours (name text)'))
  afterEach(() => outside.query('drop table colours'))

  const change = (column: string) => outside.query(`alter table colours add column ${column} int default 1`)
  /** Makes every connection of the pool plan the statements. */
  const plan = () =>
    Promise.all(
      Array.from({ length: 10 }, (_, account) =>
        database.transaction(account + 1, async (tx) => {
          await all(tx, {})
          await ask(tx, 'select pg_sleep(0.05)')
        }),
      ),
    )

  it('is planned again if it reads, on any connection', async () => {
    await plan()
    await change('shade')
    await outside.query(`insert into colours values ('red')`)
    const seen = await Promise.all(Array.from({ length: 30 }, () => all(database.read, {})))
    for (const rows of seen) assert.deepEqual(rows, [{ name: 'red', shade: 1 }])
    assert.equal(database.stats().connections!.open, 10)
  })

  it('is planned again if it writes, and writes once', async () => {
    await database.autocommit((once) => more(once, { name: 'red' }))
    await change('shade')
    const row = await database.autocommit((once) => more(once, { name: 'green' }))
    assert.deepEqual(row, [{ name: 'green', shade: 1 }])
    const { rows } = await outside.query('select name from colours')
    assert.deepEqual(rows, [{ name: 'red' }, { name: 'green' }])
  })

  it('makes its transaction run again, which writes once', async () => {
    await plan()
    await database.autocommit((once) => more(once, { name: 'red' }))
    await change('shade')
    let runs = 0
    const rows = await database.transaction(1, async (tx) => {
      runs++
      await more(tx, { name: 'green' })
      return all(tx, {})
    })
    assert.deepEqual(rows, [
      { name: 'red', shade: 1 },
      { name: 'green', shade: 1 },
    ])
    assert.equal(runs, 2)
  })
})
