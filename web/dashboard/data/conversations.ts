import { type Signal, signal } from '@preact/signals'
import { call } from './call.ts'
import { hear, type MessageNews } from './live.ts'
import { accountPath } from './session.ts'
import type { Conversation, Message } from './shapes.ts'

/*
 * Every conversation that the page has met, each in a signal of its own, so that news of one draws one row anew.
 */
const known = new Map<number, Signal<Conversation>>()

/** Called with each conversation that has changed, and with the ids of those that are gone or not known yet. */
interface Watcher {
  changed(conversation: Conversation): void
  gone(id: number): void
  /** Something has happened in a conversation that the page has not met. */
  met(id: number): void
}
const watchers = new Set<Watcher>()

export function watchConversations(watcher: Watcher): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** The conversation as it is now, and with each change; undefined where the page has not met it. */
export function conversationSignal(id: number): Signal<Conversation> | undefined {
  return known.get(id)
}

/** Numbers what events have changed, so that an answer that was on its way meanwhile is known to be older. */
let clock = 0
const heardAt = new Map<number, number>()

/** A moment to be given to `takeFetched` with what was asked for after it. */
export function now(): number {
  return clock
}

/** Takes what was fetched; what an event has told meanwhile stays as the event said, since later ones will follow it. */
export function takeFetched(found: readonly Conversation[], askedAt: number): void {
  for (const conversation of found) {
    const isNewer = (heardAt.get(conversation.id) ?? -1) >= askedAt
    if (!(isNewer && known.has(conversation.id))) put(conversation)
  }
}

/** Fetches one. Throws CallError. */
export async function fetchConversation(id: number): Promise<void> {
  const askedAt = now()
  takeFetched([await call<Conversation>(`${accountPath()}/conversations/${id}`)], askedAt)
}

/** Puts what the answer to a change has told in place. */
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
  const place = known.get(conversation.id)
  if (place) place.value = conversation
  else known.set(conversation.id, signal(conversation))
}

function mark(id: number): void {
  heardAt.set(id, clock)
  clock += 1
}

/** Keeps all of them right by what the stream tells. */
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
      const place = known.get(id)
      mark(id)
      if (!place) {
        for (const watcher of watchers) watcher.met(id)
        return
      }
      takeChanged(withMessage(place.value, news))
      // What was counted, and which one is the last now, only the server knows.
      if (news.kind === 'deleted') void fetchConversation(id).catch(() => {})
    },
  })
}

/** The conversation after an event about one of its messages, as docs/realtime.md says. */
export function withMessage(before: Conversation, { kind, message, status }: MessageNews): Conversation {
  const last = before.last_message
  const next = { ...before, status }
  if (kind === 'created') {
    next.last_activity_at = Math.max(before.last_activity_at, message.created_at)
    // What has been counted in a list that was fetched a moment ago must not be counted twice.
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
