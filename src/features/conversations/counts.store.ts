import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Actor } from '../../lib/actor.ts'

/** In `conversation_counts`: every inbox, assignee or team. As a filter: any. */
export const any = -1
/** In `conversation_counts`: no assignee or team. */
export const none = 0

/** The conversations that a list contains. */
export interface ListFilter {
  account_id: number
  /** The user whose conversations are theirs. */
  user_id: number
  /** A JSON list. */
  statuses: string
  /** A JSON list of ids; null for all inboxes of the account. */
  inboxes: string | null
  /** An id, or `any`. */
  team_id: number
}

export interface Counts {
  all_count: number
  mine_count: number
  unassigned_count: number
  /** Assigned to another user, so that mine + unassigned + assigned = all. */
  assigned_count: number
}

const counts = prepare<ListFilter & { places: string }>()((builder, p, engine) => {
  const { isIn } = json[engine]
  const value = (assignee: unknown) =>
    sql<number | null>`sum(case when assignee_id = ${assignee} then value end)`
  return builder
    .selectFrom('conversation_counts')
    .select([
      value(sql.lit(any)).as('all'),
      value(p.user_id).as('mine'),
      value(sql.lit(none)).as('unassigned'),
      sql<number | null>`(select sum(value) from conversation_counts where account_id = ${p.account_id}
        and ${isIn(sql.ref('status'), p.statuses, 'text')} and inbox_id = ${sql.lit(any)}
        and assignee_id = ${sql.lit(any)} and team_id = ${sql.lit(any)})`.as('total'),
    ])
    .where('account_id', '=', p.account_id)
    .where(isIn(sql.ref('status'), p.statuses, 'text'))
    .where(isIn(sql.ref('inbox_id'), p.places, 'bigint'))
    .where(sql<boolean>`assignee_id in (${sql.lit(any)}, ${sql.lit(none)}, ${p.user_id})`)
    .where('team_id', '=', p.team_id)
})

/**
 * Returns how many conversations match a filter, and in `total` how many have its statuses. It reads a few rows for each
 * status and inbox of the filter, however many conversations there are.
 */
export async function readCounts(queries: Queries, filter: ListFilter): Promise<Counts & { total: number }> {
  const places = filter.inboxes ?? JSON.stringify([any])
  const [row] = await counts(queries, { ...filter, places })
  // PostgreSQL returns sums as text.
  const [all, mine, unassigned, total] = [row!.all, row!.mine, row!.unassigned, row!.total].map(Number)
  return { ...countsOf(all!, mine!, unassigned!), total: total! }
}

export function countsOf(all_count: number, mine_count: number, unassigned_count: number): Counts {
  return {
    all_count,
    mine_count,
    unassigned_count,
    assigned_count: all_count - mine_count - unassigned_count,
  }
}

const inboxesOfMember = prepare<{ account_id: number; user_id: number }>()((builder, p) =>
  builder
    .selectFrom('inbox_members')
    .select('inbox_id')
    .where('account_id', '=', p.account_id)
    .where('user_id', '=', p.user_id),
)

/** Returns the ids of the inboxes that a user is a member of. */
export async function selectInboxesOfMember(queries: Queries, actor: Actor): Promise<number[]> {
  const rows = await inboxesOfMember(queries, { account_id: actor.accountId, user_id: actor.userId })
  return rows.map(({ inbox_id }) => inbox_id)
}

const inboxesOfAccount = prepare<{ account_id: number }>()((builder, p) =>
  builder.selectFrom('inboxes').select('id').where('account_id', '=', p.account_id),
)

/** Returns the ids of the account's inboxes. */
export async function selectInboxIds(queries: Queries, account_id: number): Promise<number[]> {
  return (await inboxesOfAccount(queries, { account_id })).map(({ id }) => id)
}
