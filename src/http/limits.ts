import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '../lib/addresses.ts'
import { Refusal } from '../lib/errors.ts'

/** The largest message in its most wasteful JSON spelling (150,000 characters of 12 bytes), and 64 KiB of attributes. */
export const bodyLimit = 2 * 1024 * 1024
/** Bytes of all headers of a request together. */
export const headerLimit = 16 * 1024

/**
 * Limits each token, and each network that sends no valid one, to `perMinute` requests. The `RateLimit-*` headers
 * (draft-ietf-httpapi-ratelimit-headers-03) say what is left. Each process counts for itself.
 */
export async function limitRate(app: FastifyInstance, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: '1 minute',
    cache: 50_000,
    enableDraftSpec: true,
    // Also for routes of others' plugins, whose own setting comes too late for this plugin to see.
    allowList: ({ routeOptions }) => routeOptions.config.rateLimit === false,
    keyGenerator: callerKey,
    errorResponseBuilder: (_, { after, max }) =>
      Object.assign(new Error(`more than ${max} requests in a minute; try again in ${after}`), {
        statusCode: 429,
      }),
  })
  // Such a request reaches no route, whose hook would count it, but its token is looked up all the same.
  const count = app.rateLimit()
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) await count.call(app, request, reply)
  })
}

/** Names the caller in counters: its token or session, or the network of a request that has no valid one. */
export function callerKey({ identity, ip }: FastifyRequest): string {
  if (!identity) return `network ${networkOf(ip)}`
  return identity.sessionId ? `session ${identity.sessionId}` : `token ${identity.tokenId}`
}

/**
 * A further limit: calls of a route with the same key, of which there may be `perMinute`. It throws `too_many`. Where
 * requests are not limited at all it does nothing.
 */
export function limiter<R extends FastifyRequest>(
  app: FastifyInstance,
  perMinute: number,
  keyOf: (request: R) => string,
): (request: R) => Promise<void> {
  if (!app.hasDecorator('createRateLimit')) return async () => {}
  const check = app.createRateLimit({ max: perMinute, keyGenerator: (request) => keyOf(request as R) })
  return async (request) => {
    const limit = await check(request)
    if (limit.isAllowed || !limit.isExceeded) return
    const retryAfter = limit.ttlInSeconds
    const rule = `more than ${perMinute} of these in a minute; try again in ${retryAfter} seconds`
    throw new Refusal('too_many', rule, { retryAfter })
  }
}

/** Counts the streams that are open for each key, and allows `most` of one. */
export class OpenLimit {
  readonly #most: number
  readonly #open = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Counts `reply` until it has ended. Throws `too_many` if the key has `most` already. */
  count(key: string, reply: FastifyReply): void {
    const open = this.#open.get(key) ?? 0
    if (open >= this.#most) {
      throw new Refusal('too_many', `more than ${this.#most} streams at once; close one`, { retryAfter: 5 })
    }
    this.#open.set(key, open + 1)
    reply.raw.once('close', () => {
      const left = this.#open.get(key)! - 1
      if (left > 0) this.#open.set(key, left)
      else this.#open.delete(key)
    })
  }
}
