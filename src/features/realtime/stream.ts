import type { ServerResponse } from 'node:http'
import type { LoggedEvent } from '../../events/read.ts'
import { cursorFrame, heartbeatFrame, logFrame } from './frames.ts'
import type { Subscriber } from './subscriber.ts'
import { type Access, type EventFilter, type EventHeader, matchesFilter, maySee } from './visibility.ts'

// Unread bytes after which a client is disconnected at the next event. It can then resume from its cursor.
const maxUnread = 1024 * 1024
// How long a client may take to read the last bytes, in milliseconds.
const endTimeout = 1000

interface Options {
  response: ServerResponse
  filter: EventFilter
  /** Milliseconds. */
  heartbeat: number
  /** Milliseconds between checks of the subscriber's access. */
  check: number
}

/** The open event stream of one subscriber. */
export class Stream {
  /** All events up to here have been written, or are not for this subscriber. */
  position: number
  /** The position that the client knows. */
  #cursor: number
  #access: Access
  #lastCheck = 0
  #lastResult = 0
  readonly #response: ServerResponse
  readonly #filter: EventFilter
  readonly #subscriber: Subscriber

  /** Sends `headers`, and `position` as the cursor, so that a client that disconnects before the first event can resume. */
  constructor(
    position: number,
    subscriber: Subscriber,
    headers: Record<string, number | string | string[] | undefined>,
    { response, filter, heartbeat, check }: Options,
  ) {
    this.position = position
    this.#cursor = position
    this.#subscriber = subscriber
    this.#access = subscriber.access
    this.#response = response
    this.#filter = filter
    // Chunked encoding would copy each event once more for each stream. Without it, the connection ends the response.
    response.removeHeader('transfer-encoding')
    response.writeHead(200, headers)
    response.on('error', () => {})
    this.write(cursorFrame(position))
    const timers = [
      setInterval(() => this.offer(heartbeatFrame), heartbeat).unref(),
      setInterval(() => void this.#check(), check).unref(),
    ]
    response.on('close', () => timers.forEach(clearInterval))
  }

  /** Whether events can still be written. */
  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed
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
    this.#response.once('close', listener)
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
   * `frame` returns the bytes that are shared by all subscribers that do not render the event themselves.
   */
  deliver(event: LoggedEvent, frame: () => Buffer): number {
    if (event.position <= this.position) return 0
    this.position = event.position
    const bytes = this.accepts(event) ? this.#render(event, frame) : undefined
    if (!bytes) return 0
    this.#cursor = event.position
    this.write(bytes)
    return bytes.length
  }

  #render(event: LoggedEvent, frame: () => Buffer): Buffer | undefined {
    const { render } = this.#subscriber
    if (!render) return frame()
    const data = render(event)
    return data === undefined ? undefined : logFrame({ ...event, data })
  }

  /** Continues at another position, after writing `frame`, which tells the client. */
  restart(position: number, frame: Buffer): void {
    this.position = position
    this.#cursor = position
    this.write(frame)
  }

  /** Writes a frame that the client must get. Disconnects the client if it is too slow. */
  write(frame: Buffer | string): void {
    if (!this.isOpen) return
    // Measured without this frame: one event can be larger than the limit, and the client must be able to get past it.
    if (this.#isBehind) this.#response.destroy()
    else this.#response.write(frame)
  }

  /** Writes a signal or heartbeat, unless the client is too slow. */
  offer(frame: Buffer | string): void {
    if (this.isOpen && !this.#isBehind) this.#response.write(frame)
  }

  get #isBehind(): boolean {
    return this.#response.writableLength > maxUnread
  }

  /** Whether the client reads more slowly than events come: then `drained()` waits for it. */
  get isFull(): boolean {
    return this.isOpen && this.#response.writableNeedDrain
  }

  /** Resolves when the client has read what was written, or has disconnected. */
  async drained(): Promise<void> {
    const response = this.#response
    if (!this.isFull) return
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off('drain', done).off('close', done)
        resolve()
      }
      response.on('drain', done).on('close', done)
    })
  }

  /** Reads the access of the subscriber again, and ends the stream if there is none. */
  async verify(): Promise<void> {
    const check = ++this.#lastCheck
    const access = await this.#subscriber.findAccess()
    // If a later check has already returned, this result may be outdated.
    if (check < this.#lastResult) return
    this.#lastResult = check
    if (access) this.#access = access
    else this.end()
  }

  /** Ends the stream. A client that does not read the rest is disconnected after a second. */
  end(): void {
    if (!this.isOpen) return
    this.#response.end()
    const timer = setTimeout(() => this.#response.destroy(), endTimeout)
    this.#response.once('close', () => clearTimeout(timer))
  }

  async #check(): Promise<void> {
    if (this.position > this.#cursor) {
      // Otherwise the cursor of a client that gets few events could become older than the oldest event in the log.
      this.#cursor = this.position
      this.offer(cursorFrame(this.position))
    }
    // If the database is unreachable there are no events either, and the next check verifies again.
    await this.verify().catch(() => {})
  }
}
