import type { Queries } from '../../db/database.ts'
import { isForCustomers } from '../../events/audience.ts'
import type { Context } from '../../http/feature.ts'
import { systemOf } from '../../lib/actor.ts'
import { sign } from '../../lib/signing.ts'
import { getAccount } from '../accounts/service.ts'
import { getContact } from '../contacts/service.ts'
import type { WebhookSignal } from '../realtime/webhook-signals.ts'
import type { Attempt, SignedBody, WebhookFormat } from './formats.ts'
import { webhookBody } from './payload.ts'

/** The format that docs/webhooks.md describes, signed by Standard Webhooks. */
export function ownFormat({ database }: Pick<Context, 'database'>): WebhookFormat {
  return {
    accepts(event, receiver) {
      // Whoever answers whatever it gets would answer a private note to the customer.
      if (receiver.kind !== 'webhook') return isForCustomers(event)
      return event.audience !== 'server' && receiver.subscriptions.has(event.name)
    },
    async write({ event, receiver, ...attempt }) {
      return signed(webhookBody(event, { isForAgents: receiver.kind !== 'inbox' }), attempt)
    },
    acceptsSignal(signal, receiver) {
      if (receiver.kind === 'inbox') return isForCustomers(signal)
      return receiver.kind === 'webhook' && receiver.subscriptions.has(signal.name)
    },
    async writeSignal({ signal, ...attempt }) {
      return signed(JSON.stringify(await signalBody(database.read, signal)), attempt)
    },
  }
}

function signed(body: string, { deliveryId, at, secrets }: Attempt): SignedBody {
  return { body, headers: { ...sign(secrets, deliveryId, Math.floor(at / 1000), body) } }
}

async function signalBody(queries: Queries, signal: WebhookSignal): Promise<object> {
  const { name: event, account_id, inbox_id } = signal
  const account = await getAccount(queries, account_id)
  if (signal.name === 'typing') {
    const { conversation_id, typist, is_private, typing_status } = signal
    return { event, conversation_id, inbox_id, ...typist, is_private, typing_status, account }
  }
  const { contact_id, page, browser } = signal
  const contact = contact_id === null ? null : await getContact(queries, systemOf(account_id), contact_id)
  return { event, inbox_id, contact, ...page, language: browser.language, account }
}
