import type { Queries } from '../../db/database.ts'
import { notifyOfImport } from '../notifications/imports.ts'
import type { ImportResult } from '../notifications/schema.ts'
import { roleOf } from '../users/service.ts'
import { fileOf } from './file.ts'
import * as store from './store.ts'

interface End extends Partial<store.Row> {
  status: ImportResult['status']
}

/**
 * Ends an import, and notifies its author, unless the author ended it or is no longer an administrator. Returns the id of
 * the notification, for `announceChange` after the transaction.
 */
export async function endImport(
  tx: Queries,
  row: store.Row,
  end: End,
  endedBy?: number,
): Promise<number | undefined> {
  const { account_id, id, author_id, stored_count, known_count, refused_count } = row
  await store.updateImport(tx, row, { ...end, finished_at: Date.now() })
  if (author_id === endedBy || (await roleOf(tx, account_id, author_id)) !== 'administrator') return undefined
  return notifyOfImport(tx, account_id, author_id, {
    ...{ id, file_name: fileOf(row).file_name, dry_run: row.dry_run === 1, status: end.status },
    ...{ stored_count, known_count, refused_count },
  })
}
