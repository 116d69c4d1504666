import type { Database, Queries } from '../../db/database.ts'
import { invalid } from '../../lib/errors.ts'
import { passwordHash } from '../../lib/secrets.ts'
import { getAccount } from '../accounts/service.ts'
import { assertNotGuessable } from '../users/guessable-password.ts'
import { isMemberElsewhere, lockUser } from '../users/parts.store.ts'
import { verifyPassword, wrongPassword } from '../users/password.ts'
import { accountIdsOf, confirmUser, getProfile, rename, setPassword, userByEmail } from '../users/service.ts'
import { accountMembers } from './account-members.ts'
import { forgetFailures } from './limits.ts'
import type { Acceptance, Invitation } from './schema.ts'
import { type Browser, beginSignIn, endLinks, type SignInResult, userOfLink } from './service.ts'

/** Returns whom an invitation is for, and to which account. Throws `invalid` for the field `token`. */
export async function getInvitation(queries: Queries, token: string): Promise<Invitation> {
  const { name, email, accountId } = await invitationOf(queries, token)
  return { name, email, account: await getAccount(queries, accountId) }
}

/**
 * Accepts an invitation: sets the password and the name, and begins a session. If a member of another account already
 * signs in with the address, that user joins. They must enter their current password and choose a new one, because the
 * person who first invited them may have set the current one. Throws `invalid` for the field `token`, `current_password`
 * or `password`.
 */
export async function acceptInvitation(
  database: Database,
  { token, password, current_password, name }: Acceptance,
  { address, userAgent }: Browser,
): Promise<SignInResult> {
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
    return beginSignIn(tx, userId, hash, userAgent)
  })
}

interface InvitedUser {
  userId: number
  email: string
  name: string
  accountId: number
}

async function invitationOf(queries: Queries, token: string): Promise<InvitedUser> {
  const userId = await userOfLink(queries, 'invitation', token)
  const { email, name } = await getProfile(queries, { userId, tokenId: 0 })
  const [accountId] = await accountIdsOf(queries, userId)
  // Removing an invited user ends their links, but it may have happened since the link was read.
  if (accountId === undefined)
    throw invalid('token', 'belongs to an invitation that was withdrawn', 'expired')
  return { userId, email, name, accountId }
}

/** Verifies the current password if a member of another account has this address; otherwise returns undefined. */
async function verifiedUser(
  database: Database,
  { userId: invitedId, email, accountId }: InvitedUser,
  newPassword: string,
  current: string | undefined,
) {
  const user = await userByEmail(database.read, email)
  if (!user || !(await isMemberElsewhere(database.read, user.id, accountId))) return undefined
  const verified = await verifyPassword(database, {
    userId: user.id,
    current,
    purpose: 'because a user already signs in with this address: enter their current password, and a new one',
    // The holder of the link must not be able to use up the attempts of the user.
    subject: `password of user ${user.id} by invitation ${invitedId}`,
  })
  if (current === newPassword) throw invalid('password', 'must differ from the current password')
  return verified
}

/** Makes the invited user, or the user who already signs in with their address, a member. Returns the id of that user. */
async function accept(
  tx: Queries,
  { userId: invitedId, email, accountId }: InvitedUser,
  hash: string,
  verifiedHash: string | undefined,
): Promise<number> {
  const existing = await userByEmail(tx, email)
  if (!existing) {
    await confirmUser(tx, invitedId, hash)
    return invitedId
  }
  // Locked first, so that a concurrent request with a link of another account waits, and then finds its link ended.
  const user = (await lockUser(tx, existing.id))!
  if ((await isMemberElsewhere(tx, user.id, accountId)) && user.password_hash !== verifiedHash) {
    throw wrongPassword()
  }
  await endLinks(tx, user.id)
  await accountMembers.of(tx).move(tx, accountId, invitedId, user.id)
  await setPassword(tx, user.id, hash, { endTokens: false })
  return user.id
}
