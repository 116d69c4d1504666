import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'

const byRequest = prepare<{ account_id: number; key: string }>()((builder, p) =>
  builder
    .selectFrom('conversations')
    .select(['id', 'idempotency_hash as hash'])
    .where('account_id', '=', p.account_id)
    .where('idempotency_key', '=', p.key),
)

/** Returns the conversation that an earlier request with the key has created, and the hash of that request. */
export async function findByRequest(
  queries: Queries,
  account_id: number,
  key: string,
): Promise<{ id: number; hash: string | null } | undefined> {
  return (await byRequest(queries, { account_id, key }))[0]
}
