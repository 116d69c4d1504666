import { signal } from '@preact/signals'
import type { CallError } from './api.ts'

/** A message that is not known to have arrived. */
export interface OutboxEntry {
  /** Its `Idempotency-Key` and its `echo_id`: however often it is sent, it is one message. */
  key: string
  /** How often sending it has failed. */
  tries?: number
  /** Why it is not tried again by itself: the sentence of the server. */
  refused?: string | undefined
}

/** What follows when sending has failed: another try at once or after a pause, none until it is retried, or a stop. */
export type Reaction = 'retry' | 'wait' | 'refuse' | 'stop'

export interface OutboxOptions<Entry extends OutboxEntry, Message> {
  /** The entries as the browser's storage has them; undefined if only this window has them. */
  read(): readonly Entry[] | undefined
  /** Stores all entries. */
  write(entries: readonly Entry[]): void
  /** Entries of the same lane are sent one after another, lanes side by side; undefined is not sent for now. */
  laneOf(entry: Entry): number | undefined
  send(entry: Entry, stop: AbortController): Promise<Message>
  /** Called with the response, before the entry is removed. */
  onSent(message: Message): void
  onRemoved?(entry: Entry): void
  reactionTo?(error: CallError, entry: Entry): Reaction
}

interface Underway {
  stop: AbortController
  /** Ends the wait for a response. */
  settle(): void
}

const longestPause = 15_000
// Milliseconds to wait for a response after an event has brought the message: lost ones must not keep connections.
const patience = 2000

/**
 * Messages on their way to the server: each is sent until it has arrived or was refused, in the order in which they were
 * written, and arrives once.
 */
export class Outbox<Entry extends OutboxEntry, Message> {
  /** Oldest first. */
  readonly entries = signal<readonly Entry[]>([])
  /** The requests of those that are being sent right now, by the key of the entry. */
  readonly underway = signal<ReadonlyMap<string, Underway>>(new Map())
  readonly #options: OutboxOptions<Entry, Message>
  readonly #lanes = new Set<number>()
  /** Ends the pause of a lane, which waits to send the entry with this key again. */
  readonly #pauses = new Map<number, { key: string; end: () => void }>()

  constructor(options: OutboxOptions<Entry, Message>) {
    this.#options = options
  }

  /** Takes an entry: from now on it is not lost. */
  add(entry: Entry): void {
    this.#change((all) => [...all, entry])
    this.#start(this.#options.laneOf(entry))
  }

  /** Tries a refused or waiting entry now, with other values in some of its fields. */
  retry(key: string, changes: Partial<Entry> = {}): void {
    this.#update(key, { ...changes, refused: undefined, tries: 0 } as Partial<Entry>)
    const entry = this.#find(key)
    const lane = entry && this.#options.laneOf(entry)
    if (lane === undefined) return
    this.#pauses.get(lane)?.end()
    this.#start(lane)
  }

  /** Gives an entry up. */
  discard(key: string): void {
    this.#remove(key)
    this.underway.peek().get(key)?.stop.abort()
  }

  /** An event has brought the message: it has arrived, even if the response was lost. */
  arrived(key: string): void {
    this.#remove(key)
    this.underway.peek().get(key)?.settle()
  }

  /** Tries everything that waits, for example because the network is back. */
  resume(): void {
    for (const { end } of this.#pauses.values()) end()
    for (const entry of this.entries.peek()) this.#start(this.#options.laneOf(entry))
  }

  /** Replaces the entries by what another window has stored; those that are missing have arrived or were given up. */
  replace(entries: readonly Entry[]): void {
    this.entries.value = entries
    for (const [key, { settle }] of this.underway.peek()) if (!this.#find(key)) settle()
    this.#endNeedlessPauses()
  }

  #find(key: string): Entry | undefined {
    return this.entries.peek().find((entry) => entry.key === key)
  }

  #change(next: (all: readonly Entry[]) => readonly Entry[]): void {
    // Another window may have changed what is stored.
    const all = next(this.#options.read() ?? this.entries.peek())
    this.#options.write(all)
    this.entries.value = all
  }

  #update(key: string, changes: Partial<Entry>): void {
    this.#change((all) => all.map((entry) => (entry.key === key ? { ...entry, ...changes } : entry)))
  }

  #remove(key: string): void {
    const entry = this.#find(key)
    if (!entry) return
    this.#change((all) => all.filter((other) => other.key !== key))
    this.#options.onRemoved?.(entry)
    this.#endNeedlessPauses()
  }

  #endNeedlessPauses(): void {
    for (const { key, end } of this.#pauses.values()) if (!this.#find(key)) end()
  }

  #nextOf(lane: number): Entry | undefined {
    return this.entries
      .peek()
      .find((entry) => entry.refused === undefined && this.#options.laneOf(entry) === lane)
  }

  #start(lane: number | undefined): void {
    if (lane === undefined || this.#lanes.has(lane)) return
    this.#lanes.add(lane)
    void this.#sendAll(lane).finally(() => {
      this.#lanes.delete(lane)
      if (this.#nextOf(lane)) this.#start(lane)
    })
  }

  async #sendAll(lane: number): Promise<void> {
    for (let entry = this.#nextOf(lane); entry; entry = this.#nextOf(lane)) {
      const failure = await this.#sendOne(entry)
      if (!failure) continue
      const reaction = this.#reactionTo(failure, entry)
      if (reaction === 'stop') return
      const tries = (entry.tries ?? 0) + 1
      const refused = reaction === 'refuse' ? failure.message : undefined
      this.#update(entry.key, { tries, refused } as Partial<Entry>)
      if (reaction === 'wait' && this.#find(entry.key)) {
        await this.#pause(lane, entry.key, failure.retryAfter * 1000, tries)
      }
    }
  }

  /** Returns why it failed. */
  async #sendOne(entry: Entry): Promise<CallError | undefined> {
    const { key } = entry
    const stop = new AbortController()
    try {
      const arrival = new Promise<undefined>((resolve) =>
        this.#setUnderway(key, { stop, settle: () => resolve(undefined) }),
      )
      const message = await Promise.race([this.#options.send(entry, stop), arrival])
      if (message === undefined) setTimeout(() => stop.abort(), patience)
      else if (this.#find(key)) this.#options.onSent(message)
      this.#remove(key)
      return undefined
    } catch (error) {
      return error as CallError
    } finally {
      this.#setUnderway(key, undefined)
    }
  }

  #reactionTo(error: CallError, entry: Entry): Reaction {
    return this.#options.reactionTo?.(error, entry) ?? (error.isPassing ? 'wait' : 'refuse')
  }

  #setUnderway(key: string, request: Underway | undefined): void {
    const next = new Map(this.underway.value)
    if (request) next.set(key, request)
    else next.delete(key)
    this.underway.value = next
  }

  #pause(lane: number, key: string, atLeast: number, tries: number): Promise<void> {
    const longest = Math.min(longestPause, 500 * 2 ** tries)
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#pauses.delete(lane)
        resolve()
      }
      const timer = setTimeout(end, Math.max(atLeast, longest * (0.5 + Math.random() / 2)))
      this.#pauses.set(lane, { key, end })
    })
  }
}

/** A new key of an entry. */
export function randomKey(): string {
  // Not randomUUID(): browsers have that over TLS only.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
