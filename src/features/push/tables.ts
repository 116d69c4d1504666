import type { Generated } from 'kysely'

declare module '../../db/tables.ts' {
  interface Tables {
    push_keys: PushKey
    notification_subscriptions: NotificationSubscription
    shown_notifications: ShownNotification
  }
}

/** The key of this server for push services. There is one at most. */
interface PushKey {
  id: number
  public_key: string
  /** Encrypted. */
  private_key: string
  created_at: number
}

/** A browser in which push messages are shown to a user. */
interface NotificationSubscription {
  id: Generated<number>
  user_id: number
  session_id: number
  /** The URL at which the browser's push service takes messages for it. */
  endpoint: string
  p256dh: string
  auth: string
  /** Whether messages may contain names and texts. */
  shows_text: number
  created_at: number
}

/** A notification that was shown in a browser, and not withdrawn yet. */
interface ShownNotification {
  account_id: number
  subscription_id: number
  notification_id: number
  shown_at: number
}
