import { type RawBuilder, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { rowsWith, rowsWithLabels, walkQueries } from '../filters/parts.store.ts'
import type { Filter, Test, Value, WalkQueries } from '../filters/schema.ts'
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
  if (key.computed === 'company_of_contact') return conversationsOfCompanies(accountId, values)
  return key.type === 'labels'
    ? rowsWithLabels('conversation_labels', key.column, accountId, values)
    : rowsWith('conversations', key.column, accountId, values)
}

/**
 * A query for the ids of the conversations of the account whose contacts belong to these companies. The cross join makes
 * SQLite begin with the contacts: it has no statistics by which it could choose.
 */
function conversationsOfCompanies(
  accountId: number,
  companyIds: readonly Value[],
): RawBuilder<{ id: number }> {
  return sql`select v.id from contacts p cross join conversations v
    where p.account_id = ${accountId} and p.company_id in (${sql.join(companyIds)})
      and v.account_id = p.account_id and v.contact_id = p.id`
}
