import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, nullable, ref } from '../../lib/schema.ts'
import { Conversation } from '../conversations/schema.ts'
import { NewView, View, ViewChange, ViewQuery } from './schema.ts'
import {
  changeView,
  countConversationsOfView,
  createView,
  getView,
  listConversationsOfView,
  listViews,
  removeView,
} from './service.ts'

const tags = ['Views']
const account = { account_id: id() }
const one = Type.Object({ ...account, view_id: id() })

export function viewRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(View)

  const list = {
    summary: 'List views',
    description: 'Those of the account and your own, by name.',
    tags,
    params: Type.Object(account),
    response: { 200: Type.Object({ payload: Type.Array(ref(View)) }) },
  }
  app.get('/views', { schema: list }, async ({ actor }) => ({
    payload: await listViews(database.longReads, actor),
  }))

  const create = {
    summary: 'Create a view',
    description: 'A filter of conversations with a name.',
    tags,
    params: Type.Object(account),
    body: NewView,
    response: { 201: ref(View) },
  }
  app.post('/views', { schema: create }, async ({ actor, body }, reply) => {
    reply.code(201)
    return createView(database, actor, body)
  })

  const get = { summary: 'Get a view', tags, params: one, response: { 200: ref(View) } }
  app.get('/views/:view_id', { schema: get }, ({ actor, params }) =>
    getView(database.read, actor, params.view_id),
  )

  const change = {
    summary: 'Change a view',
    description: 'Its author and administrators may.',
    tags,
    params: one,
    body: ViewChange,
    response: { 200: ref(View) },
  }
  app.patch('/views/:view_id', { schema: change }, ({ actor, params, body }) =>
    changeView(database, actor, params.view_id, body),
  )

  const remove = {
    summary: 'Delete a view',
    description: 'Its author and administrators may. Its conversations stay.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The view is deleted.' }) },
  }
  app.delete('/views/:view_id', { schema: remove }, async ({ actor, params }, reply) => {
    await removeView(database, actor, params.view_id)
    reply.code(204)
    return null
  })
  contentRoutes(app, context)
}

function contentRoutes(app: Server, { database }: Context): void {
  const conversations = {
    summary: 'List the conversations of a view',
    description:
      'Those that you see, the last active ones first. It looks for a limited time; `timed_out` is true if the time limit was reached, and `next` continues.',
    tags,
    params: one,
    querystring: ViewQuery,
    response: {
      200: Type.Object({
        payload: Type.Array(ref(Conversation)),
        meta: Type.Object({
          next: nullable(
            Type.String({ description: 'The `cursor` of the next page; null on the last one.' }),
          ),
          timed_out: Type.Boolean(),
        }),
      }),
    },
  }
  app.get('/views/:view_id/conversations', { schema: conversations }, ({ actor, params, query }) =>
    listConversationsOfView(database.longReads, actor, params.view_id, query),
  )

  const count = {
    summary: 'Count the conversations of a view',
    description: 'It counts for a limited time, and no further than 1000.',
    tags,
    params: one,
    response: {
      200: Type.Object({
        count: Type.Integer(),
        count_capped: Type.Boolean({ description: 'True if there may be more than `count`.' }),
      }),
    },
  }
  app.get('/views/:view_id/count', { schema: count }, ({ actor, params }) =>
    countConversationsOfView(database.longReads, actor, params.view_id),
  )
}
