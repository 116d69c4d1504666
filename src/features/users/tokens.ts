import type { Database, Queries } from '../../db/database.ts'
import { hasScope, type Person, type Scope } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { randomSecret, secretHash } from '../../lib/secrets.ts'
import { toSeconds } from '../../lib/time.ts'
import { logAccessChanges } from './access.ts'
import { verifyPassword } from './password.ts'
import type { AccessToken, NewAccessToken } from './schema.ts'
import { findMember, selectAccounts } from './store.ts'
import {
  countLiveTokens,
  deleteTokens,
  findToken,
  insertToken,
  insertTokenMembership,
  selectAccountsOfToken,
  selectTokens,
  type TokenFilter,
  type TokenRow,
} from './token.store.ts'

// Tokens of one member of an account that have not expired.
const maxTokens = 50
// How long a token lasts by default, in milliseconds.
const tokenLifetime = 90 * 24 * 60 * 60 * 1000

/** A new access token. Without `expiresAt` (milliseconds since 1970) it does not expire. */
export interface NewToken {
  name: string
  scopes: readonly Scope[]
  expiresAt?: number | undefined
  /** Chosen by the operator instead of being generated. */
  token?: string | undefined
}

/** Creates an access token of a member of an account and returns it. Only a hash of it is stored. */
export async function createToken(
  tx: Queries,
  accountId: number,
  userId: number,
  options: NewToken,
): Promise<string> {
  return (await storeToken(tx, accountId, userId, options)).token
}

/**
 * Lets a user go on with a token from another system, in one more account if they have it already. Does nothing if
 * somebody else has it.
 */
export async function adoptToken(
  tx: Queries,
  accountId: number,
  userId: number,
  { name, token }: { name: string; token: string },
): Promise<void> {
  const [known] = await findToken(tx, { hash: secretHash(token), account_id: accountId })
  const scopes = ['read', 'write', 'admin'] as const
  if (!known) await createToken(tx, accountId, userId, { name, token, scopes })
  else if (known.user_id === userId && known.role === null)
    await insertTokenMembership(tx, { account_id: accountId, token_id: known.id, user_id: userId })
}

async function storeToken(tx: Queries, accountId: number, userId: number, options: NewToken) {
  const { token = randomSecret('ndoto'), name, scopes, expiresAt = null } = options
  const id = await insertToken(tx, accountId, {
    user_id: userId,
    name,
    token_hash: secretHash(token),
    scopes: scopes.join(','),
    expires_at: expiresAt,
    created_at: Date.now(),
  })
  return { id, token }
}

/** Returns the ids of the accounts in which a person may act: those of their token, or with a session all accounts of the user. */
export async function accountsOf(
  queries: Queries,
  { userId, tokenId }: Pick<Person, 'userId' | 'tokenId'>,
): Promise<number[]> {
  if (tokenId) return selectAccountsOfToken(queries, tokenId)
  return (await selectAccounts(queries, userId)).map(({ id }) => id)
}

/** Lists a person's access tokens, oldest first, without their secrets. With a token, only those of its accounts. */
export async function listTokens(queries: Queries, person: Person): Promise<AccessToken[]> {
  const accountIds = await accountsOf(queries, person)
  return tokensOf(await selectTokens(queries, { accountIds, userId: person.userId }))
}

/** Lists the access tokens of all members of an account, oldest first, without their secrets. */
export async function listAccountTokens(queries: Queries, accountId: number): Promise<AccessToken[]> {
  return tokensOf(await selectTokens(queries, { accountIds: [accountId] }))
}

function tokensOf(rows: TokenRow[]): AccessToken[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((memberships) => {
    const { id, user_id, name, scopes, expires_at, last_used_at, created_at } = memberships[0]!
    return {
      id,
      user_id,
      account_ids: memberships.map(({ account_id }) => account_id),
      name,
      scopes: scopes.split(',') as AccessToken['scopes'],
      expires_at: toSeconds(expires_at),
      last_used_at: toSeconds(last_used_at),
      created_at: toSeconds(created_at),
    }
  })
}

/**
 * Creates an access token. Throws `missing_scope` if the caller's own token lacks one of the scopes, `forbidden` if it
 * expires earlier, and `limit_reached` if they have too many. Throws `invalid` if the expiry is in the past, the account is
 * missing or they are not a member, or a session asks for the scope `admin` without the current password.
 */
