import type { Generated } from 'kysely'

declare module '../../db/tables.ts' {
  interface Tables {
    conversation_participants: ConversationParticipant
  }
}

/** A user who follows a conversation, or has stopped following it. */
interface ConversationParticipant {
  account_id: number
  conversation_id: number
  user_id: number
  /** Of the conversation. */
  inbox_id: number
  /** When they have stopped following it; null for a participant. Only what happens later makes them one again. */
  left_at: number | null
  /** When they have last seen messages that no agent had seen; null if never. */
  seen_at: Generated<number | null>
  /** When a note last mentioned them; null if none has. */
  mentioned_at: Generated<number | null>
  /** Of the conversation. Only triggers write it. */
  status: Generated<string>
  /** The hour of the conversation's last activity, since 1970. Only triggers write it. */
  activity_hour: Generated<number>
  created_at: number
}
