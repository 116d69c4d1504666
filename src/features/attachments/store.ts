import type { Insertable, Selectable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

export type Row = Selectable<Tables['files']>
export type NewRow = Insertable<Tables['files']>

export async function insertFiles(tx: Queries, rows: NewRow[]): Promise<void> {
  await tx.sql.insertInto('files').values(rows).execute()
}

/** Attaches files to a row that was just stored. Returns false if the sweep has already begun to remove one of them. */
export async function attachFiles(
  tx: Queries,
  rows: Pick<NewRow, 'account_id' | 'id' | 'due_at'>[],
): Promise<boolean> {
  for (const { account_id, id, due_at } of rows) {
    const { numUpdatedRows } = await tx.sql
      .updateTable('files')
      .set({ due_at: null })
      .where('account_id', '=', account_id)
      .where('id', '=', id)
      .where('due_at', '=', due_at!)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return false
  }
  return true
}

/** Marks files that are not attached to anything as due. */
export async function releaseFiles(tx: Queries, accountId: number, ids: number[]): Promise<void> {
  await tx.sql
    .updateTable('files')
    .set({ due_at: 0 })
    .where('account_id', '=', accountId)
    .where('id', 'in', ids)
    .where('due_at', 'is not', null)
    .execute()
}

/** Finds a file that is attached to something. */
export async function findFile(queries: Queries, accountId: number, key: string): Promise<Row | undefined> {
  const [row] = await byKey(queries, { account_id: accountId, key })
  return row
}

const byKey = prepare<{ account_id: number; key: string }>()((builder, p) =>
  builder
    .selectFrom('files')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('key', '=', p.key)
    .where('due_at', 'is', null),
)

/** Lists files that are due, oldest first. */
export function dueFiles(queries: Queries, now: number, limit: number): Promise<Row[]> {
  const due = queries.sql.selectFrom('files').selectAll().where('due_at', '<=', now)
  return due.orderBy('due_at').limit(limit).execute()
}

/** Postpones the removal of files, so that no other node removes them meanwhile. */
export async function deferFiles(tx: Queries, rows: Row[], until: number): Promise<void> {
  for (const row of rows) {
    await whereFile(tx.sql.updateTable('files').set({ due_at: until }), row).execute()
  }
}

export async function deleteFile(tx: Queries, row: Row): Promise<void> {
  await whereFile(tx.sql.deleteFrom('files'), row).execute()
}

function whereFile<Q extends { where(column: 'account_id' | 'id', is: '=', value: number): Q }>(
  query: Q,
  row: Row,
): Q {
  return query.where('account_id', '=', row.account_id).where('id', '=', row.id)
}

/** Returns the secret that links are signed with. */
export async function linkSecret(queries: Queries): Promise<string> {
  const { secret } = await queries.sql.selectFrom('file_links').select('secret').executeTakeFirstOrThrow()
  return secret
}

/** Sets the address that links begin with. */
export async function setLinkBase(tx: Queries, baseUrl: string): Promise<void> {
  const links = tx.sql.updateTable('file_links').set({ base_url: baseUrl })
  await links.where('base_url', '<>', baseUrl).execute()
}
