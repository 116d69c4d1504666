import { Type } from 'typebox'
import type { Queries } from '../../../db/database.ts'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import type { Actor } from '../../../lib/actor.ts'
import { id } from '../../../lib/schema.ts'
import { newWebhook, type Webhook, type WebhookWithSecret, webhookChange } from '../../webhooks/schema.ts'
import { changeWebhook, createWebhook, listWebhooks, removeWebhook } from '../../webhooks/service.ts'
import type { Parameters } from './parameters.ts'
import { selectByIds } from './related.store.ts'
import { accountPath, reading } from './scope.ts'
import { fromSubscription, toSubscriptions } from './webhooks/event-names.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), webhook_id: id() })
const config = { administrator: true }
const base = `${accountPath}/webhooks`
const path = `${base}/:webhook_id`

export function webhookRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read } = database
  const events = [...context.events, ...context.signals].map(({ name }) => name)
  const allowPrivate = context.config.webhookAllowPrivate

  app.get(base, { schema: { params: account }, config }, async ({ actor }) => ({
    payload: { webhooks: await show(read, actor, await listWebhooks(read, actor)) },
  }))
  const showOne = async (actor: Actor, webhook: Promise<Webhook>) => ({
    payload: { webhook: (await show(read, actor, [await webhook]))[0] },
  })
  app.post(
    base,
    {
      schema: { params: account, body: newWebhook(events) },
      config,
      ...reading((parameters) => ({ ...fieldsOf(parameters, events), format: 'chatwoot' }), 'webhook'),
    },
    ({ actor, body }) => showOne(actor, createWebhook(database, actor, body, allowPrivate)),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params, body: webhookChange(events) },
    config,
    ...reading((parameters) => fieldsOf(parameters, events), 'webhook'),
    handler: ({ actor, params, body }) =>
      showOne(actor, changeWebhook(database, actor, params.webhook_id, body, allowPrivate)),
  })
  app.delete(path, { schema: { params }, config }, async ({ actor, params }, reply) => {
    await removeWebhook(database, actor, params.webhook_id)
    return reply.send()
  })
}

/** Events of Chatwoot that do not exist here are left out, because most programs subscribe to all. */
function fieldsOf(parameters: Parameters, events: string[]): object {
  const names = parameters.texts('subscriptions')
  const subscriptions = names?.map(fromSubscription).filter((name) => events.includes(name))
  return { url: parameters.text('url'), name: parameters.text('name'), subscriptions }
}

async function show(queries: Queries, { accountId }: Actor, webhooks: (Webhook | WebhookWithSecret)[]) {
  const inboxIds = webhooks.flatMap(({ inbox_id }) => inbox_id ?? [])
  const inboxes = await selectByIds(queries, 'inboxes', accountId, inboxIds)
  return webhooks.map(({ id, name, url, subscriptions, inbox_id, ...webhook }) => {
    const inbox = inbox_id === null ? undefined : inboxes.get(inbox_id)
    return {
      id,
      name,
      url,
      account_id: accountId,
      subscriptions: toSubscriptions(subscriptions),
      // Shown only after it was created.
      secret: 'secret' in webhook ? webhook.secret : '',
      ...(inbox ? { inbox: { id: inbox.id, name: inbox.name } } : {}),
    }
  })
}
