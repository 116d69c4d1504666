import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { isUnavailable } from '../lib/errors.ts'
import { migrations } from '../migrations.ts'
import type { Database, Queries } from './database.ts'
import { fileName, openSqlite } from './sqlite.ts'

let directory: string
let database: Database
/** A second connection, which sees only committed data. */
let observer: DatabaseSync

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ndoto-group-'))
  database = openSqlite(directory, migrations)
  observer = new DatabaseSync(join(directory, fileName), { readOnly: true })
})
afterEach(async () => {
  observer.close()
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})

async function addAccount(tx: Queries, name: string): Promise<void> {
  await tx.sql.insertInto('accounts').values({ name, created_at: 1, updated_at: 1 }).execute()
}

function committedNames(): string[] {
  return observer
    .prepare('select name from accounts order by id')
    .all()
    .map(({ name }) => String(name))
}

async function pragma(tx: Queries, text: string): Promise<Record<string, number>[]> {
  return (await sql.raw<Record<string, number>>(`pragma ${text}`).execute(tx.sql)).rows
}

describe('A transaction', () => {
  it('resolves only after other connections can see its writes', async () => {
    let resolved = false
    let seenBefore: string[] | undefined
    let resolvedBefore: boolean | undefined
    const first = database
      .transaction(null, (tx) => addAccount(tx, 'first'))
      .then(() => {
        resolved = true
        return committedNames()
      })
    const second = database.transaction(null, async (tx) => {
      await addAccount(tx, 'second')
      for (let tick = 0; tick < 50; tick++) await null
      seenBefore = committedNames()
      resolvedBefore = resolved
    })
    assert.deepEqual(await first, ['first', 'second'])
    await second
    assert.deepEqual(seenBefore, [])
    assert.equal(resolvedBefore, false)
  })

  it('is visible to the next read, even if a read in the same event loop iteration started before the commit', async () => {
    const count = async () => (await database.read.sql.selectFrom('accounts').selectAll().execute()).length
    let before: number | undefined
    const after = await database
      .transaction(null, async (tx) => {
        await addAccount(tx, 'one')
        before = await count()
      })
      .then(count)
    assert.deepEqual({ before, after }, { before: 0, after: 1 })
  })

  it('resolves with the result of its callback', async () => {
    assert.equal(await database.transaction(null, async () => 'a result'), 'a result')
  })

  it('is flushed to disk, enforces foreign keys, and overwrites deleted content', async () => {
    const settings = await database.transaction(null, async (tx) => [
      ...(await pragma(tx, 'synchronous')),
      ...(await pragma(tx, 'journal_mode')),
      ...(await pragma(tx, 'foreign_keys')),
      ...(await pragma(tx, 'secure_delete')),
    ])
    assert.deepEqual(settings, [
      { synchronous: 2 },
      { journal_mode: 'wal' },
      { foreign_keys: 1 },
      { secure_delete: 1 },
    ])
  })

  it('sees its own writes, and those of an earlier one in the same batch', async () => {
    const selectNames = (tx: Queries) => tx.sql.selectFrom('accounts').select('name').orderBy('id').execute()
    const [first, second] = await Promise.all(
      ['a', 'b'].map((name) =>
        database.transaction(null, async (tx) => {
          await addAccount(tx, name)
          return selectNames(tx)
        }),
      ),
    )
    assert.deepEqual(first, [{ name: 'a' }])
    assert.deepEqual(second, [{ name: 'a' }, { name: 'b' }])
  })

  it('is rejected inside another transaction, which can continue', async () => {
    await database.transaction(null, async (tx) => {
      await addAccount(tx, 'outer')
      const inner = database.transaction(null, (other) => addAccount(other, 'inner'))
      await assert.rejects(inner, /transactions cannot be nested/)
    })
    assert.deepEqual(committedNames(), ['outer'])
  })

  it('that rejects is counted as failed, not as committed', async () => {
    await assert.rejects(
      database.transaction(null, () => Promise.reject(new Error('no'))),
      /^Error: no$/,
    )
    const { transactions, failedTransactions, queued } = database.stats()
    assert.deepEqual(
      { transactions, failedTransactions, queued },
      {
        transactions: 0,
        failedTransactions: 1,
        queued: 0,
      },
    )
  })

  it('that throws synchronously is rejected, and the next one is committed', async () => {
    const throwing = database.transaction(null, () => {
      throw new Error('at once')
    })
    const next = database.transaction(null, (tx) => addAccount(tx, 'next'))
    await assert.rejects(throwing, /at once/)
    await next
    assert.deepEqual(committedNames(), ['next'])
  })
})

