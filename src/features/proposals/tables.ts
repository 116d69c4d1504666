import type { ActorRef } from '../../lib/actor.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    proposals: Proposal
  }
}

interface Proposal {
  account_id: number
  id: number
  conversation_id: number
  actor_type: ActorRef['type']
  actor_id: number | null
  /** Empty once it was sent: the message has it. */
  content: string
  /** Its files, as a JSON list, as messages have them; null if it has none. */
  attachments: string | null
  /** What happens when it is sent, as a JSON list. */
  actions: string
  /** A JSON list of what the proposal is based on. */
  sources: string
  /** The last message of the conversation when it was made; 0 if there was none. */
  after_message_id: number
  status: 'pending' | 'sent' | 'refused'
  /** Why it was refused. */
  reason: string | null
  decided_by: number | null
  message_id: number | null
  expires_at: number | null
  created_at: number
  updated_at: number
}
