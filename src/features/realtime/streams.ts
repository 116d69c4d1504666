import { setTimeout as sleep } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import type { EventLog } from '../../events/log.ts'
import { logBounds, readEvents } from '../../events/read.ts'
import { logFrame, resetFrame } from './frames.ts'
import { Hub } from './hub.ts'
import type { Stream } from './stream.ts'

// Events that a stream reads from the log at once until it has caught up.
const pageSize = 100
// Milliseconds until the log is read again where that failed.
const retryPause = 1000

/** All open streams of this node. */
export class Streams {
  readonly #queries: Queries
  readonly #log: EventLog
  readonly #accounts = new Map<number, { hub: Hub; open: Set<Stream> }>()
  #closed = false

  constructor(queries: Queries, log: EventLog) {
    this.#queries = queries
    this.#log = log
  }

  get count(): number {
    return [...this.#accounts.values()].reduce((count, { open }) => count + open.size, 0)
  }

  /** Gives a stream what it has missed, and then what happens, until it ends. */
  add(accountId: number, stream: Stream): void {
    const { hub, open } = this.#accounts.get(accountId) ?? this.#begin(accountId)
    open.add(stream)
    stream.onEnd(() => {
      open.delete(stream)
      hub.leave(stream)
      if (open.size > 0) return
      hub.close()
      this.#accounts.delete(accountId)
    })
    if (this.#closed) stream.end()
    else void this.#catchUp(accountId, hub, stream)
  }

  /** Those of an account, also while they catch up: what is not in the log reaches them now or never. */
  of(accountId: number): Iterable<Stream> {
    return this.#accounts.get(accountId)?.open ?? []
  }

  /** Ends all, now and from now on. */
  close(): void {
    this.#closed = true
    for (const { open } of this.#accounts.values()) for (const stream of open) stream.end()
  }

  #begin(accountId: number): { hub: Hub; open: Set<Stream> } {
    const begun = { hub: new Hub(this.#queries, this.#log, accountId), open: new Set<Stream>() }
    this.#accounts.set(accountId, begun)
    return begun
  }

  /** Reads the log for this stream alone until it stands where the hub does. */
  async #catchUp(accountId: number, hub: Hub, stream: Stream): Promise<void> {
    let entered = false
    while (!entered && stream.isOpen) {
      try {
        const count = await this.#readPage(accountId, stream)
        entered = count < pageSize && (await hub.enter(stream))
      } catch {
        // The database is away. The stream stays where it is.
        await sleep(retryPause, undefined, { ref: false })
      }
    }
  }

  async #readPage(accountId: number, stream: Stream): Promise<number> {
    const page = await readEvents(this.#queries, accountId, stream.position, pageSize)
    // Only now, so that what is pruned meanwhile is noticed.
    const { oldest, newest } = await logBounds(this.#queries, accountId)
    // After the page was read: it may tell that the reader's access has ended.
    await stream.verify()
    if (stream.position < oldest || stream.position > newest) {
      stream.restart(newest, resetFrame(newest))
      return pageSize
    }
    for (const event of page) {
      stream.take(event, () => logFrame(event))
      // It has missed much, and is no slow reader for it.
      await stream.drained()
    }
    return page.length
  }
}