export async function addToken(
  database: Database,
  person: Person,
  { name, scopes, expires_at, account_id, current_password }: NewAccessToken,
): Promise<AccessToken & { token: string }> {
  const { userId } = person
  assertHasScopes(person, scopes)
  const expiresAt = expiryOf(person, expires_at)
  const accountId = chooseAccount(await accountsOf(database.read, person), account_id)
  const purpose = 'to create a token with the scope "admin"'
  const needsPassword = person.sessionId !== undefined && scopes.includes('admin')
  const verified =
    needsPassword && (await verifyPassword(database, { userId, current: current_password, purpose }))
  return database.transaction(accountId, async (tx) => {
    if (!(await findMember(tx, accountId, userId))) throw invalid('account_id', notYourAccount, 'not_found')
    const now = Date.now()
    if ((await countLiveTokens(tx, accountId, userId, now)) >= maxTokens) {
      const sentence = `a member of an account can have at most ${maxTokens} access tokens: revoke one first`
      throw new Refusal('limit_reached', sentence)
    }
    if (verified) await verified.forget(tx)
    const options = { name, scopes: [...new Set(scopes)], expiresAt }
    const { id, token } = await storeToken(tx, accountId, userId, options)
    const rows = await selectTokens(tx, { accountIds: [accountId], tokenId: id })
    return { ...tokensOf(rows)[0]!, token }
  })
}

function assertHasScopes({ scopes: own }: Person, scopes: readonly Scope[]): void {
  const lacking = scopes.find((scope) => !hasScope(own, scope))
  if (lacking === undefined) return
  throw new Refusal(
    'missing_scope',
    `this token lacks the scope "${lacking}", so it cannot create a token with it`,
  )
}

/** When a new token expires, in milliseconds since 1970; undefined if it does not. */
function expiryOf(
  { expiresAt: ownExpiry }: Person,
  expiresAt: number | null | undefined,
): number | undefined {
  const now = Date.now()
  if (expiresAt === undefined) return Math.min(now + tokenLifetime, ownExpiry ?? Infinity)
  if (expiresAt !== null && expiresAt * 1000 <= now)
    throw invalid('expires_at', 'must be in the future', 'in_the_past')
  const expiry = expiresAt === null ? undefined : expiresAt * 1000
  if ((expiry ?? Infinity) > (ownExpiry ?? Infinity)) {
    const sentence = 'this token cannot create one that expires later than itself: set an earlier expires_at'
    throw new Refusal('forbidden', sentence)
  }
  return expiry
}

const notYourAccount = 'is not the id of one of your accounts'

function chooseAccount(accountIds: number[], requestedId: number | undefined): number {
  const [only, another] = accountIds
  if (requestedId !== undefined) {
    if (accountIds.includes(requestedId)) return requestedId
    throw invalid('account_id', notYourAccount, 'not_found')
  }
  if (only === undefined) throw new Refusal('forbidden', 'you are not a member of an account')
  if (another !== undefined)
    throw invalid('account_id', 'is required: you are a member of several accounts', 'required')
  return only
}

/** Revokes a token of the person immediately and on all nodes. Throws `not_found`. */
export function revokeToken(database: Database, person: Person, tokenId: number): Promise<void> {
  return database.transaction(null, async (tx) => {
    const accountIds = await accountsOf(tx, person)
    await revoke(tx, { accountIds, userId: person.userId, tokenId })
  })
}

/** Revokes a token of any member of an account immediately and on all nodes. Throws `not_found`. */
export function revokeAccountToken(database: Database, accountId: number, tokenId: number): Promise<void> {
  return database.transaction(accountId, (tx) => revoke(tx, { accountIds: [accountId], tokenId }))
}

async function revoke(tx: Queries, filter: TokenFilter): Promise<void> {
  const userIds = await deleteTokens(tx, filter)
  if (userIds.length === 0) throw notFound('access token')
  for (const userId of userIds) await logAccessChanges(tx, userId, [...filter.accountIds])
}

/** Revokes the tokens of a user in some accounts. The caller must notify open streams. */
export async function endTokens(tx: Queries, userId: number, accountIds: number[]): Promise<void> {
  await deleteTokens(tx, { accountIds, userId })
}
