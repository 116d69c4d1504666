import type { Database } from '../../db/database.ts'
import type { Identify, Identity } from '../../http/auth.ts'
import { allScopes, type Scope } from '../../lib/actor.ts'
import { secretHash } from '../../lib/secrets.ts'
import { findSession, setSessionUsed } from './session.store.ts'
import { sessionEnd } from './sessions.ts'
import { findToken, setTokenUsed } from './token.store.ts'

// How old the time of the last use may be before it is updated, in milliseconds.
const lastUsedPrecision = 60_000

/** Reads tokens and sessions from the database at each request, so that a revoked one stops working at once. */
export function createIdentify(database: Database): Identify {
  const recordUse = createRecorder()
  const findTokens = coalesce(database, (key: Key) => findToken(database.read, key))
  const findSessions = coalesce(database, (key: Key) => findSession(database.read, key))
  return async ({ kind, secret }, accountId) => {
    const key = { hash: secretHash(secret), account_id: accountId ?? null }
    return kind === 'token'
      ? identityOfToken(database, recordUse, (await findTokens(key))[0])
      : identityOfSession(database, recordUse, (await findSessions(key))[0])
  }
}

interface Key {
  hash: string
  account_id: number | null
}

/**
 * Lets requests that arrive in the same iteration of the event loop share a query, because on PostgreSQL a query is a
 * round trip. A query that has been sent is not shared, so that a revoked token stops working at once.
 */
function coalesce<K extends object, R>(database: Database, find: (key: K) => Promise<R>): typeof find {
  if (database.read.engine === 'sqlite') return find
  const pending = new Map<string, Promise<R>>()
  return (key) => {
    const name = JSON.stringify(key)
    const shared = pending.get(name)
    if (shared) return shared
    const result = new Promise((resolve) => setImmediate(resolve)).then(() => {
      pending.delete(name)
      return find(key)
    })
    pending.set(name, result)
    return result
  }
}

type Row<F extends (...args: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>[number]

function identityOfToken(
  database: Database,
  recordUse: RecordUse,
  row: Row<typeof findToken> | undefined,
): Identity | undefined {
  const now = Date.now()
  if (!row || (row.expires_at !== null && row.expires_at <= now)) return undefined
  if ((row.last_used_at ?? 0) < now - lastUsedPrecision) {
    recordUse(`token ${row.id}`, () => database.autocommit((tx) => setTokenUsed(tx, row.id, now)))
  }
  const scopes = row.scopes.split(',') as Scope[]
  const { id: tokenId, user_id: userId, expires_at, role } = row
  return { tokenId, userId, scopes, expiresAt: expires_at ?? undefined, role: role ?? undefined }
}

function identityOfSession(
  database: Database,
  recordUse: RecordUse,
  row: Row<typeof findSession> | undefined,
): Identity | undefined {
  const now = Date.now()
  if (!row || row.expires_at <= now) return undefined
  if (row.last_used_at < now - lastUsedPrecision) {
    const expiresAt = sessionEnd(row.created_at, now)
    recordUse(`session ${row.id}`, () =>
      database.autocommit((tx) => setSessionUsed(tx, row.id, now, expiresAt)),
    )
  }
  const { id: sessionId, user_id: userId, role } = row
  return { tokenId: 0, sessionId, userId, scopes: allScopes, role: role ?? undefined }
}

type RecordUse = (name: string, write: () => Promise<void>) => void

/** Writes in the background, and ignores errors: on a full disk, requests that only read must still work. */
function createRecorder(): RecordUse {
  const recording = new Set<string>()
  return (name, write) => {
    if (recording.has(name)) return
    recording.add(name)
    write()
      .catch(() => {})
      .finally(() => recording.delete(name))
  }
}
