import type { NewNotificationSubscription, PushMessage } from '../../src/features/push/schema.ts'
import { worded } from './texts.ts'
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
  // Safari insists on a notification for each message.
  if (message.kind !== 'test' && (await isAnnounced(message)) && !(await isOfSafari())) return
  const target: Target = { account_id, path }
  const { title, ...options } = worded(message, navigator.languages)
  await worker.registration.showNotification(title, {
    ...options,
    tag,
    // The same tag takes the place of the one before, and makes itself noticed again.
    renotify: true,
    icon: '/icon-192.png',
    badge: '/badge.png',
    data: target,
  } as NotificationOptions)
}

// Milliseconds that a page has for its answer. It may first wait for its event stream.
const patience = 3000

/** Whether a page that the user sees announces it itself (web/dashboard/notifications/announced.ts). */
async function isAnnounced(message: PushMessage): Promise<boolean> {
  const windows = await worker.clients.matchAll({ type: 'window' })
  const seen = windows.filter(({ visibilityState }) => visibilityState === 'visible')
  return (await Promise.all(seen.map((window) => ask(window, message)))).includes(true)
}

function ask(window: Client, message: PushMessage): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true)
    setTimeout(resolve, patience, false)
    window.postMessage({ announces: message }, [port2])
  })
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
