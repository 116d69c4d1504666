import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, nullable, ref } from '../../lib/schema.ts'
import { Delivery, DeliveryQuery, newWebhook, Webhook, WebhookWithSecret, webhookChange } from './schema.ts'
import {
  changeWebhook,
  createWebhook,
  deliveriesOf,
  getWebhook,
  listWebhooks,
  removeWebhook,
  rotateSecret,
  sendAgain,
} from './service.ts'

const tags = ['Webhooks']
const account = { account_id: id() }
const one = { ...account, webhook_id: id() }
const config = { administrator: true }
const base = '/webhooks/:webhook_id'

export function webhookRoutes(app: Server, context: Context): void {
  const { database } = context
  const events = [...context.events, ...context.signals].map(({ name }) => name)
  const allowPrivate = context.config.webhookAllowPrivate
  app.addSchema(Webhook)
  app.addSchema(WebhookWithSecret)

  const list = {
    summary: 'List webhooks',
    description: 'Includes those of API inboxes.',
    tags,
    params: Type.Object(account),
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(ref(Webhook)) }) },
  }
  app.get('/webhooks', { schema: list, config }, async ({ actor }) => {
    return { payload: await listWebhooks(database.read, actor) }
  })

  const create = {
    summary: 'Create a webhook',
    description:
      'It gets the events that happen from now on. Signals (`typing`, `widget_opened`) are sent at most once, and are not among its deliveries.',
    tags,
    params: Type.Object(account),
    body: newWebhook(events),
    response: { 201: ref(WebhookWithSecret) },
  }
  app.post('/webhooks', { schema: create, config }, async ({ actor, body }, reply) => {
    reply.code(201)
    return createWebhook(database, actor, body, allowPrivate)
  })

  const get = { summary: 'Get a webhook', tags, params: Type.Object(one), response: { 200: ref(Webhook) } }
  app.get(base, { schema: get, config }, ({ actor, params }) =>
    getWebhook(database.read, actor, params.webhook_id),
  )

  const change = { ...get, summary: 'Change a webhook', body: webhookChange(events) }
  app.patch(base, { schema: change, config }, ({ actor, params, body }) =>
    changeWebhook(database, actor, params.webhook_id, body, allowPrivate),
  )

  const remove = {
    ...get,
    summary: 'Delete a webhook',
    description: 'Pending deliveries are no longer sent.',
  }
  app.delete(base, { schema: remove, config }, ({ actor, params }) =>
    removeWebhook(database, actor, params.webhook_id),
  )

  const rotate = {
    summary: 'Create a new secret for a webhook',
    description: 'For 24 hours, deliveries are signed with both the old and the new secret.',
    tags,
    params: Type.Object(one),
    response: { 200: ref(WebhookWithSecret) },
  }
  app.post(`${base}/rotate_secret`, { schema: rotate, config }, ({ actor, params }) =>
    rotateSecret(database, actor, params.webhook_id),
  )
  deliveryRoutes(app, context)
}

function deliveryRoutes(app: Server, { database }: Context): void {
  app.addSchema(Delivery)

  const list = {
    summary: 'List deliveries of a webhook',
    description: 'Newest first. `meta.before_id` is the cursor of the next, older page.',
    tags,
    params: Type.Object(one),
    querystring: DeliveryQuery,
    response: {
      200: Type.Object({
        payload: Type.Array(ref(Delivery)),
        meta: Type.Object({ before_id: nullable(id()) }),
      }),
    },
  }
  app.get(`${base}/deliveries`, { schema: list, config }, ({ actor, params, query }) =>
    deliveriesOf(database.read, actor, params.webhook_id, query),
  )

  const again = {
    summary: 'Send a delivery again',
    description: 'Also if the webhook is switched off: then it is attempted once.',
    tags,
    params: Type.Object({ ...one, delivery_id: id() }),
    response: { 202: ref(Delivery) },
  }
  const path = `${base}/deliveries/:delivery_id/redeliver`
  app.post(path, { schema: again, config }, async ({ actor, params }, reply) => {
    reply.code(202)
    return sendAgain(database, actor, params.webhook_id, params.delivery_id)
  })
}
