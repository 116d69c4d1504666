declare module '../../db/tables.ts' {
  interface Tables {
    macros: Macro
    macro_runs: MacroRun
  }
}

interface Macro {
  account_id: number
  id: number
  name: string
  /** A JSON list of actions. */
  actions: string
  /** The only user who sees it; null if everybody in the account does. */
  user_id: number | null
  author_id: number
  created_at: number
  updated_at: number
}

/** A macro that was run on a conversation. */
interface MacroRun {
  account_id: number
  id: number
  macro_id: number
  conversation_id: number
  run_by: number
  /** A `Snapshot` as JSON. */
  before: string
  after: string
  /** A JSON list of the messages that it has sent. */
  message_ids: string
  undone_at: number | null
  created_at: number
}

export {}
