/**
 * The tries that may run at a time: `all` of them, and `most` to one receiver. The fewer are free, the fewer one
 * receiver gets: a slow one cannot take what the others need, and who has none gets one as long as one is free.
 */
export class Slots {
  readonly #all: number
  readonly #most: number
  readonly #taken = new Map<string, number>()
  #free: number

  constructor(all: number, most: number) {
    this.#all = all
    this.#most = most
    this.#free = all
  }

  get isIdle(): boolean {
    return this.#free === this.#all
  }

  /** Takes as many as a receiver may have more, at most `most` together; `short` says that others have them. */
  take(receiver: string, most = this.#most): { count: number; short: boolean } {
    const taken = this.#taken.get(receiver) ?? 0
    const own = Math.min(most, this.#most) - taken
    // Of the first half; the other half is given out one by one.
    const half = this.#all / 2
    const share = Math.max(1, Math.ceil((this.#most * (this.#free + taken - half)) / half)) - taken
    const count = Math.max(0, Math.min(own, share, this.#free))
    this.#change(receiver, count)
    return { count, short: count < own }
  }

  give(receiver: string, count: number): void {
    this.#change(receiver, -count)
  }

  #change(receiver: string, by: number): void {
    const taken = (this.#taken.get(receiver) ?? 0) + by
    if (taken === 0) this.#taken.delete(receiver)
    else this.#taken.set(receiver, taken)
    this.#free -= by
  }
}
