import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { logBounds } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { cursorFrame, heartbeatFrame } from './frames.ts'
import { openStream } from './open-stream.ts'
import { type EventRequest, eventPage } from './page.ts'
import { Reset } from './schema.ts'
import { sseFormat } from './sse-format.ts'
import { SseTransport } from './sse-transport.ts'
import type { Subscriber } from './subscriber.ts'

/** Shared by the streams of all users. */
const eventsOfAgents = sseFormat()

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
  await streamEvents(context, subscriber, eventRequest, reply)
  return reply.hijack()
}

/** Whether `Accept` asks for JSON. A client that accepts anything gets the stream. */
function wantsPage(accept = ''): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept)
}

async function streamEvents(
  context: Context,
  subscriber: Subscriber,
  { after, filter }: EventRequest,
  reply: FastifyReply,
): Promise<void> {
  const { accountId, access, render } = subscriber
  const position = after ?? (await logBounds(context.database.read, accountId)).newest
  const response = reply.raw
  // The client has disconnected meanwhile.
  if (response.destroyed) return
  // Chunked encoding would copy each event once more for each stream. Without it, the connection ends the response.
  response.removeHeader('transfer-encoding')
  const headers: Record<string, number | string | string[] | undefined> = reply.getHeaders()
  response.writeHead(200, { ...headers, ...streamHeaders })
  // So that a client that disconnects before the first event can resume.
  response.write(cursorFrame(position))
  const transport = new SseTransport(response)
  const format = render ? sseFormat(render) : eventsOfAgents
  const stream = openStream(context, subscriber, position, { transport, format, filter })
  const { heartbeat } = context.intervals
  // Agents must learn soon that a connection is dead. A visitor's phone would wake up for each byte.
  const pause = 'userId' in access ? heartbeat / 3 : heartbeat
  const timer = setInterval(() => stream.offer(heartbeatFrame), pause).unref()
  stream.onEnd(() => clearInterval(timer))
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
