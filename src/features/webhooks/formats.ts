import type { LoggedEvent } from '../../events/read.ts'
import { Slot } from '../../lib/slot.ts'
import type { WebhookFormatName } from './schema.ts'

/** What gets events: a webhook that subscribes to some of them, the webhook of an API inbox, or a bot. */
export type Receiver =
  | { kind: 'webhook'; subscriptions: ReadonlySet<string> }
  | { kind: 'inbox' }
  | { kind: 'bot' }

/** An attempt to send an event to a receiver. */
export interface Attempt {
  accountId: number
  event: LoggedEvent
  receiver: Receiver
  /** The same at each attempt to send the event to this receiver. */
  deliveryId: string
  /** The time of the attempt, in milliseconds since 1970. */
  at: number
  /** The secrets that sign it, the newest first. */
  secrets: readonly string[]
}

/** How events are sent to a receiver. */
export interface WebhookFormat {
  /** Whether a receiver of an inbox or account gets an event of it, apart from what it has done itself. */
  accepts(event: LoggedEvent, receiver: Receiver): boolean
  /** Creates the body, and the headers that sign it. */
  write(attempt: Attempt): Promise<{ body: string; headers: Record<string, string> }>
}

/** The formats of a server. A feature further down the list adds its own at start. */
export const webhookFormats = new Slot<Map<WebhookFormatName, WebhookFormat>>('formats of webhooks')
