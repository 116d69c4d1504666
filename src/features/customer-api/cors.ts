import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { isOwnOrigin } from '../../http/session.ts'
import { Refusal } from '../../lib/errors.ts'
import { findInboxByIdentifier } from '../inboxes/service.ts'
import { allowedOrigins, isAllowedOrigin } from '../inboxes/widget.ts'

export type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/**
 * Returns a hook that lets pages of other origins read the responses. Any origin is safe, because these routes use no
 * cookies and the secret is in the path. Inboxes of the channel `web_widget` refuse origins that they do not allow.
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
  if (inbox?.channel_type !== 'web_widget' || isAllowedOrigin(origin, allowedOrigins(inbox))) return
  throw new Refusal(
    'origin_not_allowed',
    'pages of this origin may not use this inbox: add the origin to its allowed_origins',
  )
}
