export type Role = 'administrator' | 'agent'
export type Scope = 'read' | 'write' | 'admin'

/** Who makes a request, in whatever account: a user, through an access token or a session of the dashboard. */
export interface Person {
  userId: number
  scopes: readonly Scope[]
  /** 0 where it is a session. */
  tokenId: number
  sessionId?: number | undefined
  /** When the token ends, in milliseconds since 1970; undefined where it does not. */
  expiresAt?: number | undefined
}

/** Who makes a request in one account. */
export interface Actor extends Person {
  accountId: number
  role: Role
}

/** Each scope contains the ones before it. */
export const allScopes: readonly Scope[] = ['read', 'write', 'admin']

/** Whether a token with `scopes` may do what needs `needed`. */
export function hasScope(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => allScopes.indexOf(scope) >= allScopes.indexOf(needed))
}

/** Administrators see every inbox of their account, agents those they are a member of. */
export function seesAllInboxes(actor: Actor): boolean {
  return actor.role === 'administrator'
}
