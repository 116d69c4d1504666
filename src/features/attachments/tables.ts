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
  /** The name that the sender gave it; '' after its message is deleted. */
  name: string
  /** Bytes. */
  size: number
  thumbnail: number
  /** When it is to be removed; null while it belongs to a message. */
  due_at: number | null
  created_at: number
}

/** The secret and base URL of links to files: a single row. */
interface FileLinks {
  id: number
  /** Hex. */
  secret: string
  base_url: string
}

export {}
