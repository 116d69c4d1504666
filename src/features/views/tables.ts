declare module '../../db/tables.ts' {
  interface Tables {
    views: View
  }
}

interface View {
  account_id: number
  id: number
  name: string
  /** A JSON list of selectors. */
  filter: string
  /** The only user who sees it; null if everybody in the account does. */
  user_id: number | null
  author_id: number
  created_at: number
  updated_at: number
}

export {}
