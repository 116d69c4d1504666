import type { NewNotificationSubscription, PushMessage } from '../../src/features/push/schema.ts'
import { inConversation, messages, testBody, titles } from './strings.ts'
import { worker } from './worker.ts'

/** What a click on a notification opens. */
export type Target = Pick<PushMessage, 'account_id' | 'path'>

/** Shows a message that the server has sent, or closes what it has shown for one before. */
export async function receive({ data }: PushEvent): Promise<void> {
  const message: PushMessage | undefined = data?.json()
  if (!message) return
  const { tag, account_id, path } = message
  if (message.withdrawn) {
    for (const one of await worker.registration.getNotifications({ tag })) one.close()
    return
  }
  // A page that the user sees announces messages itself. Safari insists on a notification for each message.
  if (message.kind !== 'test' && (await isSeen()) && !(await isOfSafari())) return
  const target: Target = { account_id, path }
  await worker.registration.showNotification(titleOf(message), {
    body: bodyOf(message),
    tag,
    // The same tag takes the place of the one before, and makes itself noticed again.
    renotify: true,
    icon: '/icon-192.png',
    badge: '/badge.png',
    data: target,
  } as NotificationOptions)
}

function titleOf({ kind, name }: PushMessage): string {
  return name === undefined ? titles[kind] : name
}

function bodyOf({ kind, text, name, conversation_id, count = 1 }: PushMessage): string {
  if (kind === 'test') return testBody
  const kindOfNews = name === undefined ? [] : [titles[kind]]
  const several = count > 1 && /message/.test(kind) ? [messages(count)] : []
  return text ?? [...kindOfNews, inConversation(conversation_id ?? 0), ...several].join(' · ')
}

async function isSeen(): Promise<boolean> {
  const windows = await worker.clients.matchAll({ type: 'window' })
  return windows.some(({ visibilityState }) => visibilityState === 'visible')
}

async function isOfSafari(): Promise<boolean> {
  const subscription = await worker.registration.pushManager.getSubscription()
  return subscription?.endpoint.includes('.push.apple.com') ?? false
}

/** Opens what a notification is about: in a window that is open, if there is one. */
export async function open({ notification }: NotificationEvent): Promise<void> {
  notification.close()
  const target = notification.data as Target
  const [window] = await worker.clients.matchAll({ type: 'window' })
  if (!window) {
    await worker.clients.openWindow(`${target.path}#account=${target.account_id}`)
    return
  }
  window.postMessage({ open: target })
  // Refused if the browser does not take it for a click.
  await window.focus().catch(() => {})
}

/** Tells the server of another subscription that the browser has made in place of one that it has ended. */
export async function renew(event: Event): Promise<void> {
  const { oldSubscription, newSubscription } = event as PushSubscriptionChangeEvent
  const options = oldSubscription?.options
  const subscription =
    newSubscription ?? (options && (await worker.registration.pushManager.subscribe(options)))
  if (!subscription) return
  const { endpoint, keys } = subscription.toJSON()
  const { p256dh, auth } = keys as { p256dh: string; auth: string }
  const body: NewNotificationSubscription = {
    subscription_attributes: { endpoint: endpoint!, p256dh, auth },
  }
  // Without the session of the user, the server refuses it.
  await fetch('/api/v1/notification_subscriptions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

interface PushSubscriptionChangeEvent {
  oldSubscription?: PushSubscription | null
  newSubscription?: PushSubscription | null
}
