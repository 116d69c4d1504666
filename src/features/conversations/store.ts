import { type Expression, type Insertable, type SqlBool, sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { type Actor, seesAllInboxes } from '../../lib/actor.ts'
import { toSeconds } from '../../lib/time.ts'
import type { Conversation, ConversationQuery } from './schema.ts'

/** A conversation as rules need it. */
export interface Place {
  id: number
  inbox_id: number
  contact_id: number
  channel_type: 'api' | 'web_widget'
  last_activity_at: number
  /** Grows with every change of what its messages show. */
  version: number
}

interface Whose {
  account_id: number
  id: number
  user_id: number
  sees_all: number
}

const findPlace = prepare<Whose>()((sql, p) =>
  sql
    .selectFrom('conversations as c')
    .innerJoin('inboxes as i', (join) =>
      join.onRef('i.account_id', '=', 'c.account_id').onRef('i.id', '=', 'c.inbox_id'),
    )
    .select(['c.id', 'c.inbox_id', 'c.contact_id', 'c.last_activity_at', 'c.version', 'i.channel_type'])
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.id)
    .where(({ or, val, eb, exists, selectFrom }) =>
      or([
        eb(val(p.sees_all), '=', 1),
        exists(
          selectFrom('inbox_members as m')
            .select('m.user_id')
            .whereRef('m.account_id', '=', 'c.account_id')
            .whereRef('m.inbox_id', '=', 'c.inbox_id')
            .where('m.user_id', '=', p.user_id),
        ),
      ]),
    ),
)

/** The conversation, if it exists and the actor may work in its inbox. */
export async function selectPlace(queries: Queries, actor: Actor, id: number): Promise<Place | undefined> {
  const [row] = await findPlace(queries, {
    account_id: actor.accountId,
    id,
    user_id: actor.userId,
    sees_all: seesAllInboxes(actor) ? 1 : 0,
  })
  return row
}

interface Activity {
  account_id: number
  id: number
  at: number
  /** 1 where a customer wrote: the conversation opens again and counts one more unread message. */
  incoming: number
}

const updateActivity = prepare<Activity>()((builder, p) =>
  builder
    .updateTable('conversations')
    .set((eb) => ({
      last_activity_at: p.at,
      updated_at: p.at,
      unread_count: eb('unread_count', '+', p.incoming),
      status: sql`case when ${p.incoming} = 1 and status in ('resolved', 'snoozed') then 'open' else status end`,
      snoozed_until: sql`case when ${p.incoming} = 1 then null else snoozed_until end`,
    }))
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.id),
)

const updateContactActivity = prepare<{ account_id: number; contact_id: number; at: number }>()(
  (builder, p) =>
    builder
      .updateTable('contacts')
      .set({ last_activity_at: p.at })
      .where('account_id', '=', p.account_id)
      .where('id', '=', p.contact_id),
)

export async function touch(tx: Queries, accountId: number, place: Place, at: number, incoming: boolean) {
  await updateActivity(tx, { account_id: accountId, id: place.id, at, incoming: incoming ? 1 : 0 })
  if (incoming) await updateContactActivity(tx, { account_id: accountId, contact_id: place.contact_id, at })
}

/** One unread message less, if the deleted one was unread. */
export async function forgetUnread(
  tx: Queries,
  accountId: number,
  id: number,
  createdAt: number,
): Promise<void> {
  await tx.sql
    .updateTable('conversations')
    .set((eb) => ({ unread_count: eb('unread_count', '-', 1) }))
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('unread_count', '>', 0)
    .where((eb) => eb.or([eb('agent_last_seen_at', 'is', null), eb('agent_last_seen_at', '<', createdAt)]))
    .execute()
}

export async function insertConversation(
  tx: Queries,
  row: Insertable<Tables['conversations']>,
): Promise<void> {
  await tx.sql.insertInto('conversations').values(row).execute()
}

/** What the list is narrowed to, the assignee left aside: the counts are over all of it. */
type Filter = Pick<ConversationQuery, 'status' | 'inbox_id'>

