import type { Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

export type Row = Tables['contact_imports']
export type Key = Pick<Row, 'account_id' | 'id'>
type Fault = Pick<Tables['contact_import_faults'], 'line' | 'error'>

export function findImport(queries: Queries, key: Key): Promise<Row | undefined> {
  const all = queries.sql.selectFrom('contact_imports').selectAll().where('account_id', '=', key.account_id)
  return all.where('id', '=', key.id).executeTakeFirst()
}

/** The latest imports of an account. */
export function selectImports(queries: Queries, accountId: number, limit: number): Promise<Row[]> {
  const all = queries.sql.selectFrom('contact_imports').selectAll().where('account_id', '=', accountId)
  return all.orderBy('id', 'desc').limit(limit).execute()
}

/** Returns imports of all accounts that have something to do, the one first that has waited longest. */
export function selectActive(queries: Queries, limit: number): Promise<Row[]> {
  const all = queries.sql.selectFrom('contact_imports').selectAll().where('finished_at', 'is', null)
  return all.orderBy('updated_at').limit(limit).execute()
}

export function findFinishedBefore(queries: Queries, time: number): Promise<Key | undefined> {
  const all = queries.sql.selectFrom('contact_imports').select(['account_id', 'id'])
  const finished = all.where('finished_at', 'is not', null).where('finished_at', '<', time)
  return finished.orderBy('finished_at').limit(1).executeTakeFirst()
}

export async function insertImport(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('contact_imports').values(row).execute()
}

export async function updateImport(tx: Queries, key: Key, change: Updateable<Row>): Promise<void> {
  const update = tx.sql.updateTable('contact_imports').set({ ...change, updated_at: Date.now() })
  await update.where('account_id', '=', key.account_id).where('id', '=', key.id).execute()
}

export async function insertFaults(tx: Queries, { account_id, id }: Key, faults: Fault[]): Promise<void> {
  if (faults.length === 0) return
  const rows = faults.map((fault) => ({ account_id, contact_import_id: id, ...fault }))
  await tx.sql.insertInto('contact_import_faults').values(rows).execute()
}

function faults(queries: Queries, { account_id, id }: Key) {
  const all = queries.sql.selectFrom('contact_import_faults').where('account_id', '=', account_id)
  return all.where('contact_import_id', '=', id)
}

export function selectFaults(queries: Queries, key: Key, limit: number): Promise<Fault[]> {
  return faults(queries, key).select(['line', 'error']).orderBy('line').limit(limit).execute()
}

/** Deletes some refused lines of an import, or itself if it has none. */
export async function deleteSome(tx: Queries, key: Key, limit: number): Promise<void> {
  const { account_id, id } = key
  const lines = (await selectFaults(tx, key, limit)).map(({ line }) => line)
  if (lines.length === 0) {
    const rows = tx.sql.deleteFrom('contact_imports').where('account_id', '=', account_id)
    await rows.where('id', '=', id).execute()
    return
  }
  const rows = tx.sql.deleteFrom('contact_import_faults').where('account_id', '=', account_id)
  await rows.where('contact_import_id', '=', id).where('line', '<=', lines.at(-1)!).execute()
}
