import type { Queries } from '../../db/database.ts'
import { logAccessChange } from '../../events/access.ts'
import { type Actor, onBehalfOf, type Person, type Role } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { logAccessChanges } from './access.ts'
import { agentEvents } from './events.ts'
import type { Agent, Availability, Locale, Profile } from './schema.ts'
import { deleteSessions } from './session.store.ts'
import {
  type AgentRow,
  findAgentRow,
  findMember,
  findUser,
  findUserByLogin,
  insertMembership,
  insertUser,
  insertUserWithId,
  selectAccounts,
  selectAgents,
  selectInvited,
  type User,
  updateUser,
} from './store.ts'
import { accountsOf, endTokens } from './tokens.ts'

/** A new user. The password is already hashed: hashing is slow, and must not happen in a transaction. */
export interface NewUser {
  email: string
  name: string
  /** null for an invited user. */
  passwordHash: string | null
}

/** Creates a user who is a member of the account, and returns their id. */
export async function createMember(
  tx: Queries,
  accountId: number,
  role: Role,
  { email: rawEmail, name, passwordHash }: NewUser,
  availability: Availability = 'online',
): Promise<number> {
  const email = normalizeEmail(rawEmail)
  const login = passwordHash === null ? invitedLogin(accountId, email) : email
  const confirmed = passwordHash === null ? 0 : 1
  const row = { login, email, name, password_hash: passwordHash ?? 'none', confirmed }
  const userId = await insertUser(tx, row, Date.now())
  await insertMembership(tx, { account_id: accountId, user_id: userId, role, availability }, Date.now())
  await logAccessChange(tx, accountId, userId)
  return userId
}

/** Makes an existing user a member of an account. */
export async function joinAccount(
  tx: Queries,
  accountId: number,
  userId: number,
  role: Role,
  availability: Availability = 'online',
): Promise<void> {
  const member = { account_id: accountId, user_id: userId, role, availability }
  await insertMembership(tx, member, Date.now())
  await logAccessChanges(tx, userId, [accountId])
}

/**
 * The login of an invited user. It is not an e-mail address, so nobody can sign in with it. It contains the account because
 * accounts must not share an invited user: the person who sets the password must not get access to another account.
 */
function invitedLogin(accountId: number, email: string): string {
  return `invited to ${accountId}: ${email}`
}

/**
 * Stores a user who comes from another system, and returns their id: the one they had there, unless it is taken. They are
 * a member of no account. Who is not confirmed can only be invited to this account.
 */
export async function adoptUser(
  tx: Queries,
  accountId: number,
  user: Omit<User, 'login' | 'avatar_url' | 'locale' | 'updated_at'>,
): Promise<number> {
  const login = user.confirmed === 1 ? user.email : invitedLogin(accountId, user.email)
  const { id, created_at, ...row } = user
  if (await findUser(tx, id)) return insertUser(tx, { ...row, login }, created_at)
  await insertUserWithId(tx, { ...row, id, login, created_at, updated_at: created_at })
  return id
}

/**
 * Finds the user whom an account has invited with this address and who has not accepted. They may have been removed from
 * the account since.
 */
export function invitedUser(queries: Queries, accountId: number, email: string): Promise<User | undefined> {
  return findUserByLogin(queries, invitedLogin(accountId, normalizeEmail(email)))
}

/** Finds the users with this address who are invited to an account and have not accepted. */
export function invitedUsers(queries: Queries, email: string): Promise<User[]> {
  return selectInvited(queries, normalizeEmail(email))
}

/** Confirms an invited user, who can then sign in with their address and this password. */
export async function confirmUser(tx: Queries, userId: number, passwordHash: string): Promise<void> {
  const { email } = (await findUser(tx, userId))!
  const change = { login: email, password_hash: passwordHash, confirmed: 1 }
  await withAgentEvents(tx, userId, () => updateUser(tx, userId, change))
  await logAccessChanges(tx, userId)
}

/** Returns the ids of the accounts that a user is a member of. */
export async function accountIdsOf(queries: Queries, userId: number): Promise<number[]> {
  return (await selectAccounts(queries, userId)).map(({ id }) => id)
}

/** Finds the user who signs in with this address, in any case and Unicode form. */
export async function userByEmail(queries: Queries, email: string): Promise<User | undefined> {
  const normal = normalizeEmail(email)
  // Addresses were not always normalized. If those of two old users differ only in their form, both can still sign in.
  const lowerCase = email.toLowerCase()
  const exact = lowerCase === normal ? undefined : await findUserByLogin(queries, lowerCase)
  return exact ?? findUserByLogin(queries, normal)
}

