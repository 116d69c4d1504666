import type { LoggedEvent } from '../../events/read.ts'
import { Slot } from '../../lib/slot.ts'
import type { WebhookSignal } from '../realtime/webhook-signals.ts'
import type { WebhookFormatName } from './schema.ts'

/** What gets events: a webhook that subscribes to some of them, the webhook of an API inbox, or a bot. */
export type Receiver =
  | { kind: 'webhook'; subscriptions: ReadonlySet<string> }
  | { kind: 'inbox' }
  | { kind: 'bot' }

/** An attempt to send something to a receiver. */
export interface Attempt {
  /** The same at each attempt to send the event to this receiver. */
  deliveryId: string
  /** The time of the attempt, in milliseconds since 1970. */
  at: number
  /** The secrets that sign it, the newest first. */
  secrets: readonly string[]
}

/** An attempt to send an event to a receiver. */
export interface EventAttempt extends Attempt {
  event: LoggedEvent
  receiver: Receiver
}

/** The only attempt to send a signal to a receiver. */
export interface SignalAttempt extends Attempt {
  signal: WebhookSignal
}

/** A body, and the headers that sign it. */
export interface SignedBody {
  body: string
  headers: Record<string, string>
}

/** How events and signals are sent to a receiver. */
export interface WebhookFormat {
  /** Whether a receiver of an inbox or account gets an event of it, apart from what it has done itself. */
  accepts(event: LoggedEvent, receiver: Receiver): boolean
  /** Returns undefined for an event that the format does not have: the receiver had another format when it got it. */
  write(attempt: EventAttempt): Promise<SignedBody | undefined>
  /** Whether a receiver of an inbox or account gets a signal of it. */
  acceptsSignal(signal: WebhookSignal, receiver: Receiver): boolean
  /** Throws `not_found` if what it is about no longer exists. */
  writeSignal(attempt: SignalAttempt): Promise<SignedBody>
}

/** The formats of a server. A feature further down the list adds its own at start. */
export const webhookFormats = new Slot<Map<WebhookFormatName, WebhookFormat>>('formats of webhooks')
