import type { WebhookFormatName } from './schema.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    webhooks: Webhook
  }
}

interface Webhook {
  created_at: number
  updated_at: number
  account_id: number
  id: number
  /** Its row in `delivery_targets`. */
  target_id: number
  /** The API inbox whose `webhook_url` this is; null if an administrator created the webhook. */
  inbox_id: number | null
  url: string
  name: string | null
  /** Names of events, as JSON; an empty list if it belongs to an inbox. */
  subscriptions: string
  /** How its events are written. */
  format: WebhookFormatName
  secret: string
  previous_secret: string | null
  previous_secret_until: number | null
}
