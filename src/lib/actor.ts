import { Refusal } from './errors.ts'

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

export const actorTypes = ['user', 'contact', 'bot', 'system', 'rule'] as const

/** Who has done something, as events show it. `id` is null for the system. */
export interface ActorRef {
  type: (typeof actorTypes)[number]
  id: number | null
}

export const causeTypes = ['event', 'rule'] as const

/**
 * What has led to an event: another event of the account, by its position, or a rule. `depth` is the number of causes
 * in a row, at least 1: who reacts to events stops at some depth, so that loops end.
 */
export interface Cause {
  type: (typeof causeTypes)[number]
  id: number
  depth: number
}

/**
 * On whose behalf something is done in one account, and what it may do: a user who makes a request, or what
 * `onBehalfOf` returns.
 */
export interface Actor extends Person {
  accountId: number
  role: Role
  /** Left out if it is the user. */
  behalf?: ActorRef
  cause?: Cause
}

/** Returns an actor that may do everything in the account. It is not a user: the caller decides what is allowed. */
export function onBehalfOf(accountId: number, behalf: ActorRef, cause?: Cause): Actor {
  const actor = {
    accountId,
    userId: 0,
    role: 'administrator',
    scopes: ['admin'],
    tokenId: 0,
    behalf,
  } as const
  return cause ? { ...actor, cause } : actor
}

/** Returns the actor for what nobody has asked for, such as opening a snoozed conversation. */
export function systemOf(accountId: number): Actor {
  return onBehalfOf(accountId, { type: 'system', id: null })
}

/** Returns who an actor is, as events show it. */
export function actorRef({ behalf, userId }: Actor): ActorRef {
  return behalf ?? { type: 'user', id: userId }
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

/** Throws `forbidden` if the actor is neither the author of a thing, such as "a macro", nor an administrator. */
export function assertAuthorOrAdministrator({ userId, role }: Actor, authorId: number, thing: string): void {
  if (authorId === userId || role === 'administrator') return
  throw new Refusal('forbidden', `only its author or an administrator may change ${thing}`)
}
