import { batch, computed, signal } from '@preact/signals'
import { newestFirst } from './order.ts'
import type { Conversation, Message, MessagePage } from './shapes.ts'
import { callOwn } from './visitor.ts'

/*
 * Everything that was said between the visitor and the team in this inbox, as one thread: the numbers of messages grow
 * over all conversations.
 */

export const messages = signal<ReadonlyMap<number, Message>>(new Map())
export const conversations = signal<ReadonlyMap<number, Conversation>>(new Map())
/** Whether what was said is known. */
export const isLoaded = signal(false)
/** Of each conversation, how many messages are unread. */
export const unreadIn = signal<ReadonlyMap<number, number>>(new Map())
export const unread = computed(() => [...unreadIn.value.values()].reduce((sum, count) => sum + count, 0))
/** In the order in which it was said. */
export const said = computed(() => [...messages.value.values()].sort((one, other) => one.id - other.id))
/** The conversation that the visitor writes in: the one in which something happened last. */
export const current = computed(() => newestFirst(conversations.value)[0])
/** When agents last looked at it, in Unix seconds. */
export const agentSeenAt = computed(() => current.value?.agent_last_seen_at ?? 0)

/** Of each conversation that was looked into, whether there is more before what is known. */
const hasMore = new Map<number, boolean>()
export const isComplete = signal(true)

const pageSize = 50
/** Messages that fill the panel, and how many pages are asked for at once to have them. */
const enough = 15
const mostPages = 4
/** What events have told since the fetch that is under way began: it is not overwritten. */
let told: { messages: Set<number>; conversations: Set<number> } | undefined

/** Forgets everything. */
export function clear(): void {
  batch(() => {
    hasMore.clear()
    told = undefined
    messages.value = new Map()
    conversations.value = new Map()
    unreadIn.value = new Map()
    isLoaded.value = false
    isComplete.value = true
  })
}

/** Asks for the conversations and the latest of what was said. Throws CallError. */
export async function load(): Promise<void> {
  const news = { messages: new Set<number>(), conversations: new Set<number>() }
  told = news
  const { payload } = await callOwn<{ payload: Conversation[] }>('/conversations')
  if (told !== news) return
  batch(() => {
    const newer = [...conversations.value].filter(([id]) => news.conversations.has(id))
    conversations.value = new Map([...payload.map((one) => [one.id, one] as const), ...newer])
    unreadIn.value = new Map(payload.map((one) => [one.id, one.unread_count]))
    messages.value = new Map([...messages.value].filter(([id]) => news.messages.has(id)))
    hasMore.clear()
    isComplete.value = payload.length === 0
  })
  // Several short conversations are read as one.
  const isEnough = () => isComplete.value || said.value.length >= enough || told !== news
  for (let page = 0; page < mostPages && !isEnough(); page++) await loadEarlier()
  if (told === news) isLoaded.value = true
}

/** Asks for what was said before what is known. Throws CallError. */
export async function loadEarlier(): Promise<void> {
  const next = newestFirst(conversations.value).find(({ id }) => hasMore.get(id) !== false)
  if (next) await fetchPage(next.id, told)
  else isComplete.value = true
}

async function fetchPage(id: number, news: typeof told): Promise<void> {
  const known = said.value.find((message) => message.conversation_id === id)
  // What an event has brought is no beginning of a page.
  const before = hasMore.has(id) && known ? `&before_id=${known.id}` : ''
  const path = `/conversations/${id}/messages?limit=${pageSize}${before}`
  const { payload, meta } = await callOwn<MessagePage>(path)
  if (told !== news) return
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

/** Puts a message in its place, or a newer state of it. */
export function put(message: Message): void {
  told?.messages.add(message.id)
  messages.value = new Map(messages.value).set(message.id, message)
  const conversation = conversations.value.get(message.conversation_id)
  if (!conversation || conversation.last_activity_at > message.created_at) return
  putConversation({ ...conversation, last_activity_at: message.created_at })
}

/** Takes a message away. */
export function drop(id: number): void {
  told?.messages.add(id)
  const left = new Map(messages.value)
  left.delete(id)
  messages.value = left
}

/** Puts what is known of a conversation in its place. */
export function putConversation(conversation: Partial<Conversation> & { id: number }): void {
  told?.conversations.add(conversation.id)
  const known = conversations.value.get(conversation.id)
  const next = { ...known, ...conversation } as Conversation
  conversations.value = new Map(conversations.value).set(conversation.id, next)
  if (!known) hasMore.set(conversation.id, false)
}

/** Takes a conversation away with what was said in it. */
export function dropConversation(id: number): void {
  batch(() => {
    const left = new Map(conversations.value)
    left.delete(id)
    conversations.value = left
    messages.value = new Map([...messages.value].filter(([, message]) => message.conversation_id !== id))
    countUnread(id, 0)
  })
}

/** Says how many messages of a conversation are unread. */
export function countUnread(id: number, count: number): void {
  unreadIn.value = new Map(unreadIn.value).set(id, count)
}
