import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'

/** The largest message in its most wasteful JSON spelling (150,000 characters of 12 bytes), and 64 KiB of attributes. */
export const bodyLimit = 2 * 1024 * 1024
/** Bytes of all headers of a request together. */
export const headerLimit = 16 * 1024

/**
 * Limits each token, and each address that shows none that is valid, to `perMinute` requests; tells in `RateLimit-*`
 * headers (draft-ietf-httpapi-ratelimit-headers-03) what is left. Each process counts for itself.
 */
export async function limitRate(app: FastifyInstance, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: '1 minute',
    cache: 50_000,
    enableDraftSpec: true,
    // Also for routes of others' plugins, whose own setting comes too late for this plugin to see.
    allowList: ({ routeOptions }) => routeOptions.config.rateLimit === false,
    keyGenerator: ({ identity, ip }) => (identity ? `token ${identity.tokenId}` : `address ${ip}`),
    errorResponseBuilder: (_, { after, max }) =>
      Object.assign(new Error(`more than ${max} requests in a minute; try again in ${after}`), {
        statusCode: 429,
      }),
  })
}
