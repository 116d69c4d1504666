import type { Queries } from '../../db/database.ts'
import type { LoggedEvent } from '../../events/read.ts'
import { Slot } from '../../lib/slot.ts'
import type { Listeners } from './listeners.ts'

/**
 * What users learn of the events of conversations. The feature `notifications` provides it. It shares the cursor of the
 * participants: whoever answers must get what is written after that, even if both are in one step.
 */
export interface ConversationNews {
  /** Is called before the events of a step, which may run again. */
  begin(tx: Queries, accountId: number, events: readonly LoggedEvent[]): Promise<void>
  /**
   * Is called with each event, in order, after participants were added because of it. Returns whether that is enough
   * for one step.
   */
  process(tx: Queries, accountId: number, event: LoggedEvent, listeners: Listeners): Promise<boolean>
  /** Is called after the events of a step, in its transaction. */
  end(tx: Queries, accountId: number): Promise<void>
  /** Deletes what a user must not see any more, after their access has changed. */
  accessChanged(tx: Queries, accountId: number, userId: number): Promise<void>
  /** Is called after the commit of a step. */
  stepped(accountId: number): void
}
export const conversationNews = new Slot<ConversationNews>('conversation news')
