import { go } from '../router.ts'
import { strings } from '../strings.ts'
import type { Conversation, ConversationMove, Message, MessagePage } from './api-types.ts'
import { call } from './call.ts'
import { attempt } from './changes.ts'
import { takeChanged } from './conversations.ts'
import { addressOf } from './filter.ts'
import { accountPath } from './session.ts'
import { offerUndo } from './undo.ts'

function pathOf(id: number): string {
  return `${accountPath()}/conversations/${id}`
}

/** Merges a conversation into another one, and offers to undo it. */
export async function mergeInto(id: number, merged: number): Promise<void> {
  const isDone = await attempt(async () => {
    const body = { mergee_conversation_id: merged }
    takeChanged(await call<Conversation>(`${pathOf(id)}/merge`, { method: 'POST', body }))
  })
  if (isDone) offerUndo({ text: strings.undo.merged(merged, id), undo: () => undoMerge(merged) })
}

/** Undoes the merge of a conversation. */
export function undoMerge(merged: number): Promise<boolean> {
  return attempt(async () => {
    takeChanged(await call<Conversation>(`${pathOf(merged)}/merge`, { method: 'DELETE' }))
  })
}

/** Merges a conversation that was split from another one back into it. */
export function undoSplit(id: number): Promise<boolean> {
  return attempt(async () => {
    takeChanged(await call<Conversation>(`${pathOf(id)}/split`, { method: 'DELETE' }))
  })
}

/** Moves a message and all after it to a new conversation, opens that, and offers to undo it. */
export function splitFrom(message: Message): Promise<boolean> {
  return attempt(async () => {
    const path = `${pathOf(message.conversation_id)}/split`
    const body = { message_id: message.id }
    const conversation = await call<Conversation>(path, { method: 'POST', body })
    takeChanged(conversation)
    const { id } = conversation
    go(addressOf(id))
    offerUndo({ text: strings.undo.split(id, message.conversation_id), undo: () => undoSplit(id) })
  })
}

/** Returns the latest merges and splits of a conversation. Throws CallError. */
export async function fetchMoves(id: number): Promise<ConversationMove[]> {
  return (await call<{ payload: ConversationMove[] }>(`${pathOf(id)}/moves`)).payload
}

const pageSize = 25

/** Returns a page of the conversations that can be merged into one, and whether there may be more. Throws CallError. */
export async function fetchMergeable(
  { id, contact, inbox_id }: Conversation,
  page: number,
): Promise<{ found: Conversation[]; hasMore: boolean }> {
  const path = `${accountPath()}/contacts/${contact.id}/conversations?page=${page}`
  const { payload } = await call<{ payload: Conversation[] }>(path)
  const found = payload.filter(
    (one) => one.id !== id && one.inbox_id === inbox_id && one.merged_into_id === null,
  )
  return { found, hasMore: payload.length >= pageSize }
}

/** Returns the last messages of a conversation. Throws CallError. */
export async function fetchLastMessages(id: number, limit: number): Promise<Message[]> {
  return (await call<MessagePage>(`${pathOf(id)}/messages?limit=${limit}`)).payload
}
