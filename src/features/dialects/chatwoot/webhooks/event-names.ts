import type { LoggedEvent } from '../../../../events/read.ts'
import type { WebhookSignal } from '../../../realtime/webhook-signals.ts'
import type { Receiver } from '../../../webhooks/formats.ts'
import { isUpdate } from '../changes.ts'

/** The names that Chatwoot has for each of our events; the first one that a webhook subscribes to is sent. */
const names: Record<string, readonly string[]> = {
  message_created: ['message_created'],
  message_updated: ['message_updated'],
  // The message is then a tombstone.
  message_deleted: ['message_updated'],
  conversation_created: ['conversation_created'],
  conversation_updated: ['conversation_updated'],
  // Chatwoot sends both. Here, a receiver gets each event once.
  conversation_status_changed: ['conversation_status_changed', 'conversation_updated'],
  contact_created: ['contact_created'],
  contact_updated: ['contact_updated'],
  inbox_created: ['inbox_created'],
  inbox_updated: ['inbox_updated'],
}

/** The names that Chatwoot has for each of our signals. */
const signalNames: Record<WebhookSignal['name'], readonly string[]> = {
  typing: ['conversation_typing_on', 'conversation_typing_off'],
  widget_opened: ['webwidget_triggered'],
}

/** The name that Chatwoot has for a signal. */
export function nameOfSignal(signal: WebhookSignal): string {
  return signal.name === 'typing' ? `conversation_typing_${signal.typing_status}` : 'webwidget_triggered'
}

/** Returns our name for a subscription of a webhook of Chatwoot. Both names for typing are the same one. */
export function fromSubscription(name: string): string {
  return Object.entries(signalNames).find(([, names]) => names.includes(name))?.[0] ?? name
}

/** What a webhook subscribes to, in the names of Chatwoot. */
export function toSubscriptions(subscriptions: readonly string[]): string[] {
  return subscriptions.flatMap((name) =>
    Object.hasOwn(signalNames, name) ? signalNames[name as 'typing'] : name,
  )
}

/** Whether Chatwoot has a name for an event. */
export function isKnown({ name }: LoggedEvent): boolean {
  return Object.hasOwn(names, name)
}

/** The name under which a receiver gets an event; undefined if it does not get it. */
export function nameFor(event: LoggedEvent, receiver: Receiver): string | undefined {
  const possible = isKnown(event) ? names[event.name]! : []
  const isSubscribed = (name: string) => receiver.kind !== 'webhook' || receiver.subscriptions.has(name)
  const name = possible.find(isSubscribed)
  if (name === undefined || event.audience === 'server' || isIgnored(event)) return undefined
  return name === 'conversation_status_changed' && receiver.kind === 'bot' ? nameForBot(event) : name
}

/** Chatwoot sends nothing about messages that nobody has written, and nothing when somebody has seen a conversation. */
function isIgnored({ name, data }: LoggedEvent): boolean {
  if (name.startsWith('message_')) return JSON.parse(data).message_type === 'activity'
  return name === 'conversation_updated' && !isUpdate(JSON.parse(data).changed)
}

/** Two changes of the status have names of their own for bots. */
function nameForBot({ data }: LoggedEvent): string {
  const { status } = JSON.parse(data).conversation
  if (status === 'open') return 'conversation_opened'
  return status === 'resolved' ? 'conversation_resolved' : 'conversation_status_changed'
}
