import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { matches, type PageRange } from './ordered.store.ts'

/**
 * The conversations of the contacts that a `source_id` names, with the columns that are counted and sorted. With a secret,
 * `source_name` is null: conversations do not say which secret was used.
 */
export function ofSource(p: PageRange, engine: Engine): RawBuilder<unknown> {
  const { isIn } = json[engine]
  const name = sql`cast(${p.source_name} as text)`
  return sql`select c.id, c.assignee_id, c.last_activity_at, c.created_at, c.updated_at
    from conversations c
    where c.account_id = ${p.account_id} and ${isIn(sql`c.contact_id`, p.contacts, 'bigint')}
      and (${name} is null or c.source_id = ${name})
      and ${isIn(sql`c.status`, p.statuses, 'text')} and ${matches(p, engine)}`
}
