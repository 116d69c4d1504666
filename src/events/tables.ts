import type { ActorRef } from '../lib/actor.ts'

declare module '../db/tables.ts' {
  interface Tables {
    events: Event
    followers: FollowerCursor
    parked_events: ParkedEvent
  }
}

interface Event {
  account_id: number
  /** On PostgreSQL null until just before the commit, when a trigger assigns it. */
  position: number | null
  name: string
  /** Who may see it. `everyone`: agents and the contact; `server`: only this program. */
  audience: 'agents' | 'everyone' | 'server'
  conversation_id: number | null
  inbox_id: number | null
  contact_id: number | null
  /** The message that it is about, or contains: deleting the message erases it here, too. */
  message_id: number | null
  /** What happened, as JSON. With the next four columns it is what subscribers get. */
  data: string
  /** Null in events that were written before the database format 17; see `old-events.ts`. */
  actor_type: ActorRef['type'] | null
  actor_id: number | null
  /** A `Cause` as JSON. */
  cause: string | null
  /** The previous values of the fields that have changed, as JSON. Only agents may see it. */
  before: string | null
  created_at: number
}

/** The position up to which a follower has processed the account's events. */
interface FollowerCursor {
  account_id: number
  /** The name of the follower. */
  name: string
  position: number
}

/** An event that a follower has given up after several errors. */
interface ParkedEvent {
  account_id: number
  follower: string
  position: number
  /** The last error. */
  error: string
  created_at: number
}
