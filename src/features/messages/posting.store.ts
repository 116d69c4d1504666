import type { Queries } from '../../db/database.ts'
import { insertOnPostgres } from './posting-postgres.store.ts'
import { insertOnSqlite } from './posting-sqlite.store.ts'
import type { Outcome, Posting } from './verdict.store.ts'

/**
 * Stores a message and appends its event, if the verdict is `accepted`; otherwise changes nothing. Runs in a transaction
 * or, on PostgreSQL, as the single statement of `Database.autocommit()`.
 */
export function insertPosting(tx: Queries, posting: Posting): Promise<Outcome> {
  return tx.engine === 'postgres' ? insertOnPostgres(tx, posting) : insertOnSqlite(tx, posting)
}
