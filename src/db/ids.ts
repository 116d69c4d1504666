import type { Queries } from './database.ts'
import { prepare } from './prepare.ts'

type Counted = 'inboxes' | 'contacts' | 'conversations' | 'messages'

const count = prepare<{ account_id: number; name: string }>()((sql, p) =>
  sql
    .insertInto('counters')
    .values({ account_id: p.account_id, name: p.name, value: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'name'])
        .doUpdateSet((set) => ({ value: set('counters.value', '+', 1) })),
    )
    .returning('value'),
)

/** The account's next id of a kind: 1, 2, 3... An id is never given twice, even if what had it is gone. */
export async function nextId(tx: Queries, accountId: number, name: Counted): Promise<number> {
  const [row] = await count(tx, { account_id: accountId, name })
  return row!.value
}
