declare module '../../db/tables.ts' {
  interface Tables {
    visits: Visit
  }
}

/** Where a contact was last seen, for each inbox. Contacts and browsers say all of it: nothing is verified. */
interface Visit {
  account_id: number
  contact_id: number
  inbox_id: number
  page_url: string | null
  page_title: string | null
  referrer_url: string | null
  language: string | null
  user_agent: string | null
  /** Milliseconds. */
  seen_at: number
}

export {}
