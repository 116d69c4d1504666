import type { ContactImportStatus } from './schema.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    contact_imports: ContactImport
    contact_import_faults: ContactImportFault
  }
}

interface ContactImport {
  account_id: number
  id: number
  author_id: number
  /** The file, as a JSON list of one attachment. */
  attachments: string
  /** The columns of the file, as a JSON list. */
  columns: string
  dry_run: number
  /** The bytes of the file that have been read, and the line that follows. */
  position: number
  line: number
  status: ContactImportStatus
  /** Why it has failed; a sentence for administrators. */
  error: string | null
  stored_count: number
  known_count: number
  refused_count: number
  /** When it was done, stopped or failed; null while there is something to do. */
  finished_at: number | null
  created_at: number
  updated_at: number
}

/** A line that was refused. */
interface ContactImportFault {
  account_id: number
  contact_import_id: number
  line: number
  /** A sentence for administrators. */
  error: string
}
