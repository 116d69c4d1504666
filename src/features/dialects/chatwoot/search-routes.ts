import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id } from '../../../lib/schema.ts'
import { searchContacts } from '../../contacts/list.ts'
import type { Conversation } from '../../conversations/schema.ts'
import { searchConversations } from '../../conversations/search.ts'
import type { Message } from '../../messages/schema.ts'
import { showContacts } from './contact-list.ts'
import { conversationsJson } from './conversations.ts'
import { pageNumber } from './filter-parameters.ts'
import { selectDocuments } from './message-documents.store.ts'
import { toMessage } from './objects/message.ts'
import { type Parameters, parametersOf } from './parameters.ts'
import { relatedToMessages } from './related.ts'
import { accountPath, sendJson } from './scope.ts'

const params = Type.Object({ account_id: id() })
const base = `${accountPath}/search`

/** The search over messages, conversations and contacts. Without words, nothing is found. */
export function searchRoutes(app: Server, { database }: Context): void {
  const { read, longReads } = database
  const schema = { params }

  app.get(`${base}/contacts`, { schema }, async (request) => {
    const { actor } = request
    const parameters = parametersOf(request)
    const q = wordsOf(parameters)
    const query = { q, page: pageNumber(parameters), sort: '-last_activity_at' } as const
    const found = q
      ? await searchContacts(longReads, actor, { ...query, include_contact_inboxes: false })
      : undefined
    return { payload: { contacts: await showContacts(longReads, actor, found?.payload ?? []) } }
  })

  const conversations = async (request: FastifyRequest): Promise<Conversation[]> => {
    const parameters = parametersOf(request)
    const q = wordsOf(parameters)
    if (!q) return []
    const query = { status: 'all', assignee_type: 'all', sort: 'last_activity_at' } as const
    const page = pageNumber(parameters)
    return (await searchConversations(longReads, request.actor, { ...query, q, page })).payload
  }

  app.get(`${base}/conversations`, { schema }, async (request, reply) => {
    const found = await conversationsJson(read, request.actor, await conversations(request))
    return sendJson(reply, `{"payload":{"conversations":${found}}}`)
  })

  app.get(`${base}/messages`, { schema }, async (request) => {
    const { accountId } = request.actor
    const found = await conversations(request)
    const ids = found.flatMap(({ found_message }) => found_message?.id ?? [])
    const places = found.map((conversation) => conversation.id)
    const documents = await selectDocuments(read, accountId, places, ids)
    const messages: Message[] = [...documents.values()].map((document) => JSON.parse(document))
    const related = await relatedToMessages(read, accountId, messages)
    return { payload: { messages: messages.map((message) => toMessage(message, related)) } }
  })
}

function wordsOf(parameters: Parameters): string {
  return parameters.text('q')?.slice(0, 255) ?? ''
}
