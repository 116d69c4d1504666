import type { Database } from '../../db/database.ts'
import type { Identify, Identity } from '../../http/auth.ts'
import { allScopes, type Scope } from '../../lib/actor.ts'
import { secretHash } from '../../lib/secrets.ts'
import { findSession, setSessionUsed } from './session.store.ts'
import { sessionEnd } from './sessions.ts'
import { findToken, setTokenUsed } from './token.store.ts'

// How old a "last used" may be before it is written again, in milliseconds.
const lastUsedPrecision = 60_000

/** Reads tokens and sessions from the database at each request, so that one that was revoked ends at once. */
export function identifier(database: Database): Identify {
  const tokens = onceATurn(database, (asked: Asked) => findToken(database.read, asked))
  const sessions = onceATurn(database, (asked: Asked) => findSession(database.read, asked))
  return async ({ kind, secret }, accountId) => {
    const asked = { hash: secretHash(secret), account_id: accountId ?? null }
    return kind === 'token'
      ? ofToken(database, (await tokens(asked))[0])
      : ofSession(database, (await sessions(asked))[0])
  }
}

interface Asked {
  hash: string
  account_id: number | null
}

/**
 * On PostgreSQL, where a look-up is a journey: requests that have arrived in the same turn of the event loop share the
 * one of their token. What was sent already is not shared, so that a revoked token ends at once.
 */
function onceATurn<K extends object, R>(database: Database, find: (key: K) => Promise<R>): typeof find {
  if (database.read.engine === 'sqlite') return find
  const waiting = new Map<string, Promise<R>>()
  return (key) => {
    const name = JSON.stringify(key)
    const known = waiting.get(name)
    if (known) return known
    const found = new Promise((resolve) => setImmediate(resolve)).then(() => {
      waiting.delete(name)
      return find(key)
    })
    waiting.set(name, found)
    return found
  }
}

type Row<F extends (...args: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>[number]

function ofToken(database: Database, row: Row<typeof findToken> | undefined): Identity | undefined {
  const now = Date.now()
  if (!row || (row.expires_at !== null && row.expires_at <= now)) return undefined
  if ((row.last_used_at ?? 0) < now - lastUsedPrecision) {
    noteUse(`token ${row.id}`, () => database.autocommit((tx) => setTokenUsed(tx, row.id, now)))
  }
  const scopes = row.scopes.split(',') as Scope[]
  const { id: tokenId, user_id: userId, expires_at, role } = row
  return { tokenId, userId, scopes, expiresAt: expires_at ?? undefined, role: role ?? undefined }
}

function ofSession(database: Database, row: Row<typeof findSession> | undefined): Identity | undefined {
  const now = Date.now()
  if (!row || row.expires_at <= now) return undefined
  if (row.last_used_at < now - lastUsedPrecision) {
    const expiresAt = sessionEnd(row.created_at, now)
    noteUse(`session ${row.id}`, () =>
      database.autocommit((tx) => setSessionUsed(tx, row.id, now, expiresAt)),
    )
  }
  const { id: sessionId, user_id: userId, role } = row
  return { tokenId: 0, sessionId, userId, scopes: allScopes, role: role ?? undefined }
}

const beingNoted = new Set<string>()

/** Nobody waits for it, and a full disk must not refuse a reader for it. */
function noteUse(name: string, note: () => Promise<void>): void {
  if (beingNoted.has(name)) return
  beingNoted.add(name)
  note()
    .catch(() => {})
    .finally(() => beingNoted.delete(name))
}
