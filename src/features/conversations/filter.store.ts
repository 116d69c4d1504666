import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { conversationsOfCompanies, rowsWith, rowsWithLabels, walkQueries } from '../filters/parts.store.ts'
import type { Filter, Test, WalkQueries } from '../filters/schema.ts'
import { isVisible } from './parts.store.ts'

/** The queries for the conversations that an actor sees and that match a filter; an index finds those of `indexed`. */
export function filterQueries(
  queries: Queries,
  actor: Actor,
  filter: Filter,
  indexed: Test | undefined,
): WalkQueries {
  const { accountId, userId } = actor
  const visible = seesAllInboxes(actor) ? sql<boolean>`1 = 1` : isVisible({ user_id: userId, sees_all: 0 })
  const found = indexed && rowsOf(accountId, indexed)
  return walkQueries(queries, { table: 'conversations', accountId, visible, found }, filter)
}

function rowsOf(accountId: number, { key, values }: Test) {
  if (key.column === 'company_of_contact') return conversationsOfCompanies(accountId, values)
  return key.type === 'labels'
    ? rowsWithLabels('conversation_labels', key.column, accountId, values)
    : rowsWith('conversations', key.column, accountId, values)
}
