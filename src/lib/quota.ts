import { Refusal } from './errors.ts'

interface Options {
  /** How much of it each key may use in a window. */
  most: number
  /** Milliseconds; the window of a key begins with its first use. */
  window: number
  /** What the refusal says. */
  sentence: string
}

// Keys that are counted at once; the oldest go first.
const mostKeys = 50_000

/** Limits what each key (an inbox, a network) may use in a window of time. It is counted in the memory of this process. */
export class Quota {
  readonly #options: Options
  // In the order in which their windows end.
  readonly #windows = new Map<string, { used: number; end: number }>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Counts `amount` for `key`. Throws `too_many_requests`, without counting it, if that is more than is left. */
  take(key: string, amount = 1): void {
    const { most, sentence } = this.#options
    const window = this.#windowOf(key)
    if (window.used + amount > most) {
      const retryAfter = Math.ceil((window.end - performance.now()) / 1000)
      throw new Refusal('too_many_requests', sentence, { retryAfter })
    }
    window.used += amount
  }

  /** Takes back what was counted for something that did not happen. */
  giveBack(key: string, amount = 1): void {
    const window = this.#windows.get(key)
    if (window) window.used = Math.max(0, window.used - amount)
  }

  #windowOf(key: string) {
    const now = performance.now()
    for (const [oldest, { end }] of this.#windows) {
      if (end > now && this.#windows.size < mostKeys) break
      this.#windows.delete(oldest)
    }
    const window = this.#windows.get(key) ?? { used: 0, end: now + this.#options.window }
    this.#windows.set(key, window)
    return window
  }
}
