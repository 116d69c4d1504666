import { countAttempt, forgetAttempts, type Subject } from '../../db/attempts.ts'
import type { Database, Queries } from '../../db/database.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { passwordMatches, secretHash } from '../../lib/secrets.ts'
import { findUser } from './store.ts'

/** An attempt to enter the current password. */
interface Attempt {
  userId: number
  /** The password that was entered, if any. */
  current: string | undefined
  /** Why it is needed, such as `to set another password`. It becomes part of the error. */
  purpose: string
  /** The name under which attempts are counted. By default, that of the user. */
  subject?: string
}

/** A current password that is correct. */
export interface VerifiedPassword {
  /** The hash that it matched. Compare it with the stored one in the transaction: it may have changed meanwhile. */
  hash: string
  /** Resets the number of attempts. */
  forget(tx: Queries): Promise<void>
}

/**
 * Verifies the current password of a user. Throws `invalid` for the field `current_password` if it is missing or wrong,
 * and `too_many_requests` after 10 attempts in 15 minutes.
 */
export async function verifyPassword(
  database: Database,
  { userId, current, purpose, subject = `password of user ${userId}` }: Attempt,
): Promise<VerifiedPassword> {
  if (current === undefined) throw invalid('current_password', `is required ${purpose}`, 'required')
  const subjects: Subject[] = [{ name: subject, limit: 10 }]
  const wait = await database.transaction(null, (tx) => countAttempt(tx, subjects))
  if (wait > 0) {
    const sentence = `too many attempts to enter the current password; try again in ${wait} seconds`
    throw new Refusal('too_many_requests', sentence, { retryAfter: wait })
  }
  const { password_hash: hash } = (await findUser(database.read, userId))!
  if (!(await passwordMatches(current, hash))) throw wrongPassword()
  return { hash, forget: (tx) => forgetAttempts(tx, subjects) }
}

/** The error for a wrong current password. */
export function wrongPassword(): Refusal {
  return invalid('current_password', 'is not the password of this user', 'wrong_password')
}

/** Returns a text that changes with the password of a user, and does not reveal it; undefined if there is no such user. */
export async function passwordFingerprint(queries: Queries, userId: number): Promise<string | undefined> {
  const user = await findUser(queries, userId)
  return user && secretHash(user.password_hash)
}
