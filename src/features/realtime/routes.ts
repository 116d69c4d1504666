import { Type } from 'typebox'
import { actorAgain } from '../../http/auth.ts'
import type { Context } from '../../http/feature.ts'
import { callerKey, OpenLimit } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { id } from '../../lib/schema.ts'
import { EventHeaders, EventQuery, TypingChange, UserPresence } from './schema.ts'
import {
  answerWithEvents,
  changeTyping,
  eventContent,
  listPresence,
  memberReader,
  nodeOf,
  readMembersQuestion,
} from './service.ts'

// Open at once, of one token or session.
const streamsOfCaller = 100
const tags = ['Realtime']
const account = { account_id: id() }

export function realtimeRoutes(app: Server, context: Context): void {
  // Fastify waits for open answers, and these never end by themselves.
  app.addHook('preClose', async () => nodeOf(context).streams.close())
  eventRoutes(app, context)

  const typing = {
    summary: 'Tell that you are typing',
    description: 'Whoever may see the conversation hears of it as `event: typing`. It is not stored.',
    tags,
    params: Type.Object({ ...account, conversation_id: id() }),
    body: TypingChange,
    response: { 204: Type.Null({ description: 'Told.' }) },
  }
  app.post(
    '/conversations/:conversation_id/toggle_typing_status',
    { schema: typing },
    async (request, reply) => {
      await changeTyping(context, request.actor, request.params.conversation_id, request.body)
      return reply.code(204).send(null)
    },
  )

  const online = {
    summary: 'List who is online',
    description:
      'The users who have an event stream open, with a session or a token of the scope `write`. Users who are not in the list are offline.',
    tags,
    params: Type.Object(account),
    response: { 200: Type.Object({ payload: Type.Array(UserPresence) }) },
  }
  app.get('/presence', { schema: online }, async ({ actor }) => ({ payload: listPresence(context, actor) }))
}

function eventRoutes(app: Server, context: Context): void {
  const schema = {
    summary: 'Hear what happens',
    description:
      'A stream of Server-Sent Events: `id` is the position in the log, `event` the name, `data` the JSON that webhooks \
get. It resumes without loss after `Last-Event-ID` or `after`. `typing` and `presence` have no id. With \
`Accept: application/json` it is a page of the same events for programs that ask again and again. docs/realtime.md has \
the rules.',
    tags,
    params: Type.Object(account),
    querystring: EventQuery,
    headers: EventHeaders,
    response: {
      200: { description: 'Events.', content: eventContent(context.events.map(({ schema }) => schema)) },
    },
  }
  const limit = new OpenLimit(streamsOfCaller)
  app.get('/events', { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { actor, query, headers } = request
    if (context.config.rateLimit !== null) limit.count(callerKey(request), reply)
    const question = await readMembersQuestion(context, actor, query, headers)
    const reader = await memberReader(context.database.read, actor, actorAgain(request))
    return answerWithEvents(context, reader, question, request, reply)
  })
}
