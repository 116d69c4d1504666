import type { Resolve } from '../../lib/destination.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** When and how often deliveries are attempted. All times are in milliseconds. */
export interface Schedule {
  now(): number
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
  /** A webhook that has only failed for this time is switched off. */
  disableAfter: number
  /** How long deliveries are stored. */
  retention: number
  /** The time between two removals of older deliveries. */
  pruneInterval: number
  /** How long a node that stops waits for running attempts. */
  grace: number
  /** How many attempts a node makes at a time, in total and to one webhook. */
  concurrency: number
  concurrencyPerWebhook: number
  /** Resolves host names; the resolver of the system if left out. */
  resolve?: Resolve
}

export const defaultSchedule: Schedule = {
  now: Date.now,
  delays: [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 6 * hour, day],
  jitter: 0.2,
  timeout: 10 * second,
  lease: 30 * second,
  disableAfter: 5 * day,
  retention: 30 * day,
  pruneInterval: hour,
  grace: 4 * second,
  concurrency: 64,
  concurrencyPerWebhook: 8,
}
