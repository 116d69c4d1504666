import { type Signal, signal } from '@preact/signals'
import type { Conversation, Message } from './api-types.ts'
import { call } from './call.ts'
import { hear, type MessageNews } from './live.ts'
import { accountPath } from './session.ts'

/*
 * All conversations that the page has loaded, each in its own signal, so that a change renders one row.
 */
const known = new Map<number, Signal<Conversation>>()

/** Called for each conversation that was changed or deleted, or that is not loaded. */
interface Watcher {
  changed(conversation: Conversation): void
  gone(id: number): void
  /** Something has happened in a conversation that is not loaded. */
  met(id: number): void
}
const watchers = new Set<Watcher>()

export function watchConversations(watcher: Watcher): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** Returns the signal of a conversation; undefined if it is not loaded. */
export function conversationSignal(id: number): Signal<Conversation> | undefined {
  return known.get(id)
}

/** Numbers the changes by events, to tell whether a response is older than an event. */
let clock = 0
const heardAt = new Map<number, number>()

/** Returns the time to pass to `takeFetched` with what is fetched from now on. */
export function now(): number {
  return clock
}

/** Stores fetched conversations, except those that an event has changed since the fetch began. */
export function takeFetched(found: readonly Conversation[], askedAt: number): void {
  for (const conversation of found) {
    const isNewer = (heardAt.get(conversation.id) ?? -1) >= askedAt
    if (!(isNewer && known.has(conversation.id))) put(conversation)
  }
}

/** Fetches a conversation. Throws CallError. */
export async function fetchConversation(id: number): Promise<void> {
  const askedAt = now()
  takeFetched([await call<Conversation>(`${accountPath()}/conversations/${id}`)], askedAt)
}

/** Stores the response to a change. */
export function takeChanged(conversation: Conversation): void {
  put(conversation)
  for (const watcher of watchers) watcher.changed(conversation)
}

/** Forgets all, for another account. */
export function forgetConversations(): void {
  known.clear()
  heardAt.clear()
}

function put(conversation: Conversation): void {
  const loaded = known.get(conversation.id)
  if (loaded) loaded.value = conversation
  else known.set(conversation.id, signal(conversation))
}

function mark(id: number): void {
  heardAt.set(id, clock)
  clock += 1
}

/** Keeps all conversations up to date with events. */
export function followConversations(): () => void {
  return hear({
    conversation(conversation) {
      mark(conversation.id)
      takeChanged(conversation)
    },
    conversationDeleted(id) {
      mark(id)
      known.delete(id)
      for (const watcher of watchers) watcher.gone(id)
    },
    message(news) {
      const id = news.message.conversation_id
      const loaded = known.get(id)
      mark(id)
      if (!loaded) {
        for (const watcher of watchers) watcher.met(id)
        return
      }
      takeChanged(withMessage(loaded.value, news))
      // Only the server knows the new count and the new last message.
      if (news.kind === 'deleted') void fetchConversation(id).catch(() => {})
    },
  })
}

/** Returns the conversation after an event about one of its messages, by the rules in docs/realtime.md. */
export function withMessage(before: Conversation, { kind, message, status }: MessageNews): Conversation {
  const last = before.last_message
  const next = { ...before, status }
  if (kind === 'created') {
    next.last_activity_at = Math.max(before.last_activity_at, message.created_at)
    // A list that was just fetched may already include the message: it must not be counted twice.
    const isNew = message.id > (last?.id ?? 0)
    if (isNew && message.message_type === 'incoming') next.unread_count += 1
    if (isNew && isShownLast(message)) next.last_message = message
  } else if (kind === 'updated' && last?.id === message.id) {
    next.last_message = message
  }
  return next
}

function isShownLast(message: Message): boolean {
  return !message.private && message.message_type !== 'activity'
}
