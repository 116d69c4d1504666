/**
 * Limits the attempts that run at a time: to `all` in total, and to `most` for one receiver. The fewer slots are free,
 * the smaller is the share of each receiver. A slow receiver therefore cannot take the slots that others need, and a
 * receiver without any gets one as long as one is free.
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

  get free(): number {
    return this.#free
  }

  /** How many further slots a receiver could have if no other had any. It may have `most` in total. */
  room(receiver: string, most = this.#most): number {
    return Math.max(0, Math.min(most, this.#most) - (this.#taken.get(receiver) ?? 0))
  }

  /**
   * Takes as many further slots as the receiver may have, at most `wanted`, and at most `most` in total. Returns their
   * number. `isShort` is true if it gets fewer because other receivers occupy them.
   */
  take(
    receiver: string,
    most = this.#most,
    wanted = Number.POSITIVE_INFINITY,
  ): { count: number; isShort: boolean } {
    const taken = this.#taken.get(receiver) ?? 0
    const own = Math.min(this.room(receiver, most), wanted)
    // Shares come from the first half of the slots; those of the other half are handed out one by one.
    const half = this.#all / 2
    const share = Math.max(1, Math.ceil((this.#most * (this.#free + taken - half)) / half)) - taken
    const count = Math.max(0, Math.min(own, share, this.#free))
    this.#change(receiver, count)
    return { count, isShort: count < own }
  }

  /** Returns slots that a receiver had. */
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
