import { type Static, Type } from 'typebox'
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
    const message = webhook_url?.trim() ? urlProblem(webhook_url, webhookAllowPrivate) : undefined
    return message ? [{ field: 'webhook_url', message, code: 'wrong_format' }] : []
  },
  fields: ({ settings }) => ({ webhook_url: urlOf(settings) }),
  saved: (tx, { account_id, id, settings }) => setInboxWebhook(tx, account_id, id, urlOf(settings)),
  deleted: (tx, { account_id, id }) => setInboxWebhook(tx, account_id, id, null),
}

/** Forms send an empty field for none. */
function urlOf({ webhook_url }: Static<typeof settings>): string | null {
  return webhook_url?.trim() || null
}
