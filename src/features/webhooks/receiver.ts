import type { HasSlots } from '../../lib/slot.ts'
import type { Receiver } from './formats.ts'
import { openSecret, type Row } from './store.ts'

/** How a webhook chooses what it gets. */
export function receiverOf({ inbox_id, subscriptions }: Pick<Row, 'inbox_id' | 'subscriptions'>): Receiver {
  if (inbox_id !== null) return { kind: 'inbox' }
  return { kind: 'webhook', subscriptions: new Set<string>(JSON.parse(subscriptions)) }
}

/** Returns the secrets that sign at a time, the newest first; none if the secret cannot be decrypted. */
export function secretsOf(slots: HasSlots, webhook: Row, at: number): string[] {
  const secret = openSecret(slots, webhook, 'secret')
  if (secret === null) return []
  const previous =
    (webhook.previous_secret_until ?? 0) > at ? openSecret(slots, webhook, 'previous_secret') : null
  return previous === null ? [secret] : [secret, previous]
}
