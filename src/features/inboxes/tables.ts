declare module '../../db/tables.ts' {
  interface Tables {
    inboxes: Inbox
    inbox_members: InboxMember
  }
}

interface Inbox {
  account_id: number
  id: number
  name: string
  /** The type of a channel of the server that wrote it; this server may not have it. */
  channel_type: string
  identifier: string
  greeting_message: string | null
  hmac_mandatory: number
  created_at: number
  updated_at: number
  /** The settings of its channel, as JSON. Secret ones are encrypted. */
  settings: string
  /** The secret that signs a customer's `identifier`. */
  hmac_token: string
}

interface InboxMember {
  account_id: number
  inbox_id: number
  user_id: number
  created_at: number
}

export {}
