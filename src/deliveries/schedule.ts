const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** When and how often a sender attempts its deliveries. All times are in milliseconds. */
export interface Schedule {
  /**
   * The delays after the first failure, the second, and so on. A delivery that fails after the last one is given up.
   */
  delays: readonly number[]
  /** The fraction by which a delay varies at random, so that many deliveries are not retried at once. */
  jitter: number
  /** How long an attempt may take. */
  timeout: number
  /**
   * How long an attempt belongs to a node. Longer than the timeout, or two nodes could make the same attempt at once.
   */
  lease: number
  /** A target that has only failed for this time is switched off. */
  disableAfter: number
}

/** What applies to the deliveries of all senders. All times are in milliseconds. */
export interface Limits {
  now(): number
  /** How long deliveries are stored. */
  retention: number
  /** The time between two removals of older deliveries. */
  pruneInterval: number
  /** How long a node that stops waits for running attempts. */
  grace: number
  /** How many attempts a node makes at a time, in total and to one target. */
  concurrency: number
  concurrencyPerTarget: number
}

export const defaultSchedule: Schedule = {
  delays: [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 6 * hour, day],
  jitter: 0.2,
  timeout: 10 * second,
  lease: 30 * second,
  disableAfter: 5 * day,
}

export const defaultLimits: Limits = {
  now: Date.now,
  retention: 30 * day,
  pruneInterval: hour,
  grace: 4 * second,
  concurrency: 64,
  concurrencyPerTarget: 8,
}
