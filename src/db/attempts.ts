import { randomUUID } from 'node:crypto'
import { secretHash } from '../lib/secrets.ts'
import type { Queries } from './database.ts'

/** What attempts are counted by, such as an e-mail address, and how many are allowed. */
export interface Subject {
  name: string
  limit: number
  /** How long an attempt counts, in milliseconds; 15 minutes if it is left out. */
  window?: number
}

const quarterOfAnHour = 15 * 60 * 1000

/**
 * Counts an attempt for each subject before it is known whether it fails, so that many at once, on any number of nodes,
 * cannot exceed the limit. Returns 0, or the seconds to wait if a subject has reached its limit; then it counts nothing.
 */
export async function countAttempt(
  tx: Queries,
  subjects: readonly Subject[],
  id: string = randomUUID(),
): Promise<number> {
  const now = Date.now()
  await tx.sql.deleteFrom('attempts').where('expires_at', '<=', now).execute()
  for (const { name, limit } of subjects) {
    const [oldest] = await tx.sql
      .selectFrom('attempts')
      .select('expires_at')
      .where('subject', '=', secretHash(name))
      .orderBy('expires_at', 'desc')
      .limit(1)
      .offset(limit - 1)
      .execute()
    if (oldest) return Math.max(1, Math.ceil((oldest.expires_at - now) / 1000))
  }
  const rows = subjects.map(({ name, window = quarterOfAnHour }) => {
    return { subject: secretHash(name), id, created_at: now, expires_at: now + window }
  })
  await tx.sql.insertInto('attempts').values(rows).execute()
  return 0
}

/** Forgets the attempts of these subjects, or only the one that was counted as `id`. */
export async function forgetAttempts(tx: Queries, subjects: readonly Subject[], id?: string): Promise<void> {
  const hashes = subjects.map(({ name }) => secretHash(name))
  const counted = tx.sql.deleteFrom('attempts').where('subject', 'in', hashes)
  await (id === undefined ? counted : counted.where('id', '=', id)).execute()
}
