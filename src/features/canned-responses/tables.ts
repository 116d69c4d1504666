declare module '../../db/tables.ts' {
  interface Tables {
    canned_responses: CannedResponse
    signatures: Signature
  }
}

interface CannedResponse {
  account_id: number
  id: number
  short_code: string
  content: string
  /** The short code and the content as searches compare them. */
  folded: string
  /** Its files, as a JSON list, as messages have them; null if it has none. */
  attachments: string | null
  /** The only user who sees it; null if everybody in the account does. */
  user_id: number | null
  author_id: number
  created_at: number
  updated_at: number
}

/** What a user writes below their messages in an inbox. */
interface Signature {
  account_id: number
  inbox_id: number
  user_id: number
  content: string
  append_by_default: number
  updated_at: number
}

export {}
