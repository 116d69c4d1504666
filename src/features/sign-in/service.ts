import { countAttempt, forgetAttempts, type Subject } from '../../db/attempts.ts'
import type { Database, Queries } from '../../db/database.ts'
import { networkOf } from '../../lib/addresses.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { passwordHash, passwordMatches, randomSecret, secretHash } from '../../lib/secrets.ts'
import type { Profile } from '../users/schema.ts'
import {
  beginSession,
  endSession,
  getProfile,
  invitedUsers,
  isMemberElsewhere,
  lockUser,
  setPassword,
  userByEmail,
} from '../users/service.ts'
import type { Purpose, SendLink } from './letters.ts'
import type { PasswordReset, SignIn } from './schema.ts'
import { deleteLinks, findLink, insertLink } from './store.ts'

export { accountMembers } from './account-members.ts'
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
  const subjects = [signingInAs(email), { name: `sign in from ${networkOf(address)}`, most: 30 }]
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
  return { name: `sign in as ${email.toLowerCase()}`, most: 10 }
}

function wrongPassword(): Refusal {
  return new Refusal('unauthenticated', 'the e-mail address or the password is wrong')
}

/** Begins a session of a user. */
export async function signedIn(tx: Queries, userId: number, userAgent: string | null): Promise<SignedIn> {
  const secret = await beginSession(tx, userId, userAgent)
  return { secret, profile: await getProfile(tx, { userId, tokenId: 0 }) }
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
    { name: `link for ${email.toLowerCase()}`, most: 10 },
    { name: `link from ${networkOf(address)}`, most: 30 },
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
 * link ends. Throws `invalid`, naming `token`.
 */
export async function resetPassword(
  database: Database,
  { token, password, end_tokens = true }: PasswordReset,
): Promise<void> {
  // Who guesses must not make us hash: that is work.
  await userOfLink(database.read, 'password', token)
  const hash = await passwordHash(password)
  await database.transaction(null, async (tx) => {
    const userId = await userOfLink(tx, 'password', token)
    // First, so that the user cannot join an account between the second look and the new password.
    const { email } = (await lockUser(tx, userId))!
    await userOfLink(tx, 'password', token)
    await endLinks(tx, userId)
    await setPassword(tx, userId, hash, { endTokens: end_tokens })
    await forgetAttempts(tx, [signingInAs(email)])
  })
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
