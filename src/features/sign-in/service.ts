import { countAttempt } from '../../db/attempts.ts'
import type { Database, Queries } from '../../db/database.ts'
import { networkOf } from '../../lib/addresses.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { passwordHash, passwordMatches, randomSecret, secretHash } from '../../lib/secrets.ts'
import type { Profile } from '../users/schema.ts'
import {
  assertNotGuessable,
  beginSession,
  endSession,
  getProfile,
  invitedUsers,
  isMemberElsewhere,
  lockUser,
  setPassword,
  userByEmail,
} from '../users/service.ts'
import { isDeviceOf, newDevice } from './device.ts'
import type { Purpose, SendLink, SendNotice } from './letters.ts'
import { countSignIn, forgetFailures, forgetSignIn } from './limits.ts'
import type { PasswordReset, SignIn } from './schema.ts'
import { deleteLinks, findLink, insertLink } from './store.ts'

export { accountMembers } from './account-members.ts'
export { linkSender, noticeSender, type SendLink } from './letters.ts'

/** Where a request to sign in comes from. */
export interface Browser {
  address: string
  userAgent: string | null
  /** What it remembers of an earlier sign-in; see `device.ts`. */
  device: string | undefined
}

/** A session that has begun: whose it is, its secret, which is seen only now, and what the browser shall remember. */
export interface SignedIn {
  profile: Profile
  secret: string
  device: string
}

/**
 * Begins a session. Throws `unauthenticated` for a wrong password and for an unknown address alike, after the same
 * work, and `too_many` as `limits.ts` says. `notify` tells the owner of an address under attack, once a day.
 */
export async function signIn(
  database: Database,
  { email, password }: SignIn,
  { address, userAgent, device }: Browser,
  notify?: SendNotice,
): Promise<SignedIn> {
  const user = await userByEmail(database.read, email)
  const known = device && isDeviceOf(device, user?.password_hash) ? device : undefined
  const attempt = await database.transaction(null, (tx) => countSignIn(tx, email, address, known))
  if ('wait' in attempt) {
    if (attempt.isNews && user?.confirmed === 1) notify?.(user)
    const sentence = `signing in failed too often; try again in ${attempt.wait} seconds`
    throw new Refusal('too_many', sentence, { retryAfter: attempt.wait })
  }
  if (!(await passwordMatches(password, user?.password_hash)) || !user) throw wrongPassword()
  return database.transaction(null, async (tx) => {
    // Another password may have been set meanwhile: this one must not begin a session then.
    const now = await userByEmail(tx, email)
    if (now?.password_hash !== user.password_hash) throw wrongPassword()
    await forgetSignIn(tx, attempt)
    return signedIn(tx, user.id, user.password_hash, userAgent)
  })
}

function wrongPassword(): Refusal {
  return new Refusal('unauthenticated', 'the e-mail address or the password is wrong')
}

/** Begins a session of a user. */
export async function signedIn(
  tx: Queries,
  userId: number,
  passwordHash: string,
  userAgent: string | null,
): Promise<SignedIn> {
  const secret = await beginSession(tx, userId, userAgent)
  const profile = await getProfile(tx, { userId, tokenId: 0 })
  return { secret, profile, device: newDevice(passwordHash) }
}

/** Ends the session that a browser shows, on all nodes; none is no error. */
export async function signOut(database: Database, secret: string | undefined): Promise<void> {
  if (secret) await database.transaction(null, (tx) => endSession(tx, secret))
}

const hour = 60 * 60 * 1000
const lasts: Record<Purpose, number> = { invitation: 7 * 24 * hour, password: hour }

/**
 * Makes a link with which its holder sets a user's password, once: an invitation lasts 7 days, a forgotten password an
 * hour. Older links of the user end. The secret stands behind the #, which browsers tell no server. `issuedIn` is the
 * account whose administrator is given the link; null if it is mailed to the user.
 */
export async function createLink(
  tx: Queries,
  userId: number,
  purpose: Purpose,
  publicUrl: string,
  issuedIn: number | null,
): Promise<string> {
  const now = Date.now()
  const secret = randomSecret(purpose)
  await deleteLinks(tx, userId, now)
  const link_hash = secretHash(secret)
  await insertLink(tx, {
    link_hash,
    user_id: userId,
    purpose,
    issued_in: issuedIn,
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
 * Sends whoever has forgotten their password a link to set another; who has only been invited gets an invitation for
 * each account. Sends nothing if there is no such user, or if too many were asked for.
 */
export async function sendForgotten(
  database: Database,
  email: string,
  address: string,
  publicUrl: string,
  send: SendLink,
): Promise<void> {
  const subjects = [
    { name: `link for ${normalizeEmail(email)}`, limit: 10 },
    { name: `link from ${networkOf(address)}`, limit: 30 },
  ]
  const links = await database.transaction(null, async (tx) => {
    if ((await countAttempt(tx, subjects)) > 0) return []
    const user = await userByEmail(tx, email)
    const purpose = user?.confirmed === 1 ? 'password' : 'invitation'
    const receivers = user?.confirmed === 1 ? [user] : await invitedUsers(tx, email)
    const made: { user: { name: string; email: string }; purpose: Purpose; url: string }[] = []
    for (const one of receivers) {
      made.push({ user: one, purpose, url: await createLink(tx, one.id, purpose, publicUrl, null) })
    }
    return made
  })
  for (const { user, purpose, url } of links) send(user, purpose, url)
}

/**
 * Sets a forgotten password, ends all sessions of its user and, unless `end_tokens` is false, their access tokens. The
 * link ends. Returns what their browser shall remember, so that it is let in while others try passwords. Throws
 * `invalid`, naming `token` or `password`.
 */
export async function resetPassword(
  database: Database,
  { token, password, end_tokens = true }: PasswordReset,
  { address }: Browser,
): Promise<string> {
  // Who guesses must not make us hash: that is work.
  const ownerId = await userOfLink(database.read, 'password', token)
  await assertNotGuessable(password, await getProfile(database.read, { userId: ownerId, tokenId: 0 }))
  const hash = await passwordHash(password)
  await database.transaction(null, async (tx) => {
    const userId = await userOfLink(tx, 'password', token)
    // First, so that the user cannot join an account between the second look and the new password.
    const { email } = (await lockUser(tx, userId))!
    await userOfLink(tx, 'password', token)
    await endLinks(tx, userId)
    await setPassword(tx, userId, hash, { endTokens: end_tokens })
    await forgetFailures(tx, email, address)
  })
  return newDevice(hash)
}

/**
 * The user of a link that is good for a purpose. A link that an administrator was given is not good any more once its
 * user works in another account, too: it would open that one. Throws `invalid`, naming `token`.
 */
export async function userOfLink(queries: Queries, purpose: Purpose, token: string): Promise<number> {
  const link = await findLink(queries, secretHash(token))
  const isGood = link?.purpose === purpose && link.expires_at > Date.now()
  if (isGood && !(await opensAnother(queries, link))) return link.user_id
  throw invalid('token', 'is unknown, used or too old: ask for another link')
}

async function opensAnother(
  queries: Queries,
  { user_id, issued_in }: { user_id: number; issued_in: number | null },
): Promise<boolean> {
  return issued_in !== null && (await isMemberElsewhere(queries, user_id, issued_in))
}
