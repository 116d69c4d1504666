import { statfs } from 'node:fs/promises'
import { Refusal } from '../lib/errors.ts'

// Milliseconds between two questions to the file system.
const interval = 1000

/** The free space on the disk that files arrive on. */
export class DiskRoom {
  readonly #directory: string
  readonly #floor: number
  #free: Promise<number> = Promise.resolve(Number.NaN)
  #askedAt = Number.NEGATIVE_INFINITY

  /** On the disk of `directory`; `floor` is the bytes that must stay free of files. */
  constructor(directory: string, floor: number) {
    this.#directory = directory
    this.#floor = floor
  }

  /** Free bytes, as of at most a second ago; NaN if the system does not say. */
  free(): Promise<number> {
    const now = performance.now()
    if (now - this.#askedAt >= interval) {
      this.#askedAt = now
      this.#free = statfs(this.#directory).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => Number.NaN,
      )
    }
    return this.#free
  }

  /** Throws `unavailable` if less than the floor is free. */
  async assertRoom(): Promise<void> {
    if ((await this.free()) < this.#floor) {
      const sentence =
        'the disk of the server is nearly full: it takes no files now, only messages without files'
      throw new Refusal('unavailable', sentence, { retryAfter: 600 })
    }
  }
}
