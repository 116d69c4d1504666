import type { Database } from '../db/database.ts'
import type { Server } from './server.ts'

/** What a feature plugs into the program. */
export interface Feature {
  /** The name of its folder. */
  name: string
  /** Fills the slots that features above it in the list have left open. */
  setup?: () => void
  /** Adds its routes below `/api/v1/accounts/:account_id`. */
  accountRoutes?: (app: Server, database: Database) => void
}
