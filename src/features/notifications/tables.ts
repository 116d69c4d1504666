import type { Generated } from 'kysely'

declare module '../../db/tables.ts' {
  interface Tables {
    notifications: Notification
    notification_settings: NotificationSettings
    notification_digests: NotificationDigest
  }
}

interface Notification {
  account_id: number
  user_id: number
  id: number
  /** Grows with each event that the notification is about: the list is in this order. */
  position: number
  notification_type: string
  /** Null if it is about an import. */
  conversation_id: number | null
  /** The last message that it is about. */
  message_id: number | null
  contact_import_id: number | null
  /** JSON: `ImportResult`. */
  contact_import: string | null
  /** Who acted last. */
  actor_type: 'user' | 'contact' | 'bot' | 'system' | 'rule'
  actor_id: number | null
  /** The number of events since it was last read. */
  count: number
  /** Whether it is in the list of the user: otherwise it only exists for other channels. */
  in_app: number
  /** Whether the next digest contains it. */
  by_mail: Generated<number>
  read_at: number | null
  created_at: number
  last_activity_at: number
}

interface NotificationSettings {
  account_id: number
  user_id: number
  /** JSON: the channels of each type that the user has switched on or off. */
  kinds: string
  /** JSON: `QuietHours`, or null. */
  quiet_hours: string | null
  updated_at: number
}

/** When the next mail about notifications is due for a user. */
interface NotificationDigest {
  account_id: number
  user_id: number
  /** Null if nothing waits. */
  due_at: number | null
  /** When the last one was sent. */
  sent_at: number | null
  /** Attempts to send the next one. */
  tries: number
}