export async function countByAssignee(queries: Queries, actor: Actor, filter: Filter) {
  const count = (condition: Expression<SqlBool>) => sql<number>`count(case when ${condition} then 1 end)`
  return filtered(queries, actor, filter)
    .select((eb) => [
      eb.fn.countAll<number>().as('all_count'),
      count(eb('c.assignee_id', '=', actor.userId)).as('mine_count'),
      count(eb('c.assignee_id', 'is', null)).as('unassigned_count'),
      // Assigned to somebody else, so that mine + unassigned + assigned = all.
      count(eb('c.assignee_id', '!=', actor.userId)).as('assigned_count'),
    ])
    .executeTakeFirstOrThrow()
}

export async function selectPage(
  queries: Queries,
  actor: Actor,
  query: ConversationQuery,
  range: { limit: number; offset: number },
): Promise<Conversation[]> {
  let page = withPeople(filtered(queries, actor, query))
  if (query.assignee_type === 'me') page = page.where('c.assignee_id', '=', actor.userId)
  if (query.assignee_type === 'unassigned') page = page.where('c.assignee_id', 'is', null)
  if (query.assignee_type === 'assigned') page = page.where('c.assignee_id', '!=', actor.userId)
  const rows = await page
    .orderBy(`c.${query.sort}`, 'desc')
    .orderBy('c.id', 'desc')
    .limit(range.limit)
    .offset(range.offset)
    .execute()
  return rows.map(toConversation)
}

export async function findConversation(
  queries: Queries,
  actor: Actor,
  id: number,
): Promise<Conversation | undefined> {
  const row = await withPeople(filtered(queries, actor, { status: 'all' }))
    .where('c.id', '=', id)
    .executeTakeFirst()
  return row && toConversation(row)
}

function filtered(queries: Queries, actor: Actor, { status, inbox_id }: Filter) {
  let query = queries.sql.selectFrom('conversations as c').where('c.account_id', '=', actor.accountId)
  if (status !== 'all') query = query.where('c.status', '=', status)
  if (inbox_id !== undefined) query = query.where('c.inbox_id', '=', inbox_id)
  if (seesAllInboxes(actor)) return query
  return query.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('inbox_members as m')
        .select('m.user_id')
        .whereRef('m.account_id', '=', 'c.account_id')
        .whereRef('m.inbox_id', '=', 'c.inbox_id')
        .where('m.user_id', '=', actor.userId),
    ),
  )
}

function withPeople(query: ReturnType<typeof filtered>) {
  return query
    .innerJoin('contacts as p', (join) =>
      join.onRef('p.account_id', '=', 'c.account_id').onRef('p.id', '=', 'c.contact_id'),
    )
    .leftJoin('users as u', 'u.id', 'c.assignee_id')
    .selectAll('c')
    .select([
      'p.name as contact_name',
      'p.email as contact_email',
      'p.phone_number as contact_phone_number',
      'p.avatar_url as contact_avatar_url',
      'u.name as assignee_name',
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof withPeople>['execute']>>[number]

function toConversation(row: Row): Conversation {
  return {
    id: row.id,
    inbox_id: row.inbox_id,
    status: row.status,
    priority: row.priority,
    unread_count: row.unread_count,
    created_at: toSeconds(row.created_at),
    updated_at: toSeconds(row.updated_at),
    last_activity_at: toSeconds(row.last_activity_at),
    snoozed_until: toSeconds(row.snoozed_until),
    labels: [],
    custom_attributes: JSON.parse(row.custom_attributes),
    contact: {
      id: row.contact_id,
      name: row.contact_name,
      email: row.contact_email,
      phone_number: row.contact_phone_number,
      thumbnail: row.contact_avatar_url,
    },
    meta: {
      assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name! },
      team: null,
    },
    last_message: null,
    agent_last_seen_at: toSeconds(row.agent_last_seen_at),
    contact_last_seen_at: toSeconds(row.contact_last_seen_at),
  }
}
