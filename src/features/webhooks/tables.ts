declare module '../../db/tables.ts' {
  interface Tables {
    webhooks: Webhook
    webhook_cursors: WebhookCursor
    webhook_deliveries: WebhookDelivery
    webhook_attempts: WebhookAttempt
  }
}

interface Webhook {
  created_at: number
  updated_at: number
  account_id: number
  id: number
  /** The API inbox whose `webhook_url` this is; null if an administrator created the webhook. */
  inbox_id: number | null
  url: string
  name: string | null
  /** Names of events, as JSON; an empty list if it belongs to an inbox. */
  subscriptions: string
  active: number
  disabled_reason: string | null
  /** For the webhook of an inbox, null until it is first needed. */
  secret: string | null
  previous_secret: string | null
  previous_secret_until: number | null
  /** It gets events after this position. */
  since: number
  /** The time of the first failure after the last success. */
  failing_since: number | null
  /** The earliest `due_at` of its deliveries. */
  due_at: number | null
}

/** The position up to which deliveries have been created for the account's events. */
interface WebhookCursor {
  account_id: number
  position: number
}

/** An event on its way to a webhook. Its content is read from the log when it is sent. */
interface WebhookDelivery {
  account_id: number
  webhook_id: number
  position: number
  /** The name of the event. */
  event: string
  conversation_id: number | null
  /** The conversation whose later deliveries wait for this one; null when it is finished or forced. */
  open_in: number | null
  state: 'pending' | 'running' | 'succeeded' | 'failed'
  /** Requested by a user: sent at once, regardless of the order and even if the webhook is disabled. */
  forced: number
  tries: number
  /** How many of the delays between attempts it has used. */
  step: number
  /** When to send it or, while it is running, the end of its lease; null if it waits for another or is finished. */
  due_at: number | null
  finished_at: number | null
  created_at: number
}

interface WebhookAttempt {
  account_id: number
  webhook_id: number
  position: number
  number: number
  at: number
  duration_ms: number
  code: number | null
  error: string | null
  answer: string
}

export {}
