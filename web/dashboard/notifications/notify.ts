import { chime } from '../../shared/chime.ts'
import type { Message } from '../data/api-types.ts'
import { senderName } from '../data/contact-name.ts'
import { conversationSignal, fetchConversation } from '../data/conversations.ts'
import { hear } from '../data/live.ts'
import { profile } from '../data/session.ts'
import { preview } from '../preview.ts'
import { strings } from '../strings.ts'
import { claim, type Newest } from './claims.ts'
import { type ConversationNews, followDesktop, permission, showNews, viewedConversation } from './desktop.ts'
import { followOwnNotifications } from './own.ts'
import { isQuiet, notificationPreferences } from './preferences.ts'
import { followTabBadge } from './tab-badge.ts'
import { assignmentOf, followUnread, isWanted, settle, waiting } from './unread.ts'

const t = strings.notifications

// Milliseconds in which messages are gathered: one sound for all, and time for another window to show them.
const gatherTime = 1000
const longestBody = 300

/** The new messages of others, by conversation. */
let gathered = new Map<number, Message[]>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Counts what waits in the tab, and notifies about new messages, while the user is signed in. */
export function followNotifications(): () => void {
  const stops = [
    followUnread(),
    followDesktop(),
    followTabBadge(),
    followOwnNotifications(),
    hear({
      message({ kind, message }) {
        if (kind === 'created' && (message.message_type === 'incoming' || isNoteOfOthers(message)))
          gather(message)
      },
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    clearTimeout(timer)
    timer = undefined
    gathered = new Map()
  }
}

function isNoteOfOthers({ private: isPrivate, sender }: Message): boolean {
  return isPrivate && sender?.type === 'User' && sender.id !== profile.value?.id
}

function gather(message: Message): void {
  const { conversation_id: id } = message
  gathered.set(id, [...(gathered.get(id) ?? []), message])
  // At once, before another window notifies.
  if (viewedConversation() === id) void skip(id)
  timer ??= setTimeout(() => void flush(), gatherTime)
}

/** Lets no window notify about the messages of a conversation: the user is looking at them. */
async function skip(id: number): Promise<void> {
  const newest = newestOf([[id, gathered.get(id) ?? []]])
  gathered.delete(id)
  await Promise.all([claim('sound', newest), claim('desktop', newest)])
}

function newestOf(all: Iterable<readonly [number, readonly Message[]]>): Newest {
  return new Map([...all].map(([id, messages]) => [id, Math.max(...messages.map((message) => message.id))]))
}

async function flush(): Promise<void> {
  timer = undefined
  const all = gathered
  gathered = new Map()
  await settle()
  const { hasSound, hasDesktop } = notificationPreferences.value
  const wanted = []
  for (const [id, messages] of all) {
    const news = await wantedOf(id, messages)
    if (news.length > 0) wanted.push([id, news] as const)
  }
  if (wanted.length === 0 || isQuiet()) return
  const newest = newestOf(wanted)
  // A window without a gesture leaves the sound to another one.
  if (hasSound && navigator.userActivation.hasBeenActive && (await claim('sound', newest)).length > 0) chime()
  if (hasDesktop && permission.value === 'granted') {
    const claimed = new Set(await claim('desktop', newest))
    showNews(wanted.filter(([id]) => claimed.has(id)).map(([id, news]) => asNews(id, news)))
  }
}

/** Returns those of the messages that the user wants to hear about and has not read meanwhile. */
async function wantedOf(id: number, messages: readonly Message[]): Promise<Message[]> {
  if (viewedConversation() === id) return []
  const incoming = waiting.value.has(id) ? messages.filter((message) => !message.private) : []
  const notes = messages.filter((message) => message.private)
  if (notes.length === 0 || !notificationPreferences.value.hasNotes) return incoming
  if (!conversationSignal(id)) await fetchConversation(id).catch(() => {})
  const conversation = conversationSignal(id)?.value
  return conversation && isWanted(assignmentOf(conversation)) ? [...incoming, ...notes] : incoming
}

function asNews(conversation: number, messages: readonly Message[]): ConversationNews {
  const last = messages.at(-1)!
  const name = senderName(last) || `#${conversation}`
  const text = preview(last.content, longestBody) || last.attachments[0]?.file_name || t.newMessages(1)
  return {
    conversation,
    title: last.private ? t.noteOf(name) : name,
    body: notificationPreferences.value.showsText ? text : t.newMessages(messages.length),
    isNote: messages.every((message) => message.private),
  }
}
