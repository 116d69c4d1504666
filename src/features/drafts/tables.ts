declare module '../../db/tables.ts' {
  interface Tables {
    drafts: Draft
  }
}

interface Draft {
  account_id: number
  conversation_id: number
  user_id: number
  content: string
  private: number
  /** Unique in the account. */
  version: number
  updated_at: number
}

export {}
