import type { Database } from '../../db/database.ts'
import { Slot } from '../../lib/slot.ts'
import { countUnread } from './store.ts'

/** A change of a user's notifications, for their open streams. */
export interface NotificationSignal {
  accountId: number
  userId: number
  /** The notification that is new, or has a new event; null if some were read or deleted. */
  notificationId: number | null
  unreadCount: number
}

/** Tells the open streams of a user about their notifications. The feature `realtime` provides it. */
export const notificationSignals = new Slot<{ send(signal: NotificationSignal): void }>(
  'notification signals',
)

/** Tells a user's open streams, in the background. Call it after the transaction. */
export function announceChange(
  database: Database,
  accountId: number,
  userId: number,
  notificationId: number | null = null,
): void {
  countUnread(database.read, { account_id: accountId, user_id: userId })
    .then((unreadCount) =>
      notificationSignals.of(database).send({ accountId, userId, notificationId, unreadCount }),
    )
    // The database is unreachable. Clients read the count again when they connect.
    .catch(() => {})
}
