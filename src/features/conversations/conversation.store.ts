import { type AliasableExpression, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import type { Actor } from '../../lib/actor.ts'
import type { HasSlots } from '../../lib/slot.ts'
import { toSeconds } from '../../lib/time.ts'
import { type ConversationScope, isVisible, lastMessage, scopeOf } from './parts.store.ts'
import type { Conversation } from './schema.ts'
import type { Row } from './store.ts'

/** Where a page begins: after the conversation with this value of the sort column, in milliseconds, and this id. */
export interface PageStart {
  at: number
  id: number
}

const byId = prepare<ConversationScope>()((builder, p, engine, slots) => {
  const one = builder
    .selectFrom('conversations as c')
    .selectAll('c')
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
  return withDetails(builder, one.where(isVisible(p)), engine, slots)
})

/** Returns a conversation if it exists and the actor may work in its inbox. */
export async function findConversation(
  queries: Queries,
  actor: Actor,
  id: number,
): Promise<Conversation | undefined> {
  const [row] = await byId(queries, scopeOf(actor, id))
  return row && toConversation(row)
}

const byIds = prepare<{ account_id: number; ids: string }>()((builder, p, engine, slots) => {
  const some = builder
    .selectFrom('conversations as c')
    .selectAll('c')
    .where('c.account_id', '=', p.account_id)
    .where(json[engine].isIn(sql.ref('c.id'), p.ids, 'bigint'))
  return withDetails(builder, some, engine, slots)
})

/** Returns the conversations with these ids, in their order. */
export async function selectConversations(
  queries: Queries,
  accountId: number,
  ids: number[],
): Promise<Conversation[]> {
  if (ids.length === 0) return []
  const rows = await byIds(queries, { account_id: accountId, ids: JSON.stringify(ids) })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row ? toConversation(row) : []
  })
}

type UnreadRow = Pick<Row, 'id' | 'assignee_id' | 'team_id'>

const unread = prepare<Omit<ConversationScope, 'conversation_id'> & { limit: number }>()(
  (builder, p, engine) => {
    // SQLite has no statistics, so it needs the name of the index.
    const isUnread = sql.raw(engine === 'postgres' ? 'c.is_unread' : 'c.unread_count > 0')
    const table = sql.raw(`conversations c${engine === 'sqlite' ? ' indexed by conversations_unread' : ''}`)
    const part = (rank: number, condition: RawBuilder<boolean>) => sql`select * from (
      select c.id, c.assignee_id, c.team_id, ${sql.lit(rank)} as rank from ${table}
        where c.account_id = ${p.account_id} and c.status = 'open' and ${isUnread}
          and ${condition} and ${isVisible(p)}
        order by c.assignee_id, c.id limit ${p.limit}) c`
    const parts = [
      part(0, sql`c.assignee_id = ${p.user_id}`),
      part(1, sql`c.assignee_id is null`),
      part(2, sql`c.assignee_id < ${p.user_id}`),
      part(2, sql`c.assignee_id > ${p.user_id}`),
    ]
    const query = sql<UnreadRow>`select id, assignee_id, team_id from (${sql.join(parts, sql` union all `)}) c
      order by rank, assignee_id, id limit ${p.limit}`
    return { compile: () => query.compile(builder) }
  },
)

/**
 * Returns up to `limit` of the open conversations with unread messages that the actor may see: first their own, then
 * the unassigned ones.
 */
export function selectUnread(queries: Queries, actor: Actor, limit: number): Promise<UnreadRow[]> {
  const { account_id, user_id, sees_all } = scopeOf(actor, 0)
  return unread(queries, { account_id, user_id, sees_all, limit })
}

/** Adds contact, assignee, team, labels and last message to conversations. */
function withDetails(
  builder: Kysely<Tables>,
  conversations: AliasableExpression<Row>,
  engine: Engine,
  slots: HasSlots,
) {
  const { elements } = json[engine]
  return builder
    .selectFrom(conversations.as('c'))
    .innerJoin('contacts as p', (join) =>
      join.onRef('p.account_id', '=', 'c.account_id').onRef('p.id', '=', 'c.contact_id'),
    )
    .leftJoin('users as u', 'u.id', 'c.assignee_id')
    .leftJoin('agent_bots as b', (join) =>
      join
        .onRef('b.account_id', '=', 'c.account_id')
        .onRef('b.id', '=', 'c.assignee_bot_id')
        .on('b.deleted_at', 'is', null),
    )
    .leftJoin('teams as t', (join) =>
      join.onRef('t.account_id', '=', 'c.account_id').onRef('t.id', '=', 'c.team_id'),
    )
    .selectAll('c')
    .select([
      'p.name as contact_name',
      'p.email as contact_email',
      'p.phone_number as contact_phone_number',
      'p.avatar_url as contact_avatar_url',
      'u.name as assignee_name',
      't.name as team_name',
      'b.name as bot_name',
      // Titles contain no commas.
      sql<string | null>`(select ${elements('l.title', 'l.title')} from conversation_labels w
        join labels l on l.account_id = w.account_id and l.id = w.label_id
        where w.account_id = c.account_id and w.conversation_id = c.id)`.as('labels'),
      lastMessage.of(slots)(engine).as('last_message'),
    ])
}

type DetailedRow = Awaited<ReturnType<ReturnType<typeof withDetails>['execute']>>[number]

function toConversation(row: DetailedRow): Conversation {
  return {
    id: row.id,
    inbox_id: row.inbox_id,
    subject: row.subject,
    status: row.status,
    priority: row.priority,
    unread_count: row.unread_count,
    created_at: toSeconds(row.created_at),
    updated_at: toSeconds(row.updated_at),
    last_activity_at: toSeconds(row.last_activity_at),
    snoozed_until: toSeconds(row.snoozed_until),
    labels: row.labels?.split(',') ?? [],
    custom_attributes: JSON.parse(row.custom_attributes),
    additional_attributes: JSON.parse(row.additional_attributes),
    contact: {
      id: row.contact_id,
      name: row.contact_name,
      email: row.contact_email,
      phone_number: row.contact_phone_number,
      thumbnail: row.contact_avatar_url,
    },
    meta: {
      assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name! },
      team: row.team_id === null ? null : { id: row.team_id, name: row.team_name! },
      bot: row.bot_name === null ? null : { id: row.assignee_bot_id!, name: row.bot_name },
    },
    last_message: row.last_message === null ? null : JSON.parse(row.last_message),
    agent_last_seen_at: toSeconds(row.agent_last_seen_at),
    contact_last_seen_at: toSeconds(row.contact_last_seen_at),
    merged_into_id: row.merged_into_id,
  }
}
