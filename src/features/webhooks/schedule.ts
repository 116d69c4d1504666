import type { Resolve } from '../../lib/destination.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How deliveries are made; all times in milliseconds. */
export interface Schedule {
  now(): number
  /** After a first failure, a second ...; after the last of these a delivery is given up. */
  delays: readonly number[]
  /** By which part of a delay it may be longer or shorter, so that many do not come back at once. */
  jitter: number
  /** What a try may take. */
  timeout: number
  /** How long a try belongs to the node that began it; longer than the timeout, or two would try at the same time. */
  lease: number
  /** After so long of nothing but failure a webhook is switched off. */
  patience: number
  /** How long deliveries are kept. */
  keep: number
  /** Between two removals of what is older. */
  pruning: number
  /** How long a node that stops waits for the tries that run. */
  grace: number
  /** The tries that a node makes at a time, and those of them to one webhook. */
  tries: number
  triesOfOne: number
  /** Asked for the addresses of host names; the system if left out. */
  resolve?: Resolve
}

export const usualSchedule: Schedule = {
  now: Date.now,
  delays: [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 6 * hour, day],
  jitter: 0.2,
  timeout: 10 * second,
  lease: 30 * second,
  patience: 5 * day,
  keep: 30 * day,
  pruning: hour,
  grace: 4 * second,
  tries: 64,
  triesOfOne: 8,
}
