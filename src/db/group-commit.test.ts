import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { Refusal } from '../lib/errors.ts'
import type { Database, Queries } from './database.ts'
import { fileName, openSqlite } from './sqlite.ts'

let directory: string
let database: Database
/** Sees only what is committed, like another process. */
let outside: DatabaseSync

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ndoto-group-'))
  database = openSqlite(directory)
  outside = new DatabaseSync(join(directory, fileName), { readOnly: true })
})
afterEach(async () => {
  outside.close()
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})

async function add(tx: Queries, name: string): Promise<void> {
  await tx.sql.insertInto('accounts').values({ name, created_at: 1, updated_at: 1 }).execute()
}

function names(): string[] {
  return outside
    .prepare('select name from accounts order by id')
    .all()
    .map(({ name }) => String(name))
}

async function pragma(tx: Queries, text: string): Promise<Record<string, number>[]> {
  return (await sql.raw<Record<string, number>>(`pragma ${text}`).execute(tx.sql)).rows
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Refusal && error.reason === 'unavailable'
}

describe('A transaction', () => {
  it('resolves when others see what it wrote, and not before', async () => {
    let answered = false
    let seenBefore: string[] | undefined
    let answeredBefore: boolean | undefined
    const first = database
      .transaction(null, (tx) => add(tx, 'first'))
      .then(() => {
        answered = true
        return names()
      })
    const second = database.transaction(null, async (tx) => {
      await add(tx, 'second')
      for (let turn = 0; turn < 50; turn++) await null
      seenBefore = names()
      answeredBefore = answered
    })
    assert.deepEqual(await first, ['first', 'second'])
    await second
    assert.deepEqual(seenBefore, [])
    assert.equal(answeredBefore, false)
  })

  it('is seen by the next read, even if a read of the same iteration started before the commit', async () => {
    const count = async () => (await database.read.sql.selectFrom('accounts').selectAll().execute()).length
    let before: number | undefined
    const after = await database
      .transaction(null, async (tx) => {
        await add(tx, 'one')
        before = await count()
      })
      .then(count)
    assert.deepEqual({ before, after }, { before: 0, after: 1 })
  })

  it('returns the result of its work', async () => {
    assert.equal(await database.transaction(null, async () => 'a result'), 'a result')
  })

  it('is flushed to disk, with foreign keys enforced and erased content overwritten', async () => {
    const found = await database.transaction(null, async (tx) => [
      ...(await pragma(tx, 'synchronous')),
      ...(await pragma(tx, 'journal_mode')),
      ...(await pragma(tx, 'foreign_keys')),
      ...(await pragma(tx, 'secure_delete')),
    ])
    assert.deepEqual(found, [
      { synchronous: 2 },
      { journal_mode: 'wal' },
      { foreign_keys: 1 },
      { secure_delete: 1 },
    ])
  })

  it('sees its own writes, and those of an earlier one in the same batch', async () => {
    const seen = (tx: Queries) => tx.sql.selectFrom('accounts').select('name').orderBy('id').execute()
    const [first, second] = await Promise.all(
      ['a', 'b'].map((name) =>
        database.transaction(null, async (tx) => {
          await add(tx, name)
          return seen(tx)
        }),
      ),
    )
    assert.deepEqual(first, [{ name: 'a' }])
    assert.deepEqual(second, [{ name: 'a' }, { name: 'b' }])
  })

  it('inside a transaction is refused, and the outer one can continue', async () => {
    await database.transaction(null, async (tx) => {
      await add(tx, 'outer')
      const inner = database.transaction(null, (other) => add(other, 'inner'))
      await assert.rejects(inner, /transactions cannot be nested/)
    })
    assert.deepEqual(names(), ['outer'])
  })

  it('that rejects is not counted as committed', async () => {
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

  it('that throws before its first query is rejected like any other', async () => {
    const thrown = database.transaction(null, () => {
      throw new Error('at once')
    })
    const next = database.transaction(null, (tx) => add(tx, 'next'))
    await assert.rejects(thrown, /at once/)
    await next
    assert.deepEqual(names(), ['next'])
  })
})

describe('Many transactions at once', () => {
  it('share few commits and keep their order', async () => {
    const wanted = Array.from({ length: 1000 }, (_, index) => `account ${index}`)
    await Promise.all(wanted.map((name) => database.transaction(null, (tx) => add(tx, name))))
    assert.deepEqual(names(), wanted)
    const { commits, transactions } = database.stats()
    assert.equal(transactions, 1000)
    assert.ok(commits <= 10, `${commits} commits`)
    assert.ok(commits >= 4, `${commits} commits: one batch of 1000 makes the first wait for all`)
  })

  it('roll back only the one that fails, with everything it wrote', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        database.transaction(null, async (tx) => {
          await add(tx, `account ${index}`)
          await add(tx, `account ${index} again`)
          if (index === 7) throw new Error('the seventh fails')
        }),
      ),
    )
    assert.deepEqual(
      outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
      [7],
    )
    assert.equal(names().length, 38)
    assert.ok(!names().some((name) => /^account 7\b/.test(name)))
    assert.equal(database.stats().commits, 1)
  })

  it('roll back only the one that violates a constraint', async () => {
    const stranger = { account_id: 99, user_id: 99, role: 'agent' as const, created_at: 1 }
    const good = database.transaction(null, (tx) => add(tx, 'good'))
    const bad = database.transaction(null, async (tx) => {
      await add(tx, 'bad')
      await tx.sql.insertInto('account_users').values(stranger).execute()
    })
    const later = database.transaction(null, (tx) => add(tx, 'later'))
    await assert.rejects(bad, /FOREIGN KEY constraint failed/)
    await Promise.all([good, later])
    assert.deepEqual(names(), ['good', 'later'])
  })
})

