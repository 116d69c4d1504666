import { errorOf } from './error.ts'
import { type Block, EventStreamParser } from './event-stream-parser.ts'
import { backoff, pause } from './pause.ts'
import { queryOf, type Transport } from './transport.ts'

/** What to follow, and from where. */
export interface StreamOptions {
  /** Resumes after this cursor. Without it, the stream begins with what happens from now on. */
  after?: string | number | undefined
  /** Only events of this conversation. */
  conversation_id?: number
  /** Only events and signals with these names. */
  events?: readonly string[]
  /** Ends the stream: its iteration ends without an error. */
  signal?: AbortSignal
  /** Called when the connection was opened or lost. It is opened again without a call. */
  onConnection?: (isConnected: boolean) => void
  /** Milliseconds without a byte after which the connection counts as dead, by default 40,000. */
  silence?: number
}

const longestPause = 30_000

/**
 * The events of an account or a contact, each once and in order. Iterate over it; it reconnects by itself, and resumes where
 * it was. `{ event: 'reset' }` says that events are missing which the server no longer has: fetch again what you show. The
 * iteration throws NdotoError if the server refuses the stream for good.
 */
export class EventStream<Event> implements AsyncIterable<Event> {
  readonly #transport: Transport
  readonly #path: string
  readonly #options: StreamOptions
  #cursor: string | undefined
  #tries = 0

  constructor(transport: Transport, path: string, options: StreamOptions = {}) {
    this.#transport = transport
    this.#path = path
    this.#options = options
    this.#cursor = options.after === undefined ? undefined : String(options.after)
  }

  /** The position after the event that you got last: the `after` of a stream that continues there. */
  get cursor(): string | undefined {
    return this.#cursor
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, void> {
    const { signal } = this.#options
    while (!signal?.aborted) {
      let wait = 0
      const connection = new AbortController()
      const stop = () => connection.abort()
      signal?.addEventListener('abort', stop)
      try {
        const response = await this.#open(connection.signal)
        if (response.status === 200 && response.body && isStream(response)) {
          yield* this.#read(response.body, stop)
        } else {
          wait = 1000 * (await this.#assertPassing(response))
        }
      } catch (error) {
        // Cut off, not reachable, or silent for too long: it is tried again in all cases.
        if (!signal?.aborted && !(error instanceof Lost)) throw error
      } finally {
        // Also when the caller leaves the loop.
        signal?.removeEventListener('abort', stop)
        stop()
      }
      const next = Math.max(wait, backoff(this.#transport.settings.pause ?? 500, this.#tries++, longestPause))
      await pause(next, signal).catch(() => {})
    }
  }

  #open(signal: AbortSignal): Promise<Response> {
    const { conversation_id, events } = this.#options
    const { settings, headers, url } = this.#transport
    const { fetch: send = fetch } = settings
    return send(`${url}${this.#path}${queryOf({ conversation_id, events })}`, {
      headers: {
        ...headers,
        accept: 'text/event-stream',
        ...(this.#cursor === undefined ? {} : { 'last-event-id': this.#cursor }),
      },
      cache: 'no-store',
      signal,
    }).catch(lose)
  }

  /** Throws NdotoError if another attempt would be refused, too. Returns the seconds to wait. */
  async #assertPassing(response: Response): Promise<number> {
    const { status } = response
    const text = await response.text().catch(lose)
    const error = errorOf(response, text)
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) throw error
    return error.retryAfter
  }

  async *#read(body: ReadableStream<Uint8Array>, stop: () => void): AsyncGenerator<Event, void, void> {
    const { silence = 40_000, onConnection } = this.#options
    const parser = new EventStreamParser()
    const decoder = new TextDecoder()
    const reader = body.getReader()
    onConnection?.(true)
    try {
      for (;;) {
        // Only while it reads: a caller who takes long for an event is not a dead connection.
        const timer = setTimeout(stop, silence)
        const read = reader.read().finally(() => clearTimeout(timer))
        const { done, value } = await read.catch(lose)
        if (done) return
        for (const block of parser.push(decoder.decode(value, { stream: true }))) yield* this.#take(block)
      }
    } finally {
      onConnection?.(false)
    }
  }

  *#take({ id, name, data }: Block): Generator<Event, void, void> {
    // The connection works, so the next break begins with a short pause.
    this.#tries = 0
    if (id !== undefined) {
      const isKnown = this.#cursor !== undefined && Number(id) <= Number(this.#cursor)
      // A reset may have a lower id, if the server was restored from a backup.
      if (isKnown && name !== 'reset') return
      this.#cursor = id
    }
    if (data !== undefined && !this.#options.signal?.aborted) yield JSON.parse(data) as Event
  }
}

/** A connection that was lost or not made. Errors of the caller's own code are not this. */
class Lost extends Error {}

function lose(cause: unknown): never {
  throw new Lost('The connection was lost.', { cause })
}

function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
}
