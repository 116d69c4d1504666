import { effect, signal } from '@preact/signals'
import type { Notification as OwnNotification } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { hear } from '../data/live.ts'
import { accountPath } from '../data/session.ts'
import { strings } from '../strings.ts'
import { claim } from './claims.ts'
import { isImportPageViewed, permission, showNews, viewedConversation } from './desktop.ts'
import { isQuiet, notificationPreferences } from './preferences.ts'

const t = strings.notifications

/** How many notifications the user has not read. */
export const unreadNotifications = signal(0)
/** Grows with each change of them: an open list is loaded again. */
export const notificationChanges = signal(0)

const notificationsPath = () => `${accountPath()}/notifications`

/** Marks notifications as read; without a conversation, all of them. Throws CallError. */
export function readNotifications(conversation?: number): Promise<void> {
  return read(conversation === undefined ? {} : { primary_actor_id: conversation })
}

/** Marks notifications about imports as read. Throws CallError. */
export function readImportNotifications(): Promise<void> {
  return read({ primary_actor_type: 'ContactImport' })
}

async function read(body: {
  primary_actor_type?: 'ContactImport'
  primary_actor_id?: number
}): Promise<void> {
  const { unread_count } = await call<{ unread_count: number }>(`${notificationsPath()}/read_all`, {
    method: 'POST',
    body,
  })
  unreadNotifications.value = unread_count
}

async function count(): Promise<void> {
  unreadNotifications.value = (
    await call<{ unread_count: number }>(`${notificationsPath()}/unread_count`)
  ).unread_count
  notificationChanges.value += 1
  readViewed()
}

/** What is open in this window and can have notifications, as a call names it. */
function viewed() {
  const conversation = viewedConversation()
  if (conversation !== undefined) return { primary_actor_id: conversation }
  return isImportPageViewed() ? { primary_actor_type: 'ContactImport' as const } : undefined
}

/** Reads what is about the conversation or the page that is open. */
function readViewed(): void {
  // Before the number: what an effect does not read does not run it again.
  const subject = viewed()
  if (subject && unreadNotifications.peek() > 0) void read(subject).catch(() => {})
}

/** Reads a notification about what the user looks at, and shows others that no new message is announced for. */
async function take(id: number): Promise<void> {
  const news = await call<OwnNotification>(`${notificationsPath()}/${id}`)
  if (news.read_at !== null) return
  const { primary_actor } = news
  if (!primary_actor) return isImportPageViewed() ? readImportNotifications() : undefined
  if (viewedConversation() === news.primary_actor_id) return readNotifications(news.primary_actor_id)
  const text = textOf(news, primary_actor)
  const { hasDesktop, showsText } = notificationPreferences.value
  if (text === undefined || !hasDesktop || permission.value !== 'granted' || isQuiet()) return
  // Another window may have shown it already. Its count grows with each event.
  const claimed = await claim('notification', new Map([[id, news.count]]))
  if (claimed.length === 0) return
  showNews([
    {
      conversation: news.primary_actor_id,
      title: text,
      body: showsText ? (news.content ?? '') : '',
      isNote: true,
    },
  ])
}

/** The title of a desktop notification; undefined for new messages, of which the page itself learns. */
function textOf(
  { notification_type, secondary_actor }: OwnNotification,
  { id, contact }: NonNullable<OwnNotification['primary_actor']>,
): string | undefined {
  const who = secondary_actor?.name ?? t.somebody
  if (notification_type === 'conversation_mention') return t.mentioned(who)
  const name = contact.name || `#${id}`
  return notification_type === 'conversation_assignment' ? t.assigned(name) : undefined
}

/** Keeps the number up to date, and reads the notifications about a conversation that is opened. */
export function followOwnNotifications(): () => void {
  const again = () => void count().catch(() => {})
  const stops = [
    hear({
      connected: again,
      reset: again,
      notification({ notification_id, unread_count }) {
        unreadNotifications.value = unread_count
        notificationChanges.value += 1
        if (notification_id !== null) void take(notification_id).catch(() => {})
      },
    }),
    effect(readViewed),
  ]
  return () => {
    for (const stop of stops) stop()
    unreadNotifications.value = 0
  }
}
