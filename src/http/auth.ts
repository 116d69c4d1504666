import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Actor, hasScope, type Role, type Scope } from '../lib/actor.ts'
import { notFound, Refusal } from '../lib/errors.ts'

/** Whose token a request carries; `role` is that in the account of the path, undefined where there is none. */
export interface Identity {
  tokenId: number
  userId: number
  scopes: readonly Scope[]
  role: Role | undefined
}

/** Finds whose a token is: undefined when it is unknown, expired or revoked. */
export type Identify = (token: string, accountId: number | undefined) => Promise<Identity | undefined>

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | undefined
    /** Set on every route that is not public. */
    actor: Actor
  }
  interface FastifyContextConfig {
    /** Needs no token. */
    public?: boolean
  }
}

/**
 * Finds out who asks before anything else (the rate limit counts by token), and refuses strangers before the body is
 * read.
 */
export function authenticate(app: FastifyInstance, identify: Identify): void {
  app.decorateRequest('identity', undefined)
  // Fastify wants a shape for each decoration; routes that are not public never see this one.
  app.decorateRequest('actor', null as unknown as Actor)

  app.addHook('onRequest', async (request) => {
    const token = tokenOf(request)
    if (token) request.identity = await identify(token, accountIdOf(request))
  })

  app.addHook('preParsing', async (request) => {
    if (!request.is404 && !request.routeOptions.config.public) request.actor = actorOf(request)
  })
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const own = headers.api_access_token ?? headers['api-access-token']
  if (typeof own === 'string') return own.trim()
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
}

function accountIdOf(request: FastifyRequest): number | undefined {
  const { account_id: text } = (request.params ?? {}) as { account_id?: string }
  return text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined
}

function actorOf(request: FastifyRequest): Actor {
  const { identity } = request
  if (!identity) {
    const sent = tokenOf(request) !== undefined
    throw new Refusal(
      'unauthenticated',
      sent
        ? 'this access token is not valid: unknown, expired or revoked'
        : 'send an access token in the header api_access_token',
    )
  }
  const accountId = accountIdOf(request)
  if (!accountId) throw notFound('this path was')
  const { role, scopes } = identity
  // The same answer where no such account exists, so that nobody can find out which do.
  if (!role) throw new Refusal('forbidden', 'this token does not belong to a member of this account')
  const needed: Scope = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write'
  if (!hasScope(scopes, needed)) {
    throw new Refusal('forbidden', `this token lacks the scope "${needed}"`)
  }
  return { accountId, userId: identity.userId, role, scopes, tokenId: identity.tokenId }
}
