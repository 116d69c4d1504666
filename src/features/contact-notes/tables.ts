declare module '../../db/tables.ts' {
  interface Tables {
    contact_notes: ContactNote
  }
}

interface ContactNote {
  account_id: number
  id: number
  contact_id: number
  author_id: number
  content: string
  created_at: number
  updated_at: number
}

export {}
