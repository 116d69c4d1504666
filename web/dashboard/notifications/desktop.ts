import { effect, signal } from '@preact/signals'
import { addressOf } from '../data/filter.ts'
import { account, profile } from '../data/session.ts'
import { go, openContact, openConversation } from '../router.ts'
import { strings } from '../strings.ts'
import { closeAbout, hasPush } from './push.ts'
import { unread, waiting } from './unread.ts'

const t = strings.notifications

/** What the browser allows; `unsupported` if it cannot show any, for example without https. */
export const permission = signal<NotificationPermission | 'unsupported'>(currentPermission())

function currentPermission() {
  return typeof Notification === 'undefined' || !isSecureContext ? 'unsupported' : Notification.permission
}

/** Asks the user for permission. Call it on a click only: browsers ignore or punish other requests. */
export async function askPermission(): Promise<void> {
  await Notification.requestPermission().catch(() => {})
  permission.value = currentPermission()
}

/** A notification about one conversation. */
export interface ConversationNews {
  conversation: number
  title: string
  body: string
  /** A note leaves no unread message: the notification is closed when the conversation is opened. */
  isNote: boolean
}

/** The key of a notification that sums up several conversations. */
const summary = 0
// More conversations at once are summed up.
const mostAtOnce = 3

interface Shown {
  notification: Notification
  isNote: boolean
}
const shown = new Map<number, Shown>()

/** Shows one notification for each conversation, or one for all if there are many. */
export function showNews(all: readonly ConversationNews[]): void {
  // The service worker does, and only then: web/service-worker/push.ts.
  if (hasPush.value && document.visibilityState !== 'visible') return
  if (all.length <= mostAtOnce) {
    for (const news of all) show(news.conversation, news)
  } else {
    show(summary, { title: t.several(all.length), body: '', isNote: false })
  }
}

/** Shows a notification that leads nowhere. */
export function showTest(): void {
  try {
    new Notification(t.testTitle, { body: t.testBody, tag: 'ndoto-test', silent: true })
  } catch {
    permission.value = 'unsupported'
  }
}

function show(key: number, { title, body, isNote }: Omit<ConversationNews, 'conversation'>): void {
  try {
    const notification = new Notification(title, {
      body,
      // The same tag: a second message replaces the notification of the first one, and appears again.
      tag: `ndoto-${account.value?.id}-${key}`,
      renotify: true,
      // The page plays its own sound.
      silent: true,
    } as NotificationOptions)
    notification.onclick = () => {
      window.focus()
      go(key === summary ? '/' : addressOf(key))
      close(key)
    }
    shown.set(key, { notification, isNote })
  } catch {
    // Chrome on Android has the class, but refuses to make one.
    permission.value = 'unsupported'
  }
}

function close(key: number): void {
  shown.get(key)?.notification.close()
  shown.delete(key)
}

const isVisible = signal(true)

/** The conversation that is open in this window, if the window is visible. */
export function viewedConversation(): number | undefined {
  return isVisible.value ? openConversation.value : undefined
}

/** Whether the page of imports is open in this window, and the window is visible. */
export function isImportPageViewed(): boolean {
  return isVisible.value && openContact.value === 'import'
}

/** Closes notifications of conversations that were read, in this window or elsewhere. */
export function followDesktop(): () => void {
  const channel = new BroadcastChannel(`ndoto.viewed.${profile.value?.id}.${account.value?.id}`)
  const closeViewed = (conversation: number) => {
    void closeAbout(conversation)
    close(conversation)
    close(summary)
  }
  channel.onmessage = ({ data }) => closeViewed(data as number)
  const see = () => {
    isVisible.value = document.visibilityState === 'visible'
    permission.value = currentPermission()
  }
  // A click on a notification of a closed page would do nothing.
  const closeAll = () => {
    for (const key of [...shown.keys()]) close(key)
  }
  see()
  document.addEventListener('visibilitychange', see)
  addEventListener('pagehide', closeAll)
  const stops = [
    effect(() => {
      const conversation = viewedConversation()
      if (conversation === undefined) return
      closeViewed(conversation)
      channel.postMessage(conversation)
    }),
    effect(() => {
      const ids = unread.value
      const isAllRead = waiting.value.size === 0
      for (const [key, { isNote }] of shown) {
        const isRead = key === summary ? isAllRead : !isNote && !ids.has(key)
        if (isRead) close(key)
      }
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    document.removeEventListener('visibilitychange', see)
    removeEventListener('pagehide', closeAll)
    channel.close()
    closeAll()
  }
}
