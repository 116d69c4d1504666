import { countAttempt, forgetAttempts, type Subject } from '../../db/attempts.ts'
import type { Database, Queries } from '../../db/database.ts'
import { networkOf } from '../../lib/addresses.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { passwordHash, passwordMatches, randomSecret, secretHash } from '../../lib/secrets.ts'
import type { Profile } from '../users/schema.ts'
import { beginSession, endSession, getProfile, rename, setPassword, userByEmail } from '../users/service.ts'
import type { Purpose, SendLink } from './letters.ts'
import type { Acceptance, PasswordReset, SignIn } from './schema.ts'
import { deleteLinks, findLink, insertLink } from './store.ts'

export { linkSender, type SendLink } from './letters.ts'

/** Where a request to sign in comes from. */
export interface Browser {
  address: string
  userAgent: string | null
}

/** A session that has begun: whose it is, and its secret, which is seen only now. */
export interface SignedIn {
  profile: Profile
  secret: string
}

/**
 * Begins a session. Throws `unauthenticated` for a wrong password and for an unknown address alike, after the same
 * work, and `too_many` after 10 failures in 15 minutes for the e-mail address, or 30 from where the request comes.
 */
export async function signIn(
  database: Database,
  { email, password }: SignIn,
  { address, userAgent }: Browser,
): Promise<SignedIn> {
  const subjects = [signingInAs(email), { name: `sign in from ${networkOf(address)}`, limit: 30 }]
  const wait = await database.transaction(null, (tx) => countAttempt(tx, subjects))
  if (wait > 0) {
    const sentence = `signing in failed too often; try again in ${wait} seconds`
    throw new Refusal('too_many', sentence, { retryAfter: wait })
  }
  const user = await userByEmail(database.read, email)
  if (!(await passwordMatches(password, user?.password_hash)) || !user) throw wrongPassword()
  return database.transaction(null, async (tx) => {
    // Another password may have been set meanwhile: this one must not begin a session then.
    const now = await userByEmail(tx, email)
    if (now?.password_hash !== user.password_hash) throw wrongPassword()
    await forgetAttempts(tx, subjects)
    return signedIn(tx, user.id, userAgent)
  })
}

function signingInAs(email: string): Subject {
  return { name: `sign in as ${email.toLowerCase()}`, limit: 10 }
}

function wrongPassword(): Refusal {
  return new Refusal('unauthenticated', 'the e-mail address or the password is wrong')
}

async function signedIn(tx: Queries, userId: number, userAgent: string | null): Promise<SignedIn> {
  const secret = await beginSession(tx, userId, userAgent)
  return { secret, profile: await getProfile(tx, userId) }
}

/** Ends the session that a browser shows, on all nodes; none is no error. */
export async function signOut(database: Database, secret: string | undefined): Promise<void> {
  if (secret) await database.transaction(null, (tx) => endSession(tx, secret))
}

const hour = 60 * 60 * 1000
const lasts: Record<Purpose, number> = { invitation: 7 * 24 * hour, password: hour }

/**
 * Makes a link with which its holder sets a user's password, once: an invitation lasts 7 days, a forgotten password an
 * hour. Older links of the user end. The secret stands behind the #, which browsers tell no server.
 */
export async function createLink(
  tx: Queries,
  userId: number,
  purpose: Purpose,
  publicUrl: string,
): Promise<string> {
  const now = Date.now()
  const secret = randomSecret(purpose)
  await deleteLinks(tx, userId, now)
  const link_hash = secretHash(secret)
  await insertLink(tx, {
    link_hash,
    user_id: userId,
    purpose,
    created_at: now,
    expires_at: now + lasts[purpose],
  })
  return `${publicUrl}/${purpose}#${secret}`
}

/** Ends the links of a user. */
export function endLinks(tx: Queries, userId: number): Promise<void> {
  return deleteLinks(tx, userId, Date.now())
}

/**
 * Sends whoever has forgotten their password a link to set another; who has only been invited gets an invitation. Sends
 * nothing where there is no such user, or where too many were asked for.
 */
export async function sendForgotten(
  database: Database,
  email: string,
  address: string,
  publicUrl: string,
  send: SendLink,
): Promise<void> {
  const subjects = [
    { name: `link for ${email.toLowerCase()}`, limit: 10 },
    { name: `link from ${networkOf(address)}`, limit: 30 },
  ]
  const found = await database.transaction(null, async (tx) => {
    if ((await countAttempt(tx, subjects)) > 0) return undefined
    const user = await userByEmail(tx, email)
    if (!user) return undefined
    const purpose = user.confirmed === 1 ? 'password' : 'invitation'
    return { user, purpose, url: await createLink(tx, user.id, purpose, publicUrl) } as const
  })
  if (found) send(found.user, found.purpose, found.url)
}

/** Accepts an invitation: sets the password and the name, and begins a session. Throws `invalid`, naming `token`. */
export function acceptInvitation(
  database: Database,
  { token, password, name }: Acceptance,
  userAgent: string | null,
): Promise<SignedIn> {
  return withLink(database, 'invitation', token, password, async (tx, userId) => {
    if (name !== undefined) await rename(tx, userId, name)
    return signedIn(tx, userId, userAgent)
  })
}

/** Sets a forgotten password and ends all sessions of its user. Throws `invalid`, naming `token`. */
export function resetPassword(database: Database, { token, password }: PasswordReset): Promise<void> {
  return withLink(database, 'password', token, password, async () => {})
}

/** Sets the password of a link's user, with whatever else belongs to it; the link ends. */
async function withLink<T>(
  database: Database,
  purpose: Purpose,
  token: string,
  password: string,
  more: (tx: Queries, userId: number) => Promise<T>,
): Promise<T> {
  // Who guesses must not make us hash: that is work.
  await userOfLink(database.read, purpose, token)
  const hash = await passwordHash(password)
  return database.transaction(null, async (tx) => {
    const userId = await userOfLink(tx, purpose, token)
    await endLinks(tx, userId)
    await setPassword(tx, userId, hash)
    await forgetAttempts(tx, [signingInAs((await getProfile(tx, userId)).email)])
    return more(tx, userId)
  })
}

async function userOfLink(queries: Queries, purpose: Purpose, token: string): Promise<number> {
  const link = await findLink(queries, secretHash(token))
  if (link?.purpose === purpose && link.expires_at > Date.now()) return link.user_id
  throw invalid('token', 'is unknown, used or too old: ask for another link')
}
