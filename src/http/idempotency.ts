import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'

/** The headers of a call that creates something, and that a client can repeat if it has not received the response. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'A request that is repeated with the same key and body returns the first response again, and sends nothing twice.',
    }),
  ),
})

/** Sets the status of a call with an idempotency key: 201 for a new request, 200 and a header for a repeated one. */
export function markReplay(reply: FastifyReply, replayed: boolean): void {
  if (replayed) reply.header('idempotent-replayed', 'true')
  reply.code(replayed ? 200 : 201)
}
