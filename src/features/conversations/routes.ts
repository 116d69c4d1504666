import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { invalid } from '../../lib/errors.ts'
import { id, ref } from '../../lib/schema.ts'
import { changeConversation, setLabels, toggleStatus } from './change.ts'
import { eraseConversation } from './erase.ts'
import {
  Assignment,
  Conversation,
  ConversationChange,
  ConversationQuery,
  Labelling,
  NewConversation,
  PriorityChange,
  StatusChange,
} from './schema.ts'
import { updateLastSeen } from './seen.ts'
import { conversationsPerPage, createConversation, getConversation, listConversations } from './service.ts'

const tags = ['Conversations']
const account = { account_id: id() }
const one = Type.Object({ ...account, conversation_id: id() })
const path = '/conversations/:conversation_id'

export function conversationRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(Conversation)

  const list = {
    summary: 'List conversations',
    description: `${conversationsPerPage} a page, newest first, with the counts over all pages and assignees.`,
    tags,
    params: Type.Object(account),
    querystring: ConversationQuery,
    response: {
      200: Type.Object({
        data: Type.Object({
          meta: Type.Object({
            all_count: Type.Integer(),
            mine_count: Type.Integer(),
            unassigned_count: Type.Integer(),
            assigned_count: Type.Integer({ description: 'Assigned to somebody else.' }),
          }),
          payload: Type.Array(ref(Conversation)),
        }),
      }),
    },
  }
  app.get('/conversations', { schema: list }, (request) =>
    listConversations(database.read, request.actor, request.query),
  )

  const create = {
    summary: 'Create a conversation',
    tags,
    params: Type.Object(account),
    body: NewConversation,
    response: { 201: ref(Conversation) },
  }
  app.post('/conversations', { schema: create }, async (request, reply) => {
    reply.code(201)
    return createConversation(database, request.actor, request.body)
  })

  const get = { summary: 'Get a conversation', tags, params: one, response: { 200: ref(Conversation) } }
  app.get(path, { schema: get }, ({ actor, params }) =>
    getConversation(database.read, actor, params.conversation_id),
  )

  const erase = {
    summary: 'Delete a conversation',
    description:
      'Its messages are erased, and what the log of events tells of it. It cannot be undone; older backups keep their copy.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'It is gone.' }) },
  }
  const config = { administrator: true }
  app.delete(path, { schema: erase, config }, async ({ actor, params }, reply) => {
    await eraseConversation(database, actor, params.conversation_id)
    reply.code(204)
    return null
  })
  changeRoutes(app, context)
  labelRoutes(app, context)
}

function changeRoutes(app: Server, { database }: Context): void {
  const shape = { tags, params: one, response: { 200: ref(Conversation) } }

  const change = { summary: 'Change a conversation', body: ConversationChange, ...shape }
  app.patch(path, { schema: change }, ({ actor, params, body }) =>
    changeConversation(database, actor, params.conversation_id, body),
  )

  const status = {
    summary: 'Resolve, snooze or open a conversation',
    description: 'Without a body it is resolved where it was open, else opened.',
    body: StatusChange,
    ...shape,
  }
  const options = {
    schema: status,
    preValidation: (request: { body: unknown }, _: unknown, done: () => void) => {
      request.body ??= {}
      done()
    },
  }
  app.post(`${path}/toggle_status`, options, ({ actor, params, body }) =>
    toggleStatus(database, actor, params.conversation_id, body),
  )

  const priority = { summary: 'Set the priority', body: PriorityChange, ...shape }
  app.post(`${path}/toggle_priority`, { schema: priority }, ({ actor, params, body }) =>
    changeConversation(database, actor, params.conversation_id, { priority: body.priority }),
  )

  const assign = {
    summary: 'Assign a conversation',
    description:
      'To somebody, to a team, or to nobody. A team that assigns by itself gives it to the member who is online, works in the inbox and had a turn the longest time ago, unless it has an assignee of the team.',
    body: Assignment,
    ...shape,
  }
  app.post(`${path}/assignments`, { schema: assign }, ({ actor, params, body }) => {
    const { assignee_id, team_id } = body
    if (assignee_id === undefined && team_id === undefined) {
      throw invalid('assignee_id', 'or team_id is required')
    }
    const wanted = {
      ...(assignee_id === undefined ? {} : { assignee_id }),
      ...(team_id === undefined ? {} : { team_id }),
    }
    return changeConversation(database, actor, params.conversation_id, wanted)
  })

  const seen = {
    summary: 'Note that agents have seen it',
    description: 'Nothing is unread any more, and the messages of the contact are `read`.',
    ...shape,
  }
  app.post(`${path}/update_last_seen`, { schema: seen }, ({ actor, params }) =>
    updateLastSeen(database, actor, params.conversation_id),
  )
}

function labelRoutes(app: Server, { database }: Context): void {
  const shape = { tags, params: one, response: { 200: Type.Object({ payload: Type.Array(Type.String()) }) } }

  const list = { summary: 'List the labels of a conversation', ...shape }
  app.get(`${path}/labels`, { schema: list }, async ({ actor, params }) => ({
    payload: (await getConversation(database.read, actor, params.conversation_id)).labels,
  }))

  const set = {
    summary: 'Set the labels of a conversation',
    description: 'It has these and no others then.',
    body: Labelling,
    ...shape,
  }
  app.post(`${path}/labels`, { schema: set }, async ({ actor, params, body }) => ({
    payload: (await setLabels(database, actor, params.conversation_id, body.labels)).labels,
  }))
}
