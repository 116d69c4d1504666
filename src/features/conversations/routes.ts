import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { invalid } from '../../lib/errors.ts'
import { anyObject, id, listQuery, ref } from '../../lib/schema.ts'
import { FilterBody, FilterMeta, FilterQuery } from '../filters/schema.ts'
import { assigneeChange } from './assignee.ts'
import { changeConversation, setCustomAttributes, toggleStatus } from './change.ts'
import { eraseConversation } from './erase.ts'
import { getConversation } from './event-log.ts'
import { filterConversations } from './filter.ts'
import { setLabels } from './labelling.ts'
import { updateLastSeen } from './last-seen.ts'
import { countConversations, listConversations } from './list.ts'
import {
  Assignment,
  Conversation,
  ConversationChange,
  ConversationCountQuery,
  ConversationCounts,
  ConversationListMeta,
  ConversationQuery,
  CustomAttributes,
  Labelling,
  PriorityChange,
  StatusChange,
  UnreadConversations,
} from './schema.ts'
import { conversationsPerPage } from './search.ts'
import { listUnread, mostUnread } from './service.ts'

const tags = ['Conversations']
const account = { account_id: id() }
const one = Type.Object({ ...account, conversation_id: id() })
const path = '/conversations/:conversation_id'

export function conversationRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(Conversation)

  const list = {
    summary: 'List conversations',
    description: `${conversationsPerPage} per page, newest first. The counts include all pages and assignees.`,
    tags,
    params: Type.Object(account),
    querystring: ConversationQuery,
    response: {
      200: Type.Object({
        data: Type.Object({
          meta: ConversationListMeta,
          payload: Type.Array(ref(Conversation)),
        }),
      }),
    },
  }
  app.get('/conversations', { schema: list }, (request) =>
    listConversations(database.longReads, request.actor, request.query),
  )

  const meta = {
    summary: 'Count conversations',
    description: 'The counts of a list, without its conversations.',
    tags,
    params: Type.Object(account),
    querystring: ConversationCountQuery,
    response: { 200: Type.Object({ meta: ConversationCounts }) },
  }
  app.get('/conversations/meta', { schema: meta }, async ({ actor, query }) => ({
    meta: await countConversations(database.longReads, actor, query),
  }))

  const unread = {
    summary: 'List unread conversations',
    description: `The open conversations with unread messages that you may see, at most ${mostUnread}: first those assigned to you, then the unassigned ones.`,
    tags,
    params: Type.Object(account),
    querystring: listQuery(),
    response: { 200: UnreadConversations },
  }
  app.get('/conversations/unread', { schema: unread }, (request) =>
    listUnread(database.longReads, request.actor),
  )

  const filter = {
    summary: 'Filter conversations',
    description:
      'Newest first. A filter looks through all of them for a limited time; `timed_out` is true if the time limit was reached, and `before_id` continues.',
    tags,
    params: Type.Object(account),
    querystring: FilterQuery,
    body: FilterBody,
    response: { 200: Type.Object({ payload: Type.Array(ref(Conversation)), meta: FilterMeta }) },
  }
  app.post(
    '/conversations/filter',
    { schema: filter, config: { readsOnly: true } },
    ({ actor, body, query }) => filterConversations(database.longReads, actor, body, query),
  )

  const get = { summary: 'Get a conversation', tags, params: one, response: { 200: ref(Conversation) } }
  app.get(path, { schema: get }, ({ actor, params }) =>
    getConversation(database.read, actor, params.conversation_id),
  )

  const erase = {
    summary: 'Delete a conversation',
    description:
      'Its messages and events are erased. This cannot be undone. Older backups still contain the conversation.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The conversation is deleted.' }) },
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
    description: 'Without a body, an open conversation is resolved and any other is opened.',
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
      'Assigns it to a user, to a team, or to nobody. A team with `allow_auto_assign` assigns it to the member who is online, works in the inbox, and has waited longest since their last turn, unless a member of the team is assigned already.',
    body: Assignment,
    ...shape,
  }
  app.post(`${path}/assignments`, { schema: assign }, ({ actor, params, body }) => {
    const { assignee_id, assignee_type, team_id, expected_assignee_id } = body
    if (assignee_id === undefined && team_id === undefined) {
      throw invalid('assignee_id', 'or team_id is required', 'required')
    }
    const change = {
      ...(assignee_id === undefined ? {} : assigneeChange(assignee_type, assignee_id)),
      ...(team_id === undefined ? {} : { team_id }),
      ...(expected_assignee_id === undefined ? {} : { expected_assignee_id }),
    }
    return changeConversation(database, actor, params.conversation_id, change)
  })

  const attributes = {
    summary: 'Set the custom attributes of a conversation',
    description: 'Replaces all of them. `PATCH` changes some.',
    body: CustomAttributes,
    ...shape,
    response: { 200: Type.Object({ custom_attributes: anyObject() }) },
  }
  app.post(`${path}/custom_attributes`, { schema: attributes }, async ({ actor, params, body }) => {
    const { custom_attributes } = body
    const { conversation_id } = params
    return {
      custom_attributes: (await setCustomAttributes(database, actor, conversation_id, custom_attributes))
        .custom_attributes,
    }
  })

  const seen = {
    summary: 'Mark a conversation as seen by agents',
    description: '`unread_count` becomes 0, and the messages of the contact become `read`.',
    ...shape,
  }
  app.post(`${path}/update_last_seen`, { schema: seen }, ({ actor, params }) =>
    updateLastSeen(database, actor, params.conversation_id),
  )
}

function labelRoutes(app: Server, { database }: Context): void {
  const shape = { tags, params: one, response: { 200: Type.Object({ payload: Type.Array(Type.String()) }) } }

  const list = { summary: 'List the labels of a conversation', querystring: listQuery(), ...shape }
  app.get(`${path}/labels`, { schema: list }, async ({ actor, params }) => ({
    payload: (await getConversation(database.read, actor, params.conversation_id)).labels,
  }))

  const set = {
    summary: 'Set the labels of a conversation',
    description: 'Replaces all of its labels.',
    body: Labelling,
    ...shape,
  }
  app.post(`${path}/labels`, { schema: set }, async ({ actor, params, body }) => ({
    payload: (await setLabels(database, actor, params.conversation_id, body.labels)).labels,
  }))
}
