import type { Generated } from 'kysely'

declare module '../../db/tables.ts' {
  interface Tables {
    files: File
    file_links: FileLinks
  }
}

/** A file in the storage, or about to be stored. */
interface File {
  account_id: number
  id: number
  /** Its random name. */
  key: string
  /** Its media type, detected from its content. */
  type: string
  /** The name that the sender gave it; '' after its last use. */
  name: string
  /** Bytes. */
  size: number
  thumbnail: number
  /** When it is to be removed; null while a row has it among its `attachments`. */
  due_at: number | null
  /** How many more rows than one have it among their `attachments`. Only triggers write it. */
  shares: Generated<number>
  created_at: number
}

/** The secret and base URL of links to files: a single row. */
interface FileLinks {
  id: number
  /** Hex. */
  secret: string
  base_url: string
}
