import { type RawBuilder, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import { rowsOf } from '../../db/rows.ts'
import type { Tables } from '../../db/tables.ts'

/** A condition: the contact is blocked. */
export function isBlocked(accountId: unknown, id: unknown): RawBuilder<boolean> {
  return sql`exists (select 1 from contacts b where b.account_id = ${accountId} and b.id = ${id} and b.blocked = 1)`
}

/**
 * A statement that sets when contacts wrote last, unless they have written later. `rows` is a table expression named
 * `r` with the columns `account_id`, `id` and `at` (milliseconds).
 */
export function contactActivity(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`update contacts set last_activity_at = r.at from ${rows}
    where contacts.account_id = r.account_id and contacts.id = r.id and coalesce(contacts.last_activity_at, 0) < r.at`
}

const activity = prepare<{ rows: string }>()((builder, { rows }, engine) => {
  const query = contactActivity(rowsOf(engine, rows, { account_id: 'bigint', id: 'bigint', at: 'bigint' }))
  return { compile: () => query.compile(builder) }
})

/** Sets when contacts wrote last (milliseconds), unless they have written later. */
export async function updateContactActivity(
  tx: Queries,
  rows: { account_id: number; id: number; at: number }[],
): Promise<void> {
  if (rows.length > 0) await activity(tx, { rows: JSON.stringify(rows) })
}

/** Sets columns of a contact, and its `updated_at`. */
export async function updateContact(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Tables['contacts']>,
): Promise<void> {
  await tx.sql
    .updateTable('contacts')
    .set({ ...change, updated_at: Date.now() })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
}

const blocked = prepare<{ account_id: number; id: number }>()((builder, p) =>
  builder.selectNoFrom(sql<number>`1`.as('found')).where(isBlocked(p.account_id, p.id)),
)

/** Whether the account has this contact, and it is blocked. */
export async function isContactBlocked(queries: Queries, account_id: number, id: number): Promise<boolean> {
  return (await blocked(queries, { account_id, id })).length > 0
}
