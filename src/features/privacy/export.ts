import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { getContact } from '../contacts/service.ts'
import { getConversation } from '../conversations/event-log.ts'
import { messagesAfter } from '../messages/messages-after.ts'
import { listVisits } from '../visits/service.ts'
import { selectConversations } from './store.ts'

const pageSize = 100

/**
 * Everything stored about a contact, as a stream of the JSON of a ContactExport. Reads it page by page, so that memory use
 * is constant and other requests are answered in between. Throws `not_found`.
 */
export async function exportContact(queries: Queries, actor: Actor, id: number): Promise<Readable> {
  const contact = await getContact(queries, actor, id)
  const visits = await listVisits(queries, actor, id)
  return Readable.from(exportChunks(queries, actor, id, { contact, visits }), { objectMode: false })
}

async function* exportChunks(
  queries: Queries,
  actor: Actor,
  contactId: number,
  { contact, visits }: { contact: unknown; visits: unknown },
) {
  yield `{"contact":${JSON.stringify(contact)},"visits":${JSON.stringify(visits)},"conversations":[`
  let separator = ''
  for await (const id of conversationIds(queries, actor, contactId)) {
    const conversation = await getConversation(queries, actor, id)
    yield `${separator}{"conversation":${JSON.stringify(conversation)},"messages":[`
    yield* messages(queries, actor, id)
    yield ']}'
    separator = ','
  }
  yield ']}'
}

async function* conversationIds(queries: Queries, actor: Actor, contactId: number) {
  for (let offset = 0; ; offset += pageSize) {
    const { ids } = await selectConversations(queries, actor, contactId, { limit: pageSize, offset })
    yield* ids
    if (ids.length < pageSize) return
  }
}

async function* messages(queries: Queries, actor: Actor, conversationId: number) {
  let separator = ''
  for (let lastId = 0; ; ) {
    await setImmediate()
    const page = await messagesAfter(queries, actor, conversationId, lastId)
    const texts = page.filter((message) => !message.private).map((message) => JSON.stringify(message))
    if (texts.length > 0) yield separator + texts.join(',')
    if (texts.length > 0) separator = ','
    const lastMessage = page.at(-1)
    if (!lastMessage) return
    lastId = lastMessage.id
  }
}
