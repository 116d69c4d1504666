import { batch, computed, signal } from '@preact/signals'
import type { Conversation, Message, MessagePage } from './api-types.ts'
import { newestFirst } from './order.ts'
import { callOwn } from './visitor.ts'

/*
 * All conversations between the visitor and the team in this inbox, as one thread: the ids of messages grow over all
 * conversations.
 */

export const messages = signal<ReadonlyMap<number, Message>>(new Map())
export const conversations = signal<ReadonlyMap<number, Conversation>>(new Map())
/** Whether the messages have been loaded. */
export const isLoaded = signal(false)
/** The number of unread messages in each conversation. */
export const unreadIn = signal<ReadonlyMap<number, number>>(new Map())
export const unread = computed(() => [...unreadIn.value.values()].reduce((sum, count) => sum + count, 0))
/** All messages, oldest first. */
export const sortedMessages = computed(() =>
  [...messages.value.values()].sort((one, other) => one.id - other.id),
)
/** The conversation that the visitor writes in: the one with the latest activity. */
export const current = computed(() => newestFirst(conversations.value)[0])
/** When agents last saw it, in Unix seconds. */
export const agentSeenAt = computed(() => current.value?.agent_last_seen_at ?? 0)

/** For each conversation with a loaded page, whether it has earlier messages. */
const hasMore = new Map<number, boolean>()
export const isComplete = signal(true)

const pageSize = 50
/** Messages that fill the panel, and how many pages are loaded at once to have that many. */
const enough = 15
const mostPages = 4
/** What events have changed since the current fetch began; its older response must not overwrite that. */
let changedSinceFetch: { messages: Set<number>; conversations: Set<number> } | undefined

/** Forgets everything. */
export function clear(): void {
  batch(() => {
    hasMore.clear()
    changedSinceFetch = undefined
    messages.value = new Map()
    conversations.value = new Map()
    unreadIn.value = new Map()
    isLoaded.value = false
    isComplete.value = true
  })
}

/** Loads the conversations and the latest messages. Throws CallError. */
export async function load(): Promise<void> {
  const news = { messages: new Set<number>(), conversations: new Set<number>() }
  changedSinceFetch = news
  const { payload } = await callOwn<{ payload: Conversation[] }>('/conversations')
  if (changedSinceFetch !== news) return
  batch(() => {
    const newer = [...conversations.value].filter(([id]) => news.conversations.has(id))
    conversations.value = new Map([...payload.map((one) => [one.id, one] as const), ...newer])
    unreadIn.value = new Map(payload.map((one) => [one.id, one.unread_count]))
    messages.value = new Map([...messages.value].filter(([id]) => news.messages.has(id)))
    hasMore.clear()
    isComplete.value = payload.length === 0
  })
  // Several short conversations may be needed to fill the panel.
  const isEnough = () =>
    isComplete.value || sortedMessages.value.length >= enough || changedSinceFetch !== news
  for (let page = 0; page < mostPages && !isEnough(); page++) await loadEarlier()
  if (changedSinceFetch === news) isLoaded.value = true
}

/** Loads the page before the loaded messages. Throws CallError. */
export async function loadEarlier(): Promise<void> {
  const next = newestFirst(conversations.value).find(({ id }) => hasMore.get(id) !== false)
  if (next) await fetchPage(next.id, changedSinceFetch)
  else isComplete.value = true
}

async function fetchPage(id: number, news: typeof changedSinceFetch): Promise<void> {
  const known = sortedMessages.value.find((message) => message.conversation_id === id)
  // A message that came with an event says nothing about where a page begins.
  const before = hasMore.has(id) && known ? `&before_id=${known.id}` : ''
  const path = `/conversations/${id}/messages?limit=${pageSize}${before}`
  const { payload, meta } = await callOwn<MessagePage>(path)
  if (changedSinceFetch !== news) return
  batch(() => {
    hasMore.set(id, meta.has_more)
    messages.value = new Map([
      ...messages.value,
      ...payload
        .filter((message) => !news?.messages.has(message.id))
        .map((message) => [message.id, message] as const),
    ])
    isComplete.value = [...conversations.value.keys()].every((one) => hasMore.get(one) === false)
  })
}

/** Adds or replaces a message. */
export function put(message: Message): void {
  changedSinceFetch?.messages.add(message.id)
  messages.value = new Map(messages.value).set(message.id, message)
  const conversation = conversations.value.get(message.conversation_id)
  if (!conversation || conversation.last_activity_at > message.created_at) return
  putConversation({ ...conversation, last_activity_at: message.created_at })
}

/** Removes a message. */
export function drop(id: number): void {
  changedSinceFetch?.messages.add(id)
  const left = new Map(messages.value)
  left.delete(id)
  messages.value = left
}

/** Adds a conversation, or updates the given fields of it. */
export function putConversation(conversation: Partial<Conversation> & { id: number }): void {
  changedSinceFetch?.conversations.add(conversation.id)
  const known = conversations.value.get(conversation.id)
  const next = { ...known, ...conversation } as Conversation
  conversations.value = new Map(conversations.value).set(conversation.id, next)
  if (!known) hasMore.set(conversation.id, false)
}

/** Removes a conversation with its messages. */
export function dropConversation(id: number): void {
  batch(() => {
    const left = new Map(conversations.value)
    left.delete(id)
    conversations.value = left
    messages.value = new Map([...messages.value].filter(([, message]) => message.conversation_id !== id))
    countUnread(id, 0)
  })
}

/** Sets the number of unread messages in a conversation. */
export function countUnread(id: number, count: number): void {
  unreadIn.value = new Map(unreadIn.value).set(id, count)
}
