import type { Queries } from '../db/database.ts'
import type { LoggedEvent } from '../events/read.ts'
import type { Schedule } from './schedule.ts'

/** A target that an event is to be delivered to. */
export interface Match {
  targetId: number
  /**
   * Deliveries of the target with the same number are sent one after another, in the order of their events. Null: this
   * one waits for no other, and no other for it.
   */
  orderKey: number | null
}

/** A delivery that is about to be sent. */
export interface Delivery {
  accountId: number
  targetId: number
  /** As the log has it now: content that was erased in the meantime is gone. */
  event: LoggedEvent
  /** The number of the attempt, from 1. */
  attempt: number
  /** When the attempt started, in milliseconds since 1970. */
  at: number
  /** How long it may take, in milliseconds. */
  timeout: number
}

/** How an attempt ended. */
export type Outcome = {
  /** The status of the response, if the receiver speaks HTTP. */
  code?: number | null
  /** The beginning of the response. */
  answer?: string
} & (
  | {
      state: 'sent'
      /** What the receiver calls it. */
      sourceId?: string
      /** More that `finished` has to know about it. */
      attributes?: Record<string, unknown>
    }
  | {
      /** Repeated after the next delay of the schedule, which counts as a failure of the target. */
      state: 'retry'
      /** A word, or a sentence. */
      reason: string
      /** At least so many milliseconds from now. */
      after?: number
    }
  | {
      /** Nothing was attempted, because it is too early. Attempted after so many milliseconds. */
      state: 'early'
      after: number
    }
  | {
      /** Given up: the receiver will never take this event. It says nothing about others. */
      state: 'failed'
      /** A word, or a sentence. */
      reason: string
    }
)

/** How a delivery ended: `failed` also after the last of its retries. */
export type FinalOutcome = Exclude<Outcome, { state: 'retry' | 'early' }>

/**
 * A kind of receiver, such as webhooks. A feature creates a target for each receiver (`targets.ts`), and `Feature.senders`
 * names its sender. `Settings` is what the sender has to know about a target.
 */
export interface Sender<Settings = unknown> {
  /** Is stored with its targets. */
  name: string
  /** Replaces parts of the default schedule. */
  schedule?: Partial<Schedule>
  /**
   * Reads the rules of the account's targets. Returns a function that decides which of them get one of the events; those
   * that are switched off or newer than the event are left out afterwards.
   */
  targets(
    tx: Queries,
    accountId: number,
    events: readonly LoggedEvent[],
  ): Promise<(event: LoggedEvent) => Match[]>
  /**
   * Reads the settings of some targets, by id. One that is missing no longer exists. A sender without settings leaves
   * this out.
   */
  settings?(tx: Queries, accountId: number, targetIds: readonly number[]): Promise<Map<number, Settings>>
  /**
   * Makes one attempt. It must end soon after `signal` is aborted: another node may then begin the next attempt. Throwing
   * is a bug, and counts as a failed attempt, unless the database is unavailable: then the attempt is repeated when its
   * lease ends.
   */
  send(delivery: Delivery, settings: Settings, signal: AbortSignal): Promise<Outcome>
  /** Is called in the transaction that records the end of a delivery. It must only wait for its own queries. */
  finished?(tx: Queries, delivery: Delivery, outcome: FinalOutcome): Promise<void>
}
