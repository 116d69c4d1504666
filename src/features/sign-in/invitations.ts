import type { Database, Queries } from '../../db/database.ts'
import { invalid } from '../../lib/errors.ts'
import { passwordHash } from '../../lib/secrets.ts'
import {
  accountIdsOf,
  assertNotGuessable,
  confirmUser,
  getProfile,
  isMemberElsewhere,
  lockUser,
  rename,
  setPassword,
  userByEmail,
  verifyPassword,
  wrongPassword,
} from '../users/service.ts'
import { accountMembers } from './account-members.ts'
import { forgetFailures } from './limits.ts'
import type { Acceptance } from './schema.ts'
import { type Browser, endLinks, type SignedIn, signedIn, userOfLink } from './service.ts'

/**
 * Accepts an invitation: sets the password and the name, and begins a session. If the address already signs in a member
 * of another account, that user joins, and must know their current password and choose another one: whoever invited them
 * first may have set the present one. Throws `invalid`, naming `token`, `current_password` or `password`.
 */
export async function acceptInvitation(
  database: Database,
  { token, password, current_password, name }: Acceptance,
  { address, userAgent }: Browser,
): Promise<SignedIn> {
  const invited = await invitationOf(database.read, token)
  const verified = await verifiedUser(database, invited, password, current_password)
  await assertNotGuessable(password, { email: invited.email, name: name ?? invited.name })
  const hash = await passwordHash(password)
  return database.transaction(invited.accountId, async (tx) => {
    // Another request may have used the link meanwhile.
    await invitationOf(tx, token)
    await endLinks(tx, invited.userId)
    const userId = await accept(tx, invited, hash, verified?.hash)
    if (name !== undefined) await rename(tx, userId, name)
    await verified?.forget(tx)
    await forgetFailures(tx, invited.email, address)
    return signedIn(tx, userId, hash, userAgent)
  })
}

interface Invitation {
  userId: number
  email: string
  name: string
  accountId: number
}

async function invitationOf(queries: Queries, token: string): Promise<Invitation> {
  const userId = await userOfLink(queries, 'invitation', token)
  const { email, name } = await getProfile(queries, { userId, tokenId: 0 })
  const [accountId] = await accountIdsOf(queries, userId)
  // Removing an invited user ends their links, but it may have happened a moment ago.
  if (accountId === undefined) throw invalid('token', 'is of an invitation that was taken back')
  return { userId, email, name, accountId }
}

/** Makes sure of the current password of a user who works in another account; undefined if there is none. */
async function verifiedUser(
  database: Database,
  { userId: invitedId, email, accountId }: Invitation,
  next: string,
  current: string | undefined,
) {
  const user = await userByEmail(database.read, email)
  if (!user || !(await isMemberElsewhere(database.read, user.id, accountId))) return undefined
  const verified = await verifyPassword(database, {
    userId: user.id,
    current,
    purpose: 'because somebody already signs in here with this address: give their password, and a new one',
    // The holder of the link must not use up the attempts of the user.
    subject: `password of user ${user.id} by invitation ${invitedId}`,
  })
  if (current === next) throw invalid('password', 'must be another one than the current password')
  return verified
}

/** Makes the invited user, or the one who signs in with their address already, a member; returns who it is. */
async function accept(
  tx: Queries,
  { userId: invitedId, email, accountId }: Invitation,
  hash: string,
  verifiedHash: string | undefined,
): Promise<number> {
  const known = await userByEmail(tx, email)
  if (!known) {
    await confirmUser(tx, invitedId, hash)
    return invitedId
  }
  // Locked first: a request that uses a link of another account waits for this one, and then finds that its link has ended.
  const user = (await lockUser(tx, known.id))!
  if ((await isMemberElsewhere(tx, user.id, accountId)) && user.password_hash !== verifiedHash) {
    throw wrongPassword()
  }
  await endLinks(tx, user.id)
  await accountMembers.get().move(tx, accountId, invitedId, user.id)
  await setPassword(tx, user.id, hash, { endTokens: false })
  return user.id
}
