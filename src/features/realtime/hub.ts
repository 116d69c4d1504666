import { setImmediate as nextIteration } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import { accessChanged, userOfAccessChange } from '../../events/access.ts'
import type { EventLog } from '../../events/log.ts'
import { type LoggedEvent, readEvents } from '../../events/read.ts'
import { coalesced, type Loop } from '../../lib/loop.ts'
import type { Stream } from './stream.ts'
import type { FramesOf, StreamFormat } from './stream-format.ts'

// Events in one read of the log.
const batchSize = 100
// Bytes for each stream after which the event loop may flush sockets. Otherwise a burst would be taken for a slow client.
const burst = 256 * 1024
// Milliseconds until the next attempt if reading the log failed.
const retryPause = 1000

/**
 * Delivers the events of one account to its streams on this node. It reads the log once for all streams that have caught
 * up. Streams enter, and their access is verified, only between two batches, so the list of streams and their access do
 * not change while a batch is delivered.
 */
export class Hub {
  readonly #queries: Queries
  readonly #accountId: number
  readonly #unwatch: () => void
  /** All events up to here have been delivered. */
  #position = 0
  readonly #streams = new Set<Stream>()
  #entering: { stream: Stream; resolve: (entered: boolean) => void }[] = []
  readonly #loop: Loop

  constructor(queries: Queries, log: EventLog, accountId: number) {
    this.#queries = queries
    this.#accountId = accountId
    // If the database is unreachable, nothing is lost: the position is still that of the last delivered event.
    this.#loop = coalesced(() => this.#deliverBatch(), { retry: retryPause })
    this.#unwatch = log.watch(accountId, this.#loop.wake)
  }

  /**
   * Adds a stream that has read the log up to its position and has verified its access since. Resolves to false if the
   * hub has moved past that position meanwhile: the stream must then read on and try again.
   */
  enter(stream: Stream): Promise<boolean> {
    return new Promise((resolve) => {
      this.#entering.push({ stream, resolve })
      this.#loop.wake()
    })
  }

  /** Removes a stream. */
  leave(stream: Stream): void {
    this.#streams.delete(stream)
  }

  /** Stops following the log. */
  close(): void {
    this.#unwatch()
    void this.#loop.stop()
    for (const { resolve } of this.#entering.splice(0)) resolve(false)
  }

  #addEntering(): void {
    for (const { stream, resolve } of this.#entering.splice(0)) {
      if (this.#streams.size === 0) this.#position = stream.position
      const entered = stream.position >= this.#position
      if (entered && stream.isOpen) this.#streams.add(stream)
      resolve(entered)
    }
  }

  async #deliverBatch(): Promise<void> {
    this.#addEntering()
    if (this.#streams.size === 0) return
    const { events, hasMore } = await readEvents(this.#queries, this.#accountId, this.#position, batchSize)
    if (hasMore) this.#loop.wake()
    await this.#verify(events)
    const formats = await this.#prepare(events)
    let bytes = 0
    for (const event of events) {
      this.#position = event.position
      bytes += this.#deliver(event, formats)
      if (bytes < burst) continue
      bytes = 0
      await nextIteration()
    }
  }

  /** Runs before any event of the batch is delivered, so that no stream gets an event that came after its access ended. */
  async #verify(batch: LoggedEvent[]): Promise<void> {
    const users = new Set(batch.map(userOfAccessChange))
    const contacts = new Set(batch.map(contactToVerify))
    const affected = [...this.#streams].filter(({ userId, contactId }) =>
      userId === undefined ? contacts.has(contactId) : users.has(userId),
    )
    await Promise.all(affected.map((stream) => stream.verify()))
  }

  /** Returns how each format of the streams creates the frames of these events. */
  async #prepare(events: LoggedEvent[]): Promise<Formats> {
    const prepare = async ([format, streams]: [StreamFormat, Stream[]]) => {
      const isAccepted = (event: LoggedEvent) => streams.some((stream) => stream.accepts(event))
      return [format, await format.prepare(this.#accountId, events, isAccepted)] as const
    }
    const byFormat = Map.groupBy(this.#streams, ({ format }) => format)
    return new Map(await Promise.all([...byFormat].map(prepare)))
  }

  /** Writes an event to all streams that may see it, and returns the largest number of bytes that one of them got. */
  #deliver(event: LoggedEvent, formats: Formats): number {
    let bytes = 0
    for (const stream of this.#streams)
      bytes = Math.max(bytes, stream.deliver(event, formats.get(stream.format)!))
    return bytes
  }
}

type Formats = Map<StreamFormat, FramesOf>

/** The contact whose access an event may end: it was deleted or merged, or lost a secret. Undefined for other events. */
function contactToVerify({ name, contact_id }: LoggedEvent): number | undefined {
  return name === 'contact_deleted' || name === accessChanged ? (contact_id ?? undefined) : undefined
}
