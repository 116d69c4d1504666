declare module '../../db/tables.ts' {
  interface Tables {
    scheduled_messages: ScheduledMessage
  }
}

interface ScheduledMessage {
  account_id: number
  id: number
  conversation_id: number
  author_id: number
  content: string
  private: number
  /** Its files, as a JSON list, as messages have them; null if it has none. */
  attachments: string | null
  send_at: number
  /** When the server has to send it, or to log that a trigger has cancelled it; null if there is nothing to do. */
  due_at: number | null
  cancel_if_contact_replies: number
  status: 'pending' | 'cancelled' | 'failed'
  /** Why it has failed; a sentence for agents. */
  reason: string | null
  /** As a message has them, without what only the server sets. */
  content_attributes: string
  /** 1 if the signature of the author follows. */
  append_signature: number
  /** 1 if the variables in the content are filled in when it is sent. */
  fill_in: number
  created_at: number
  updated_at: number
}

export {}
