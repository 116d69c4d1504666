declare module '../../db/tables.ts' {
  interface Tables {
    conversation_moves: ConversationMove
    moved_messages: MovedMessage
  }
}

/** Messages that were moved from one conversation to another: all of them by a merge, some by a split. */
interface ConversationMove {
  account_id: number
  id: number
  kind: 'merge' | 'split'
  /** The conversation that has had the messages. */
  from_id: number
  to_id: number
  /** Who has moved them; null if it was no user. */
  author_id: number | null
  status: 'moving' | 'done' | 'undoing'
  /** Messages before this one stay. */
  first_message_id: number
  /** A `Snapshot` as JSON. */
  before: string
  message_count: number
  /** Until when it can be undone, and `moved_messages` has rows of it; null once these were removed. */
  expires_at: number | null
  created_at: number
  updated_at: number
}

/** A message that was moved. */
interface MovedMessage {
  account_id: number
  move_id: number
  message_id: number
  /** The key that it had before, if the other conversation has another message with this key; otherwise null. */
  idempotency_key: string | null
}

export {}
