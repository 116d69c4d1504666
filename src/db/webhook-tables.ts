/* The rows of webhooks; see tables.ts. */

export interface Webhook {
  created_at: number
  updated_at: number
  account_id: number
  id: number
  /** Of an API inbox with a `webhook_url`, which it follows; null where an administrator made it. */
  inbox_id: number | null
  url: string
  name: string | null
  /** Names of events, as JSON; none where it is an inbox's. */
  subscriptions: string
  active: number
  disabled_reason: string | null
  /** Of an inbox's null until it is first needed. */
  secret: string | null
  previous_secret: string | null
  previous_secret_until: number | null
  /** Its events are those after this position. */
  since: number
  /** When the first failure was after the last success. */
  failing_since: number | null
  /** The earliest of its deliveries'. */
  due_at: number | null
}

/** Up to where an account's events have been made into deliveries. */
export interface WebhookCursor {
  account_id: number
  position: number
}

/** An event of the log on its way to a webhook; what it says is read when it is sent. */
export interface WebhookDelivery {
  account_id: number
  webhook_id: number
  position: number
  /** Its name. */
  event: string
  conversation_id: number | null
  /** The conversation in which it holds later ones back: until it is finished, or forced. */
  open_in: number | null
  state: 'pending' | 'running' | 'succeeded' | 'failed'
  /** Asked for by a person: goes at once, past the order and where the webhook is switched off. */
  forced: number
  tries: number
  /** How many of the delays between tries it has used. */
  step: number
  /** When to try it, or while it runs the end of its lease; null where it waits for another, or is finished. */
  due_at: number | null
  finished_at: number | null
  created_at: number
}

export interface WebhookAttempt {
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
