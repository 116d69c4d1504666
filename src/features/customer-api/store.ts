import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import { messageFields } from '../messages/parts.store.ts'
import type { Message } from '../messages/schema.ts'
import { maxUnread } from './schema.ts'

interface Owner {
  account_id: number
  inbox_id: number
  contact_id: number
}

/** The contact's conversations in the inbox, latest activity first, at most 100; only the one with `id` if it is given. */
export async function selectConversationsOf(queries: Queries, owner: Owner, id?: number) {
  const { document } = json[queries.engine]
  let rows = queries.sql
    .selectFrom('conversations as c')
    .select(['c.id', 'c.status', 'c.created_at', 'c.last_activity_at'])
    .select(['c.agent_last_seen_at', 'c.contact_last_seen_at'])
    .select((eb) =>
      eb
        .selectFrom('messages as m')
        .select(document(messageFields(json[queries.engine])).as('document'))
        .whereRef('m.account_id', '=', 'c.account_id')
        .whereRef('m.conversation_id', '=', 'c.id')
        .where(isVisible)
        .orderBy('m.id', 'desc')
        .limit(1)
        .as('last_message'),
    )
    .select((eb) =>
      eb
        .selectFrom((inner) =>
          inner
            .selectFrom('messages as m')
            .select('m.id')
            .whereRef('m.account_id', '=', 'c.account_id')
            .whereRef('m.conversation_id', '=', 'c.id')
            .where('m.created_at', '>=', sql<number>`coalesce(c.contact_last_seen_at, 0)`)
            .where('m.message_type', '=', 'outgoing')
            .where('m.status', 'in', ['sent', 'delivered'])
            .where(isVisible)
            .limit(maxUnread)
            .as('unread'),
        )
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('unread_count'),
    )
    .where('c.account_id', '=', owner.account_id)
    .where('c.inbox_id', '=', owner.inbox_id)
    .where('c.contact_id', '=', owner.contact_id)
    .where('c.merged_into_id', 'is', null)
  if (id !== undefined) rows = rows.where('c.id', '=', id)
  return rows.orderBy('c.last_activity_at', 'desc').orderBy('c.id', 'desc').limit(100).execute()
}

/** Whether the contact may see a message `m`: not a private note, not an activity line, not deleted. */
const isVisible = sql<boolean>`(m.private = 0 and m.message_type <> 'activity' and m.deleted_at is null)`

interface Range {
  account_id: number
  conversation_id: number
  first: number
  last: number
  limit: number
}

function messages(direction: 'asc' | 'desc') {
  return prepare<Range>()((builder, p, engine) =>
    builder
      .selectFrom('messages as m')
      .select(json[engine].document(messageFields(json[engine])).as('document'))
      .where('m.account_id', '=', p.account_id)
      .where('m.conversation_id', '=', p.conversation_id)
      .where('m.id', '>=', p.first)
      .where('m.id', '<=', p.last)
      .where(isVisible)
      .orderBy('m.id', direction)
      .limit(p.limit),
  )
}
const messagesByDirection = { asc: messages('asc'), desc: messages('desc') }

/** The messages of a conversation that the contact may see, in a range of ids. */
export async function selectMessages(
  queries: Queries,
  direction: 'asc' | 'desc',
  range: Range,
): Promise<Message[]> {
  const rows = await messagesByDirection[direction](queries, range)
  return rows.map(({ document }) => JSON.parse(document))
}
