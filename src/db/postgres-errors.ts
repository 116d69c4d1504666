import pg from 'pg'
import { Refusal } from '../lib/errors.ts'

// SQLSTATE classes (https://www.postgresql.org/docs/current/errcodes-appendix.html) that say nothing about the
// statement, but about the place: connection, authorization, resources, operator's doing, system; and a database that
// is gone, a read-only server, a lock that is taken.
const ofPlace = /^(08|28|53|57|58|25006|3D000|55P03)/
// After these the server closes the connection.
const lastWords = /^(08|57P|25P03)/
const idleInTransaction = '25P03'
const uniqueViolation = '23505'
const again = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  uniqueViolation, // what was looked for before was written meanwhile
])

/** Whether work that ended so was undone as a whole, and may succeed when it is run again. */
export function mayRunAgain(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false
  return again.has(error.code ?? '') || isOfStalePlan(error) || isOfTakenName(error)
}

/** Whether PgBouncer did not pass a statement on, for it has its name still from when preparing it failed. */
function isOfTakenName(error: pg.DatabaseError): boolean {
  return error.code === '08P01' && /prepared statement name is already in use/.test(error.message)
}

/**
 * Whether a prepared statement was refused, before it did anything, because its columns have changed since: a newer
 * program has migrated the database.
 */
export function isOfStalePlan(error: unknown): boolean {
  // The message is in the server's language, and the code is that of everything that PostgreSQL cannot do.
  return (
    error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery'
  )
}

/** Whether nothing more can be asked of a connection that answered so, or that did not answer. */
export function isOfConnection(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || lastWords.test(error.code ?? '')
}

/** What the driver and the server throw, as a Refusal where a statement is not at fault. */
export function translated(error: unknown): unknown {
  if (error instanceof Refusal || mayRunAgain(error)) return error
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : undefined
  if (code === idleInTransaction) {
    const words = 'a transaction waited for something other than its own queries; it was rolled back'
    // A fault of ours, or a machine that had no time for us.
    return unavailable(new Error(words, { cause: error }))
  }
  return code === undefined || ofPlace.test(code) ? unavailable(error) : error
}

/** As `translated`, for work that has been run as often as it may. */
export function exhausted(error: unknown): unknown {
  // One that is violated each time is a fault of ours.
  const isOurs = (error as pg.DatabaseError).code === uniqueViolation
  return isOurs ? error : unavailable(error)
}

function unavailable(cause: unknown): Refusal {
  return new Refusal('unavailable', 'the database cannot do this now; try again', { cause })
}
