import { randomUUID } from 'node:crypto'
import { secretHash } from '../lib/secrets.ts'
import type { Queries } from './database.ts'

/** Whom tries count for, such as an e-mail address, and how many there may be. */
export interface Subject {
  name: string
  most: number
}

const windowMilliseconds = 15 * 60 * 1000

/**
 * Counts a try for each subject, before it is known whether it fails: of many at the same time, on whichever nodes, no
 * more come through. Gives 0, or the seconds to wait where there were too many in 15 minutes; then it counts nothing.
 */
export async function countAttempt(tx: Queries, subjects: Subject[], now = Date.now()): Promise<number> {
  await tx.sql
    .deleteFrom('attempts')
    .where('created_at', '<=', now - windowMilliseconds)
    .execute()
  for (const { name, most } of subjects) {
    const [limit] = await tx.sql
      .selectFrom('attempts')
      .select('created_at')
      .where('subject', '=', secretHash(name))
      .orderBy('created_at', 'desc')
      .limit(1)
      .offset(most - 1)
      .execute()
    if (limit) return Math.max(1, Math.ceil((limit.created_at + windowMilliseconds - now) / 1000))
  }
  const id = randomUUID()
  const rows = subjects.map(({ name }) => ({ subject: secretHash(name), id, created_at: now }))
  await tx.sql.insertInto('attempts').values(rows).execute()
  return 0
}

/** It was no failure: forgets the tries of these subjects. */
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