describe('A transaction that breaks the rules', () => {
  it('is rolled back and rejected if it waits for a timer, and others continue', async () => {
    let lateQuery: Promise<void> | undefined
    const slow = database.transaction(null, async (tx) => {
      await add(tx, 'slow')
      await setTimeout(20)
      lateQuery = add(tx, 'too late')
      await lateQuery
    })
    const next = database.transaction(null, (tx) => add(tx, 'next'))
    await assert.rejects(slow, /waited for something other than its own queries/)
    await next
    assert.deepEqual(names(), ['next'])
    await setTimeout(40)
    await assert.rejects(lateQuery!, /after the end of its transaction/)
    assert.deepEqual(names(), ['next'])
  })

  it('delays the others by at most one iteration of the event loop, even if it never settles', async () => {
    const stuck = database.transaction(null, () => new Promise(() => {}))
    const others = Array.from({ length: 5 }, (_, index) =>
      database.transaction(null, (tx) => add(tx, `account ${index}`)),
    )
    await assert.rejects(stuck, /waited for something other than its own queries/)
    await Promise.all(others)
    assert.equal(names().length, 5)
  })

  it('makes a query that it did not await fail', async () => {
    let forgotten: Promise<void> | undefined
    await database.transaction(null, async (tx) => {
      forgotten = setTimeout(5).then(() => add(tx, 'forgotten'))
      forgotten.catch(() => {})
    })
    await assert.rejects(forgotten!, /something in it was not awaited/)
    assert.deepEqual(names(), [])
  })

  it('cannot run a query that it did not await in the transaction of another', async () => {
    let forgotten: Promise<unknown> | undefined
    let release: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const first = database.transaction(null, async (tx) => {
      forgotten = gate.then(() => add(tx, 'forgotten')).catch((error) => error)
    })
    const second = database.transaction(null, async (tx) => {
      release()
      for (let turn = 0; turn < 50; turn++) await null
      await add(tx, 'second')
    })
    await Promise.all([first, second])
    assert.match(String(await forgotten), /after the end of its transaction/)
    assert.deepEqual(names(), ['second'])
  })

  it('cannot pass its queries to code outside of it', async () => {
    let lent: Queries | undefined
    await database.transaction(null, async (tx) => {
      lent = tx
    })
    await assert.rejects(add(lent!, 'outside'), /after the end of its transaction/)
    assert.deepEqual(names(), [])
  })
})

