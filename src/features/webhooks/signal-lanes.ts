/** Sends a signal. Must not throw. */
type Send = () => Promise<void>

/**
 * Sends signals at once, and drops those that it cannot. A receiver gets at most `most` at a time, and one after
 * another those with the same key, so that "off" cannot overtake "on". While one is being sent, only the newest with
 * its key waits: an older one is worth nothing any more. So memory is bounded, and a slow receiver cannot hold up
 * others.
 */
export class SignalLanes {
  readonly #all: number
  readonly #most: number
  /** What is being sent, by receiver and key, and what waits for it. */
  readonly #lanes = new Map<string, Map<string, { waiting: Send | undefined }>>()
  readonly #sending = new Set<Promise<void>>()
  #isStopped = false

  constructor({ all, most }: { all: number; most: number }) {
    this.#all = all
    this.#most = most
  }

  /** Sends a signal, or lets it wait. Returns whether none was dropped: neither this one nor one that it replaces. */
  offer(receiver: string, key: string, send: Send): boolean {
    const lanes = this.#lanes.get(receiver) ?? new Map<string, { waiting: Send | undefined }>()
    const lane = lanes.get(key)
    if (lane) {
      const isReplacing = lane.waiting !== undefined
      lane.waiting = send
      return !isReplacing
    }
    if (this.#isStopped || lanes.size >= this.#most || this.#sending.size >= this.#all) return false
    this.#lanes.set(receiver, lanes)
    const sending = this.#run(receiver, lanes, key, send)
    this.#sending.add(sending)
    void sending.then(() => this.#sending.delete(sending))
    return true
  }

  /** Sends nothing more, and resolves when what is being sent has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#sending)
  }

  async #run(
    receiver: string,
    lanes: Map<string, { waiting: Send | undefined }>,
    key: string,
    first: Send,
  ): Promise<void> {
    const lane: { waiting: Send | undefined } = { waiting: first }
    lanes.set(key, lane)
    while (lane.waiting && !this.#isStopped) {
      const send = lane.waiting
      lane.waiting = undefined
      await send()
    }
    lanes.delete(key)
    if (lanes.size === 0) this.#lanes.delete(receiver)
  }
}
