import type { WebhookFormatName } from '../webhooks/schema.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    agent_bots: AgentBot
    agent_bot_inboxes: AgentBotInbox
  }
}

interface AgentBot {
  account_id: number
  id: number
  /** Its row in `delivery_targets`, which no longer exists for a deleted bot. */
  target_id: number
  name: string
  description: string | null
  outgoing_url: string | null
  /** How its events are written. */
  format: WebhookFormatName
  /** The hash of its access token; null for a deleted bot. */
  token_hash: string | null
  /** Signs its deliveries. Encrypted; null for a deleted bot. */
  secret: string | null
  deleted_at: number | null
  created_at: number
  updated_at: number
}

/** An inbox in which a bot answers. An inbox has at most one. */
interface AgentBotInbox {
  account_id: number
  inbox_id: number
  bot_id: number
  created_at: number
}
