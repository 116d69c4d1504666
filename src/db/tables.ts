import type { Generated } from 'kysely'

/*
 * The rows as both engines keep them; the migrations make them, and say which are unique and which refer to which.
 * Times are milliseconds since 1970, booleans 0 or 1, JSON is text. Ids of what belongs to an account count from 1
 * within the account, and every key begins with `account_id`.
 */

export interface Tables {
  accounts: Account
  account_users: AccountUser
  access_tokens: AccessToken
  contact_inboxes: ContactInbox
  contacts: Contact
  conversations: Conversation
  counters: Counter
  inbox_members: InboxMember
  inboxes: Inbox
  messages: Message
  users: User
}

interface Timestamps {
  created_at: number
  updated_at: number
}

/** The last id given out of a kind, in an account. */
interface Counter {
  account_id: number
  name: string
  value: number
}

interface Account extends Timestamps {
  id: Generated<number>
  name: string
}

interface User extends Timestamps {
  id: Generated<number>
  /** Lower case. */
  email: string
  name: string
  password_hash: string
  avatar_url: string | null
}

interface AccountUser {
  account_id: number
  user_id: number
  role: 'administrator' | 'agent'
  created_at: number
}

interface AccessToken {
  id: Generated<number>
  user_id: number
  name: string
  /** SHA-256 in hex. */
  token_hash: string
  /** Comma-separated. */
  scopes: string
  expires_at: number | null
  last_used_at: number | null
  created_at: number
}

interface Inbox extends Timestamps {
  account_id: number
  id: number
  name: string
  channel_type: 'api' | 'web_widget'
  identifier: string
  webhook_url: string | null
  greeting_message: string | null
}

interface InboxMember {
  account_id: number
  inbox_id: number
  user_id: number
  created_at: number
}

interface Contact extends Timestamps {
  account_id: number
  id: number
  name: string
  email: string | null
  phone_number: string | null
  identifier: string | null
  blocked: number
  avatar_url: string | null
  custom_attributes: string
  last_activity_at: number | null
}

interface ContactInbox {
  account_id: number
  inbox_id: number
  source_id: string
  contact_id: number
  created_at: number
}

interface Conversation extends Timestamps {
  account_id: number
  id: number
  inbox_id: number
  contact_id: number
  source_id: string
  status: 'open' | 'resolved' | 'pending' | 'snoozed'
  priority: 'urgent' | 'high' | 'medium' | 'low' | null
  assignee_id: number | null
  snoozed_until: number | null
  unread_count: number
  custom_attributes: string
  /** Never goes back: a new message's `created_at` is at least this. */
  last_activity_at: number
  agent_last_seen_at: number | null
  contact_last_seen_at: number | null
  /** Grows with every change of what its messages show. */
  version: Generated<number>
}

interface Message extends Timestamps {
  account_id: number
  conversation_id: number
  id: number
  inbox_id: number
  message_type: 'incoming' | 'outgoing' | 'activity'
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  /** null once deleted. */
  content: string | null
  content_attributes: string
  status: 'sent' | 'delivered' | 'read' | 'failed'
  private: number
  sender_type: 'Contact' | 'User' | 'AgentBot' | null
  sender_id: number | null
  echo_id: string | null
  source_id: string | null
  deleted_at: number | null
  idempotency_key: string | null
  /** SHA-256 of the sender and the body that came with the key. */
  idempotency_hash: string | null
}
