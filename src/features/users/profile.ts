import { countAttempt, forgetAttempts, type Subject } from '../../db/attempts.ts'
import type { Database, Queries } from '../../db/database.ts'
import { hasScope, type Person } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { passwordHash, passwordMatches } from '../../lib/secrets.ts'
import { toSeconds } from '../../lib/time.ts'
import { deleteToken, selectTokens } from './credential.store.ts'
import type { AccessToken, NewAccessToken, Profile, ProfileChange } from './schema.ts'
import { createToken, getProfile, rename, setPassword, tellAccessChange, tellingAgents } from './service.ts'
import { findUser, setAvailability } from './store.ts'

/**
 * Changes what is named and gives the profile. Throws `invalid` for a new password without the right current one, and
 * `too_many` where that was tried too often.
 */
export async function changeProfile(
  database: Database,
  person: Person,
  { name, availability, password, current_password }: ProfileChange,
): Promise<Profile> {
  const { userId, sessionId } = person
  const change = await newPassword(database, userId, password, current_password)
  return database.transaction(null, async (tx) => {
    if (name !== undefined) await rename(tx, userId, name)
    if (availability !== undefined) {
      await tellingAgents(tx, userId, () => setAvailability(tx, userId, availability))
    }
    if (change) {
      if ((await findUser(tx, userId))!.password_hash !== change.old) throw wrongPassword()
      await setPassword(tx, userId, change.hash, sessionId)
      await forgetAttempts(tx, [attemptsOf(userId)])
    }
    return getProfile(tx, userId)
  })
}

async function newPassword(database: Database, userId: number, password?: string, current?: string) {
  if (password === undefined) return undefined
  if (current === undefined) throw invalid('current_password', 'is required to set another password')
  const wait = await database.transaction(null, (tx) => countAttempt(tx, [attemptsOf(userId)]))
  if (wait > 0) {
    const sentence = `the current password was tried too often; try again in ${wait} seconds`
    throw new Refusal('too_many', sentence, { retryAfter: wait })
  }
  const { password_hash: old } = (await findUser(database.read, userId))!
  if (!(await passwordMatches(current, old))) throw wrongPassword()
  return { old, hash: await passwordHash(password) }
}

function attemptsOf(userId: number): Subject {
  return { name: `password of user ${userId}`, limit: 10 }
}

function wrongPassword(): Refusal {
  return invalid('current_password', 'is not the password of this user')
}

/** The access tokens of a user, oldest first, without their secrets. */
export async function listTokens(queries: Queries, { userId }: Person): Promise<AccessToken[]> {
  const rows = await selectTokens(queries, userId)
  return rows.map(({ id, name, scopes, expires_at, last_used_at, created_at }) => ({
    id,
    name,
    scopes: scopes.split(',') as AccessToken['scopes'],
    expires_at: toSeconds(expires_at),
    last_used_at: toSeconds(last_used_at),
    created_at: toSeconds(created_at),
  }))
}

/**
 * Makes an access token; the answer alone shows it. Throws `forbidden` for a scope that the caller's own token lacks or
 * an end after its own, `invalid` for an end that is past.
 */
export function addToken(
  database: Database,
  { userId, scopes: own, expiresAt: ownEnd = Infinity }: Person,
  { name, scopes, expires_at }: NewAccessToken,
): Promise<AccessToken & { token: string }> {
  const lacking = scopes.find((scope) => !hasScope(own, scope))
  if (lacking) {
    throw new Refusal(
      'forbidden',
      `this token lacks the scope "${lacking}", and so cannot give it to another`,
    )
  }
  const expiresAt = typeof expires_at === 'number' ? expires_at * 1000 : undefined
  if (expiresAt !== undefined && expiresAt <= Date.now()) throw invalid('expires_at', 'must be in the future')
  if ((expiresAt ?? Infinity) > ownEnd) {
    throw new Refusal('forbidden', 'this token ends, and so cannot make one that ends later: set expires_at')
  }
  return database.transaction(null, async (tx) => {
    const token = await createToken(tx, userId, { name, scopes: [...new Set(scopes)], expiresAt })
    return { ...(await listTokens(tx, { userId } as Person)).at(-1)!, token }
  })
}

/** Revokes a token of the user, at once and on all nodes. Throws `not_found`. */
export function revokeToken(database: Database, { userId }: Person, id: number): Promise<void> {
  return database.transaction(null, async (tx) => {
    if (!(await deleteToken(tx, userId, id))) throw notFound('access token')
    await tellAccessChange(tx, userId)
  })
}
