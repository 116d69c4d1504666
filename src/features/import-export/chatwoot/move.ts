import type { Readable } from 'node:stream'
import type { Database } from '../../../db/database.ts'
import type { Files } from '../../../files/open.ts'
import type { ChatwootDatabase } from './chatwoot.store.ts'
import { Ids, type Kind } from './ids.ts'
import type { LeftOverFile } from './left-over-file.ts'
import type { Report } from './report.ts'

/** The files of Active Storage. */
export interface ChatwootFiles {
  /** Opens a file; undefined if it does not exist. */
  open(key: string): Promise<Readable | undefined>
}

/** The users of Chatwoot, by the ids that they have here. */
export interface Staff {
  /** The id here of the first administrator. */
  readonly firstAdministrator: number
  /** The id here of a user; null if there is none. The user must have been imported or resolved. */
  idOf(chatwootId: number | null): number | null
  /** Whether a user, by their id here, is an administrator, who works in every inbox. */
  isAdministrator(userId: number): boolean
  /** Finds the users with these ids, and adds those who have written here but are no longer members. */
  resolve(move: Move, chatwootIds: number[]): Promise<void>
}

/** What an import from Chatwoot works with. The account has the same id in both. */
export interface Move {
  source: ChatwootDatabase
  database: Database
  accountId: number
  /** Reads everything and stores nothing. */
  isDryRun: boolean
  /** Whether no server can be using the database. */
  isAlone: boolean
  /** Connects e-mail inboxes to their servers. */
  connectsMail: boolean
  /** Only conversations with activity since then, in milliseconds; null for all. */
  since: number | null
  people: Staff
  ids: Record<Kind, Ids>
  report: Report
  leftOver: LeftOverFile
  /** Where this server stores files, and the size of the largest one in bytes. */
  files: Files
  maxFileSize: number
  /** The files of Chatwoot; undefined to leave them out. */
  chatwootFiles: ChatwootFiles | undefined
  /** Whether webhooks may call private addresses. */
  allowPrivate: boolean
  /** Waits between two transactions, so that a running server can write. */
  rest(): Promise<void>
  /** Gets the number of rows of the large tables that have been read. */
  progress(rows: number): void
}

const kinds: readonly Kind[] = [
  ...([
    'agent_bots',
    'companies',
    'contact_inboxes',
    'contact_notes',
    'contacts',
    'conversation_participants',
  ] as const),
  ...(['conversations', 'inboxes'] as const),
  ...(['labels', 'messages', 'teams'] as const),
]

/** The ids of every kind of row of an account. */
export function idsOf(accountId: number, isDryRun: boolean): Record<Kind, Ids> {
  return Object.fromEntries(kinds.map((kind) => [kind, new Ids(accountId, kind, isDryRun)])) as never
}
