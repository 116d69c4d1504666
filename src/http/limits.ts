import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { networkOf } from '../lib/addresses.ts'
import { Refusal } from '../lib/errors.ts'

/** Bytes of a body: the largest message, escaped as JSON (150,000 characters of 12 bytes), and 64 KiB of attributes. */
export const bodyLimit = 2 * 1024 * 1024
/** Bytes of all headers of a request together. */
export const headerLimit = 16 * 1024

/**
 * Limits each token or session, and each network without a valid one, to `perMinute` requests. The `RateLimit-*` headers
 * (draft-ietf-httpapi-ratelimit-headers-03) contain how many are left. Each process counts separately.
 */
export async function limitRate(app: FastifyInstance, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: '1 minute',
    cache: 50_000,
    enableDraftSpec: true,
    // Needed for routes of other plugins, whose `config` is set after this plugin reads it.
    allowList: ({ routeOptions }) => routeOptions.config.rateLimit === false,
    keyGenerator: callerKey,
    errorResponseBuilder: (_, { after, max }) =>
      new Refusal('too_many_requests', `more than ${max} requests in a minute; try again in ${after}`),
  })
  // The plugin counts only requests to routes. For an unknown path, too, the token is looked up.
  const count = app.rateLimit()
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) count.call(app, request, reply).then(() => done(), done)
    else done()
  })
}

/** Returns the key of the caller in counters: its token or session, or its network if it has no valid one. */
export function callerKey({ identity, ip }: FastifyRequest): string {
  if (!identity) return `network ${networkOf(ip)}`
  if (identity.bot) return `bot ${identity.bot.accountId} ${identity.bot.id}`
  return identity.sessionId ? `session ${identity.sessionId}` : `token ${identity.tokenId}`
}

/**
 * Returns a function that allows `perMinute` requests with the same key, in addition to the limit of all requests. It throws
 * `too_many_requests`, and does nothing if requests are not limited at all.
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
    const rule = `more than ${perMinute} such requests in a minute; try again in ${retryAfter} seconds`
    throw new Refusal('too_many_requests', rule, { retryAfter })
  }
}

/** What ends with the event `close`: a response, or a socket. */
interface Connection {
  readonly destroyed: boolean
  once(event: 'close', listener: () => void): unknown
}

/** Limits the number of open streams of each key. */
export class OpenLimit {
  readonly #max: number
  readonly #open = new Map<string, number>()

  constructor(max: number) {
    this.#max = max
  }

  /** Counts a connection until it ends. Throws `too_many_requests` if the key already has the maximum number. */
  count(key: string, connection: Connection): void {
    // Its `close` event has been emitted already, and would never free the place.
    if (!connection.destroyed) connection.once('close', this.take(key))
  }

  /** Takes a place, and returns a function that frees it. Throws `too_many_requests` if there is none for the key. */
  take(key: string): () => void {
    const open = this.#open.get(key) ?? 0
    if (open >= this.#max) {
      const rule = `more than ${this.#max} streams at once; close one`
      throw new Refusal('too_many_requests', rule, { retryAfter: 5 })
    }
    this.#open.set(key, open + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      const left = this.#open.get(key)! - 1
      if (left > 0) this.#open.set(key, left)
      else this.#open.delete(key)
    }
  }
}
