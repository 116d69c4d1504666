import { countAttempt, forgetAttempts, type Subject } from '../../db/attempts.ts'
import type { Database, Queries } from '../../db/database.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { passwordMatches } from '../../lib/secrets.ts'
import { findUser } from './store.ts'

/** An attempt to prove a current password. */
interface Attempt {
  userId: number
  /** What was typed; undefined if nothing was. */
  current: string | undefined
  /** Why it is needed, such as `to set another password`. */
  purpose: string
  /** The name that attempts are counted under; that of the user if left out. */
  subject?: string
}

/** A current password that was right. */
export interface Verified {
  /** The hash that it matched. Compare it with the stored one inside the transaction: it may have changed since. */
  hash: string
  /** Forgets the attempts that were counted. */
  forget(tx: Queries): Promise<void>
}

/**
 * Makes sure that whoever asks knows the user's password. Throws `invalid`, naming `current_password`, and `too_many`
 * after 10 attempts in 15 minutes.
 */
export async function verifyPassword(
  database: Database,
  { userId, current, purpose, subject = `password of user ${userId}` }: Attempt,
): Promise<Verified> {
  if (current === undefined) throw invalid('current_password', `is required ${purpose}`)
  const subjects: Subject[] = [{ name: subject, limit: 10 }]
  const wait = await database.transaction(null, (tx) => countAttempt(tx, subjects))
  if (wait > 0) {
    const sentence = `the current password was tried too often; try again in ${wait} seconds`
    throw new Refusal('too_many', sentence, { retryAfter: wait })
  }
  const { password_hash: hash } = (await findUser(database.read, userId))!
  if (!(await passwordMatches(current, hash))) throw wrongPassword()
  return { hash, forget: (tx) => forgetAttempts(tx, subjects) }
}

/** The refusal of a current password. */
export function wrongPassword(): Refusal {
  return invalid('current_password', 'is not the password of this user')
}
