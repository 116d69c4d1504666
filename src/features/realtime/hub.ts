import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import { accessChanged, userOfAccessChange } from '../../events/access.ts'
import type { EventLog } from '../../events/log.ts'
import { type LoggedEvent, readEvents } from '../../events/read.ts'
import { logFrame } from './frames.ts'
import type { Stream } from './stream.ts'

// Events that are read from the log at once.
const batchSize = 100
// Bytes for each reader after which sockets get a turn to take them: else a burst would look like a slow reader.
const burst = 256 * 1024
// Milliseconds until the log is read again where that failed.
const retryPause = 1000

/**
 * Hands the events of one account on to its streams on this node: it alone reads the log for those that have caught up.
 * Streams come in, and access is verified, between two batches only; so each event meets a settled list of readers who
 * may hear it.
 */
export class Hub {
  readonly #queries: Queries
  readonly #accountId: number
  readonly #unwatch: () => void
  /** Everything up to here was handed on. */
  #position = 0
  readonly #streams = new Set<Stream>()
  #entering: { stream: Stream; resolve: (entered: boolean) => void }[] = []
  #running = false
  #again = false
  #closed = false

  constructor(queries: Queries, log: EventLog, accountId: number) {
    this.#queries = queries
    this.#accountId = accountId
    this.#unwatch = log.watch(accountId, () => this.#wake())
  }

  /**
   * Lets in a stream that has read the log up to its position, and since then has verified its access. False where the
   * hub is further on by now: then the stream must read on and try again.
   */
  enter(stream: Stream): Promise<boolean> {
    return new Promise((resolve) => {
      this.#entering.push({ stream, resolve })
      this.#wake()
    })
  }

  leave(stream: Stream): void {
    this.#streams.delete(stream)
  }

  close(): void {
    this.#closed = true
    this.#unwatch()
    for (const { resolve } of this.#entering.splice(0)) resolve(false)
  }

  #wake(): void {
    this.#again = true
    if (!this.#running) void this.#run()
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#again && !this.#closed) {
      this.#again = false
      this.#letIn()
      if (this.#streams.size === 0) continue
      try {
        await this.#readOn()
      } catch {
        // The database is away. Nothing is lost: the position has not moved past what was not handed on.
        setTimeout(() => this.#wake(), retryPause).unref()
      }
    }
    this.#running = false
  }

  #letIn(): void {
    for (const { stream, resolve } of this.#entering.splice(0)) {
      if (this.#streams.size === 0) this.#position = stream.position
      const entered = stream.position >= this.#position
      if (entered && stream.isOpen) this.#streams.add(stream)
      resolve(entered)
    }
  }

  async #readOn(): Promise<void> {
    const batch = await readEvents(this.#queries, this.#accountId, this.#position, batchSize)
    if (batch.length === batchSize) this.#again = true
    await this.#verify(batch)
    let bytes = 0
    for (const event of batch) {
      this.#position = event.position
      bytes += this.#handOn(event)
      if (bytes < burst) continue
      bytes = 0
      await nextTurn()
    }
  }

  /** Before any event of the batch: a reader never gets one that came after their access ended. */
  async #verify(batch: LoggedEvent[]): Promise<void> {
    const users = new Set(batch.map(userOfAccessChange))
    const contacts = new Set(batch.map(contactToVerify))
    const concerned = [...this.#streams].filter(({ userId, contactId }) =>
      userId === undefined ? contacts.has(contactId) : users.has(userId),
    )
    await Promise.all(concerned.map((stream) => stream.verify()))
  }

  /** Gives an event to all who hear it, serialised once for those who are shown it as it is; tells how many bytes each got. */
  #handOn(event: LoggedEvent): number {
    let kept: Buffer | undefined
    const frame = () => {
      kept ??= logFrame(event)
      return kept
    }
    let bytes = 0
    for (const stream of this.#streams) bytes = Math.max(bytes, stream.take(event, frame))
    return bytes
  }
}

/** The contact that an event says is gone, was merged, or has lost a secret; undefined for other events. */
function contactToVerify({ name, contact_id }: LoggedEvent): number | undefined {
  return name === 'contact_deleted' || name === accessChanged ? (contact_id ?? undefined) : undefined
}
