import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { Conversation } from '../conversations/schema.ts'
import { ConversationMerge, ConversationMove, ConversationSplit, MoveQuery } from './schema.ts'
import { listMoves, mergeConversations, undoMerge } from './service.ts'
import { splitConversation } from './split.ts'
import { undoSplit } from './undo-split.ts'

const tags = ['Conversations']
const params = Type.Object({ account_id: id(), conversation_id: id() })
const base = '/conversations/:conversation_id'

export function moveRoutes(app: Server, { database }: Context): void {
  app.addSchema(ConversationMove)

  const merge = {
    summary: 'Merge another conversation into this one',
    description:
      'All messages of the other one, which must be of the same contact in the same inbox, are moved to this one, and what is prepared there. The other one is resolved, and its `merged_into_id` is the id of this one: whoever writes to it writes to this one. The response is this one.',
    tags,
    params,
    body: ConversationMerge,
    response: { 200: ref(Conversation) },
  }
  app.post(`${base}/merge`, { schema: merge }, ({ actor, params, body }) =>
    mergeConversations(database, actor, params.conversation_id, body),
  )

  const undo = {
    summary: 'Undo the merge of this conversation',
    description:
      'Within a week. Its messages are moved back; those that were written since the merge stay in the other conversation. The response is the conversation of the path.',
    tags,
    params,
    response: { 200: ref(Conversation) },
  }
  app.delete(`${base}/merge`, { schema: undo }, ({ actor, params }) =>
    undoMerge(database, actor, params.conversation_id),
  )

  const split = {
    summary: 'Split a conversation',
    description:
      'Moves a message and all after it, or some messages, to a new conversation of the same contact in the same inbox, with the same assignee, team and priority. At least one message must be left. The response is the new conversation.',
    tags,
    params,
    body: ConversationSplit,
    response: { 201: ref(Conversation) },
  }
  app.post(`${base}/split`, { schema: split }, async ({ actor, params, body }, reply) => {
    reply.code(201)
    return splitConversation(database, actor, params.conversation_id, body)
  })

  const unsplit = {
    summary: 'Undo the split that has created this conversation',
    description:
      'Within a week. It is merged back into the conversation that it was split from, with what was written since, and its `merged_into_id` is the id of that. The response is that one.',
    tags,
    params,
    response: { 200: ref(Conversation) },
  }
  app.delete(`${base}/split`, { schema: unsplit }, ({ actor, params }) =>
    undoSplit(database, actor, params.conversation_id),
  )

  const list = {
    summary: 'List the merges and splits of a conversation',
    description: 'The latest first.',
    tags,
    params,
    querystring: MoveQuery,
    response: {
      200: Type.Object({
        payload: Type.Array(ref(ConversationMove)),
        meta: Type.Object({ has_more: Type.Boolean() }),
      }),
    },
  }
  app.get(`${base}/moves`, { schema: list }, ({ actor, params, query }) =>
    listMoves(database.read, actor, params.conversation_id, query),
  )
}
