import type { Queries } from '../../db/database.ts'
import { logAccessChange } from '../../events/access.ts'
import type { Person, Role } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { tellAccessChange } from './access.ts'
import { agentEvents } from './events.ts'
import type { Agent, Availability, Profile } from './schema.ts'
import { deleteSessions } from './session.store.ts'
import {
  type AgentRow,
  findAgentRow,
  findMember,
  findUser,
  findUserByLogin,
  insertMembership,
  insertUser,
  selectAccounts,
  selectAgents,
  selectInvited,
  type User,
  updateUser,
} from './store.ts'
import { accountsOf, endTokens } from './tokens.ts'

export { tellAccessChange } from './access.ts'
export { assertNotGuessable, whyGuessable } from './guessable-password.ts'
export { verifyPassword, wrongPassword } from './password.ts'
export { beginSession, endSession } from './sessions.ts'
export { isMemberElsewhere, lockUser } from './store.ts'
export { createToken, endTokens, listAccountTokens, revokeAccountToken } from './tokens.ts'

/** A new person. The password comes hashed: hashing takes long, and no transaction may wait for it. */
export interface NewUser {
  email: string
  name: string
  /** null for a user who is only invited. */
  passwordHash: string | null
}

/** Makes a user who is a member of the account. */
export async function createMember(
  tx: Queries,
  accountId: number,
  role: Role,
  { email: given, name, passwordHash }: NewUser,
): Promise<number> {
  const email = normalizeEmail(given)
  const login = passwordHash === null ? invitedLogin(accountId, email) : email
  const confirmed = passwordHash === null ? 0 : 1
  const row = { login, email, name, password_hash: passwordHash ?? 'none', confirmed }
  const userId = await insertUser(tx, row, Date.now())
  await insertMembership(tx, { account_id: accountId, user_id: userId, role }, Date.now())
  await logAccessChange(tx, accountId, userId)
  return userId
}

/** Makes somebody who is a user already a member of an account. */
export async function joinAccount(
  tx: Queries,
  accountId: number,
  userId: number,
  role: Role,
  availability: Availability = 'offline',
): Promise<void> {
  const member = { account_id: accountId, user_id: userId, role, availability }
  await insertMembership(tx, member, Date.now())
  await tellAccessChange(tx, userId, [accountId])
}

/**
 * The login of a user who is only invited. It is not an address, so nobody can sign in with it. It names the account
 * because an invited user is never shared: whoever sets their password must not get into another account.
 */
function invitedLogin(accountId: number, email: string): string {
  return `invited to ${accountId}: ${email}`
}

/** The user whom an account has invited under this address, and who has not accepted; they may have been removed since. */
export function invitedUser(queries: Queries, accountId: number, email: string): Promise<User | undefined> {
  return findUserByLogin(queries, invitedLogin(accountId, normalizeEmail(email)))
}

/** All users with this address who are invited to an account and have not accepted. */
export function invitedUsers(queries: Queries, email: string): Promise<User[]> {
  return selectInvited(queries, normalizeEmail(email))
}

/** Makes an invited user one who signs in with their address and this password. */
export async function confirmUser(tx: Queries, userId: number, passwordHash: string): Promise<void> {
  const { email } = (await findUser(tx, userId))!
  const change = { login: email, password_hash: passwordHash, confirmed: 1 }
  await tellingAgents(tx, userId, () => updateUser(tx, userId, change))
  await tellAccessChange(tx, userId)
}

/** The accounts in which a user is a member. */
export async function accountIdsOf(queries: Queries, userId: number): Promise<number[]> {
  return (await selectAccounts(queries, userId)).map(({ id }) => id)
}

/** The user who signs in with this address, in whatever case and Unicode form it is written. */
export async function userByEmail(queries: Queries, email: string): Promise<User | undefined> {
  const normal = normalizeEmail(email)
  // Of two users from before addresses had one form, whose addresses differ in nothing else, each is found as before.
  const typed = email.toLowerCase()
  const other = typed === normal ? undefined : await findUserByLogin(queries, typed)
  return other ?? findUserByLogin(queries, normal)
}

