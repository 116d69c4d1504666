import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { rowsWith, rowsWithLabels, walkQueries } from '../filters/parts.store.ts'
import type { Filter, Test, WalkQueries } from '../filters/schema.ts'

/** The queries for the contacts that match a filter; an index finds those of `indexed`. */
export function filterQueries(
  queries: Queries,
  accountId: number,
  filter: Filter,
  indexed: Test | undefined,
): WalkQueries {
  const found = indexed && rowsOf(accountId, indexed)
  return walkQueries(queries, { table: 'contacts', accountId, visible: sql`1 = 1`, found }, filter)
}

function rowsOf(accountId: number, { key, values }: Test) {
  return key.type === 'labels'
    ? rowsWithLabels('contact_labels', key.column, accountId, values)
    : rowsWith('contacts', key.column, accountId, values)
}
