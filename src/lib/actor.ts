export type Role = 'administrator' | 'agent'
export type Scope = 'read' | 'write' | 'admin'

/** Who makes a request: a user, in one account, through one access token. */
export interface Actor {
  accountId: number
  userId: number
  role: Role
  scopes: readonly Scope[]
  tokenId: number
}

/** Each scope contains the ones before it. */
const order: readonly Scope[] = ['read', 'write', 'admin']

/** Whether a token with `scopes` may do what needs `needed`. */
export function hasScope(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => order.indexOf(scope) >= order.indexOf(needed))
}

/** Administrators see every inbox of their account, agents those they are a member of. */
export function seesAllInboxes(actor: Actor): boolean {
  return actor.role === 'administrator'
}
