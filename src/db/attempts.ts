import { randomUUID } from 'node:crypto'
import { secretHash } from '../lib/secrets.ts'
import type { Queries } from './database.ts'

/** Something to count attempts for, such as an e-mail address, and how many are allowed. */
export interface Subject {
  name: string
  limit: number
  /** How long an attempt counts, in milliseconds. Defaults to 15 minutes. */
  window?: number
}

const defaultWindow = 15 * 60 * 1000

/**
 * Counts an attempt for each subject. Call this before checking the attempt: if only failures were counted afterwards,
 * concurrent attempts, on any number of nodes, could exceed the limit. Returns 0, or the number of seconds to wait if a
 * subject has reached its limit; in that case nothing is counted.
 */
export async function countAttempt(
  tx: Queries,
  subjects: readonly Subject[],
  id: string = randomUUID(),
): Promise<number> {
  const now = Date.now()
  await tx.sql.deleteFrom('attempts').where('expires_at', '<=', now).execute()
  for (const { name, limit } of subjects) {
    // Of the last `limit` attempts, the first to expire. Once it has, the subject is below its limit again.
    const [firstToExpire] = await tx.sql
      .selectFrom('attempts')
      .select('expires_at')
      .where('subject', '=', secretHash(name))
      .orderBy('expires_at', 'desc')
      .limit(1)
      .offset(limit - 1)
      .execute()
    if (firstToExpire) return Math.max(1, Math.ceil((firstToExpire.expires_at - now) / 1000))
  }
  const rows = subjects.map(({ name, window = defaultWindow }) => {
    return { subject: secretHash(name), id, created_at: now, expires_at: now + window }
  })
  await tx.sql.insertInto('attempts').values(rows).execute()
  return 0
}

/** Deletes all attempts of these subjects, or only the attempt with this `id`. */
export async function forgetAttempts(tx: Queries, subjects: readonly Subject[], id?: string): Promise<void> {
  const hashes = subjects.map(({ name }) => secretHash(name))
  const deletion = tx.sql.deleteFrom('attempts').where('subject', 'in', hashes)
  await (id === undefined ? deletion : deletion.where('id', '=', id)).execute()
}
