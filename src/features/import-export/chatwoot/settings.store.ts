import type { Queries } from '../../../db/database.ts'
import type { Tables } from '../../../db/tables.ts'

export async function insertTeam(tx: Queries, row: Tables['teams']): Promise<void> {
  await tx.sql.insertInto('teams').values(row).execute()
}

export async function insertLabel(tx: Queries, row: Tables['labels']): Promise<void> {
  await tx.sql.insertInto('labels').values(row).execute()
}
