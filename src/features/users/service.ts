import type { Database, Queries } from '../../db/database.ts'
import type { Identify } from '../../http/auth.ts'
import type { Role, Scope } from '../../lib/actor.ts'
import { randomSecret, secretHash } from '../../lib/secrets.ts'
import {
  findMember,
  findToken,
  findUserByEmail,
  insertMembership,
  insertToken,
  insertUser,
  setLastUsed,
} from './store.ts'

// How old a token's "last used" may be before it is written again, in milliseconds.
const lastUsedPrecision = 60_000

/** Reads tokens from the database at each request, so that a revoked one ends at once. */
export function identifier(database: Database): Identify {
  return async (token, accountId) => {
    const [row] = await findToken(database.read, {
      token_hash: secretHash(token),
      account_id: accountId ?? null,
    })
    const now = Date.now()
    if (!row || (row.expires_at !== null && row.expires_at <= now)) return undefined
    if ((row.last_used_at ?? 0) < now - lastUsedPrecision) noteUse(database, row.id, now)
    return {
      tokenId: row.id,
      userId: row.user_id,
      scopes: row.scopes.split(',') as Scope[],
      role: row.role ?? undefined,
    }
  }
}

const beingNoted = new Set<number>()

/** Nobody waits for it, and a full disk must not refuse a reader for it. */
function noteUse(database: Database, tokenId: number, now: number): void {
  if (beingNoted.has(tokenId)) return
  beingNoted.add(tokenId)
  database
    .transaction((tx) => setLastUsed(tx, tokenId, now))
    .catch(() => {})
    .finally(() => beingNoted.delete(tokenId))
}

/** A new person. The password comes hashed: hashing takes long, and no transaction may wait for it. */
export interface NewUser {
  email: string
  name: string
  passwordHash: string
}

/** Makes a user who is a member of the account. */
export async function createMember(
  tx: Queries,
  accountId: number,
  role: Role,
  user: NewUser,
): Promise<number> {
  const now = Date.now()
  const { email, name, passwordHash } = user
  const userId = await insertUser(tx, { email: email.toLowerCase(), name, password_hash: passwordHash }, now)
  await insertMembership(tx, { account_id: accountId, user_id: userId, role }, now)
  return userId
}

/** What a new token may do and how long; without `expiresAt` (milliseconds since 1970) it does not end. */
export interface NewToken {
  name: string
  scopes: readonly Scope[]
  expiresAt?: number | undefined
  /** Chosen by the operator instead of being made up. */
  token?: string | undefined
}

/** Makes an access token; what it gives is the only time that the token is seen. */
export async function createToken(tx: Queries, userId: number, options: NewToken): Promise<string> {
  const token = options.token ?? randomSecret('ndoto')
  const row = {
    user_id: userId,
    name: options.name,
    token_hash: secretHash(token),
    scopes: options.scopes.join(','),
    expires_at: options.expiresAt ?? null,
  }
  await insertToken(tx, row, Date.now())
  return token
}

/** The id of the user with this address, in whatever case it is written. */
export async function userIdByEmail(queries: Queries, email: string): Promise<number | undefined> {
  return (await findUserByEmail(queries, email.toLowerCase()))?.id
}

/** The role of a user in an account; undefined where they are no member. */
export async function roleOf(queries: Queries, accountId: number, userId: number): Promise<Role | undefined> {
  return (await findMember(queries, accountId, userId))?.role
}
