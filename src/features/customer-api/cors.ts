import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { isOwnOrigin, type RequestOfPage } from '../../http/session.ts'
import { Refusal } from '../../lib/errors.ts'
import { channels } from '../inboxes/channels.ts'
import { findInboxByIdentifier } from '../inboxes/service.ts'

export type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/**
 * Returns a hook that lets pages of other origins read the responses. Any origin is safe, because these routes use no
 * cookies and the secret is in the path. Some channels let their inboxes name the origins that they allow.
 */
export function corsHook({ config, database }: Context): Hook {
  return async (request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers':
        'idempotent-replayed, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after',
      'referrer-policy': 'no-referrer',
    })
    const { inbox_identifier } = request.params as { inbox_identifier?: string }
    if (inbox_identifier === undefined) return
    if (await mayUseInbox({ config, database }, request, inbox_identifier)) return
    throw new Refusal(
      'origin_not_allowed',
      'pages of this origin may not use this inbox: add the origin to its allowed_origins',
    )
  }
}

/** Whether a page with the origin of a request may use an inbox. True for an unknown inbox, and for programs. */
export async function mayUseInbox(
  { config, database }: Pick<Context, 'config' | 'database'>,
  request: RequestOfPage,
  identifier: string,
): Promise<boolean> {
  const { origin } = request.headers
  if (origin === undefined || isOwnOrigin(request, config.publicUrl)) return true
  const inbox = await findInboxByIdentifier(database.read, identifier)
  const allowed = inbox && channels.of(database).of(inbox.channel_type).allowedOrigins?.(inbox.settings)
  return !allowed || isAllowedOrigin(origin, allowed)
}

/** Lets pages of other origins ask whether they may call the API of customers. */
export function preflightRoute(app: Server): void {
  const options = { config: { public: true }, schema: { hide: true } }
  app.options('/public/api/v1/*', options, async (_, reply) => {
    reply.headers({
      'access-control-allow-methods': 'GET, POST, PATCH',
      'access-control-allow-headers': 'content-type, idempotency-key, last-event-id',
      'access-control-max-age': '86400',
    })
    return reply.code(204).send()
  })
}

/**
 * Whether the `Origin` of a request is one of `allowed`. `file:` never matches: pages opened as files send `null`, but so
 * does the sandboxed frame of any website. The widget on such a page calls from its own frame, with this server's origin.
 */
function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => {
    const [before, after] = one.split('*.')
    if (after === undefined) return origin === one
    return origin.startsWith(before!) && origin.endsWith(`.${after}`)
  })
}
