export type Role = 'administrator' | 'agent'
export type Scope = 'read' | 'write' | 'admin'

/** The user who makes a request, authenticated by an access token or a session of the dashboard. */
export interface Person {
  userId: number
  scopes: readonly Scope[]
  /** 0 for a session. */
  tokenId: number
  sessionId?: number | undefined
  /** When the token expires, in milliseconds since 1970; undefined if it does not. */
  expiresAt?: number | undefined
}

/** The user who makes a request in one account. */
export interface Actor extends Person {
  accountId: number
  role: Role
}

/** Each scope contains the ones before it. */
export const allScopes: readonly Scope[] = ['read', 'write', 'admin']

/** Whether `scopes` include the scope `needed`. */
export function hasScope(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => allScopes.indexOf(scope) >= allScopes.indexOf(needed))
}

/** True for administrators. Agents see only the inboxes that they are members of. */
export function seesAllInboxes(actor: Actor): boolean {
  return actor.role === 'administrator'
}
