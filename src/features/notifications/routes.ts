import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, nullable, ref } from '../../lib/schema.ts'
import {
  Notification,
  NotificationChange,
  NotificationQuery,
  NotificationSettings,
  NotificationSettingsChange,
  ReadNotifications,
  RemovedNotifications,
  UnreadCount,
} from './schema.ts'
import {
  getNotification,
  listNotifications,
  readAll,
  removeAll,
  removeNotification,
  setRead,
  unreadCount,
} from './service.ts'
import { changeSettings, getSettings } from './settings.ts'

const tags = ['Notifications']
const params = Type.Object({ account_id: id() })
const one = Type.Object({ account_id: id(), notification_id: id() })

/** The routes of a user's own notifications, and of what they want to be notified of. */
export function notificationRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(Notification)
  app.addSchema(NotificationSettings)

  const list = {
    summary: 'List your notifications',
    description: 'The newest first, 25 on a page. The newest 500 are kept.',
    tags,
    params,
    querystring: NotificationQuery,
    response: {
      200: Type.Object({
        payload: Type.Array(ref(Notification)),
        meta: Type.Object({
          unread_count: Type.Integer(),
          next: nullable(id('The `cursor` of the next page; null on the last one.')),
        }),
      }),
    },
  }
  app.get('/notifications', { schema: list }, ({ actor, query }) =>
    listNotifications(database.read, actor, query),
  )

  const count = {
    summary: 'Count your unread notifications',
    tags,
    params,
    querystring: listQuery(),
    response: { 200: UnreadCount },
  }
  app.get('/notifications/unread_count', { schema: count }, async ({ actor }) => ({
    unread_count: await unreadCount(database.read, actor),
  }))

  const read = {
    summary: 'Mark your notifications as read',
    description: 'All of them, or those about a conversation or an import. Returns how many are left.',
    tags,
    params,
    body: ReadNotifications,
    response: { 200: UnreadCount },
  }
  app.post('/notifications/read_all', { schema: read }, async ({ actor, body }) => ({
    unread_count: await readAll(database, actor, body),
  }))

  const removal = {
    summary: 'Delete your notifications',
    description: 'All of them, or those that you have read. Returns how many unread ones are left.',
    tags,
    params,
    body: RemovedNotifications,
    response: { 200: UnreadCount },
  }
  app.post('/notifications/destroy_all', { schema: removal }, async ({ actor, body }) => ({
    unread_count: await removeAll(database, actor, body),
  }))
  singleRoutes(app, context)
  settingsRoutes(app, context)
}

function singleRoutes(app: Server, { database }: Context): void {
  const path = '/notifications/:notification_id'
  const get = { summary: 'Get a notification', tags, params: one, response: { 200: ref(Notification) } }
  app.get(path, { schema: get }, ({ actor, params }) =>
    getNotification(database.read, actor, params.notification_id),
  )

  const change = {
    summary: 'Mark a notification as read or unread',
    tags,
    params: one,
    body: NotificationChange,
    response: { 200: ref(Notification) },
  }
  app.patch(path, { schema: change }, ({ actor, params, body }) =>
    setRead(database, actor, params.notification_id, body.read),
  )

  const remove = {
    summary: 'Delete a notification',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The notification is deleted.' }) },
  }
  app.delete(path, { schema: remove }, async ({ actor, params }, reply) => {
    await removeNotification(database, actor, params.notification_id)
    reply.code(204)
    return null
  })
}

function settingsRoutes(app: Server, { database }: Context): void {
  const shape = { tags, params, response: { 200: ref(NotificationSettings) } }
  const get = { summary: 'Get what you are notified of', ...shape }
  app.get('/notification_settings', { schema: get }, ({ actor }) => getSettings(database.read, actor))

  const change = {
    summary: 'Change what you are notified of',
    description: 'Types and channels that are left out stay as they are.',
    body: NotificationSettingsChange,
    ...shape,
  }
  app.patch('/notification_settings', { schema: change }, ({ actor, body }) =>
    changeSettings(database, actor, body),
  )
}