describe('If SQLite fails,', () => {
  it('a commit that fails rejects its whole batch, stores nothing of it, and the next batch works', async () => {
    const dangling = { account_id: 99, user_id: 99, role: 'agent' as const, created_at: 1 }
    const batch = await Promise.allSettled([
      database.transaction(null, (tx) => add(tx, 'before')),
      database.transaction(null, async (tx) => {
        await pragma(tx, 'defer_foreign_keys = on')
        await tx.sql.insertInto('account_users').values(dangling).execute()
      }),
      database.transaction(null, (tx) => add(tx, 'after')),
    ])
    assert.deepEqual(
      batch.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    )
    assert.deepEqual(names(), [])
    assert.deepEqual(outside.prepare('select * from account_users').all(), [])
    assert.equal(database.stats().failedTransactions, 3)
    await database.transaction(null, (tx) => add(tx, 'next'))
    assert.deepEqual(names(), ['next'])
  })

  it('a lock of another process delays writers but not readers, then rejects them as unavailable, and writing works after it is released', async () => {
    const other = new DatabaseSync(join(directory, fileName))
    other.exec('begin immediate')
    const refused = ['a', 'b'].map((name) => database.transaction(null, (tx) => add(tx, name)))
    const settled = Promise.allSettled(refused)
    let reads = 0
    while (!(await Promise.race([settled, setTimeout(20)]))) {
      await database.read.sql.selectFrom('accounts').select('id').execute()
      reads++
    }
    assert.ok(reads > 20, `${reads} reads were answered meanwhile`)
    for (const one of refused) await assert.rejects(one, isUnavailable)
    other.exec('rollback')
    other.close()
    await database.transaction(null, (tx) => add(tx, 'c'))
    assert.deepEqual(names(), ['c'])
  })

  describe('because the disk is full,', () => {
    const large = 'x'.repeat(1_000_000)

    beforeEach(() =>
      database.transaction(null, async (tx) => {
        const [{ page_count } = { page_count: 0 }] = await pragma(tx, 'page_count')
        await pragma(tx, `max_page_count = ${page_count! + 1}`)
      }),
    )

    it('nothing of a rejected transaction is stored, whether or not the rest of its batch is lost, and later ones work', async () => {
      const labels = ['before', 'too large', 'behind']
      const batch = await Promise.allSettled(
        labels.map((label) =>
          database.transaction(null, async (tx) => {
            await add(tx, label)
            if (label === 'too large') await add(tx, large)
          }),
        ),
      )
      const stored = labels.filter((_, index) => batch[index]!.status === 'fulfilled')
      assert.deepEqual(names(), stored)
      assert.ok(!stored.includes('too large'))
      for (const one of batch) if (one.status === 'rejected') assert.ok(isUnavailable(one.reason))
      await database.transaction(null, (tx) => add(tx, 'small'))
      assert.deepEqual(names(), [...stored, 'small'])
      await database.transaction(null, (tx) => pragma(tx, 'max_page_count = 1000000'))
      await database.transaction(null, (tx) => add(tx, large))
      assert.equal(names().length, stored.length + 2)
    })

    it('a query after the one that failed writes nothing either', async () => {
      // SQLite has ended the transaction by itself, so the next statement would be committed on its own.
      const refused = database.transaction(null, (tx) =>
        Promise.all([add(tx, large), add(tx, 'second query')]),
      )
      await assert.rejects(refused, isUnavailable)
      assert.deepEqual(names(), [])
    })

    it('a transaction that ignores the error is rejected and stores nothing', async () => {
      const refused = database.transaction(null, async (tx) => {
        await add(tx, large).catch(() => {})
        await add(tx, 'as if nothing had happened')
      })
      await assert.rejects(refused)
      assert.deepEqual(names(), [])
    })
  })
})

describe('Closing', () => {
  it('finishes queued transactions and refuses new ones', async () => {
    const queued = Array.from({ length: 600 }, (_, index) =>
      database.transaction(null, (tx) => add(tx, `account ${index}`)),
    )
    const closed = database.close()
    const late = database.transaction(null, (tx) => add(tx, 'late'))
    await assert.rejects(late, (error) => isUnavailable(error) && /shutting down/.test(String(error)))
    await Promise.all([...queued, closed])
    assert.equal(names().length, 600)
    database = openSqlite(directory)
  })
})
