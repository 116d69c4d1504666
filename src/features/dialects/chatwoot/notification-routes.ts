import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import type { Actor } from '../../../lib/actor.ts'
import { notFound } from '../../../lib/errors.ts'
import { id, oneOf } from '../../../lib/schema.ts'
import {
  NotificationSettingsChange,
  ReadNotifications,
  RemovedNotifications,
} from '../../notifications/schema.ts'
import {
  getNotification,
  readAll,
  removeAll,
  removeNotification,
  setRead,
  unreadOfConversations,
} from '../../notifications/service.ts'
import { changeSettings, getSettings } from '../../notifications/settings.ts'
import { pageNumber } from './filter-parameters.ts'
import { readFlags, toFlags } from './notification-flags.ts'
import { isAboutConversation, notificationPage, showNotifications } from './notification-page.ts'
import { parametersOf } from './parameters.ts'
import { accountPath, reading, sendJson } from './scope.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), notification_id: id() })
// Chatwoot has no notifications about imports: those are neither read nor deleted here.
const ReadOfConversations = Type.Object({
  ...ReadNotifications.properties,
  primary_actor_type: oneOf(['Conversation']),
})
const base = `${accountPath}/notifications`
const path = `${base}/:notification_id`

/** The notifications of a user, and what they want to be notified of. */
export function notificationRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read } = database

  app.get(base, { schema: { params: account } }, async (request) => {
    const parameters = parametersOf(request)
    const isReadIncluded = parameters.texts('includes')?.includes('read') ?? false
    return { data: await notificationPage(read, request.actor, pageNumber(parameters), isReadIncluded) }
  })
  app.get(`${base}/unread_count`, { schema: { params: account } }, async ({ actor }, reply) =>
    sendJson(reply, String(await unreadOfConversations(read, actor))),
  )
  const which = reading((parameters) => ({
    primary_actor_type: parameters.text('primary_actor_type') ?? 'Conversation',
    primary_actor_id: parameters.number('primary_actor_id'),
  }))
  app.post(
    `${base}/read_all`,
    { schema: { params: account, body: ReadOfConversations }, ...which },
    async ({ actor, body }, reply) => {
      await readAll(database, actor, body)
      return reply.send()
    },
  )

  app.post(
    `${base}/destroy_all`,
    {
      schema: { params: account, body: RemovedNotifications },
      ...reading((parameters) => ({ type: parameters.text('type') === 'read' ? 'read' : 'all' })),
    },
    async ({ actor, body }, reply) => {
      await removeAll(database, actor, body, true)
      return reply.send()
    },
  )

  const find = async (actor: Actor, notificationId: number) => {
    const notification = await getNotification(read, actor, notificationId)
    if (!isAboutConversation(notification)) throw notFound('notification')
    return notification
  }
  const mark = (isRead: boolean) => async (actor: Actor, notificationId: number) => {
    await find(actor, notificationId)
    const changed = await setRead(database, actor, notificationId, isRead)
    const [shown] = await showNotifications(read, actor, [changed])
    return shown
  }
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params },
    handler: ({ actor, params }) => mark(true)(actor, params.notification_id),
  })
  app.post(`${path}/unread`, { schema: { params } }, ({ actor, params }) =>
    mark(false)(actor, params.notification_id),
  )
  app.delete(path, { schema: { params } }, async ({ actor, params }, reply) => {
    await find(actor, params.notification_id)
    await removeNotification(database, actor, params.notification_id)
    return reply.send()
  })
  settingRoutes(app, context)
}

function settingRoutes(app: Server, { database }: Context): void {
  const url = `${accountPath}/notification_settings`
  app.get(url, { schema: { params: account } }, async ({ actor }) =>
    toFlags(actor, await getSettings(database.read, actor)),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url,
    schema: { params: account, body: NotificationSettingsChange },
    ...reading(readFlags, 'notification_settings'),
    handler: async ({ actor, body }) => toFlags(actor, await changeSettings(database, actor, body)),
  })
}
