import { effect, signal } from '@preact/signals'
import type {
  NewNotificationSubscription,
  NotificationSubscription,
  PushMessage,
} from '../../../src/features/push/schema.ts'
import { call } from '../data/call.ts'
import { readStored, store } from '../data/local-storage.ts'
import { account, chooseAccount, profile } from '../data/session.ts'
import { go } from '../router.ts'
import { isAnnounced } from './announced.ts'

const path = '/api/v1/notification_subscriptions'

/** Whether push messages are shown in this browser; undefined until that is known. */
export const hasPush = signal<boolean | undefined>(undefined)

/** Whether the browser can show push messages: Safari on an iPhone only if the dashboard is on the home screen. */
export const supportsPush =
  typeof navigator !== 'undefined' && 'serviceWorker' in navigator && typeof PushManager !== 'undefined'

interface List {
  meta: { server_key: string }
  payload: NotificationSubscription[]
}

// The user who has allowed push messages in this browser: it must not show them those of another one.
const ownerName = 'push-user'

/** Shows push messages in this browser. Call it on a click: the browser asks for permission. Throws CallError. */
export async function subscribe(showsText: boolean): Promise<NotificationSubscription> {
  const { meta } = await call<List>(path)
  const { pushManager } = await navigator.serviceWorker.ready
  const subscription = await subscriptionWith(pushManager, meta.server_key)
  const own = await register(subscription, showsText)
  store(ownerName, profile.value?.id)
  hasPush.value = true
  return own
}

async function subscriptionWith(pushManager: PushManager, serverKey: string): Promise<PushSubscription> {
  const existing = await pushManager.getSubscription()
  const key = existing?.options.applicationServerKey
  if (existing && key && isKey(key, serverKey)) return existing
  // One for another server at this address would be refused.
  await existing?.unsubscribe()
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: serverKey })
}

function isKey(key: ArrayBuffer, text: string): boolean {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return String.fromCharCode(...new Uint8Array(key)) === bytes
}

function register(subscription: PushSubscription, showsText?: boolean): Promise<NotificationSubscription> {
  const { endpoint, keys } = subscription.toJSON()
  const { p256dh, auth } = keys as { p256dh: string; auth: string }
  const body: NewNotificationSubscription = {
    subscription_type: 'browser_push',
    subscription_attributes: { endpoint: endpoint!, p256dh, auth },
    ...(showsText === undefined ? {} : { shows_text: showsText }),
  }
  return call(path, { method: 'POST', body })
}

/** Finds the subscription of this browser; undefined if it has none. */
export async function findOwn(): Promise<NotificationSubscription | undefined> {
  const { payload } = await call<List>(path)
  return payload.find(({ current }) => current)
}

/** Sends a push message to this browser as a test. */
export function testPush({ id }: NotificationSubscription): Promise<void> {
  return call(`${path}/${id}/test`, { method: 'POST' })
}

/** Ends push messages in this browser. */
export async function unsubscribe({ id }: NotificationSubscription): Promise<void> {
  await call(`${path}/${id}`, { method: 'DELETE' })
  await forget()
}

/** Ends the subscription of the browser, and closes what it shows. The server ends its own with the session. */
async function forget(): Promise<void> {
  store(ownerName, undefined)
  hasPush.value = false
  const registration = await navigator.serviceWorker.getRegistration()
  if (!registration) return
  await (await registration.pushManager.getSubscription())?.unsubscribe()
  for (const shown of await registration.getNotifications()) shown.close()
}

/** Keeps the subscription of the browser known to the server, and ends it with the session of its user. */
async function sync(userId: number | undefined): Promise<void> {
  const owner = readStored<number>(ownerName)
  if (owner !== userId || owner === undefined) {
    if (owner === undefined) hasPush.value = false
    else await forget()
    return
  }
  const { pushManager } = await navigator.serviceWorker.ready
  const { meta } = await call<List>(path)
  // The permission was withdrawn if this fails.
  const subscription = await subscriptionWith(pushManager, meta.server_key).catch(() => undefined)
  if (!subscription) return forget()
  await register(subscription)
  hasPush.value = true
}

/** Follows who is signed in, and clicks on notifications, and answers the service worker. */
export function followPush(): void {
  if (!supportsPush) return
  effect(() => {
    const user = profile.value
    if (user === undefined) return
    // It is tried again with the next load.
    sync(user?.id).catch(() => {})
  })
  navigator.serviceWorker.addEventListener('message', ({ data, ports: [port] }) => {
    const { open, announces } = data as {
      open?: { account_id: number; path: string }
      announces?: PushMessage
    }
    if (open) openTarget(open.account_id, open.path)
    if (announces) void isAnnounced(announces).then((answer) => port?.postMessage(answer))
  })
  // A window that a notification has opened.
  const [, asked] = /^#account=([1-9]\d{0,14})$/.exec(location.hash) ?? []
  if (asked !== undefined) openTarget(Number(asked), location.pathname + location.search)
}

function openTarget(accountId: number, to: string): void {
  if (account.value?.id !== accountId) chooseAccount(accountId)
  if (location.hash) history.replaceState(null, '', location.pathname + location.search)
  go(to)
}

/** Closes the notifications about a conversation that this browser shows: the user has seen it. */
export async function closeAbout(conversation: number): Promise<void> {
  if (!hasPush.value) return
  const registration = await navigator.serviceWorker.getRegistration()
  for (const shown of (await registration?.getNotifications()) ?? []) {
    const { account_id, path: to } = shown.data as { account_id: number; path: string }
    const [page] = to.split('?')
    if (account_id === account.value?.id && page === `/conversations/${conversation}`) shown.close()
  }
}
