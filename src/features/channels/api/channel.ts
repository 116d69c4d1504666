import { Type } from 'typebox'
import { urlProblem } from '../../../lib/destination.ts'
import { nullable } from '../../../lib/schema.ts'
import { setInboxWebhook } from '../../webhooks/service.ts'
import type { Channel } from '../channel.ts'

const settings = Type.Object({ webhook_url: Type.Optional(nullable(Type.String({ maxLength: 2048 }))) })

/** Programs read and write the messages, for any application. Each inbox can have a webhook of its own. */
export const channel: Channel<typeof settings> = {
  type: 'api',
  settings,
  programsMayWriteAsContact: true,
  reportsDelivery: true,
  isOpenToCustomers: true,
  verify({ webhook_url }, { webhookAllowPrivate }) {
    const message = webhook_url ? urlProblem(webhook_url, webhookAllowPrivate) : undefined
    return message ? [{ field: 'webhook_url', message, code: 'wrong_format' }] : []
  },
  fields: ({ settings }) => ({ webhook_url: settings.webhook_url ?? null }),
  saved: (tx, { account_id, id, settings }) =>
    setInboxWebhook(tx, account_id, id, settings.webhook_url ?? null),
  deleted: (tx, { account_id, id }) => setInboxWebhook(tx, account_id, id, null),
}
