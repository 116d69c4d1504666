import type pg from 'pg'
import { translateError } from './postgres-errors.ts'
import { connect, runOnClient, sendQuery } from './postgres-pool.ts'

// The first key of the advisory locks; the second is the id of the account, or 0.
const accountLock = 7_364_001

/** Takes a connection out of the pool and begins a transaction that excludes others of the same account. */
export async function begin(pool: pg.Pool, accountId: number): Promise<pg.PoolClient> {
  const client = await connect(pool)
  try {
    // A single round trip. READ COMMITTED, because a snapshot taken before waiting for the lock would not contain what
    // its holder has written.
    const lock = `select pg_advisory_xact_lock(${accountLock}, ${accountId})`
    await runOnClient(client, `begin isolation level read committed; ${lock}`, [], false)
    return client
  } catch (error) {
    await rollback(client)
    throw error
  }
}

/** Commits. Throws if the server has rolled the transaction back instead. */
export async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await sendQuery(client, { text: 'commit' })
  // The server responds ROLLBACK if a query has failed. The caller handles failures, so this query was not awaited.
  if (command !== 'COMMIT') throw new Error('a query that was not awaited has failed: nothing was stored')
}

/** Rolls the transaction back and returns its connection to the pool. */
export async function rollback(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('rollback')
    client.release()
  } catch {
    // The connection is broken, so the server has rolled the transaction back.
    client.release(true)
  }
}

/** Returns the result of `work`. Rejects as soon as the connection is lost, even if `work` waits for something else. */
export async function unlessLost<T>(client: pg.PoolClient, work: Promise<T>): Promise<T> {
  const { promise: lost, reject } = Promise.withResolvers<never>()
  const onLost = (error?: Error) => reject(translateError(error))
  client.once('error', onLost).once('end', onLost)
  try {
    return await Promise.race([work, lost])
  } finally {
    client.off('error', onLost).off('end', onLost)
  }
}
