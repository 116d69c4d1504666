import type { Generated } from 'kysely'
import type { Timestamps } from '../../db/tables.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    messages: Message
    guest_messages: GuestMessage
  }
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
  /** Its id in the system that it comes from: another program, a channel, or an imported file. Not unique. */
  source_id: string | null
  deleted_at: number | null
  idempotency_key: string | null
  /** SHA-256 of the sender and the body of the request with the key. */
  idempotency_hash: string | null
  /** Its attachments, as a JSON list; null if it has none. */
  attachments: Generated<string | null>
}

/** A message of a contact in the conversation of another. */
interface GuestMessage {
  account_id: number
  contact_id: number
  message_id: number
  conversation_id: number
}
