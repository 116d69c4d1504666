import type { BulkStatus } from './schema.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    bulk_actions: BulkAction
    bulk_action_targets: BulkActionTarget
  }
}

interface BulkAction {
  account_id: number
  id: number
  author_id: number
  view_id: number | null
  /** The filter of the view when it began, as a JSON list; null if the request has named the conversations. */
  filter: string | null
  /** While it is collecting, the next conversations have ids below this one. */
  collect_before: number
  /** A JSON list. */
  actions: string
  status: BulkStatus
  total: number
  capped: number
  done_count: number
  failed_count: number
  undone_count: number
  kept_count: number
  /** When it was done, stopped or undone; null while there is something to do. */
  finished_at: number | null
  created_at: number
  updated_at: number
}

/** A conversation of a bulk action. */
interface BulkActionTarget {
  account_id: number
  bulk_action_id: number
  conversation_id: number
  status: 'pending' | 'done' | 'failed' | 'undone' | 'kept'
  /** An `Effect` as JSON, if it is done. */
  effect: string | null
  /** Why it has failed; a sentence for agents. */
  error: string | null
}
