declare module '../db/tables.ts' {
  interface Tables {
    events: Event
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

export {}
