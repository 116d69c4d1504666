import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { logBounds } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { type EventRequest, eventPage } from './page.ts'
import { realtime } from './realtime.ts'
import { Reset } from './schema.ts'
import { Stream } from './stream.ts'
import type { Subscriber } from './subscriber.ts'

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Otherwise nginx collects the response to send it in larger pieces.
  'x-accel-buffering': 'no',
  connection: 'close',
}

/**
 * Sends the events after a position, or from now on, until the client disconnects or loses its access. Sends one page of
 * them if `Accept` asks for JSON.
 */
export async function sendEvents(
  context: Context,
  subscriber: Subscriber,
  eventRequest: EventRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (wantsPage(request.raw.headers.accept)) {
    reply.type('application/json; charset=utf-8')
    return reply.send(await eventPage(context.database.read, subscriber, eventRequest))
  }
  await openStream(context, subscriber, eventRequest, reply)
  return reply.hijack()
}

/** Whether `Accept` asks for JSON. A client that accepts anything gets the stream. */
function wantsPage(accept = ''): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept)
}

async function openStream(
  context: Context,
  subscriber: Subscriber,
  { after, filter }: EventRequest,
  reply: FastifyReply,
): Promise<void> {
  const { database, intervals } = context
  const { accountId, access } = subscriber
  const position = after ?? (await logBounds(database.read, accountId)).newest
  const response = reply.raw
  // The client has disconnected meanwhile.
  if (response.destroyed) return
  const headers = { ...reply.getHeaders(), ...streamHeaders }
  const check = intervals.heartbeat
  // Agents must learn soon that a connection is dead. A visitor's phone would wake up for each byte.
  const heartbeat = 'userId' in access ? check / 3 : check
  const stream = new Stream(position, subscriber, headers, { response, filter, heartbeat, check })
  const { streams, presence, inboxAvailability } = realtime.of(context)
  if (subscriber.isPresent && 'userId' in access) {
    presence.arrive(accountId, access.userId)
    stream.onEnd(() => presence.leave(accountId, access.userId))
  }
  streams.add(accountId, stream)
  void inboxAvailability.notify(accountId, [stream])
}

/** Both forms of the response, for the OpenAPI document. */
export function eventContent(shapes: readonly { $id: string }[]) {
  const references = shapes.map(({ $id }) => ({ $ref: `${$id}#` }))
  const page = Type.Object({
    payload: Type.Array(Type.Unsafe<unknown>({ anyOf: [...references, Reset] }), {
      description: 'Oldest first.',
    }),
    meta: Type.Object({
      after: Type.Integer({
        description: 'The position to continue from. It can increase even if the page is empty.',
      }),
    }),
  })
  return { 'text/event-stream': { schema: Type.String() }, 'application/json': { schema: page } }
}
