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
  message_id: number | null
  /** The JSON that is sent. */
  data: string
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

export {}
