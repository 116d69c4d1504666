import type { Queries } from '../../db/database.ts'
import { Slot } from '../../lib/slot.ts'
import { selectAssignedBots } from './store.ts'

/** What conversations need from the feature `bots`, which comes after them in the list of features. */
export interface ConversationBots {
  /** The bot that answers in the inbox and is switched on: conversations begin as `pending`, and are assigned to it. */
  activeIn(queries: Queries, accountId: number, inboxId: number): Promise<number | undefined>
  /** Whether the account has the bot, and it is switched on: conversations can be assigned to it. */
  isActive(queries: Queries, accountId: number, botId: number): Promise<boolean>
  /** The name of a bot, also of a deleted one. */
  nameOf(queries: Queries, accountId: number, botId: number): Promise<string>
}
export const conversationBots = new Slot<ConversationBots>('bots of conversations')

/** Returns the bots to which some of these conversations are assigned, by the id of the conversation. */
export async function botsAssignedTo(
  queries: Queries,
  accountId: number,
  conversationIds: readonly number[],
): Promise<Map<number, number>> {
  if (conversationIds.length === 0) return new Map()
  const rows = await selectAssignedBots(queries, { accountId, ids: JSON.stringify(conversationIds) })
  return new Map(rows.map(({ id, bot_id }) => [id, bot_id]))
}
