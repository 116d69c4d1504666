import type { Queries } from '../../../../db/database.ts'
import { systemOf } from '../../../../lib/actor.ts'
import { getConversation } from '../../../conversations/event-log.ts'
import { botPush } from '../objects/bot.ts'
import { contactFields, contactPush } from '../objects/contact.ts'
import { conversationPush } from '../objects/conversation.ts'
import { userPush } from '../objects/user.ts'
import { selectByIds } from '../related.store.ts'
import { relatedTo } from '../related.ts'
import { conversationForContact } from './contact-view.ts'
import type { Audience } from './translation.ts'

interface Typist {
  id: number
  name: string
}

/** The signal that somebody is typing; one of `user`, `bot` and `contact` is set. */
export interface TypingSignal {
  conversation_id: number
  typing_status: 'on' | 'off'
  is_private: boolean
  user?: Typist
  bot?: Typist
  contact?: Typist
}

/** Returns the JSON of the message with which `/cable` says that somebody is typing. Throws `not_found`. */
export async function translateTyping(
  queries: Queries,
  accountId: number,
  signal: TypingSignal,
  audience: Audience,
): Promise<string> {
  const { conversation_id, typing_status, is_private } = signal
  const conversation = await getConversation(queries, systemOf(accountId), conversation_id)
  const related = await relatedTo(queries, accountId, { conversations: [conversation] })
  const show = audience === 'agents' ? conversationPush : conversationForContact
  const user = await typistOf(queries, accountId, signal)
  const data = { conversation: show(conversation, related), user, is_private, account_id: accountId }
  return JSON.stringify({ event: `conversation.typing_${typing_status}`, data })
}

async function typistOf(queries: Queries, accountId: number, { user, bot, contact }: TypingSignal) {
  if (bot) return botPush(bot)
  if (user) {
    const rows = await selectByIds(queries, 'users', accountId, [user.id])
    return userPush(rows.get(user.id) ?? { ...user, avatar_url: null, availability: null })
  }
  const rows = await selectByIds(queries, 'contacts', accountId, contact ? [contact.id] : [])
  const row = contact && rows.get(contact.id)
  return row ? contactPush(contactFields(row)) : { ...contact, type: 'contact' }
}
