import { isForCustomers } from '../../events/audience.ts'
import { sign } from '../../lib/signing.ts'
import type { WebhookFormat } from './formats.ts'
import { webhookBody } from './payload.ts'

/** The format that docs/webhooks.md describes, signed by Standard Webhooks. */
export const ownFormat: WebhookFormat = {
  accepts(event, receiver) {
    // Whoever answers whatever it gets would answer a private note to the customer.
    if (receiver.kind !== 'webhook') return isForCustomers(event)
    return event.audience !== 'server' && receiver.subscriptions.has(event.name)
  },
  async write({ event, receiver, deliveryId, at, secrets }) {
    const body = webhookBody(event, { isForAgents: receiver.kind !== 'inbox' })
    return { body, headers: { ...sign(secrets, deliveryId, Math.floor(at / 1000), body) } }
  },
}
