import { batch, effect, signal } from '@preact/signals'
import { type Subscription, subscribe } from '../../../shared/events.ts'
import type { Conversation, Message } from './api-types.ts'
import { isAvailable } from './availability.ts'
import { arrived, resume } from './outbox.ts'
import { isOpen, isVisible } from './page-state.ts'
import * as thread from './thread.ts'
import { callOwn, forgetIfErased, ownUrl, visitor } from './visitor.ts'

/** Whether the event stream is connected; undefined before the first connection. */
export const isConnected = signal<boolean | undefined>(undefined)
/** The agent who is typing. */
export const typing = signal<{ id: number; name: string } | undefined>(undefined)

let stream: Subscription | undefined
let retry: ReturnType<typeof setTimeout> | undefined
let pause: ReturnType<typeof setTimeout> | undefined
let tellMessage: (message: Message) => void

/**
 * Loads and follows the conversations of the current visitor, and starts over when the visitor changes. Calls back for
 * each new message of an agent.
 */
export function follow(onMessage: (message: Message) => void): void {
  tellMessage = onMessage
  let known: string | undefined
  effect(() => {
    const id = visitor.value?.source_id
    if (id === known) return
    known = id
    cursor = undefined
    stop()
    thread.clear()
    isConnected.value = undefined
    if (id) start(undefined)
  })
  effect(() => {
    // Browsers open six connections to an HTTP/1.1 server: hidden tabs must not take them all.
    const isNeeded = isVisible.value || isOpen.value
    clearTimeout(pause)
    if (isNeeded && !stream && known) start(cursor)
    if (!isNeeded) pause = setTimeout(rest, 10_000)
  })
  effect(markSeen)
}

let cursor: string | undefined

function rest(): void {
  if (!stream) return
  cursor = stream.cursor
  stop()
  // Without a cursor no event has arrived yet, so everything is loaded again.
  if (cursor === undefined) thread.clear()
}

function stop(): void {
  stream?.close()
  stream = undefined
  clearTimeout(retry)
  typing.value = undefined
}

function start(after: string | undefined): void {
  const id = visitor.peek()!.source_id
  const options = { url: ownUrl('/events'), longestPause: 10_000, ...(after ? { after } : {}) }
  const own = subscribe(options, {
    onEvent: ({ name, data }) => batch(() => take(name, data as never)),
    onReset: () => void fetchAll(),
    onConnection(connected) {
      // It was closed on purpose.
      if (stream !== own) return
      isConnected.value = connected
      typing.value = undefined
      if (!connected) return
      if (!thread.isLoaded.peek()) void fetchAll()
      resume()
    },
    onRefused: (_, code) => forgetIfErased(id, code),
  })
  stream = own
}

/** Called when the stream is open: it delivers what happens from now on, and this loads what happened before. */
async function fetchAll(): Promise<void> {
  clearTimeout(retry)
  const own = stream
  try {
    await thread.load()
  } catch {
    if (own === stream) retry = setTimeout(() => void fetchAll(), 3000)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the name says which shape it is
function take(name: string, data: any): void {
  switch (name) {
    case 'message_created':
    case 'message_updated':
      return takeMessage(name === 'message_created', data)
    case 'message_deleted':
      return thread.drop(data.id)
    case 'conversation_deleted':
      return thread.dropConversation(data.conversation.id)
    case 'typing':
      if (data.user) showTyping(data.typing_status === 'on' && !data.is_private ? data.user : undefined)
      return
    case 'inbox_availability':
      isAvailable.value = data.available
      return
    default:
      return takeConversation(data.conversation)
  }
}

function takeMessage(isNew: boolean, { event, ...message }: Message & { event: string }): void {
  const isKnown = thread.messages.peek().has(message.id)
  // Changes of messages that are not loaded come with their page.
  if (!isNew && !isKnown) return
  thread.put(message)
  arrived(message)
  if (!isNew || isKnown || message.message_type !== 'outgoing') return
  showTyping(undefined)
  const { conversation_id: id } = message
  if (!thread.conversations.peek().has(id)) void fetchAll()
  thread.countUnread(id, (thread.unreadIn.peek().get(id) ?? 0) + 1)
  tellMessage(message)
}

function takeConversation(conversation: Conversation): void {
  const { id, contact_last_seen_at } = conversation
  thread.putConversation(conversation)
  const newest = thread.sortedMessages
    .peek()
    .findLast((one) => one.conversation_id === id && one.message_type === 'outgoing')
  // Another tab has shown the message.
  if (newest && (contact_last_seen_at ?? 0) >= newest.created_at) thread.countUnread(id, 0)
}

let typingEnds: ReturnType<typeof setTimeout> | undefined

function showTyping(user: { id: number; name: string } | undefined): void {
  clearTimeout(typingEnds)
  typing.value = user
  // The event is repeated every few seconds.
  if (user) typingEnds = setTimeout(() => showTyping(undefined), 8000)
}

/** Marks messages as seen as soon as the visitor sees them. */
function markSeen(): void {
  if (!isOpen.value || !isVisible.value || !thread.isLoaded.value) return
  for (const [id, count] of thread.unreadIn.value) {
    if (count === 0) continue
    thread.countUnread(id, 0)
    callOwn(`/conversations/${id}/update_last_seen`, { method: 'POST' }).catch(() => {})
  }
}
