import { type Insertable, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'

export async function insertAccount(tx: Queries, name: string, now: number): Promise<number> {
  const row = await tx.sql
    .insertInto('accounts')
    .values({ name, created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Inserts an account with an id that was not generated here. */
export async function insertAccountWithId(
  tx: Queries,
  account: Insertable<Tables['accounts']>,
): Promise<void> {
  await tx.sql.insertInto('accounts').values(account).execute()
  if (tx.engine === 'sqlite') return
  // SQLite does this by itself.
  const last = sql`select setval(pg_get_serial_sequence('accounts', 'id'), max(id)) from accounts`
  await tx.run(last.compile(tx.sql))
}

export async function updateName(tx: Queries, id: number, name: string, now: number): Promise<void> {
  await tx.sql.updateTable('accounts').set({ name, updated_at: now }).where('id', '=', id).execute()
}

export async function countAccounts(queries: Queries): Promise<number> {
  const row = await queries.sql
    .selectFrom('accounts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

export const findAccount = prepare<{ id: number }>()((builder, p) =>
  builder.selectFrom('accounts').select(['id', 'name']).where('id', '=', p.id),
)
