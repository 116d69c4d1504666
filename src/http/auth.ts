import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Actor, hasScope, type Person, type Role, type Scope } from '../lib/actor.ts'
import { notFound, Refusal } from '../lib/errors.ts'
import { parseId } from '../lib/schema.ts'
import { Slot } from '../lib/slot.ts'
import { assertOwnPage, sessionCookieName, sessionOf } from './session.ts'

/** The token or session of a request. */
export interface Credential {
  kind: 'token' | 'session'
  secret: string
}

/** The person of a credential. `role` is their role in the account of the path, undefined if they are not a member. */
export interface Identity extends Person {
  role: Role | undefined
}

/** Finds the person of a credential. Resolves to undefined if it is unknown, expired or revoked. */
export type Identify = (
  credential: Credential,
  accountId: number | undefined,
) => Promise<Identity | undefined>

/** How credentials are looked up. */
export const identification = new Slot<Identify>('identification')

declare module 'fastify' {
  interface FastifyInstance {
    identify: Identify
  }
  interface FastifyRequest {
    identity: Identity | undefined
    /** Set on every route that is not public. */
    person: Person
    /** Set on every route that is neither public nor `accountless`. */
    actor: Actor
  }
  interface FastifyContextConfig {
    /** Requires no credential. */
    public?: boolean
    /** Requires a credential, but does not belong to an account. */
    accountless?: boolean
    /** Requires the role administrator, and a credential with the scope `admin`. */
    administrator?: boolean
  }
}

/**
 * Identifies the caller first, because the rate limit counts by token, and refuses unknown callers before reading the
 * body.
 */
export function authenticate(app: FastifyInstance, identify: Identify, publicUrl: string): void {
  app.decorate('identify', identify)
  app.decorate('sessionCookie', sessionCookieName(publicUrl))
  app.decorateRequest('identity', undefined)
  // Fastify requires a value for each decoration. Public routes must not use these.
  app.decorateRequest('person', null as unknown as Person)
  app.decorateRequest('actor', null as unknown as Actor)

  app.addHook('onRequest', async (request) => {
    const { public: isPublic, rateLimit } = request.routeOptions.config
    // Such a route reports whether the database is reachable, so it must not wait for the database here.
    if (isPublic && rateLimit === false) return
    const credential = credentialOf(request)
    if (credential) request.identity = await identify(credential, accountIdOf(request))
  })

  app.addHook('preParsing', async (request) => {
    const { config } = request.routeOptions
    if (request.is404 || config.public) return
    const identity = identityOf(request)
    request.person = identity
    if (config.accountless) assertScope(identity, requiredScope(request))
    else request.actor = actorOf(request, identity)
    if (identity.sessionId && !isRead(request)) assertOwnPage(request, publicUrl)
  })
}

/** A token has priority: a program in the same browser as the dashboard sends the cookie, too. */
function credentialOf(request: FastifyRequest): Credential | undefined {
  const token = tokenOf(request)
  if (token) return { kind: 'token', secret: token }
  const session = sessionOf(request)
  return session ? { kind: 'session', secret: session } : undefined
}

/**
 * For a response that continues for a long time: returns a function that authenticates the request again. It resolves to
 * undefined if the token has ended, or its user may no longer read in the account.
 */
export function actorRefresher(request: FastifyRequest): () => Promise<Actor | undefined> {
  const { identify } = request.server
  const { accountId } = request.actor
  const credential = credentialOf(request)!
  return async () => {
    const identity = await identify(credential, accountId)
    if (!identity?.role || !hasScope(identity.scopes, 'read')) return undefined
    const { role, ...person } = identity
    return { ...person, accountId, role }
  }
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const token = headers.api_access_token ?? headers['api-access-token']
  if (typeof token === 'string') return token.trim()
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
}

function accountIdOf(request: FastifyRequest): number | undefined {
  const { account_id: text } = (request.params ?? {}) as { account_id?: string }
  return parseId(text)
}

function identityOf(request: FastifyRequest): Identity {
  if (request.identity) return request.identity
  const sentence = {
    token: 'this access token is not valid: unknown, expired or revoked',
    session: 'this session has ended: sign in, or send an access token',
    none: 'send an access token in the header api_access_token',
  }
  throw new Refusal('unauthenticated', sentence[credentialOf(request)?.kind ?? 'none'])
}

function actorOf(request: FastifyRequest, identity: Identity): Actor {
  const accountId = accountIdOf(request)
  if (!accountId) throw notFound('this path was')
  const { role, ...person } = identity
  // The same error if the account does not exist, so that it does not reveal which accounts exist.
  if (!role) throw new Refusal('forbidden', 'this token does not belong to a member of this account')
  if (request.routeOptions.config.administrator && role !== 'administrator') {
    throw new Refusal('administrator_required', 'only an administrator of this account may do this')
  }
  assertScope(identity, requiredScope(request))
  return { ...person, accountId, role }
}

function requiredScope(request: FastifyRequest): Scope {
  if (request.routeOptions.config.administrator) return 'admin'
  return isRead(request) ? 'read' : 'write'
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

function assertScope({ scopes }: Person, scope: Scope): void {
  if (!hasScope(scopes, scope)) throw new Refusal('missing_scope', `this token lacks the scope "${scope}"`)
}
