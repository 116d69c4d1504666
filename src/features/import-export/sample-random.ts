/** A repeatable source of random numbers: the same seed yields the same numbers on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number from 0 to 1, without 1. The generator is Mulberry32, which is fast and good enough for sample data. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** Whether an event of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  /**
   * A rank from 0 to `count` - 1: rank r is about 1 / (r + 1) as frequent as rank 0, as words are in texts and customers
   * are in a shop (Zipf's law).
   */
  rank(count: number): number {
    return Math.floor((count + 1) ** this.next()) - 1
  }

  /** A positive number, mostly near 1 and sometimes many times as large (a log-normal distribution). */
  skewed(): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
    return Math.exp(0.8 * normal - 0.32)
  }
}
