import type { Match, Sender } from '../../deliveries/sender.ts'
import type { LoggedEvent } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { failures } from './failures.ts'
import { type Receiver, webhookFormats } from './formats.ts'
import { postEvent } from './sending.ts'
import { sharedWith } from './sharing.ts'
import { findByTarget, openSecret, type Row, selectRules } from './store.ts'

/** The name that the targets of webhooks have. */
export const senderName = 'webhooks'

/** What is needed to call a webhook. The secrets are null if there is none, or if it cannot be decrypted. */
interface Settings extends Pick<Row, 'id' | 'url' | 'format' | 'previous_secret_until'> {
  receiver: Receiver
  secret: string | null
  previous_secret: string | null
}

/** Creates the sender that posts events to the URLs of webhooks. */
export function webhookSender(context: Context): Sender<Settings> {
  return {
    name: senderName,
    async targets(tx, accountId) {
      const formats = webhookFormats.of(tx)
      const webhooks = (await selectRules(tx, { account_id: accountId })).map((row) => ({
        ...row,
        receiver: receiverOf(row),
        format: formats.get(row.format)!,
      }))
      return (event) => {
        const only = sharedWith(event)
        return webhooks.flatMap(({ id, target_id, inbox_id, receiver, format }) => {
          if (only !== undefined) return id === only ? [match(target_id, event)] : []
          const isAbout = inbox_id === null || inbox_id === event.inbox_id
          return isAbout && format.accepts(event, receiver) ? [match(target_id, event)] : []
        })
      }
    },
    async settings(tx, accountId, targetId) {
      const webhook = await findByTarget(tx, accountId, targetId)
      if (!webhook) return undefined
      const { id, url, format, previous_secret_until } = webhook
      const receiver = receiverOf(webhook)
      const secret = openSecret(tx, webhook, 'secret')
      const previous_secret = openSecret(tx, webhook, 'previous_secret')
      return { id, url, format, receiver, secret, previous_secret, previous_secret_until }
    },
    send(delivery, webhook, signal) {
      const { id, url, format, receiver } = webhook
      const deliveryId = `evt_${delivery.accountId}_${delivery.event.position}_${id}`
      const secrets = secretsOf(webhook, delivery.at)
      return postEvent(context, delivery, { url, format, receiver, deliveryId, secrets }, signal)
    },
    async finished(tx, _delivery, { state }) {
      if (state === 'failed') failures.of(tx).increase()
    },
  }
}

function match(targetId: number, { conversation_id }: LoggedEvent): Match {
  return { targetId, orderKey: conversation_id }
}

function receiverOf({ inbox_id, subscriptions }: Pick<Row, 'inbox_id' | 'subscriptions'>): Receiver {
  if (inbox_id !== null) return { kind: 'inbox' }
  return { kind: 'webhook', subscriptions: new Set<string>(JSON.parse(subscriptions)) }
}

/** Returns the secrets that sign at a time, none if the secret cannot be decrypted. */
function secretsOf({ secret, previous_secret, previous_secret_until }: Settings, at: number): string[] {
  if (secret === null) return []
  const isValid = previous_secret !== null && (previous_secret_until ?? 0) > at
  return isValid ? [secret, previous_secret] : [secret]
}
