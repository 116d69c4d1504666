import { countAttempt } from '../../db/attempts.ts'
import type { Database, Queries } from '../../db/database.ts'
import { networkOf } from '../../lib/addresses.ts'
import { isBcrypt } from '../../lib/bcrypt.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { passwordHash, passwordMatches, randomSecret, secretHash } from '../../lib/secrets.ts'
import { assertNotGuessable } from '../users/guessable-password.ts'
import { isMemberElsewhere, lockUser } from '../users/parts.store.ts'
import type { Profile } from '../users/schema.ts'
import { getProfile, invitedUsers, replaceHash, setPassword, userByEmail } from '../users/service.ts'
import { beginSession, endSession } from '../users/sessions.ts'
import { isDeviceOf, newDevice } from './device.ts'
import { countSignIn, forgetFailures, forgetSignIn } from './limits.ts'
import type { Purpose, Recipient, SendLink, SendNotice } from './mails.ts'
import type { PasswordReset, SignIn } from './schema.ts'
import { deleteLinks, findLink, insertLink, type Link } from './store.ts'

/** The browser that makes a request to sign in. */
export interface Browser {
  address: string
  userAgent: string | null
  /** The device cookie of an earlier sign-in; see `device.ts`. */
  device: string | undefined
}

/** A new session: its user, its secret, of which only a hash is stored, and the device cookie for the browser. */
export interface SignInResult {
  profile: Profile
  secret: string
  device: string
}

/**
 * Begins a session. Throws the same `wrong_credentials` for a wrong password and for an unknown address, after the same
 * work, and `too_many_requests` beyond the limits in `limits.ts`. `notify` informs the owner of an attacked address once a day.
 */
export async function signIn(
  database: Database,
  { email, password }: SignIn,
  { address, userAgent, device }: Browser,
  notify?: SendNotice,
): Promise<SignInResult> {
  const user = await userByEmail(database.read, email)
  const validDevice = device && isDeviceOf(device, user?.password_hash) ? device : undefined
  const attempt = await database.transaction(null, (tx) => countSignIn(tx, email, address, validDevice))
  if ('wait' in attempt) {
    if (attempt.shouldNotify && user?.confirmed === 1) notify?.(user, 'failed attempts')
    const sentence = `too many attempts to sign in; try again in ${attempt.wait} seconds`
    throw new Refusal('too_many_requests', sentence, { retryAfter: attempt.wait })
  }
  if (!(await passwordMatches(password, user?.password_hash)) || !user) throw wrongPassword()
  const newHash = isBcrypt(user.password_hash) ? await passwordHash(password) : user.password_hash
  return database.transaction(null, async (tx) => {
    // If a new password was set meanwhile, the old one must not begin a session.
    const current = await userByEmail(tx, email)
    if (current?.password_hash !== user.password_hash) throw wrongPassword()
    if (newHash !== user.password_hash) await replaceHash(tx, user.id, newHash)
    await forgetSignIn(tx, attempt)
    return beginSignIn(tx, user.id, newHash, userAgent)
  })
}

function wrongPassword(): Refusal {
  return new Refusal('wrong_credentials', 'the e-mail address or the password is wrong')
}

/** Begins a session of a user who has just proved who they are. */
export async function beginSignIn(
  tx: Queries,
  userId: number,
  passwordHash: string,
  userAgent: string | null,
): Promise<SignInResult> {
  const secret = await beginSession(tx, userId, userAgent)
  const profile = await getProfile(tx, { userId, tokenId: 0 })
  return { secret, profile, device: newDevice(passwordHash) }
}

/** Ends the session of a browser on all nodes. Does nothing if there is none. */
export async function signOut(database: Database, secret: string | undefined): Promise<void> {
  if (secret) await database.transaction(null, (tx) => endSession(tx, secret))
}

const hour = 60 * 60 * 1000
const lifetimes: Record<Purpose, number> = { invitation: 7 * 24 * hour, password: hour, email: hour }

