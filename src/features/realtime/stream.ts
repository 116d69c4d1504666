import type { LoggedEvent } from '../../events/read.ts'
import type { FramesOf, StreamFormat } from './stream-format.ts'
import type { Subscriber } from './subscriber.ts'
import type { EndReason, Transport } from './transport.ts'
import { type Access, type EventFilter, type EventHeader, matchesFilter, maySee } from './visibility.ts'

// Unread bytes after which a client is disconnected at the next event. It can then resume from its cursor.
const maxUnread = 1024 * 1024
// How long a client may take to read the last bytes, in milliseconds.
const endTimeout = 1000

export interface StreamOptions {
  transport: Transport
  format: StreamFormat
  filter: EventFilter
  /** Milliseconds between checks of the subscriber's access. */
  check: number
}

/** The open event stream of one subscriber. */
export class Stream {
  /** All events up to here have been written, or are not for this subscriber. */
  position: number
  readonly format: StreamFormat
  /** The position that the client knows. */
  #cursor: number
  #access: Access
  #lastCheck = 0
  #lastResult = 0
  readonly #transport: Transport
  readonly #filter: EventFilter
  readonly #subscriber: Subscriber

  constructor(position: number, subscriber: Subscriber, { transport, format, filter, check }: StreamOptions) {
    this.position = position
    this.format = format
    this.#cursor = position
    this.#subscriber = subscriber
    this.#access = subscriber.access
    this.#transport = transport
    this.#filter = filter
    const timer = setInterval(() => void this.#check(), check).unref()
    transport.onEnd(() => clearInterval(timer))
  }

  /** Whether events can still be written. */
  get isOpen(): boolean {
    return this.#transport.isOpen
  }

  /** The id of the user; undefined if it is the stream of a contact. */
  get userId(): number | undefined {
    return 'userId' in this.#access ? this.#access.userId : undefined
  }

  /** The id of the contact; undefined if it is the stream of a user. */
  get contactId(): number | undefined {
    return 'contactId' in this.#access ? this.#access.contactId : undefined
  }

  /** The inbox of the contact; undefined if it is the stream of a user. */
  get inboxId(): number | undefined {
    return 'contactId' in this.#access ? this.#access.inboxId : undefined
  }

  /** Calls `listener` once when the stream has ended, from either side. */
  onEnd(listener: () => void): void {
    this.#transport.onEnd(listener)
  }

  /** Whether the subscriber may see an event, and has asked for it. */
  accepts(event: EventHeader): boolean {
    return maySee(this.#access, event) && this.matchesFilter(event)
  }

  /** Whether the subscriber has asked for an event. */
  matchesFilter(event: EventHeader): boolean {
    return matchesFilter(this.#filter, event)
  }

  /**
   * Writes an event of the log if the subscriber accepts it and has not got it yet. Returns the number of bytes written.
   * `framesOf` returns the bytes of the event in the format of the stream.
   */
  deliver(event: LoggedEvent, framesOf: FramesOf): number {
    if (event.position <= this.position) return 0
    this.position = event.position
    const frames = this.accepts(event) ? framesOf(event) : []
    if (frames.length === 0) return 0
    this.#cursor = event.position
    let bytes = 0
    for (const frame of frames) {
      this.write(frame)
      bytes += frame.length
    }
    return bytes
  }

  /** Continues at another position, and tells the client that events are missing. */
  restart(position: number): void {
    this.position = position
    this.#cursor = position
    const frame = this.format.reset?.(position)
    if (frame) this.write(frame)
  }

  /** Writes a frame that the client must get. Disconnects the client if it is too slow. */
  write(frame: Buffer): void {
    if (!this.isOpen) return
    // Measured without this frame: one event can be larger than the limit, and the client must be able to get past it.
    if (this.#isBehind) this.#transport.destroy()
    else this.#transport.write(frame)
  }

  /** Writes a signal or heartbeat, unless the client is too slow. */
  offer(frame: Buffer): void {
    if (this.isOpen && !this.#isBehind) this.#transport.write(frame)
  }

  get #isBehind(): boolean {
    return this.#transport.unread > maxUnread
  }

  /** Whether the client reads more slowly than events come: then `drained()` waits for it. */
  get isFull(): boolean {
    return this.isOpen && this.#transport.isFull
  }

  /** Resolves when the client has read what was written, or has disconnected. */
  async drained(): Promise<void> {
    if (this.isFull) await this.#transport.drained()
  }

  /** Reads the access of the subscriber again, and ends the stream if there is none. */
  async verify(): Promise<void> {
    const check = ++this.#lastCheck
    const access = await this.#subscriber.findAccess()
    // If a later check has already returned, this result may be outdated.
    if (check < this.#lastResult) return
    this.#lastResult = check
    if (access) this.#access = access
    else this.end('access')
  }

  /** Ends the stream. A client that does not read the rest is disconnected after a second. */
  end(reason: EndReason): void {
    if (!this.isOpen) return
    this.#transport.end(reason)
    const timer = setTimeout(() => this.#transport.destroy(), endTimeout)
    this.#transport.onEnd(() => clearTimeout(timer))
  }

  async #check(): Promise<void> {
    if (this.position > this.#cursor) {
      // Otherwise the cursor of a client that gets few events could become older than the oldest event in the log.
      this.#cursor = this.position
      const frame = this.format.cursor?.(this.position)
      if (frame) this.offer(frame)
    }
    // If the database is unreachable there are no events either, and the next check verifies again.
    await this.verify().catch(() => {})
  }
}
