import type { ServerResponse } from 'node:http'
import type { LoggedEvent } from '../../events/read.ts'
import { cursorFrame, heartbeatFrame, logFrame } from './frames.ts'
import { type Access, isWanted, mayHear, type Narrowing, type Told } from './hearing.ts'
import type { Reader } from './reader.ts'

// Bytes that a reader may leave untaken. With more, it is disconnected at the next event and resumes with its cursor.
const mostUntaken = 1024 * 1024
// How long a reader may take for the last bytes, in milliseconds.
const lastBytes = 1000

interface Options {
  response: ServerResponse
  narrowing: Narrowing
  /** Milliseconds. */
  heartbeat: number
}

/** An open stream of one reader. Its response belongs to it alone. */
export class Stream {
  /** Everything up to here was given to the reader, or is not for them. */
  position: number
  #told: number
  #access: Access
  #asked = 0
  #answered = 0
  readonly #response: ServerResponse
  readonly #narrowing: Narrowing
  readonly #reader: Reader
  readonly #timer: NodeJS.Timeout

  /** Sends `headers`, and `position` as the cursor, so that who loses it before the first event can resume. */
  constructor(
    position: number,
    reader: Reader,
    headers: Record<string, number | string | string[] | undefined>,
    { response, narrowing, heartbeat }: Options,
  ) {
    this.position = position
    this.#told = position
    this.#reader = reader
    this.#access = reader.access
    this.#response = response
    this.#narrowing = narrowing
    // Each event would be framed once more for each reader: the end of the connection is the end of the answer.
    response.removeHeader('transfer-encoding')
    response.writeHead(200, headers)
    response.on('error', () => {})
    this.write(cursorFrame(position))
    this.#timer = setInterval(() => void this.#beat(), heartbeat).unref()
    response.on('close', () => clearInterval(this.#timer))
  }

  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed
  }

  /** The user whose stream it is; undefined where a contact's. */
  get userId(): number | undefined {
    return 'userId' in this.#access ? this.#access.userId : undefined
  }

  /** The contact whose stream it is; undefined where a user's. */
  get contactId(): number | undefined {
    return 'contactId' in this.#access ? this.#access.contactId : undefined
  }

  /** Calls back once when it is over, whoever ended it. */
  onEnd(listener: () => void): void {
    this.#response.once('close', listener)
  }

  /** Whether the reader may hear of an event and wants to. */
  hears(event: Told): boolean {
    return mayHear(this.#access, event) && this.wants(event)
  }

  wants(event: Told): boolean {
    return isWanted(this.#narrowing, event)
  }

  /**
   * Gives an event of the log, once, where it is for this reader; tells how many bytes that are. `frame` makes or keeps
   * those that all get who are shown it as it is.
   */
  take(event: LoggedEvent, frame: () => Buffer): number {
    if (event.position <= this.position) return 0
    this.position = event.position
    const bytes = this.hears(event) ? this.#shown(event, frame) : undefined
    if (!bytes) return 0
    this.#told = event.position
    this.write(bytes)
    return bytes.length
  }

  #shown(event: LoggedEvent, frame: () => Buffer): Buffer | undefined {
    const { show } = this.#reader
    if (!show) return frame()
    const data = show(event)
    return data === undefined ? undefined : logFrame({ ...event, data })
  }

  /** Goes on at another position; `frame` tells the reader. */
  restart(position: number, frame: Buffer): void {
    this.position = position
    this.#told = position
    this.write(frame)
  }

  /** Writes what must not be missing from the stream. */
  write(frame: Buffer | string): void {
    if (!this.isOpen) return
    // Measured before this frame: one event may be larger than the limit, and a reader must be able to get past it.
    if (this.#isBehind) this.#response.destroy()
    else this.#response.write(frame)
  }

  /** Writes what a reader who is behind can do without: signals and heartbeats. */
  offer(frame: Buffer | string): void {
    if (this.isOpen && !this.#isBehind) this.#response.write(frame)
  }

  get #isBehind(): boolean {
    return this.#response.writableLength > mostUntaken
  }

  /** Resolves when the reader has taken what was written, or is gone. */
  async drained(): Promise<void> {
    const response = this.#response
    if (!this.isOpen || !response.writableNeedDrain) return
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off('drain', done).off('close', done)
        resolve()
      }
      response.on('drain', done).on('close', done)
    })
  }

  /** Looks again who the reader is and what they may hear, and ends where that is nothing. */
  async verify(): Promise<void> {
    const asked = ++this.#asked
    const access = await this.#reader.findAccess()
    // An answer that was overtaken by that to a later question may be out of date.
    if (asked < this.#answered) return
    this.#answered = asked
    if (access) this.#access = access
    else this.end()
  }

  /** Ends it; a reader who does not take the rest is cut off in a second. */
  end(): void {
    if (!this.isOpen) return
    this.#response.end()
    const late = setTimeout(() => this.#response.destroy(), lastBytes)
    this.#response.once('close', () => clearTimeout(late))
  }

  async #beat(): Promise<void> {
    this.offer(heartbeatFrame)
    if (this.position > this.#told) {
      // Else the cursor of a reader to whom little is told would grow older than the log.
      this.#told = this.position
      this.offer(cursorFrame(this.position))
    }
    // The database is away: then there is nothing to hear either, and the next beat asks again.
    await this.verify().catch(() => {})
  }
}
