import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'

export async function insertAccount(tx: Queries, name: string, now: number): Promise<number> {
  const row = await tx.sql
    .insertInto('accounts')
    .values({ name, created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
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
