import { statfs } from 'node:fs/promises'
import { Refusal } from '../lib/errors.ts'

// Milliseconds for which the result of the file system is reused.
const interval = 1000

/** The free space on the disk that files are received on. */
export class DiskSpace {
  readonly #directory: string
  readonly #minFree: number
  #free: Promise<number> = Promise.resolve(Number.NaN)
  #measuredAt = Number.NEGATIVE_INFINITY

  /** Watches the disk of `directory`, on which `minFree` bytes must stay free. */
  constructor(directory: string, minFree: number) {
    this.#directory = directory
    this.#minFree = minFree
  }

  /** Returns the free bytes, at most a second old; NaN if the file system does not report them. */
  free(): Promise<number> {
    const now = performance.now()
    if (now - this.#measuredAt >= interval) {
      this.#measuredAt = now
      this.#free = statfs(this.#directory).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => Number.NaN,
      )
    }
    return this.#free
  }

  /** Throws `unavailable` if too few bytes are free. */
  async assertEnough(): Promise<void> {
    if ((await this.free()) < this.#minFree) {
      const sentence =
        'the disk of the server is nearly full: it accepts only messages without files at the moment'
      throw new Refusal('unavailable', sentence, { retryAfter: 600 })
    }
  }
}
