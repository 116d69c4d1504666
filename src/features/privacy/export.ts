import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { getContact } from '../contacts/service.ts'
import { getConversation } from '../conversations/service.ts'
import { messagesAfter } from '../messages/service.ts'
import { selectConversations } from './store.ts'

const step = 100

/**
 * All that is kept about a contact, as the JSON of a ContactExport: a stream in flat memory, read in steps so that other
 * requests are answered in between. Throws `not_found`.
 */
export async function exportContact(queries: Queries, actor: Actor, id: number): Promise<Readable> {
  const contact = await getContact(queries, actor, id)
  return Readable.from(pieces(queries, actor, id, contact), { objectMode: false })
}

async function* pieces(queries: Queries, actor: Actor, contactId: number, contact: unknown) {
  yield `{"contact":${JSON.stringify(contact)},"conversations":[`
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
  for (let offset = 0; ; offset += step) {
    const { ids } = await selectConversations(queries, actor, contactId, { limit: step, offset })
    yield* ids
    if (ids.length < step) return
  }
}

async function* messages(queries: Queries, actor: Actor, conversationId: number) {
  let separator = ''
  for (let last = 0; ; ) {
    await setImmediate()
    const page = await messagesAfter(queries, actor, conversationId, last)
    const texts = page.filter((message) => !message.private).map((message) => JSON.stringify(message))
    if (texts.length > 0) yield separator + texts.join(',')
    if (texts.length > 0) separator = ','
    const end = page.at(-1)
    if (!end) return
    last = end.id
  }
}
