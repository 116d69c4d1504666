import type { Database, Queries } from '../../db/database.ts'
import { longestSession, sessionPrefix } from '../../http/session.ts'
import type { Person } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { randomSecret, secretHash } from '../../lib/secrets.ts'
import { toSeconds } from '../../lib/time.ts'
import { logAccessChanges } from './access.ts'
import type { Session } from './schema.ts'
import {
  deleteOldSessions,
  deleteSession,
  deleteSessionOf,
  deleteSessions,
  insertSession,
  selectSessions,
} from './session.store.ts'

// How long a session lasts after its last use, in milliseconds.
const sessionLifetime = 30 * 24 * 60 * 60 * 1000

/** Returns when a session that is used now expires: 30 days later, but at most 90 days after it began. */
export function sessionEnd(createdAt: number, now: number): number {
  return Math.min(now + sessionLifetime, createdAt + longestSession)
}

/** Begins a session of a user and returns its secret, of which only a hash is stored. */
export async function beginSession(tx: Queries, userId: number, userAgent: string | null): Promise<string> {
  const now = Date.now()
  const secret = randomSecret(sessionPrefix)
  await deleteOldSessions(tx, now)
  await insertSession(tx, {
    user_id: userId,
    session_hash: secretHash(secret),
    user_agent: userAgent,
    created_at: now,
    last_used_at: now,
    expires_at: sessionEnd(now, now),
  })
  return secret
}

/** Ends a session on all nodes. An unknown secret is not an error. */
export async function endSession(tx: Queries, secret: string): Promise<void> {
  const userId = await deleteSession(tx, secretHash(secret))
  if (userId !== undefined) await logAccessChanges(tx, userId)
}

/** Lists the sessions of a user that have not expired, most recently used first. */
export async function listSessions(queries: Queries, { userId, sessionId }: Person): Promise<Session[]> {
  const rows = await selectSessions(queries, userId, Date.now())
  return rows.map(({ id, user_agent, created_at, last_used_at, expires_at }) => ({
    id,
    user_agent,
    current: id === sessionId,
    created_at: toSeconds(created_at),
    last_used_at: toSeconds(last_used_at),
    expires_at: toSeconds(expires_at),
  }))
}

/** Ends one session of the user immediately and on all nodes. Throws `not_found`. */
export function endOwnSession(database: Database, { userId }: Person, id: number): Promise<void> {
  return database.transaction(null, async (tx) => {
    if (!(await deleteSessionOf(tx, userId, id))) throw notFound('session')
    await logAccessChanges(tx, userId)
  })
}

/** Ends all sessions of the user, except the one that makes the request, immediately and on all nodes. */
export function endOtherSessions(database: Database, { userId, sessionId = 0 }: Person): Promise<void> {
  return database.transaction(null, async (tx) => {
    await deleteSessions(tx, userId, Date.now(), sessionId)
    await logAccessChanges(tx, userId)
  })
}
