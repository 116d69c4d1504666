import { computed, signal } from '@preact/signals'
import type { CallError } from '../../shared/api.ts'
import type { Message, MessagePage } from './api-types.ts'
import { call } from './call.ts'
import { conversationSignal } from './conversations.ts'
import { hear, type MessageNews } from './live.ts'
import { accountPath } from './session.ts'

// About two screens: fewer are rendered sooner.
const firstPage = 20
const largestPage = 100
const nextPage = 50
const mostCached = 12
// Milliseconds until loading is tried again.
const retryPause = 3000

type ThreadNews = Pick<MessageNews, 'kind' | 'message'>

/** The loaded messages of a conversation: a part of it without gaps, cached up to date by events. */
export class Thread {
  readonly id: number
  /** Oldest first. */
  readonly messages = signal<readonly Message[]>([])
  readonly state = signal<'loading' | 'ready' | 'failed'>('loading')
  readonly trouble = signal<CallError | undefined>(undefined)
  /** The cursors of older and newer messages; null if there are none. */
  readonly older = signal<number | null>(null)
  readonly newer = signal<number | null>(null)
  readonly isAtEnd = computed(() => this.newer.value === null)
  #loading: Promise<void> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  /** Events since the current request began: its response may be older. */
  #meanwhile: ThreadNews[] = []

  constructor(id: number) {
    this.id = id
  }

  /** Loads the latest messages, or those around one. */
  async open(aroundId?: number): Promise<void> {
    await this.#loading
    // Includes all unread messages, so that the first one can be marked.
    const unread = conversationSignal(this.id)?.peek().unread_count ?? 0
    const limit = Math.min(largestPage, firstPage + unread)
    await this.#load(aroundId === undefined ? '' : `&around_id=${aroundId}`, limit, ({ payload, meta }) => {
      this.messages.value = payload
      this.older.value = meta.before_id
      this.newer.value = aroundId === undefined ? null : meta.after_id
    })
    // A thread that is shown stays, even if loading it again fails.
    if (this.state.value !== 'ready') this.state.value = this.trouble.value ? 'failed' : 'ready'
    if (this.state.value === 'failed' && this.trouble.value?.isPassing) {
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => this.#openAgain(aroundId), retryPause)
    }
  }

  #openAgain(aroundId: number | undefined): void {
    if (this.state.peek() === 'failed' && threads.get(this.id) === this) void this.open(aroundId)
  }

  /** Loads the messages around one unless it is loaded. Returns false if the message does not exist. */
  async reveal(id: number): Promise<boolean> {
    const isThere = () => this.messages.peek().some((message) => message.id === id)
    await this.#loading
    if (!isThere()) await this.open(id)
    return isThere() || this.trouble.peek() !== undefined
  }

  async loadOlder(): Promise<void> {
    const cursor = this.older.value
    if (cursor === null || this.#loading) return
    await this.#load(`&before_id=${cursor}`, nextPage, ({ payload, meta }) => {
      this.messages.value = [...payload, ...this.messages.value]
      this.older.value = meta.before_id
    })
  }

  async loadNewer(): Promise<void> {
    const cursor = this.newer.value
    if (cursor === null || this.#loading) return
    await this.#load(`&after_id=${cursor}`, nextPage, ({ payload, meta }) => {
      this.messages.value = [...this.messages.value, ...payload]
      this.newer.value = meta.after_id
    })
  }

  /** Applies an event about one of its messages. */
  hear(news: ThreadNews): void {
    if (this.#loading) this.#meanwhile.push(news)
    this.#apply(news)
  }

  /** Applies the response to a post or an edit; the event about it may come before or after. */
  take(message: Message): void {
    this.hear({ kind: 'created', message })
  }

  async #load(more: string, limit: number, take: (page: MessagePage) => void): Promise<void> {
    this.trouble.value = undefined
    const path = `${accountPath()}/conversations/${this.id}/messages?include_deleted=true&limit=${limit}${more}`
    const loading = call<MessagePage>(path).then(
      (page) => {
        take(page)
        for (const news of this.#meanwhile) this.#apply(news)
      },
      (error: CallError) => {
        this.trouble.value = error
      },
    )
    this.#loading = loading.finally(() => {
      this.#loading = undefined
      this.#meanwhile = []
    })
    await this.#loading
  }

  #apply({ kind, message }: ThreadNews): void {
    const all = this.messages.value
    const at = all.findIndex(({ id }) => id === message.id)
    if (at >= 0) {
      // An answer to a change of a message may come after the event that it was deleted.
      if (!isDeleted(all[at]!)) this.messages.value = all.with(at, message)
    } else if (kind === 'created' && this.newer.value === null) {
      // Nearly always the newest, but messages of two servers may arrive out of order.
      const after = all.findLastIndex(({ id }) => id < message.id)
      this.messages.value = all.toSpliced(after + 1, 0, message)
    }
  }
}

/** Whether it is a tombstone: without content, but still in its place. */
export function isDeleted({ content_attributes }: Message): boolean {
  return content_attributes.deleted === true
}

const threads = new Map<number, Thread>()

/**
 * Returns the thread of a conversation, which may still be loading; recent ones are cached. It begins with the newest
 * messages, or around the message `wanted`.
 */
export function threadOf(id: number, wanted?: number): Thread {
  const cached = threads.get(id)
  threads.delete(id)
  const thread = cached && cached.state.peek() !== 'failed' ? cached : new Thread(id)
  threads.set(id, thread)
  if (thread !== cached) void thread.open(wanted)
  else if (wanted === undefined && !thread.isAtEnd.peek()) void thread.open()
  for (const [old] of threads) {
    if (threads.size <= mostCached) break
    threads.delete(old)
  }
  return thread
}

/** Returns the thread if it is cached. */
export function cachedThread(id: number): Thread | undefined {
  return threads.get(id)
}

export function forgetThreads(): void {
  threads.clear()
}

/** Keeps the cached threads up to date with events. */
export function followThreads(): () => void {
  return hear({
    message: (news) => threads.get(news.message.conversation_id)?.hear(news),
    conversationDeleted: (id) => void threads.delete(id),
    moved: (id) => void threads.get(id)?.open(),
    reset: () => {
      for (const thread of threads.values()) void thread.open()
    },
  })
}
