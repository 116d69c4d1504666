import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Actor, hasScope, type Person, type Role, type Scope } from '../lib/actor.ts'
import { notFound, Refusal } from '../lib/errors.ts'
import { parseId } from '../lib/schema.ts'
import { assertOwnPage, renameSession, sessionOf } from './session.ts'

/** What a request shows of who makes it. */
export interface Credential {
  kind: 'token' | 'session'
  secret: string
}

/** Whose credential it is; `role` is that in the account of the path, undefined where there is none. */
export interface Identity extends Person {
  role: Role | undefined
}

/** Finds whose a credential is: undefined when it is unknown, expired or revoked. */
export type Identify = (
  credential: Credential,
  accountId: number | undefined,
) => Promise<Identity | undefined>

declare module 'fastify' {
  interface FastifyInstance {
    identify: Identify
  }
  interface FastifyRequest {
    identity: Identity | undefined
    /** Set on every route that is not public. */
    person: Person
    /** Set on every route that is neither public nor outside of an account. */
    actor: Actor
  }
  interface FastifyContextConfig {
    /** Needs no token. */
    public?: boolean
    /** Needs a token, but is about no account. */
    accountless?: boolean
    /** For administrators only, and tokens with the scope `admin`. */
    administrator?: boolean
  }
}

/**
 * Finds out who asks before anything else (the rate limit counts by token), and refuses strangers before the body is
 * read.
 */
export function authenticate(app: FastifyInstance, identify: Identify, publicUrl: string): void {
  app.decorate('identify', identify)
  app.decorateRequest('identity', undefined)
  // Fastify wants a shape for each decoration; routes that are public never see these.
  app.decorateRequest('person', null as unknown as Person)
  app.decorateRequest('actor', null as unknown as Actor)

  app.addHook('onRequest', async (request) => {
    const { public: isPublic, rateLimit } = request.routeOptions.config
    // Neither asked for nor counted: it must not make anybody wait who wants to know whether the database answers.
    if (isPublic && rateLimit === false) return
    const credential = credentialOf(request)
    if (credential) request.identity = await identify(credential, accountIdOf(request))
  })

  app.addHook('preParsing', async (request, reply) => {
    const { config } = request.routeOptions
    if (request.is404 || config.public) return
    const identity = identityOf(request)
    request.person = identity
    if (config.accountless) assertScope(identity, neededFor(request))
    else request.actor = actorOf(request, identity)
    if (identity.sessionId) renameSession(request, reply, publicUrl)
    if (identity.sessionId && !isRead(request)) assertOwnPage(request, publicUrl)
  })
}

/** A token goes first: a program that runs in the dashboard's browser may show another than the dashboard's. */
function credentialOf(request: FastifyRequest): Credential | undefined {
  const token = tokenOf(request)
  if (token) return { kind: 'token', secret: token }
  const session = sessionOf(request)
  return session ? { kind: 'session', secret: session } : undefined
}

/**
 * For an answer that goes on for long: finds again who sent the request, in the account of its path. Undefined where
 * the token has ended, or its user may not read there any more.
 */
export function actorAgain(request: FastifyRequest): () => Promise<Actor | undefined> {
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
  const own = headers.api_access_token ?? headers['api-access-token']
  if (typeof own === 'string') return own.trim()
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
  // The same answer where no such account exists, so that nobody can find out which do.
  if (!role) throw new Refusal('forbidden', 'this token does not belong to a member of this account')
  if (request.routeOptions.config.administrator && role !== 'administrator') {
    throw new Refusal('forbidden', 'only an administrator of this account may do this')
  }
  assertScope(identity, neededFor(request))
  return { ...person, accountId, role }
}

function neededFor(request: FastifyRequest): Scope {
  if (request.routeOptions.config.administrator) return 'admin'
  return isRead(request) ? 'read' : 'write'
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

function assertScope({ scopes }: Person, needed: Scope): void {
  if (!hasScope(scopes, needed)) throw new Refusal('forbidden', `this token lacks the scope "${needed}"`)
}