/**
 * Creates a link with which a user's password can be set, or their new address `email` be confirmed, once, and ends older
 * links of the user. An invitation lasts 7 days, other links an hour. The secret is after the #, which browsers do not
 * send to servers. `issuedIn` is the account whose administrator gets the link; null if it is mailed to the user.
 */
export async function createLink(
  tx: Queries,
  userId: number,
  purpose: Purpose,
  publicUrl: string,
  issuedIn: number | null,
  email: string | null = null,
): Promise<string> {
  const now = Date.now()
  const secret = randomSecret(purpose)
  await deleteLinks(tx, userId, now)
  const link_hash = secretHash(secret)
  await insertLink(tx, {
    link_hash,
    user_id: userId,
    purpose,
    email,
    issued_in: issuedIn,
    created_at: now,
    expires_at: now + lifetimes[purpose],
  })
  return `${publicUrl}/${purpose}#${secret}`
}

/** Ends all links of a user. */
export function endLinks(tx: Queries, userId: number): Promise<void> {
  return deleteLinks(tx, userId, Date.now())
}

/**
 * Mails a user who has forgotten their password a link to reset it. Invited users get a new invitation for each account
 * instead. Sends nothing if no user has the address, or after too many requests.
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
    const recipients = user?.confirmed === 1 ? [user] : await invitedUsers(tx, email)
    const created: { user: Recipient; purpose: Purpose; url: string }[] = []
    for (const recipient of recipients) {
      const url = await createLink(tx, recipient.id, purpose, publicUrl, null)
      created.push({ user: recipient, purpose, url })
    }
    return created
  })
  for (const { user, purpose, url } of links) send(user, purpose, url)
}

/**
 * Resets a forgotten password, and ends the link, all sessions of the user and, unless `end_tokens` is false, their access
 * tokens. Returns a device cookie, with which the user can sign in while others try passwords. Throws `invalid` for the
 * field `token` or `password`.
 */
export async function resetPassword(
  database: Database,
  { token, password, end_tokens = true }: PasswordReset,
  { address }: Browser,
): Promise<string> {
  // Checked before hashing, which is expensive, so that guessed tokens cost little.
  const ownerId = await userOfLink(database.read, 'password', token)
  await assertNotGuessable(password, await getProfile(database.read, { userId: ownerId, tokenId: 0 }))
  const hash = await passwordHash(password)
  await database.transaction(null, async (tx) => {
    const userId = await userOfLink(tx, 'password', token)
    // Locked before the link is checked again, so that the user cannot join an account between check and new password.
    const { email } = (await lockUser(tx, userId))!
    await userOfLink(tx, 'password', token)
    await endLinks(tx, userId)
    await setPassword(tx, userId, hash, { endTokens: end_tokens })
    await forgetFailures(tx, email, address)
  })
  return newDevice(hash)
}

/**
 * Returns the id of the user of a link if it is valid for a purpose. A link that an administrator got becomes invalid when
 * its user joins another account, because it would give access to that one, too. Throws `invalid` for the field `token`.
 */
export async function userOfLink(queries: Queries, purpose: Purpose, token: string): Promise<number> {
  return (await currentLink(queries, purpose, token)).user_id
}

/** Like `userOfLink`, but returns the link. */
export async function currentLink(queries: Queries, purpose: Purpose, token: string): Promise<Link> {
  const link = await findLink(queries, secretHash(token))
  const isCurrent = link?.purpose === purpose && link.expires_at > Date.now()
  if (isCurrent && !(await opensOtherAccount(queries, link))) return link
  throw invalid('token', 'is unknown, used or expired: request a new link', 'expired')
}

async function opensOtherAccount(
  queries: Queries,
  { user_id, issued_in }: { user_id: number; issued_in: number | null },
): Promise<boolean> {
  return issued_in !== null && (await isMemberElsewhere(queries, user_id, issued_in))
}
