import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'

/** The headers of a call that makes something, and that a client repeats where it has not heard the answer. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'Repeating a request with the same key and body sends nothing twice: the first answer comes again.',
    }),
  ),
})

/** Says whether the answer is that of the first time again (200), or something was made (201). */
export function markReplay(reply: FastifyReply, replayed: boolean): void {
  if (replayed) reply.header('idempotent-replayed', 'true')
  reply.code(replayed ? 200 : 201)
}
