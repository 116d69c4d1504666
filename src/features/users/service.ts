import type { Queries } from '../../db/database.ts'
import { logAccessChange } from '../../events/access.ts'
import type { Role, Scope } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { randomSecret, secretHash } from '../../lib/secrets.ts'
import {
  deleteOldSessions,
  deleteSession,
  deleteSessions,
  insertSession,
  insertToken,
} from './credential.store.ts'
import { agentEvents } from './events.ts'
import type { Agent, Availability, Profile } from './schema.ts'
import {
  type AgentRow,
  findAgentRow,
  findMember,
  findUser,
  findUserByEmail,
  insertMembership,
  insertUser,
  selectAccounts,
  selectAgents,
  type User,
  updateUser,
} from './store.ts'

export { assertNotGuessable, whyGuessable } from './password.ts'

/** A new person. The password comes hashed: hashing takes long, and no transaction may wait for it. */
export interface NewUser {
  email: string
  name: string
  passwordHash: string
  /** False for who has only been invited. */
  confirmed?: boolean
}

/** Makes a user who is a member of the account. */
export async function createMember(
  tx: Queries,
  accountId: number,
  role: Role,
  user: NewUser,
): Promise<number> {
  const { email, name, passwordHash, confirmed = true } = user
  const row = {
    email: normalizeEmail(email),
    name,
    password_hash: passwordHash,
    confirmed: confirmed ? 1 : 0,
  }
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

/** The user with this address, in whatever case and Unicode form it is written. */
export async function userByEmail(queries: Queries, email: string): Promise<User | undefined> {
  const normal = normalizeEmail(email)
  // Of two users from before addresses had one form, whose addresses differ in nothing else, each is found as before.
  const typed = email.toLowerCase()
  const other = typed === normal ? undefined : await findUserByEmail(queries, typed)
  return other ?? findUserByEmail(queries, normal)
}

/** As `userByEmail`; returns only the id. */
export async function userIdByEmail(queries: Queries, email: string): Promise<number | undefined> {
  return (await userByEmail(queries, email))?.id
}

/** The role of a user in an account; undefined where they are no member. */
export async function roleOf(queries: Queries, accountId: number, userId: number): Promise<Role | undefined> {
  return (await findMember(queries, accountId, userId))?.role
}

/** A user as they see themselves. */
export async function getProfile(queries: Queries, userId: number): Promise<Profile> {
  const { id, name, email, avatar_url } = (await findUser(queries, userId))!
  const accounts = await selectAccounts(queries, userId)
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

/** How long a session lasts after it was used, in milliseconds. */
export const sessionLasts = 30 * 24 * 60 * 60 * 1000

/** Begins a session of a user; what it gives is the only time that its secret is seen. */
export async function beginSession(tx: Queries, userId: number, userAgent: string | null): Promise<string> {
  const now = Date.now()
  const secret = randomSecret('session')
  await deleteOldSessions(tx, now)
  await insertSession(tx, {
    user_id: userId,
    session_hash: secretHash(secret),
    user_agent: userAgent,
    created_at: now,
    last_used_at: now,
    expires_at: now + sessionLasts,
  })
  return secret
}

/** Ends a session, on all nodes; none is no error. */
export async function endSession(tx: Queries, secret: string): Promise<void> {
  const userId = await deleteSession(tx, secretHash(secret))
  if (userId !== undefined) await tellAccessChange(tx, userId)
}

/** Sets a user's password, which makes them confirmed, and ends all their sessions but one. */
export async function setPassword(
  tx: Queries,
  userId: number,
  passwordHash: string,
  exceptSession = 0,
): Promise<void> {
  await tellingAgents(tx, userId, () => updateUser(tx, userId, { password_hash: passwordHash, confirmed: 1 }))
  await deleteSessions(tx, userId, Date.now(), exceptSession)
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

/** Tells open streams of a user that what they may hear has changed: in the accounts named, or in all of theirs. */
export async function tellAccessChange(tx: Queries, userId: number, accountIds?: number[]): Promise<void> {
  const ids = accountIds ?? (await selectAccounts(tx, userId)).map(({ id }) => id)
  for (const accountId of ids) await logAccessChange(tx, accountId, userId)
}

/** The name of a user. */
export async function nameOf(queries: Queries, userId: number): Promise<string> {
  return (await findUser(queries, userId))!.name
}
