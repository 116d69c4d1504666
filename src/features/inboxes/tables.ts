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
  channel_type: 'api' | 'web_widget'
  identifier: string
  webhook_url: string | null
  greeting_message: string | null
  website_url: string | null
  hmac_mandatory: number
  created_at: number
  updated_at: number
  /** How a website shows it, as JSON; null if nothing was set. */
  widget: string | null
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
