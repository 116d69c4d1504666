import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { Replaced } from '../lib/errors.ts'

/**
 * Calls the handler of a route again if what its path names has been replaced, with the id of what has replaced it. So a
 * program that knows only the old id reaches the other thing, without a request of its own, and the lookup costs nothing as
 * long as nothing was replaced. A handler must find that out before it changes anything.
 */
export function followReplacements(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.includes('/:conversation_id')) return
    const { handler } = route
    route.handler = function callAgain(request, reply) {
      const call = () => handler.call(this, request, reply) as unknown
      const result = call()
      return result instanceof Promise ? result.catch((error) => retry(call, request, reply, error)) : result
    } as RouteHandlerMethod
  })
}

// A longer chain is a fault: a thing is replaced by one that has not been replaced itself.
const longestChain = 100

async function retry(
  call: () => unknown,
  { params }: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): Promise<unknown> {
  let reason = error
  for (let count = 0; count < longestChain && reason instanceof Replaced; count++) {
    const ids = params as Record<string, unknown>
    if (ids[reason.parameter] !== reason.from || reply.sent) break
    ids[reason.parameter] = reason.to
    try {
      return await call()
    } catch (next) {
      reason = next
    }
  }
  throw reason
}
