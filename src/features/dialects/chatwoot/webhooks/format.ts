import { createHmac } from 'node:crypto'
import { isForCustomers } from '../../../../events/audience.ts'
import type { Context } from '../../../../http/feature.ts'
import { nameBasedUuid } from '../../../../lib/uuid.ts'
import type { Attempt, SignedBody, WebhookFormat } from '../../../webhooks/formats.ts'
import { sharedEvent } from '../../../webhooks/sharing.ts'
import { bodyOf } from './body.ts'
import { isKnown, nameFor } from './event-names.ts'
import { signalBodyOf } from './signal-body.ts'

/**
 * The webhooks of Chatwoot. As there, that of an API inbox gets private notes. Bots do not get them: one that answers
 * whatever it gets would answer a note to the customer.
 */
export function chatwootFormat({ database }: Pick<Context, 'database'>): WebhookFormat {
  return {
    accepts(event, receiver) {
      if (receiver.kind === 'bot' && !isForCustomers(event)) return false
      return nameFor(event, receiver) !== undefined
    },
    async write({ event, receiver, ...attempt }) {
      if (event.name !== sharedEvent && !isKnown(event)) return undefined
      // A webhook may have lost its subscription after the delivery was created.
      const name = event.name === sharedEvent ? 'macro.executed' : (nameFor(event, receiver) ?? event.name)
      return signed(await bodyOf(database.read, event, name), attempt)
    },
    acceptsSignal(signal, receiver) {
      return (
        receiver.kind === 'inbox' || (receiver.kind === 'webhook' && receiver.subscriptions.has(signal.name))
      )
    },
    async writeSignal({ signal, ...attempt }) {
      return signed(await signalBodyOf(database.read, signal), attempt)
    },
  }
}

function signed(content: object, { deliveryId, at, secrets }: Attempt): SignedBody {
  const body = JSON.stringify(content)
  const timestamp = Math.floor(at / 1000)
  const headers = {
    accept: 'application/json',
    'x-chatwoot-delivery': nameBasedUuid(deliveryId),
    'x-chatwoot-timestamp': String(timestamp),
    'x-chatwoot-signature': `sha256=${signature(secrets[0]!, timestamp, body)}`,
  }
  return { body, headers }
}

function signature(secret: string, timestamp: number, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
}
