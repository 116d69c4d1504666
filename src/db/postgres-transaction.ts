import type pg from 'pg'
import { translated } from './postgres-errors.ts'
import { ask, connect, runOn } from './postgres-pool.ts'

// The first number of our advisory locks; the second is the account's id, or 0.
const lockOfAccount = 7_364_001

/** Takes a connection out of the pool and begins a transaction on it, which waits for those of the same account. */
export async function begin(pool: pg.Pool, accountId: number): Promise<pg.PoolClient> {
  const client = await connect(pool)
  try {
    // One simple query, one round trip. Whoever had waited for the lock with a snapshot from before would see nothing
    // of what the holder has written.
    const lock = `select pg_advisory_xact_lock(${lockOfAccount}, ${accountId})`
    await runOn(client, `begin isolation level read committed; ${lock}`, [], false)
    return client
  } catch (error) {
    await undo(client)
    throw error
  }
}

/** Commits, or throws where the server has undone the transaction instead. */
export async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await ask(client, { text: 'commit' })
  // That is how COMMIT is answered after a query has failed; the caller has looked, but this one was not awaited.
  if (command !== 'COMMIT') throw new Error('a query that was not awaited has failed: nothing was stored')
}

/** Undoes the transaction and gives its connection back to the pool. */
export async function undo(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('rollback')
    client.release()
  } catch {
    // It is broken, and the server has undone what it held.
    client.release(true)
  }
}

/** What `work` gives. Rejects, too, as soon as the connection is lost: work may be waiting for something else. */
export async function unlessLost<T>(client: pg.PoolClient, work: Promise<T>): Promise<T> {
  const { promise: lost, reject } = Promise.withResolvers<never>()
  const note = (error?: Error) => reject(translated(error))
  client.once('error', note).once('end', note)
  try {
    return await Promise.race([work, lost])
  } finally {
    client.off('error', note).off('end', note)
  }
}
