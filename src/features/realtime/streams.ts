import { setTimeout as sleep } from 'node:timers/promises'
import type { Queries } from '../../db/database.ts'
import type { EventLog } from '../../events/log.ts'
import { logBounds, readEvents } from '../../events/read.ts'
import { Hub } from './hub.ts'
import type { Stream } from './stream.ts'
import type { StreamSignal } from './stream-format.ts'

// Events in one read of the log while a stream catches up.
const pageSize = 100
// Milliseconds until the next attempt if reading the log failed.
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

  /** The number of open streams. */
  get count(): number {
    return [...this.#accounts.values()].reduce((count, { open }) => count + open.size, 0)
  }

  /** Writes to a stream the events that it has missed, and then new ones, until it ends. */
  add(accountId: number, stream: Stream): void {
    const { hub, open } = this.#accounts.get(accountId) ?? this.#addAccount(accountId)
    open.add(stream)
    stream.onEnd(() => {
      open.delete(stream)
      hub.leave(stream)
      if (open.size > 0) return
      hub.close()
      this.#accounts.delete(accountId)
    })
    if (this.#closed) stream.end('shutdown')
    else void this.#catchUp(accountId, hub, stream)
  }

  /** The streams of an account, including those that are still catching up: signals cannot be sent later. */
  of(accountId: number): Iterable<Stream> {
    return this.#accounts.get(accountId)?.open ?? []
  }

  /** Offers a signal to the streams of an account for which `isFor` is true. */
  offer(accountId: number, signal: StreamSignal, isFor: (stream: Stream) => boolean): void {
    offerSignal(accountId, signal, [...this.of(accountId)].filter(isFor))
  }

  /** Ends all streams, and those that are added from now on. */
  close(): void {
    this.#closed = true
    for (const { open } of this.#accounts.values()) for (const stream of open) stream.end('shutdown')
  }

  #addAccount(accountId: number): { hub: Hub; open: Set<Stream> } {
    const account = { hub: new Hub(this.#queries, this.#log, accountId), open: new Set<Stream>() }
    this.#accounts.set(accountId, account)
    return account
  }

  /** Reads the log for this stream alone until it has reached the position of the hub. */
  async #catchUp(accountId: number, hub: Hub, stream: Stream): Promise<void> {
    let entered = false
    let limit = pageSize
    while (!entered && stream.isOpen) {
      try {
        const { isNewest, delivered } = await this.#deliverPage(accountId, stream, limit)
        // A client that has missed many events must not be disconnected as too slow. Nothing of the page stays in memory
        // meanwhile: clients that read nothing would otherwise hold megabytes each.
        await stream.drained()
        limit = Math.min(pageSize, Math.max(4, 2 * delivered))
        entered = isNewest && (await hub.enter(stream))
      } catch {
        // The database is unreachable. The stream keeps its position.
        await sleep(retryPause, undefined, { ref: false })
      }
    }
  }

  /** Delivers the next events of the log, at most `limit`, until the client is slower than they come. */
  async #deliverPage(
    accountId: number,
    stream: Stream,
    limit: number,
  ): Promise<{ isNewest: boolean; delivered: number }> {
    const { events, hasMore } = await readEvents(this.#queries, accountId, stream.position, limit)
    // After the page, to notice events that were pruned meanwhile.
    const { oldest, newest } = await logBounds(this.#queries, accountId)
    // After the page, which can contain the event that ends the subscriber's access.
    await stream.verify()
    if (stream.position < oldest || stream.position > newest) {
      stream.restart(newest)
      return { isNewest: false, delivered: 0 }
    }
    const framesOf = await stream.format.prepare(accountId, events, (event) => stream.accepts(event))
    let delivered = 0
    for (const event of events) {
      stream.deliver(event, framesOf)
      delivered += 1
      if (stream.isFull) break
    }
    return { isNewest: delivered === events.length && !hasMore, delivered }
  }
}

/** Offers a signal to some streams of an account, to those of each format together. */
export function offerSignal(accountId: number, signal: StreamSignal, streams: readonly Stream[]): void {
  for (const [format, some] of Map.groupBy(streams, (stream) => stream.format))
    format.offer(accountId, signal, some)
}
