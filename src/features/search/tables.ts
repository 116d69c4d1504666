import type { Generated } from 'kysely'

declare module '../../db/tables.ts' {
  interface Tables {
    search_documents: SearchDocument
  }
}

/** The searchable words of a message or contact, in lower case and without accents, each once. */
interface SearchDocument {
  account_id: number
  subject: 'message' | 'contact'
  subject_id: number
  conversation_id: number | null
  /** On SQLite only: its row in the index. */
  id: Generated<number>
  words: string
}
