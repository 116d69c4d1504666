import pg from 'pg'
import { Refusal } from '../lib/errors.ts'

// SQLSTATE classes (https://www.postgresql.org/docs/current/errcodes-appendix.html) that are caused by the environment,
// not by the statement: connection, authorization, resources, operator intervention, system errors; and a dropped
// database, a read-only server, a lock that is not available.
const environmental = /^(08|28|53|57|58|25006|3D000|55P03)/
// After these the server closes the connection.
const closing = /^(08|57P|25P03)/
const idleInTransaction = '25P03'
const uniqueViolation = '23505'
const retryable = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  uniqueViolation, // another transaction has inserted the row after this one looked for it
])

/** Whether an error means that the work was rolled back completely and may succeed if it is run again. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false
  return retryable.has(error.code ?? '') || isStalePlan(error) || isNameConflict(error)
}

/** Whether PgBouncer refused a statement because it still has its name, from an earlier attempt to prepare it. */
function isNameConflict(error: pg.DatabaseError): boolean {
  return error.code === '08P01' && /prepared statement name is already in use/.test(error.message)
}

/**
 * Whether a prepared statement was refused, without any effect, because its columns have changed: a newer version of
 * the program has migrated the database.
 */
export function isStalePlan(error: unknown): boolean {
  // The message is in the server's language, and the code stands for any feature that is not supported.
  return (
    error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery'
  )
}

/** Whether the connection can no longer be used after this error. */
export function endsConnection(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || closing.test(error.code ?? '')
}

/** Converts errors of the driver and the server to a Refusal `unavailable`, unless the statement has caused them. */
export function translateError(error: unknown): unknown {
  if (error instanceof Refusal || isRetryable(error)) return error
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : undefined
  if (code === idleInTransaction) {
    const message = 'a transaction waited for something other than its own queries; it was rolled back'
    // A bug, or a machine that is so busy that this process did not run.
    return unavailable(new Error(message, { cause: error }))
  }
  return code === undefined || environmental.test(code) ? unavailable(error) : error
}

/** Converts an error after the last retry, like `translateError`. */
export function retriesExhausted(error: unknown): unknown {
  // A constraint that is violated each time is a bug.
  const isBug = (error as pg.DatabaseError).code === uniqueViolation
  return isBug ? error : unavailable(error)
}

function unavailable(cause: unknown): Refusal {
  return new Refusal('unavailable', 'the database is not available at the moment; try again', { cause })
}
