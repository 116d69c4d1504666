declare module '../../db/tables.ts' {
  interface Tables {
    channel_targets: ChannelTarget
    inbox_leases: InboxLease
  }
}

/** The target of the messages that agents write in an inbox; see `deliveries/`. */
interface ChannelTarget {
  account_id: number
  inbox_id: number
  target_id: number
}

/** The node that receives the messages of an inbox. */
interface InboxLease {
  account_id: number
  inbox_id: number
  holder: string
  /** By the clock of the database. */
  expires_at: number
}

export {}
