import type { Generated } from 'kysely'
import type { Inbox, InboxMember } from './inbox-tables.ts'
import type { AccessToken, AccountUser, Session, TokenMembership, User, UserLink } from './user-tables.ts'
import type { Webhook, WebhookAttempt, WebhookCursor, WebhookDelivery } from './webhook-tables.ts'

/*
 * The tables of both engines. The migrations create them and contain the keys and references. Times are milliseconds
 * since 1970, booleans are 0 or 1, JSON is text. The rows of an account have keys that start with `account_id`, and ids
 * that count from 1 within the account.
 */

export interface Tables {
  accounts: Account
  account_users: AccountUser
  access_tokens: AccessToken
  attempts: Attempt
  contact_inboxes: ContactInbox
  contact_secrets: ContactSecret
  contacts: Contact
  conversation_labels: ConversationLabel
  conversations: Conversation
  counters: Counter
  events: Event
  file_links: FileLinks
  files: File
  inbox_members: InboxMember
  inboxes: Inbox
  labels: Label
  messages: Message
  sessions: Session
  token_memberships: TokenMembership
  user_links: UserLink
  search_cursors: SearchCursor
  search_documents: SearchDocument
  team_members: TeamMember
  teams: Team
  users: User
  webhook_attempts: WebhookAttempt
  webhook_cursors: WebhookCursor
  webhook_deliveries: WebhookDelivery
  webhooks: Webhook
}

interface Timestamps {
  created_at: number
  updated_at: number
}

/** The last id of a kind that was used in an account. */
interface Counter {
  account_id: number
  name: string
  value: number
}

interface Account extends Timestamps {
  id: Generated<number>
  name: string
}

/** An attempt to sign in that has failed, or is still being checked. */
interface Attempt {
  /** SHA-256 in hex of the subject's name; see attempts.ts. */
  subject: string
  id: string
  created_at: number
  expires_at: number
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
  /** The name that a program has chosen; a key that nobody sees if it has none. */
  source_id: string
  contact_id: number
  created_at: number
  has_name: Generated<number>
}

/** What opens a contact at an inbox on the client API: only its SHA-256 is stored. */
interface ContactSecret {
  account_id: number
  inbox_id: number
  hash: string
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
  team_id: number | null
  snoozed_until: number | null
  unread_count: number
  custom_attributes: string
  /** Never decreases: the `created_at` of a new message is at least this. */
  last_activity_at: number
  agent_last_seen_at: number | null
  contact_last_seen_at: number | null
  /** Increases with every change of what its messages show. */
  version: Generated<number>
  /** Its `source_id` in the imported file. */
  origin_id: Generated<string | null>
}

interface Label extends Timestamps {
  account_id: number
  id: number
  title: string
  description: string | null
  color: string
  show_on_sidebar: number
}

interface ConversationLabel {
  account_id: number
  conversation_id: number
  label_id: number
}

interface Team extends Timestamps {
  account_id: number
  id: number
  name: string
  /** Lower case, because names must be unique regardless of case. */
  folded_name: string
  description: string | null
  allow_auto_assign: number
}

interface TeamMember {
  account_id: number
  team_id: number
  user_id: number
  /** When a conversation was last assigned to them automatically. */
  last_assigned_at: number | null
  created_at: number
}

/** The searchable words of a message or contact, in lower case and without accents, each once. */
interface SearchDocument {
  account_id: number
  subject: 'message' | 'contact'
  subject_id: number
  conversation_id: number | null
  /** On SQLite only: its row in the index. */
  id: Generated<number>
  words: string
}

/** The position up to which the account's events have been indexed for the search. */
interface SearchCursor {
  account_id: number
  position: number
}

interface Message extends Timestamps {
  account_id: number
  conversation_id: number
  id: number
  inbox_id: number
  message_type: 'incoming' | 'outgoing' | 'activity'
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  /** Null after deletion. */
  content: string | null
  content_attributes: string
  status: 'sent' | 'delivered' | 'read' | 'failed'
  private: number
  sender_type: 'Contact' | 'User' | 'AgentBot' | null
  sender_id: number | null
  echo_id: string | null
  /** Its `source_id` in the imported file. */
  source_id: string | null
  deleted_at: number | null
  idempotency_key: string | null
  /** SHA-256 of the sender and the body of the request with the key. */
  idempotency_hash: string | null
  /** Its attachments, as a JSON list; null if it has none. */
  attachments: Generated<string | null>
}

/** A file in the storage, or about to be stored. */
interface File {
  account_id: number
  id: number
  /** Its random name. */
  key: string
  /** Its media type, detected from its content. */
  type: string
  /** The name that the sender gave it; '' after its message is deleted. */
  name: string
  /** Bytes. */
  size: number
  thumbnail: number
  /** When it is to be removed; null while it belongs to a message. */
  due_at: number | null
  created_at: number
}

/** The secret and base URL of links to files: a single row. */
interface FileLinks {
  id: number
  /** Hex. */
  secret: string
  base_url: string
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
