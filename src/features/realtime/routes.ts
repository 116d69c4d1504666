import { Type } from 'typebox'
import { actorRefresher } from '../../http/auth.ts'
import type { Context } from '../../http/feature.ts'
import { callerKey, OpenLimit } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery } from '../../lib/schema.ts'
import { realtime } from './realtime.ts'
import { EventHeaders, EventQuery, TypingChange, UserPresence, Viewer, ViewingChange } from './schema.ts'
import {
  changeTyping,
  changeViewing,
  listPresence,
  listViewers,
  memberSubscriber,
  parseMemberEventRequest,
} from './service.ts'
import { eventContent, sendEvents } from './sse-response.ts'

// Streams that one token or session may have open at the same time.
const maxStreams = 100
const tags = ['Realtime']
const account = { account_id: id() }

export function realtimeRoutes(app: Server, context: Context): void {
  // Fastify waits for open responses, and streams do not end by themselves.
  app.addHook('preClose', async () => realtime.of(context).streams.close())
  eventRoutes(app, context)

  const typing = {
    summary: 'Report that you are typing',
    description: 'Streams of users who may see the conversation get `event: typing`. It is not stored.',
    tags,
    params: Type.Object({ ...account, conversation_id: id() }),
    body: TypingChange,
    response: { 204: Type.Null({ description: 'Reported.' }) },
  }
  app.post(
    '/conversations/:conversation_id/toggle_typing_status',
    { schema: typing },
    async (request, reply) => {
      await changeTyping(context, request.actor, request.params.conversation_id, request.body)
      return reply.code(204).send(null)
    },
  )

  viewerRoutes(app, context)

  const presence = {
    summary: 'List the users who are online or busy',
    description:
      'The status of a user is the availability that they have chosen, if they have an event stream open whose session or token has the scope `write`. Otherwise they are offline. Users who are offline are not in the list.',
    tags,
    params: Type.Object(account),
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(UserPresence) }) },
  }
  app.get('/presence', { schema: presence }, async ({ actor }) => ({
    payload: await listPresence(context.database, actor.accountId),
  }))
}

function viewerRoutes(app: Server, context: Context): void {
  const params = Type.Object({ ...account, conversation_id: id() })
  const viewers = Type.Object({ payload: Type.Array(Viewer) })
  const viewing = {
    summary: 'Report that you are viewing a conversation',
    description:
      'Streams of users who may see the conversation get `event: viewing`. It is not stored, and ends with your last event stream, or after 45 seconds unless you repeat it. The response has the others who look at it.',
    tags,
    params,
    body: ViewingChange,
    response: { 200: viewers },
  }
  app.post(
    '/conversations/:conversation_id/toggle_viewing_status',
    { schema: viewing },
    async ({ actor, params, body }) => ({
      payload: await changeViewing(context, actor, params.conversation_id, body),
    }),
  )

  const listing = {
    summary: 'List the users who look at a conversation',
    tags,
    params,
    querystring: listQuery(),
    response: { 200: viewers },
  }
  app.get('/conversations/:conversation_id/viewers', { schema: listing }, async ({ actor, params }) => ({
    payload: await listViewers(context, actor, params.conversation_id),
  }))
}

function eventRoutes(app: Server, context: Context): void {
  const schema = {
    summary: 'Stream events',
    description:
      'A stream of Server-Sent Events: `id` is the position in the log, `event` the name, `data` the JSON that webhooks \
get. It resumes without loss after `Last-Event-ID` or `after`. `typing` and `presence` have no id. With \
`Accept: application/json` the response is one page of the same events, for programs that poll. docs/realtime.md \
explains the rules.',
    tags,
    params: Type.Object(account),
    querystring: EventQuery,
    headers: EventHeaders,
    response: {
      200: { description: 'Events.', content: eventContent(context.events.map(({ schema }) => schema)) },
    },
  }
  const limit = new OpenLimit(maxStreams)
  app.get('/events', { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { actor, query, headers } = request
    if (context.config.rateLimit !== null) limit.count(callerKey(request), reply.raw)
    const eventRequest = await parseMemberEventRequest(context, actor, query, headers)
    const subscriber = await memberSubscriber(context.database.read, actor, actorRefresher(request))
    return sendEvents(context, subscriber, eventRequest, request, reply)
  })
}
