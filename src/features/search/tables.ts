declare module '../../db/tables.ts' {
  interface Tables {
    search_documents: SearchDocument
    search_backfills: SearchBackfill
  }
}

/** The searchable words of a message or contact, in lower case and without accents, each once. */
interface SearchDocument {
  account_id: number
  subject: 'message' | 'contact'
  subject_id: number
  conversation_id: number | null
  words: string
}

/**
 * Which texts of an account are still to be indexed that were written before the index existed: contacts with ids below,
 * and messages before this position, by conversation and id. An account without a row needs nothing.
 */
interface SearchBackfill {
  account_id: number
  before_contact: number
  before_conversation: number
  before_message: number
}

export {}
