import { Type } from 'typebox'
import type { Database } from '../../db/database.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { Conversation, ConversationQuery, NewConversation } from './schema.ts'
import { conversationsPerPage, createConversation, getConversation, listConversations } from './service.ts'

const tags = ['Conversations']
const account = { account_id: id() }

export function conversationRoutes(app: Server, database: Database): void {
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

  const get = {
    summary: 'Get a conversation',
    tags,
    params: Type.Object({ ...account, conversation_id: id() }),
    response: { 200: ref(Conversation) },
  }
  app.get('/conversations/:conversation_id', { schema: get }, (request) =>
    getConversation(database.read, request.actor, request.params.conversation_id),
  )
}