describe('Many transactions at once', () => {
  it('share few commits and keep their order', async () => {
    const expected = Array.from({ length: 1000 }, (_, index) => `account ${index}`)
    await Promise.all(expected.map((name) => database.transaction(null, (tx) => addAccount(tx, name))))
    assert.deepEqual(committedNames(), expected)
    const { commits, transactions } = database.stats()
    assert.equal(transactions, 1000)
    assert.ok(commits <= 10, `${commits} commits`)
    assert.ok(commits >= 4, `${commits} commits: one batch of 1000 makes the first wait for all`)
  })

  // The first one has no savepoint of its own.
  for (const failing of [0, 7, 19]) {
    it(`roll back only number ${failing} of 20 if it fails, including everything it wrote`, async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          database.transaction(null, async (tx) => {
            await addAccount(tx, `account ${index}`)
            await addAccount(tx, `account ${index} again`)
            if (index === failing) throw new Error('this one fails')
          }),
        ),
      )
      assert.deepEqual(
        outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
        [failing],
      )
      const others = outcomes.keys().filter((index) => index !== failing)
      assert.deepEqual(
        committedNames(),
        [...others].flatMap((index) => [`account ${index}`, `account ${index} again`]),
      )
      assert.equal(database.stats().commits, 1)
    })
  }

  it('share a batch with those before them that fail', async () => {
    const failing = Array.from({ length: 100 }, () =>
      database.transaction(null, () => Promise.reject(new Error('no'))),
    )
    const good = database.transaction(null, (tx) => addAccount(tx, 'good'))
    let isOver = false
    let iterations = 0
    const count = () => {
      iterations += 1
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    await Promise.all([good, ...failing.map((one) => assert.rejects(one, /no/))])
    isOver = true
    assert.ok(iterations < 10, `${iterations} iterations of the event loop`)
    assert.deepEqual(committedNames(), ['good'])
  })

  it('roll back only the one that violates a constraint', async () => {
    const danglingMembership = { account_id: 99, user_id: 99, role: 'agent' as const, created_at: 1 }
    const good = database.transaction(null, (tx) => addAccount(tx, 'good'))
    const bad = database.transaction(null, async (tx) => {
      await addAccount(tx, 'bad')
      await tx.sql.insertInto('account_users').values(danglingMembership).execute()
    })
    const later = database.transaction(null, (tx) => addAccount(tx, 'later'))
    await assert.rejects(bad, /FOREIGN KEY constraint failed/)
    await Promise.all([good, later])
    assert.deepEqual(committedNames(), ['good', 'later'])
  })
})

describe('A transaction that breaks the rules', () => {
  it('is rolled back and rejected if it waits for a timer, and others continue', async () => {
    let lateQuery: Promise<void> | undefined
    const slow = database.transaction(null, async (tx) => {
      await addAccount(tx, 'slow')
      await setTimeout(20)
      lateQuery = addAccount(tx, 'too late')
      await lateQuery
    })
    const next = database.transaction(null, (tx) => addAccount(tx, 'next'))
    await assert.rejects(slow, /waited for something other than its own queries/)
    await next
    assert.deepEqual(committedNames(), ['next'])
    await setTimeout(40)
    await assert.rejects(lateQuery!, /after the end of its transaction/)
    assert.deepEqual(committedNames(), ['next'])
  })

  it('delays the others by at most one iteration of the event loop, even if it never settles', async () => {
    const stuck = database.transaction(null, () => new Promise(() => {}))
    const others = Array.from({ length: 5 }, (_, index) =>
      database.transaction(null, (tx) => addAccount(tx, `account ${index}`)),
    )
    await assert.rejects(stuck, /waited for something other than its own queries/)
    await Promise.all(others)
    assert.equal(committedNames().length, 5)
  })

  it('ends without waiting for a query that it did not await, and that query fails', async () => {
    let unawaited: Promise<void> | undefined
    await database.transaction(null, async (tx) => {
      unawaited = setTimeout(5).then(() => addAccount(tx, 'unawaited'))
      unawaited.catch(() => {})
    })
    await assert.rejects(unawaited!, /something in it was not awaited/)
    assert.deepEqual(committedNames(), [])
  })

  it('cannot run a query that it did not await inside another transaction', async () => {
    let unawaited: Promise<unknown> | undefined
    let release: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const first = database.transaction(null, async (tx) => {
      unawaited = gate.then(() => addAccount(tx, 'unawaited')).catch((error) => error)
    })
    const second = database.transaction(null, async (tx) => {
      release()
      for (let tick = 0; tick < 50; tick++) await null
      await addAccount(tx, 'second')
    })
    await Promise.all([first, second])
    assert.match(String(await unawaited), /after the end of its transaction/)
    assert.deepEqual(committedNames(), ['second'])
  })

  it('cannot be used after it has ended', async () => {
    let endedTx: Queries | undefined
    await database.transaction(null, async (tx) => {
      endedTx = tx
    })
    await assert.rejects(addAccount(endedTx!, 'too late'), /after the end of its transaction/)
    assert.deepEqual(committedNames(), [])
  })
})

