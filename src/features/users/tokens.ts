import type { Database, Queries } from '../../db/database.ts'
import { hasScope, type Person, type Scope } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { randomSecret, secretHash } from '../../lib/secrets.ts'
import { toSeconds } from '../../lib/time.ts'
import { tellAccessChange } from './access.ts'
import { verifyPassword } from './password.ts'
import type { AccessToken, NewAccessToken } from './schema.ts'
import { findMember, selectAccounts } from './store.ts'
import {
  countLiveTokens,
  deleteTokens,
  insertToken,
  selectAccountsOfToken,
  selectTokens,
  type TokenFilter,
  type TokenRow,
} from './token.store.ts'

/** How many live tokens a member of an account may have. */
export const mostTokens = 50
/** How long a token lasts if its maker names no end, in milliseconds. */
const tokenLasts = 90 * 24 * 60 * 60 * 1000

/** What a new token may do and how long; without `expiresAt` (milliseconds since 1970) it does not end. */
export interface NewToken {
  name: string
  scopes: readonly Scope[]
  expiresAt?: number | undefined
  /** Chosen by the operator instead of being generated. */
  token?: string | undefined
}

/** Makes an access token of a member of an account; the answer is the only time that it is seen. */
export async function createToken(
  tx: Queries,
  accountId: number,
  userId: number,
  options: NewToken,
): Promise<string> {
  return (await makeToken(tx, accountId, userId, options)).token
}

async function makeToken(tx: Queries, accountId: number, userId: number, options: NewToken) {
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

/** The accounts in which a person may act: those of their token, or all of theirs with a session. */
export async function accountsOf(
  queries: Queries,
  { userId, tokenId }: Pick<Person, 'userId' | 'tokenId'>,
): Promise<number[]> {
  if (tokenId) return selectAccountsOfToken(queries, tokenId)
  return (await selectAccounts(queries, userId)).map(({ id }) => id)
}

/** A person's access tokens, oldest first, without their secrets; with a token those of its accounts. */
export async function listTokens(queries: Queries, person: Person): Promise<AccessToken[]> {
  const accountIds = await accountsOf(queries, person)
  return tokensOf(await selectTokens(queries, { accountIds, userId: person.userId }))
}

/** The access tokens of all members of an account, oldest first, without their secrets. */
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
 * Makes an access token; the answer alone shows it. Throws `forbidden` for a scope that the caller's own token lacks or
 * an end after its own; `invalid` for an end that is past, an account that is not named or not theirs, too many tokens,
 * and the scope `admin` asked for by a session without the current password.
 */
export async function addToken(
  database: Database,
  person: Person,
  { name, scopes, expires_at, account_id, current_password }: NewAccessToken,
): Promise<AccessToken & { token: string }> {
  const { userId } = person
  assertHasScopes(person, scopes)
  const expiresAt = endOf(person, expires_at)
  const accountId = chosenAccount(await accountsOf(database.read, person), account_id)
  const purpose = 'to make a token with the scope "admin"'
  const isProven = person.sessionId !== undefined && scopes.includes('admin')
  const verified =
    isProven && (await verifyPassword(database, { userId, current: current_password, purpose }))
  return database.transaction(accountId, async (tx) => {
    if (!(await findMember(tx, accountId, userId))) throw invalid('account_id', notYours)
    const now = Date.now()
    if ((await countLiveTokens(tx, accountId, userId, now)) >= mostTokens) {
      const sentence = `a member of an account has at most ${mostTokens} access tokens: revoke one first`
      throw new Refusal('invalid', sentence)
    }
    if (verified) await verified.forget(tx)
    const options = { name, scopes: [...new Set(scopes)], expiresAt }
    const { id, token } = await makeToken(tx, accountId, userId, options)
    const rows = await selectTokens(tx, { accountIds: [accountId], tokenId: id })
    return { ...tokensOf(rows)[0]!, token }
  })
}

function assertHasScopes({ scopes: own }: Person, scopes: readonly Scope[]): void {
  const lacking = scopes.find((scope) => !hasScope(own, scope))
  if (lacking === undefined) return
  throw new Refusal('forbidden', `this token lacks the scope "${lacking}", and so cannot give it to another`)
}

/** When a new token ends, in milliseconds since 1970; undefined if it does not. */
function endOf({ expiresAt: ownEnd }: Person, expiresAt: number | null | undefined): number | undefined {
  const now = Date.now()
  if (expiresAt === undefined) return Math.min(now + tokenLasts, ownEnd ?? Infinity)
  if (expiresAt !== null && expiresAt * 1000 <= now) throw invalid('expires_at', 'must be in the future')
  const end = expiresAt === null ? undefined : expiresAt * 1000
  if ((end ?? Infinity) > (ownEnd ?? Infinity)) {
    throw new Refusal('forbidden', 'this token ends, and so cannot make one that ends later: set expires_at')
  }
  return end
}

const notYours = 'does not name an account of yours'

function chosenAccount(accountIds: number[], named: number | undefined): number {
  const [only, another] = accountIds
  if (named !== undefined) {
    if (accountIds.includes(named)) return named
    throw invalid('account_id', notYours)
  }
  if (only === undefined) throw new Refusal('forbidden', 'you are not a member of an account')
  if (another !== undefined) throw invalid('account_id', 'is required: you are a member of several accounts')
  return only
}

/** Revokes a token of the person, at once and on all nodes. Throws `not_found`. */
export function revokeToken(database: Database, person: Person, tokenId: number): Promise<void> {
  return database.transaction(null, async (tx) => {
    const accountIds = await accountsOf(tx, person)
    await revoke(tx, { accountIds, userId: person.userId, tokenId })
  })
}

/** Revokes a token of any member of an account, at once and on all nodes. Throws `not_found`. */
export function revokeAccountToken(database: Database, accountId: number, tokenId: number): Promise<void> {
  return database.transaction(accountId, (tx) => revoke(tx, { accountIds: [accountId], tokenId }))
}

async function revoke(tx: Queries, filter: TokenFilter): Promise<void> {
  const userIds = await deleteTokens(tx, filter)
  if (userIds.length === 0) throw notFound('access token')
  for (const userId of userIds) await tellAccessChange(tx, userId, [...filter.accountIds])
}

/** Ends the tokens of a user in some accounts. The caller notifies open streams. */
export async function endTokens(tx: Queries, userId: number, accountIds: number[]): Promise<void> {
  await deleteTokens(tx, { accountIds, userId })
}
