import type { Match, Sender } from '../../deliveries/sender.ts'
import type { LoggedEvent } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { failures } from './failures.ts'
import { webhookFormats } from './formats.ts'
import { receiverOf, secretsOf } from './receiver.ts'
import { postEvent } from './sending.ts'
import { sharedWith } from './sharing.ts'
import { type Row, selectByTargets, selectRules } from './store.ts'

/** The name that the targets of webhooks have. */
export const senderName = 'webhooks'

/** Creates the sender that posts events to the URLs of webhooks. */
export function webhookSender(context: Context): Sender<Row> {
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
    async settings(tx, accountId, targetIds) {
      const webhooks = await selectByTargets(tx, accountId, targetIds)
      return new Map(webhooks.map((webhook) => [webhook.target_id, webhook]))
    },
    send(delivery, webhook, signal) {
      const { id, url, format } = webhook
      const deliveryId = `evt_${delivery.accountId}_${delivery.event.position}_${id}`
      const secrets = secretsOf(context.database, webhook, delivery.at)
      const target = { url, format, receiver: receiverOf(webhook), deliveryId, secrets }
      return postEvent(context, delivery, target, signal)
    },
    async finished(tx, _delivery, { state }) {
      if (state === 'failed') failures.of(tx).increase()
    },
  }
}

function match(targetId: number, { conversation_id }: LoggedEvent): Match {
  return { targetId, orderKey: conversation_id }
}