/** Finds the id of the user who signs in with this address, in any case. */
export async function userIdByEmail(queries: Queries, email: string): Promise<number | undefined> {
  return (await userByEmail(queries, email))?.id
}

/** Returns the role of a user in an account, or undefined if they are not a member. */
export async function roleOf(queries: Queries, accountId: number, userId: number): Promise<Role | undefined> {
  return (await findMember(queries, accountId, userId))?.role
}

/** Returns a user's own profile. With a token, it contains only the accounts of that token. */
export async function getProfile(
  queries: Queries,
  person: Pick<Person, 'userId' | 'tokenId'>,
): Promise<Profile> {
  const { userId } = person
  const { id, name, email, avatar_url, locale } = (await findUser(queries, userId))!
  const accountIds = new Set(await accountsOf(queries, person))
  const accounts = (await selectAccounts(queries, userId)).filter((account) => accountIds.has(account.id))
  const availability = (['online', 'busy'] as const).find((status) =>
    accounts.some((account) => account.availability === status),
  )
  return {
    id,
    name,
    email,
    avatar_url,
    accounts: accounts.map((account) => ({ id: account.id, name: account.name, role: account.role })),
    availability: availability ?? 'offline',
    ui_settings: { locale: locale as Locale | null },
  }
}

/** What a new password revokes: all sessions except `exceptSession`, and with `endTokens` all access tokens. */
export interface Revocation {
  endTokens: boolean
  exceptSession?: number | undefined
}

/** Sets a user's password and ends their sessions. */
export async function setPassword(
  tx: Queries,
  userId: number,
  passwordHash: string,
  { endTokens: includesTokens, exceptSession = 0 }: Revocation,
): Promise<void> {
  await updateUser(tx, userId, { password_hash: passwordHash })
  await deleteSessions(tx, userId, Date.now(), exceptSession)
  if (includesTokens) await endTokens(tx, userId, await accountIdsOf(tx, userId))
  await logAccessChanges(tx, userId)
}

/** Stores a newer hash of the same password. */
export async function replaceHash(tx: Queries, userId: number, passwordHash: string): Promise<void> {
  await updateUser(tx, userId, { password_hash: passwordHash })
}

/** Sets a user's name, on behalf of the user `byId`. */
export function rename(tx: Queries, userId: number, name: string, byId = userId): Promise<void> {
  return withAgentEvents(tx, userId, () => updateUser(tx, userId, { name }), byId)
}

/** Sets the address with which a user signs in. */
export function setEmail(tx: Queries, userId: number, email: string): Promise<void> {
  return withAgentEvents(tx, userId, () => updateUser(tx, userId, { email, login: email }))
}

/**
 * Runs a change of a user on behalf of the user `byId`, and appends `agent_updated` to the log of each account of the
 * user.
 */
export async function withAgentEvents(
  tx: Queries,
  userId: number,
  change: () => Promise<void>,
  byId = userId,
): Promise<void> {
  const accounts = await selectAccounts(tx, userId)
  const findAgents = () => Promise.all(accounts.map(({ id }) => findAgent(tx, id, userId)))
  const before = await findAgents()
  await change()
  for (const [index, agent] of (await findAgents()).entries()) {
    const actor = onBehalfOf(accounts[index]!.id, { type: 'user', id: byId })
    await agentEvents.updated(tx, actor, before[index]!, agent!)
  }
}

/** Logs that a user has joined or left inboxes of an account. */
export async function logInboxesChange(tx: Queries, actor: Actor, userId: number): Promise<void> {
  const { accountId } = actor
  await logAccessChange(tx, accountId, userId)
  const agent = await findAgent(tx, accountId, userId)
  if (agent) await agentEvents.updated(tx, actor, agent, agent, ['inboxes'])
}

/** Lists all users of an account, oldest first. */
export async function listAgents(queries: Queries, accountId: number): Promise<Agent[]> {
  return (await selectAgents(queries, accountId)).map(toAgent)
}

/** Finds a member of an account, as the other members see them. Resolves to undefined if they are not a member. */
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

/** Returns the name of a user. */
export async function nameOf(queries: Queries, userId: number): Promise<string> {
  return (await findUser(queries, userId))!.name
}
