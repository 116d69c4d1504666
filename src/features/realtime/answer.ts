import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { logBounds } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { nodeOf } from './node.ts'
import { eventPage, type Question } from './page.ts'
import type { Reader } from './reader.ts'
import { Reset } from './schema.ts'
import { Stream } from './stream.ts'

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx keeps answers back to send them in larger pieces.
  'x-accel-buffering': 'no',
  connection: 'close',
}

/**
 * Answers with the events after a position, or from now on, until the reader leaves or may not hear them any more; where
 * `Accept` asks for JSON, with a page of them.
 */
export async function answerWithEvents(
  context: Context,
  reader: Reader,
  question: Question,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (wantsPage(request.raw.headers.accept)) {
    reply.type('application/json; charset=utf-8')
    return reply.send(await eventPage(context.database.read, reader, question))
  }
  await openStream(context, reader, question, reply)
  return reply.hijack()
}

/** Whether `Accept` asks for JSON; who takes anything gets the stream. */
function wantsPage(accept = ''): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept)
}

async function openStream(
  context: Context,
  reader: Reader,
  { after, narrowing }: Question,
  reply: FastifyReply,
): Promise<void> {
  const { database, intervals } = context
  const { accountId, access } = reader
  const position = after ?? (await logBounds(database.read, accountId)).newest
  const response = reply.raw
  // Gone before we began.
  if (response.destroyed) return
  const headers = { ...reply.getHeaders(), ...streamHeaders }
  const { heartbeat } = intervals
  const stream = new Stream(position, reader, headers, { response, narrowing, heartbeat })
  const { streams, presence } = nodeOf(context)
  if (reader.isPresent && 'userId' in access) {
    presence.arrive(accountId, access.userId)
    stream.onEnd(() => presence.leave(accountId, access.userId))
  }
  streams.add(accountId, stream)
}

/** Both forms of the answer, as the OpenAPI document shows them. */
export function eventContent(shapes: readonly { $id: string }[]) {
  const names = shapes.map(({ $id }) => ({ $ref: `${$id}#` }))
  const page = Type.Object({
    payload: Type.Array(Type.Unsafe<unknown>({ anyOf: [...names, Reset] }), { description: 'Oldest first.' }),
    meta: Type.Object({
      after: Type.Integer({ description: 'The position of the next page; it may move on without events.' }),
    }),
  })
  return { 'text/event-stream': { schema: Type.String() }, 'application/json': { schema: page } }
}
