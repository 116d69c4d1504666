import type { Queries } from '../../../db/database.ts'
import type { Actor } from '../../../lib/actor.ts'
import type { Conversation as MainConversation } from '../../conversations/schema.ts'
import type { Message } from '../../messages/schema.ts'
import { selectDocuments, selectLastNonActivityIds, selectWithLastIds } from './message-documents.store.ts'
import {
  type Conversation,
  conversationJson,
  type LastMessages,
  toConversation,
} from './objects/conversation.ts'
import { lastMessageOf, type Related, relatedTo } from './related.ts'

/** Returns the JSON of conversations as Chatwoot shows them: a few queries, however many there are. */
export async function conversationsJson(
  queries: Queries,
  actor: Actor,
  conversations: MainConversation[],
): Promise<string> {
  const { lasts, related } = await shownWith(queries, actor, conversations)
  let texts = ''
  // Not `join`, which copies all of them.
  for (const one of conversations)
    texts += `${texts && ','}${conversationJson(one, lasts.get(one.id) ?? none, related)}`
  return `[${texts}]`
}

export async function showConversation(
  queries: Queries,
  actor: Actor,
  conversation: MainConversation,
): Promise<Conversation> {
  const { lasts, related } = await shownWith(queries, actor, [conversation])
  return toConversation(conversation, lasts.get(conversation.id) ?? none, related)
}

async function shownWith(
  queries: Queries,
  { accountId, userId }: Actor,
  conversations: MainConversation[],
): Promise<{ lasts: Map<number, LastMessages>; related: Related }> {
  const rows = await selectWithLastIds(
    queries,
    accountId,
    conversations.map(({ id }) => id),
  )
  const lasts = await lastMessages(queries, accountId, conversations, rows)
  const messages = [...lasts.values()].flatMap(({ last, lastNonActivity }) => [last, lastNonActivity])
  const wanted = { conversations, messages: messages.filter((one) => one !== null), rows }
  return { lasts, related: await relatedTo(queries, accountId, wanted, userId) }
}

const none: LastMessages = { last: null, lastNonActivity: null }

/** Most conversations end with the message that they contain already. Others are read, notes and activity included. */
async function lastMessages(
  queries: Queries,
  accountId: number,
  conversations: MainConversation[],
  rows: Awaited<ReturnType<typeof selectWithLastIds>>,
): Promise<Map<number, LastMessages>> {
  const ids = conversations.map(({ id }) => id)
  const known = new Map<number, Message>()
  for (const message of conversations.flatMap((one) => lastMessageOf(one) ?? []))
    known.set(message.id, message)
  const lastOf = (id: number) => rows.get(id)?.last
  const isKnown = (id: number | null | undefined) => id === null || id === undefined || known.has(id)
  const others = ids.filter((id) => !isKnown(lastOf(id)))
  const nonActivity = await selectLastNonActivityIds(queries, accountId, others)
  const all = others.flatMap((id) => [lastOf(id), nonActivity.get(id)])
  const missing = all.filter((id) => typeof id === 'number' && !known.has(id)) as number[]
  for (const [id, document] of await selectDocuments(queries, accountId, others, missing))
    known.set(id, JSON.parse(document))
  const messageOf = (id: number | null | undefined) => known.get(id ?? 0) ?? null
  return new Map(
    ids.map((id) => {
      const one = messageOf(lastOf(id))
      return [id, { last: one, lastNonActivity: nonActivity.has(id) ? messageOf(nonActivity.get(id)) : one }]
    }),
  )
}
