declare module '../db/tables.ts' {
  interface Tables {
    delivery_targets: DeliveryTarget
    deliveries: Delivery
    delivery_attempts: DeliveryAttempt
  }
}

/** A receiver of events, such as a webhook. The rows of its sender say more about it. */
interface DeliveryTarget {
  account_id: number
  id: number
  /** The name of its sender. */
  sender: string
  active: number
  disabled_reason: string | null
  /** It gets events after this position. */
  since: number
  /** The time of the first failure after the last success. */
  failing_since: number | null
  /** The earliest `due_at` of its deliveries. */
  due_at: number | null
}

/** An event on its way to a target. Its content is read from the log when it is sent. */
interface Delivery {
  account_id: number
  target_id: number
  position: number
  /** The name of the event. */
  event: string
  conversation_id: number | null
  /** Later deliveries of the target with the same number wait for this one; null when it is finished or forced. */
  order_key: number | null
  state: 'pending' | 'running' | 'succeeded' | 'failed'
  /** Requested by a user: sent at once, regardless of the order and even if the target is switched off. */
  forced: number
  tries: number
  /** How many of the delays between attempts it has used. */
  step: number
  /** When to send it or, while it is running, the end of its lease; null if it waits for another or is finished. */
  due_at: number | null
  /** While it is running, the node that sends it; null if that node could not prove that it was alive. */
  node: number | null
  finished_at: number | null
  created_at: number
}

interface DeliveryAttempt {
  account_id: number
  target_id: number
  position: number
  number: number
  at: number
  duration_ms: number
  code: number | null
  error: string | null
  answer: string
}

export {}
