import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Actor, hasScope, onBehalfOf, type Person, type Role, type Scope } from '../lib/actor.ts'
import { notFound, Refusal } from '../lib/errors.ts'
import { parseId } from '../lib/schema.ts'
import { Slot } from '../lib/slot.ts'
import { assertOwnPage, isSessionSecret, sessionCookieName, sessionOf } from './session.ts'

/** The token or session of a request. */
export interface Credential {
  kind: 'token' | 'session'
  secret: string
}

/**
 * The person of a credential. `role` is their role in the account of the path, undefined if they are not a member. The
 * credential of a bot has no person: without role and scopes, whatever ignores `bot` refuses it.
 */
export interface Identity extends Person {
  role: Role | undefined
  bot?: BotAccess
}

/** A bot of the account of the path, and what it may do. */
export interface BotAccess {
  id: number
  accountId: number
  /** Throws if the bot may not use the route, or not with these parameters. Runs before the body is read. */
  assertMayCall(request: FastifyRequest): Promise<void>
  /** Throws if the bot may not send this body, which is valid. */
  assertMaySend(request: FastifyRequest): Promise<void>
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
    /** Changes nothing, although its method is POST: the scope `read` is enough. */
    readsOnly?: boolean
    /**
     * The header with which programs send a session, instead of the cookie. Browsers never send it by themselves, so pages
     * of other servers cannot use it.
     */
    sessionHeader?: string
    /** The route with the same rights and the same body, as `POST /path`, if this one only reads and shows it differently. */
    sameAs?: string
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

  // None of these hooks is an async function: its promises would cost each request more than most of them do.
  app.addHook('onRequest', (request, _, done) => {
    const { config } = request.routeOptions
    // Such a route reports whether the database is reachable, so it must not wait for the database here.
    const credential = config.public && config.rateLimit === false ? undefined : credentialOf(request, config)
    if (!credential) return done()
    identify(credential, accountIdOf(request)).then((identity) => {
      request.identity = identity
      done()
    }, done)
  })

  app.addHook('preParsing', (request, _reply, body, done) => {
    const { config } = request.routeOptions
    const bot = request.identity?.bot
    if (request.is404 || config.public) return done(null, body)
    if (bot && !config.accountless) {
      setActorOfBot(request, bot).then(() => done(null, body), done)
      return
    }
    try {
      setActor(request, config, publicUrl)
    } catch (refusal) {
      return done(refusal as Refusal)
    }
    done(null, body)
  })

  app.addHook('preHandler', (request, _, done) => {
    const bot = request.identity?.bot
    if (!bot || request.routeOptions.config.public) done()
    else bot.assertMaySend(request).then(() => done(), done)
  })
}

type RouteConfig = FastifyRequest['routeOptions']['config']

/** Sets the person and the actor of a request. Throws if it may not use the route. */
function setActor(request: FastifyRequest, config: RouteConfig, publicUrl: string): void {
  const identity = identityOf(request)
  request.person = identity
  if (config.accountless) assertScope(identity, requiredScope(request, config))
  else request.actor = actorOf(request, identity, config)
  if (identity.sessionId && !config.sessionHeader && !isRead(request)) assertOwnPage(request, publicUrl)
}

/**
 * Returns the credential of a request. A token has priority: a program in the same browser as the dashboard sends the
 * cookie, too.
 */
export function credentialOf(
  request: FastifyRequest,
  { sessionHeader } = request.routeOptions.config,
): Credential | undefined {
  const token = tokenOf(request)
  if (token && sessionHeader && isSessionSecret(token)) return { kind: 'session', secret: token }
  if (token) return { kind: 'token', secret: token }
  const session = sessionHeader ? textOf(request.headers[sessionHeader]) : sessionOf(request)
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

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header.trim() : undefined
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const token = textOf(headers.api_access_token ?? headers['api-access-token'])
  if (token !== undefined) return token
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

function actorOf(request: FastifyRequest, identity: Identity, config: RouteConfig): Actor {
  const accountId = accountIdOf(request)
  if (!accountId) throw notFound('this path was')
  const { role, ...person } = identity
  // The same error if the account does not exist, so that it does not reveal which accounts exist.
  if (!role) throw new Refusal('forbidden', 'this token does not belong to a member of this account')
  if (config.administrator && role !== 'administrator') {
    throw new Refusal('administrator_required', 'only an administrator of this account may do this')
  }
  assertScope(identity, requiredScope(request, config))
  return { ...person, accountId, role }
}

/** A bot may do everything in the account that its two checks allow. */
async function setActorOfBot(request: FastifyRequest, bot: BotAccess): Promise<void> {
  request.person = request.identity!
  await bot.assertMayCall(request)
  request.actor = onBehalfOf(bot.accountId, { type: 'bot', id: bot.id })
}

function requiredScope(request: FastifyRequest, { administrator, readsOnly }: RouteConfig): Scope {
  if (administrator) return 'admin'
  return isRead(request) || readsOnly ? 'read' : 'write'
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

function assertScope({ scopes }: Person, scope: Scope): void {
  if (!hasScope(scopes, scope)) throw new Refusal('missing_scope', `this token lacks the scope "${scope}"`)
}
