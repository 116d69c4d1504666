import type { Database, Queries } from '../db/database.ts'
import type { Batch } from './read.ts'

/** The next events of an account for a follower. */
export interface FollowedBatch extends Batch {
  accountId: number
  /** The position of the event before the first one. */
  after: number
}

interface Options {
  /**
   * When it begins to follow an account: at the start of its log, or at the call of `startFollowing` for the account.
   * Until that call, it costs nothing there.
   */
  from: 'start' | 'call'
  /**
   * Processes events in a transaction of their account, which also moves the cursor: both happen, or neither. It must
   * only wait for its own queries. Returns the position up to which it has processed them, if that is not the last one.
   * Throwing rolls everything back. Events for which it throws again and again are parked, one by one.
   */
  step(tx: Queries, batch: FollowedBatch): Promise<number | undefined>
  /** Is called after the commit of a step. */
  stepped?(accountId: number, database: Database): void
  /** Milliseconds between two passes over the accounts, so that many events share a step. Default: 10. */
  pause?: number
  /**
   * How long it rests after a step, compared with the time of the step; at most 100 ms. Default: 0. For steps that cost
   * less if there are more events in each, and for which nobody waits.
   */
  rest?: number
}

/** Something that processes the events of the log in their order, once each, on one node at a time. */
export interface Follower extends Options {
  /** Names its cursors in the database. */
  name: string
}

/** Declares a follower. `Feature.followers` starts it. */
export function follow(name: string, options: Options): Follower {
  return { name, ...options }
}
