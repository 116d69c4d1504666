declare module '../../db/tables.ts' {
  interface Tables {
    chatwoot_imports: ChatwootImport
    chatwoot_ids: ChatwootId
  }
}

/** How far an import from Chatwoot has come with one kind of row. */
interface ChatwootImport {
  account_id: number
  /** The table of these rows in Ndoto. */
  kind: string
  /** The id in Chatwoot of the last row that was imported, in their order. */
  last_id: number
  /** Rows that have changed since then, by the clock of Chatwoot, may differ here. */
  changed_since: number
  /** The ranges of ids, as a JSON list of their first and last ids, that rows from Chatwoot keep: nothing else gets them. */
  reserved: string
}

/** A row that has another id here than in Chatwoot. */
interface ChatwootId {
  account_id: number
  kind: string
  chatwoot_id: number
  id: number
}

export {}