describe('If SQLite fails,', () => {
  it('a commit that fails rejects and rolls back its whole batch, and the next batch works', async () => {
    const danglingMembership = { account_id: 99, user_id: 99, role: 'agent' as const, created_at: 1 }
    const batch = await Promise.allSettled([
      database.transaction(null, (tx) => addAccount(tx, 'before')),
      database.transaction(null, async (tx) => {
        await pragma(tx, 'defer_foreign_keys = on')
        await tx.sql.insertInto('account_users').values(danglingMembership).execute()
      }),
      database.transaction(null, (tx) => addAccount(tx, 'after')),
    ])
    assert.deepEqual(
      batch.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    )
    assert.deepEqual(committedNames(), [])
    assert.deepEqual(observer.prepare('select * from account_users').all(), [])
    assert.equal(database.stats().failedTransactions, 3)
    await database.transaction(null, (tx) => addAccount(tx, 'next'))
    assert.deepEqual(committedNames(), ['next'])
  })

  it('a lock held by another process does not affect reads, delays writes and then rejects them as unavailable, and writes work once it is released', async () => {
    const other = new DatabaseSync(join(directory, fileName))
    other.exec('begin immediate')
    const writes = ['a', 'b'].map((name) => database.transaction(null, (tx) => addAccount(tx, name)))
    const settled = Promise.allSettled(writes)
    let reads = 0
    while (!(await Promise.race([settled, setTimeout(20)]))) {
      await database.read.sql.selectFrom('accounts').select('id').execute()
      reads++
    }
    assert.ok(reads > 20, `only ${reads} reads finished while the database was locked`)
    for (const write of writes) await assert.rejects(write, isUnavailable)
    other.exec('rollback')
    other.close()
    await database.transaction(null, (tx) => addAccount(tx, 'c'))
    assert.deepEqual(committedNames(), ['c'])
  })

  describe('because the disk is full,', () => {
    const large = 'x'.repeat(1_000_000)

    beforeEach(() =>
      database.transaction(null, async (tx) => {
        const [{ page_count } = { page_count: 0 }] = await pragma(tx, 'page_count')
        await pragma(tx, `max_page_count = ${page_count! + 1}`)
      }),
    )

    it('a rejected transaction stores nothing, whether or not the rest of its batch is lost, and later ones work', async () => {
      const candidates = ['before', 'too large', 'after']
      const batch = await Promise.allSettled(
        candidates.map((name) =>
          database.transaction(null, async (tx) => {
            await addAccount(tx, name)
            if (name === 'too large') await addAccount(tx, large)
          }),
        ),
      )
      const storedNames = candidates.filter((_, index) => batch[index]!.status === 'fulfilled')
      assert.deepEqual(committedNames(), storedNames)
      assert.ok(!storedNames.includes('too large'))
      for (const outcome of batch) if (outcome.status === 'rejected') assert.ok(isUnavailable(outcome.reason))
      await database.transaction(null, (tx) => addAccount(tx, 'small'))
      assert.deepEqual(committedNames(), [...storedNames, 'small'])
      await database.transaction(null, (tx) => pragma(tx, 'max_page_count = 1000000'))
      await database.transaction(null, (tx) => addAccount(tx, large))
      assert.equal(committedNames().length, storedNames.length + 2)
    })

    it('a query after the failed one writes nothing either', async () => {
      // SQLite has rolled back the transaction by itself, so the next statement would be committed on its own.
      const failing = database.transaction(null, (tx) =>
        Promise.all([addAccount(tx, large), addAccount(tx, 'second query')]),
      )
      await assert.rejects(failing, isUnavailable)
      assert.deepEqual(committedNames(), [])
    })

    it('a transaction that ignores the error is rejected and stores nothing', async () => {
      const failing = database.transaction(null, async (tx) => {
        await addAccount(tx, large).catch(() => {})
        await addAccount(tx, 'as if nothing had happened')
      })
      await assert.rejects(failing)
      assert.deepEqual(committedNames(), [])
    })

    it('a transaction that ignores the error and ends is rejected, and the next ones are stored', async () => {
      const failing = database.transaction(null, (tx) => addAccount(tx, large).catch(() => {}))
      const next = ['one', 'two'].map((name) => database.transaction(null, (tx) => addAccount(tx, name)))
      await assert.rejects(failing)
      await Promise.all(next)
      assert.deepEqual(committedNames(), ['one', 'two'])
    })
  })
})

describe('Closing', () => {
  it('finishes queued transactions and rejects new ones', async () => {
    const queued = Array.from({ length: 600 }, (_, index) =>
      database.transaction(null, (tx) => addAccount(tx, `account ${index}`)),
    )
    const closing = database.close()
    const late = database.transaction(null, (tx) => addAccount(tx, 'late'))
    await assert.rejects(late, (error) => isUnavailable(error) && /shutting down/.test(String(error)))
    await Promise.all([...queued, closing])
    assert.equal(committedNames().length, 600)
    database = openSqlite(directory, migrations)
  })
})
