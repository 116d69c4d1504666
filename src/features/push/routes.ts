import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { NewNotificationSubscription, NotificationSubscription } from './schema.ts'
import { listSubscriptions, serverKey, subscribe, testSubscription, unsubscribe } from './service.ts'

const tags = ['Notifications']
const config = { accountless: true }
const path = '/api/v1/notification_subscriptions'

/** The browsers in which the user who makes the request is notified. */
export function subscriptionRoutes(app: Server, { database, config: settings }: Context): void {
  app.addSchema(NotificationSubscription)

  const list = {
    summary: 'List the browsers that show you notifications',
    description:
      'The newest first. `meta.server_key` is the `applicationServerKey` with which a browser subscribes.',
    tags,
    querystring: listQuery(),
    response: {
      200: Type.Object({
        meta: Type.Object({ server_key: Type.String() }),
        payload: Type.Array(ref(NotificationSubscription)),
      }),
    },
  }
  app.get(path, { schema: list, config }, async ({ person }) => ({
    meta: { server_key: (await serverKey(database)).publicKey },
    payload: await listSubscriptions(database.read, person),
  }))

  const add = {
    summary: 'Show notifications in this browser',
    description:
      'For the session of the request (409 with a token). It ends with the session, and when the push service no longer knows the subscription. An earlier one of the session, or of the browser, is replaced. A user has at most 20; a further one replaces the oldest.',
    tags,
    body: NewNotificationSubscription,
    response: { 201: ref(NotificationSubscription) },
  }
  app.post(path, { schema: add, config }, async ({ person, body }, reply) => {
    reply.code(201)
    return subscribe(database, person, body, settings.webhookAllowPrivate)
  })

  const one = { tags, params: Type.Object({ notification_subscription_id: id() }) }
  const remove = {
    ...one,
    summary: 'End notifications in a browser',
    response: { 204: Type.Null({ description: 'Ended.' }) },
  }
  app.delete(`${path}/:notification_subscription_id`, { schema: remove, config }, async (request, reply) => {
    await unsubscribe(database, request.person, request.params.notification_subscription_id)
    reply.code(204)
    return null
  })

  const test = {
    ...one,
    summary: 'Send a notification to a browser, as a test',
    response: { 204: Type.Null({ description: 'It is on its way.' }) },
  }
  app.post(`${path}/:notification_subscription_id/test`, { schema: test, config }, async (request, reply) => {
    await testSubscription(database, request.person, request.params.notification_subscription_id)
    reply.code(204)
    return null
  })
}
