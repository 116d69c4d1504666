import { randomUUID } from 'node:crypto'
import { secretHash } from '../lib/secrets.ts'
import type { Queries } from './database.ts'

/** What attempts are counted by, such as an e-mail address, and how many are allowed. */
export interface Subject {
  name: string
  limit: number
}

const windowMilliseconds = 15 * 60 * 1000

/**
 * Counts an attempt for each subject. Call it before checking the password, so that simultaneous attempts, on any node,
 * cannot exceed the limit. Returns 0, or the seconds to wait if a subject had too many attempts in 15 minutes; then
 * nothing is counted.
 */
export async function countAttempt(tx: Queries, subjects: Subject[], now = Date.now()): Promise<number> {
  await tx.sql
    .deleteFrom('attempts')
    .where('created_at', '<=', now - windowMilliseconds)
    .execute()
  for (const { name, limit } of subjects) {
    const [oldest] = await tx.sql
      .selectFrom('attempts')
      .select('created_at')
      .where('subject', '=', secretHash(name))
      .orderBy('created_at', 'desc')
      .limit(1)
      .offset(limit - 1)
      .execute()
    if (oldest) return Math.max(1, Math.ceil((oldest.created_at + windowMilliseconds - now) / 1000))
  }
  const id = randomUUID()
  const rows = subjects.map(({ name }) => ({ subject: secretHash(name), id, created_at: now }))
  await tx.sql.insertInto('attempts').values(rows).execute()
  return 0
}

/** Deletes the attempts of these subjects, after one has succeeded. */
export async function forgetAttempts(tx: Queries, subjects: Subject[]): Promise<void> {
  await tx.sql
    .deleteFrom('attempts')
    .where(
      'subject',
      'in',
      subjects.map(({ name }) => secretHash(name)),
    )
    .execute()
}