/** The id of the user who signs in with this address, in whatever case it is written. */
export async function userIdByEmail(queries: Queries, email: string): Promise<number | undefined> {
  return (await userByEmail(queries, email))?.id
}

/** The role of a user in an account; undefined where they are no member. */
export async function roleOf(queries: Queries, accountId: number, userId: number): Promise<Role | undefined> {
  return (await findMember(queries, accountId, userId))?.role
}

/** A user as they see themselves; with a token, the accounts that it opens. */
export async function getProfile(
  queries: Queries,
  person: Pick<Person, 'userId' | 'tokenId'>,
): Promise<Profile> {
  const { userId } = person
  const { id, name, email, avatar_url } = (await findUser(queries, userId))!
  const opened = new Set(await accountsOf(queries, person))
  const accounts = (await selectAccounts(queries, userId)).filter((account) => opened.has(account.id))
  const availability = (['online', 'busy'] as const).find((one) =>
    accounts.some((account) => account.availability === one),
  )
  return {
    id,
    name,
    email,
    avatar_url,
    accounts: accounts.map((account) => ({ id: account.id, name: account.name, role: account.role })),
    availability: availability ?? 'offline',
  }
}

/** What a new password ends: all sessions but `exceptSession`, and with `endTokens` all access tokens. */
export interface Ending {
  endTokens: boolean
  exceptSession?: number | undefined
}

/** Sets a user's password, and ends their sessions. */
export async function setPassword(
  tx: Queries,
  userId: number,
  passwordHash: string,
  { endTokens: endsTokens, exceptSession = 0 }: Ending,
): Promise<void> {
  await updateUser(tx, userId, { password_hash: passwordHash })
  await deleteSessions(tx, userId, Date.now(), exceptSession)
  if (endsTokens) await endTokens(tx, userId, await accountIdsOf(tx, userId))
  await tellAccessChange(tx, userId)
}

/** Sets a user's name. */
export function rename(tx: Queries, userId: number, name: string): Promise<void> {
  return tellingAgents(tx, userId, () => updateUser(tx, userId, { name }))
}

/** Does something to a user, and tells each of their accounts how they look now. */
export async function tellingAgents(tx: Queries, userId: number, change: () => Promise<void>): Promise<void> {
  const accounts = await selectAccounts(tx, userId)
  const seen = () => Promise.all(accounts.map(({ id }) => findAgent(tx, id, userId)))
  const before = await seen()
  await change()
  for (const [index, agent] of (await seen()).entries()) {
    await agentEvents.updated(tx, accounts[index]!.id, before[index]!, agent!)
  }
}

/** Says that a user works in other inboxes of an account than before. */
export async function tellInboxesChange(tx: Queries, accountId: number, userId: number): Promise<void> {
  await logAccessChange(tx, accountId, userId)
  const agent = await findAgent(tx, accountId, userId)
  if (agent) await agentEvents.updated(tx, accountId, agent, agent, ['inboxes'])
}

/** All users of an account, oldest first. */
export async function listAgents(queries: Queries, accountId: number): Promise<Agent[]> {
  return (await selectAgents(queries, accountId)).map(toAgent)
}

/** A user as the other members of an account see them; undefined where they are none. */
export async function findAgent(
  queries: Queries,
  accountId: number,
  userId: number,
): Promise<Agent | undefined> {
  const row = await findAgentRow(queries, accountId, userId)
  return row && toAgent(row)
}

function toAgent({ id, name, email, role, availability, confirmed, avatar_url }: AgentRow): Agent {
  return { id, name, email, role, availability, confirmed: confirmed === 1, avatar_url }
}

/** The name of a user. */
export async function nameOf(queries: Queries, userId: number): Promise<string> {
  return (await findUser(queries, userId))!.name
}
