import { EventStreamParser } from '../../sdk/typescript/src/event-stream-parser.ts'
import type { ErrorCode } from '../../src/lib/error-codes.ts'

/** What happens on a subscription. */
export interface Callbacks {
  /** Called for each event once and in order; `id` is undefined for events that are not stored (typing, presence). */
  onEvent(event: { id: string | undefined; name: string; data: unknown }): void
  /** Events are missing that the server no longer has: fetch again what is shown. */
  onReset?(): void
  /** The connection was opened or lost. It is opened again without a call. */
  onConnection?(isConnected: boolean): void
  /** The server will refuse another try, too (for example because the token has expired): the subscription has ended. */
  onRefused?(status: number, code: ErrorCode | undefined): void
}

export interface Options {
  /** The URL of the events, such as `/api/v1/accounts/1/events`; its query may filter them. */
  url: string
  /** An access token; without one, the cookies of the page are sent. */
  token?: string
  /** The cursor to resume after; without one, it starts with new events. */
  after?: string
  /** Milliseconds without a byte after which a connection counts as dead; the server sends something every 15 s. */
  silence?: number
  /** Milliseconds before the second try. The pause doubles with each try, up to `longestPause`. */
  pause?: number
  longestPause?: number
}

export interface Subscription {
  /** The value of `after` with which another subscription continues here. */
  readonly cursor: string | undefined
  /**
   * Call it when the page or the network may have slept: reconnects at once instead of after the pause or the silence
   * that a timer measures, because timers do not count the time that a computer sleeps.
   */
  wake(): void
  close(): void
}

/** Delivers the events of an account until it is closed, and reconnects when the connection breaks. Runs in browsers and Node. */
export function subscribe(options: Options, callbacks: Callbacks): Subscription {
  return new Listening(options, callbacks)
}

class Listening implements Subscription {
  readonly #options: Required<Pick<Options, 'url' | 'silence' | 'pause' | 'longestPause'>> & Options
  readonly #callbacks: Callbacks
  #cursor: string | undefined
  #tries = 0
  #closed = false
  #connection: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #alive: ReturnType<typeof watch> | undefined

  constructor(options: Options, callbacks: Callbacks) {
    this.#options = { silence: 40_000, pause: 500, longestPause: 30_000, ...options }
    this.#callbacks = callbacks
    this.#cursor = options.after
    void this.#connect()
  }

  get cursor(): string | undefined {
    return this.#cursor
  }

  wake(): void {
    this.#alive?.check()
    if (!this.#timer || this.#closed) return
    clearTimeout(this.#timer)
    void this.#connect()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#connection?.abort()
  }

  async #connect(): Promise<void> {
    const connection = new AbortController()
    this.#connection = connection
    this.#timer = undefined
    let wait = 0
    let isConnected = false
    const alive = watch(this.#options.silence, () => connection.abort())
    this.#alive = alive
    try {
      const response = await fetch(this.#options.url, {
        headers: this.#headers(),
        cache: 'no-store',
        signal: connection.signal,
      })
      if (response.status === 200 && response.body && isStream(response)) {
        isConnected = true
        this.#call(() => this.#callbacks.onConnection?.(true))
        await this.#read(response.body, alive.beat)
      } else {
        if (isFinal(response.status)) return await this.#refuse(response)
        void response.body?.cancel().catch(() => {})
        wait = 1000 * (Number(response.headers.get('retry-after')) || 0)
      }
    } catch {
      // Cut off, not reachable, or silent for too long: it is tried again in all cases.
    } finally {
      alive.stop()
      this.#alive = undefined
      connection.abort()
      if (isConnected) this.#call(() => this.#callbacks.onConnection?.(false))
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#connect(), Math.max(wait, this.#pause()))
  }

  #headers(): Record<string, string> {
    const { token } = this.#options
    return {
      accept: 'text/event-stream',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(this.#cursor === undefined ? {} : { 'last-event-id': this.#cursor }),
    }
  }

  /** With jitter: otherwise all clients that a server has lost would come back at the same moment. */
  #pause(): number {
    const { pause, longestPause } = this.#options
    const longest = Math.min(longestPause, pause * 2 ** this.#tries)
    this.#tries += 1
    return longest * (0.5 + Math.random() / 2)
  }

  async #read(body: ReadableStream<Uint8Array>, beat: () => void): Promise<void> {
    const parser = new EventStreamParser()
    const decoder = new TextDecoder()
    const reader = body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      beat()
      for (const block of parser.push(decoder.decode(value, { stream: true }))) {
        if (this.#closed) return
        this.#take(block)
      }
    }
  }

  #take({ id, name, data }: { id: string | undefined; name: string; data: string | undefined }): void {
    // The connection works, so the next break begins with a short pause.
    this.#tries = 0
    const isReset = name === 'reset'
    if (id !== undefined) {
      const isKnown = this.#cursor !== undefined && Number(id) <= Number(this.#cursor)
      // A reset may have a lower id, if the server was restored from a backup.
      if (isKnown && !isReset) return
      this.#cursor = id
    }
    if (data === undefined) return
    if (isReset) return this.#call(() => this.#callbacks.onReset?.())
    const event = { id, name, data: JSON.parse(data) as unknown }
    this.#call(() => this.#callbacks.onEvent(event))
  }

  async #refuse(response: Response): Promise<void> {
    // A proxy may have responded, with a page of its own.
    const body = (await response.json().catch(() => null)) as { code?: ErrorCode } | null
    if (this.#closed) return
    this.#closed = true
    this.#call(() => this.#callbacks.onRefused?.(response.status, body?.code))
  }

  /** An error of the caller must reach the caller's error handling, and not end the connection. */
  #call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

/** Calls back when nothing has arrived for a while. */
function watch(silence: number, onSilence: () => void) {
  // A page that was suspended runs its timers before it reads what has arrived: give it time to read.
  const doubt = () => {
    timer = setTimeout(onSilence, Math.min(1000, silence / 4))
  }
  let timer = setTimeout(doubt, silence)
  let last = Date.now()
  return {
    beat() {
      clearTimeout(timer)
      timer = setTimeout(doubt, silence)
      last = Date.now()
    },
    /** Compares the clock, which goes on while timers stand still. */
    check() {
      if (Date.now() - last < silence / 2) return
      clearTimeout(timer)
      doubt()
    },
    stop: () => clearTimeout(timer),
  }
}

function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
}

/** Rate limits, timeouts and faults of the server pass; any other refusal would be repeated. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}
