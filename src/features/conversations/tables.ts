import type { Generated } from 'kysely'
import type { Timestamps } from '../../db/tables.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    conversations: Conversation
    conversation_labels: ConversationLabel
    conversation_counts: ConversationCount
    unattended_conversations: UnattendedConversation
  }
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
  /** The bot that it is assigned to: then it is assigned to no user. The bot may have been deleted. */
  assignee_bot_id: Generated<number | null>
  team_id: number | null
  snoozed_until: number | null
  unread_count: number
  custom_attributes: string
  additional_attributes: Generated<string>
  /** Never decreases: the `created_at` of a new message is at least this. */
  last_activity_at: number
  agent_last_seen_at: number | null
  contact_last_seen_at: number | null
  /** Increases with every change of what its messages show. */
  version: Generated<number>
  /** Of its mails; null in other inboxes. */
  subject: Generated<string | null>
  /** The conversation that has its messages now; null unless it was merged. */
  merged_into_id: Generated<number | null>
  /** Its `source_id` in the imported file. */
  origin_id: Generated<string | null>
  /** The name that the request which created it had: its author, and their key. */
  idempotency_key: Generated<string | null>
  /** Of what that request asked for, without its message. */
  idempotency_hash: Generated<string | null>
}

/** How many conversations there are; -1 stands for every inbox, assignee or team, 0 for none. Only triggers write it. */
interface ConversationCount {
  account_id: number
  status: Conversation['status']
  inbox_id: number
  assignee_id: number
  team_id: number
  value: number
}

interface ConversationLabel {
  account_id: number
  conversation_id: number
  label_id: number
  /** Of the conversation. Only triggers write it. */
  status: Generated<Conversation['status']>
  /** The hour of the conversation's last activity, since 1970. Only triggers write it. */
  activity_hour: Generated<number>
  /** Of the conversation, like the next two. Only triggers write them. */
  inbox_id: Generated<number>
  team_id: Generated<number | null>
  assignee_id: Generated<number | null>
  /** For each label of the conversation, the bit of its id modulo 52; perhaps also of labels that it had. */
  label_bits: Generated<number>
}

/** A conversation with a message of the customer that no agent has answered. Only triggers write it. */
interface UnattendedConversation {
  account_id: number
  conversation_id: number
  status: Conversation['status']
  /** The hour of the conversation's last activity, since 1970. */
  activity_hour: number
}
