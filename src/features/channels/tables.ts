declare module '../../db/tables.ts' {
  interface Tables {
    inbox_leases: InboxLease
  }
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
