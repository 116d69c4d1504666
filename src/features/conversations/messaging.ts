import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { Slot } from '../../lib/slot.ts'
import type { Activity } from './schema.ts'

/** What conversations need from the feature `messages`, which comes after them in the list of features. */
export interface Messaging {
  /** Adds an activity message, which only agents see. */
  writeActivity(tx: Queries, actor: Actor, conversationId: number, activity: Activity): Promise<void>
  /**
   * Marks unread messages of one side since a time (milliseconds) as read, the oldest first and a bounded number of
   * them. Returns how many and, if there may be more, the time since which.
   */
  markRead(
    tx: Queries,
    actor: Actor,
    conversationId: number,
    side: 'incoming' | 'outgoing',
    since: number,
  ): Promise<{ count: number; moreSince: number | undefined }>
  /**
   * Erases messages of a conversation and their events until `isOver`. Returns whether it has erased them all. The caller
   * has locked the conversation.
   */
  erase(tx: Queries, accountId: number, conversationId: number, isOver: () => boolean): Promise<boolean>
}
export const messaging = new Slot<Messaging>('messaging')
