import type { Database, Queries } from '../../../db/database.ts'
import { type Actor, systemOf } from '../../../lib/actor.ts'
import { applyChange } from '../../conversations/change.ts'
import { getConversation, lockConversation } from '../../conversations/event-log.ts'
import { labelInTransaction } from '../../conversations/labelling.ts'
import type { Conversation } from '../../conversations/schema.ts'
import type { Customer } from '../../customers/customer.ts'
import { ensureLabel } from '../../labels/service.ts'
import { hasOtherConversation } from './mail.store.ts'

/** The label of conversations that were marked as spam. */
export const spamLabel = 'spam'
const label = { title: spamLabel, description: null, color: '#8A8F98', show_on_sidebar: true }

/**
 * Whether a mail that a filter has marked is treated as spam: not if its sender has a conversation in the inbox without the
 * label, because an agent has removed it, or because the filter did not object before.
 */
export async function isSpam(
  tx: Queries,
  sender: Customer,
  conversationId: number | undefined,
): Promise<boolean> {
  if (conversationId === undefined) return !(await hasOtherConversation(tx, sender, spamLabel))
  const { labels } = await getConversation(tx, systemOf(sender.account_id), conversationId)
  return labels.includes(spamLabel)
}

/** Gives a conversation the label, and resolves it, so that nobody has to look at it. */
export async function markAsSpam(tx: Queries, accountId: number, conversationId: number): Promise<void> {
  await setSpam(tx, systemOf(accountId), conversationId, true)
}

/** Marks a conversation as spam, or not, as an agent says. Throws `not_found`. */
export function changeSpam(
  database: Database,
  actor: Actor,
  id: number,
  isSpam: boolean,
): Promise<Conversation> {
  return database.transaction(actor.accountId, (tx) => setSpam(tx, actor, id, isSpam))
}

async function setSpam(tx: Queries, actor: Actor, id: number, isSpam: boolean): Promise<Conversation> {
  if (isSpam) await ensureLabel(tx, systemOf(actor.accountId), label)
  await labelInTransaction(tx, actor, id, (before) => {
    const others = before.filter((title) => title !== spamLabel)
    return isSpam ? [...others, spamLabel] : others
  })
  const row = await lockConversation(tx, actor, id)
  await applyChange(tx, actor, row, { status: isSpam ? 'resolved' : 'open', snoozed_until: null }, [])
  return getConversation(tx, actor, id)
}
