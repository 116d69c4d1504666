import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { isOwnOrigin } from '../../http/session.ts'
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
    const { origin } = request.headers
    const { inbox_identifier } = request.params as { inbox_identifier?: string }
    if (origin === undefined || inbox_identifier === undefined) return
    if (isOwnOrigin(request, config.publicUrl)) return
    await assertAllowedOrigin(database.read, inbox_identifier, origin)
  }
}

async function assertAllowedOrigin(queries: Queries, identifier: string, origin: string): Promise<void> {
  const inbox = await findInboxByIdentifier(queries, identifier)
  if (!inbox) return
  const allowed = channels.of(queries).of(inbox.channel_type).allowedOrigins?.(inbox.settings)
  if (!allowed || isAllowedOrigin(origin, allowed)) return
  throw new Refusal(
    'origin_not_allowed',
    'pages of this origin may not use this inbox: add the origin to its allowed_origins',
  )
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
