import type { Queries } from '../../db/database.ts'
import { Slot } from '../../lib/slot.ts'
import type { ChannelName, NotificationType } from './schema.ts'

/** What a channel has to tell a user. */
export interface News {
  accountId: number
  userId: number
  /** The id of the notification, which stays the same while it is unread and its count grows. */
  notificationId: number
  type: NotificationType
  /** Null if it is about an import. */
  conversationId: number | null
  /** The message that it is about, if it is about one. */
  messageId: number | null
  /** How many events there are. With more than one, a channel can replace what it has shown for the notification. */
  count: number
  /** Not to be sent before this time (milliseconds), because of the quiet hours of the user. */
  notBefore: number
}

/**
 * A way to notify users besides the list in the dashboard. A feature further down the list adds its own in `setup`:
 *
 *     notificationChannels.of(context).push({ name: 'push', send })
 */
export interface NotificationChannel {
  name: Exclude<ChannelName, 'app'>
  /**
   * Is called once for each notification that is new or has new events, and that a user wants to get this way, in the
   * transaction in which it is stored. It must wait for nothing but its own queries, so it writes into a table what it
   * sends later. Whether the notification is still unread then, `findUnread` tells.
   */
  send(tx: Queries, news: News): Promise<void>
  /** Is called in the transaction in which notifications are read or deleted, so that what was shown can be withdrawn. */
  withdraw?(tx: Queries, accountId: number, userId: number, notificationIds: readonly number[]): Promise<void>
}

/** The channels of a server. */
export const notificationChannels = new Slot<NotificationChannel[]>('notification channels')
