import type { Queries } from '../../../db/database.ts'

/** The merges and splits that have moved messages from these conversations to others. */
export async function selectMoves(queries: Queries, accountId: number, fromIds: readonly number[]) {
  if (fromIds.length === 0) return []
  const moves = queries.sql.selectFrom('conversation_moves').select(['from_id', 'to_id']).distinct()
  return moves.where('account_id', '=', accountId).where('from_id', 'in', fromIds).execute()
}
