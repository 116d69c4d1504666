import { signal } from '@preact/signals'
import type { Delivery } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { hear } from '../data/live.ts'

interface DeliveryPage {
  payload: Delivery[]
  meta: { before_id: number | null }
}

// Milliseconds between two fetches while a delivery is pending, and after an event.
const soon = 700
const longest = 60_000

/**
 * The deliveries of the webhook at this path, newest first. There are no events about deliveries, so they are fetched
 * again after events that may have caused one, and while one is pending.
 */
export class Deliveries {
  readonly #path: string
  readonly #state: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false
  readonly list = signal<readonly Delivery[] | undefined>(undefined)
  /** The cursor of older deliveries; null if there are none. */
  readonly before = signal<number | null>(null)
  readonly trouble = signal<string | undefined>(undefined)

  /** `state` filters them; '' does not. */
  constructor(path: string, state: string) {
    this.#path = path
    this.#state = state
  }

  /** Keeps the list up to date until the returned function is called. */
  follow(): () => void {
    const refreshSoon = () => this.#refreshIn(soon)
    const stop = hear({
      message: refreshSoon,
      conversation: refreshSoon,
      conversationDeleted: refreshSoon,
      contact: refreshSoon,
      setting: refreshSoon,
      connected: refreshSoon,
    })
    void this.refresh()
    return () => {
      stop()
      this.#isClosed = true
      clearTimeout(this.#timer)
    }
  }

  /** Fetches the newest page, and older deliveries that are pending. */
  async refresh(): Promise<void> {
    try {
      const { payload, meta } = await this.#fetch({})
      const end = payload.at(-1)?.id ?? 0
      const older = meta.before_id === null ? [] : (this.list.value ?? []).filter(({ id }) => id < end)
      const again = await Promise.all(older.filter(isOnItsWay).map(({ id }) => this.#fetchOne(id)))
      const found = new Map(again.flat().map((one) => [one.id, one]))
      if (this.#isClosed) return
      if (older.length === 0) this.before.value = meta.before_id
      this.list.value = [...payload, ...older.map((one) => found.get(one.id) ?? one)]
      this.trouble.value = undefined
    } catch (error) {
      this.trouble.value = (error as Error).message
    }
    this.#refreshIn(this.#pause())
  }

  /** Fetches the next page. */
  async more(): Promise<void> {
    const { payload, meta } = await this.#fetch({ before_id: String(this.before.value) })
    const there = new Set(this.list.value?.map(({ id }) => id))
    this.list.value = [...(this.list.value ?? []), ...payload.filter(({ id }) => !there.has(id))]
    this.before.value = meta.before_id
  }

  /** Sends a delivery again. Throws CallError. */
  async redeliver(id: number): Promise<void> {
    const changed = await call<Delivery>(`${this.#path}/${id}/redeliver`, { method: 'POST' })
    this.list.value = this.list.value?.map((one) => (one.id === id ? changed : one))
    this.#refreshIn(soon)
  }

  #fetch(more: Record<string, string>): Promise<DeliveryPage> {
    const query = new URLSearchParams({ ...(this.#state ? { state: this.#state } : {}), ...more })
    return call<DeliveryPage>(`${this.#path}?${query}`)
  }

  async #fetchOne(id: number): Promise<Delivery[]> {
    const { payload } = await call<DeliveryPage>(`${this.#path}?limit=1&before_id=${id + 1}`)
    return payload.filter((one) => one.id === id)
  }

  #refreshIn(milliseconds: number): void {
    if (this.#isClosed || !Number.isFinite(milliseconds)) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.refresh(), milliseconds)
  }

  #pause(): number {
    const times = (this.list.value ?? []).filter(isOnItsWay).map(({ next_attempt_at: next }) => {
      return next === null ? soon : Math.min(longest, Math.max(soon, next * 1000 - Date.now() + soon))
    })
    return Math.min(...times)
  }
}

function isOnItsWay({ state }: Delivery): boolean {
  return state === 'pending' || state === 'running'
}
