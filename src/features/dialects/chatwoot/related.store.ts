import { type Kysely, sql } from 'kysely'
import type { Engine, Queries } from '../../../db/database.ts'
import { json } from '../../../db/json.ts'
import { prepare } from '../../../db/prepare.ts'
import type { Tables } from '../../../db/tables.ts'

/** Ids in one account, as a JSON list. */
interface Ids {
  account_id: number
  ids: string
}

/** Users, also those who have left the account: then they have no role. */
const users = prepare<Ids>()((builder, p, engine) =>
  builder
    .selectFrom('users as u')
    .leftJoin('account_users as m', (join) =>
      join.onRef('m.user_id', '=', 'u.id').on('m.account_id', '=', p.account_id),
    )
    .select(['u.id', 'u.name', 'u.email', 'u.avatar_url', 'u.confirmed', 'm.role', 'm.availability'])
    .where(json[engine].isIn(sql`u.id`, p.ids, 'bigint')),
)

const contacts = prepare<Ids>()((builder, p, engine) =>
  builder
    .selectFrom('contacts as p')
    .leftJoin('companies as k', (join) =>
      join.onRef('k.account_id', '=', 'p.account_id').onRef('k.id', '=', 'p.company_id'),
    )
    .select(['p.id', 'p.name', 'p.email', 'p.phone_number', 'p.identifier', 'p.blocked', 'p.avatar_url'])
    .select(['p.custom_attributes', 'p.additional_attributes', 'p.last_activity_at', 'p.created_at'])
    .select('k.name as company_name')
    .where('p.account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`p.id`, p.ids, 'bigint')),
)

/** Bots, also deleted ones. */
const bots = prepare<Ids>()((builder, p, engine) =>
  builder
    .selectFrom('agent_bots as b')
    .select(['b.id', 'b.name'])
    .where('b.account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`b.id`, p.ids, 'bigint')),
)

const inboxes = prepare<Ids>()((builder, p, engine) =>
  builder
    .selectFrom('inboxes as i')
    .select(['i.id', 'i.name', 'i.channel_type', 'i.hmac_mandatory'])
    .where('i.account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`i.id`, p.ids, 'bigint')),
)

const teams = prepare<Ids>()((builder, p, engine) =>
  builder
    .selectFrom('teams as t')
    .select(['t.id', 't.name', 't.description', 't.allow_auto_assign'])
    .where('t.account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`t.id`, p.ids, 'bigint')),
)

/** Conversations, each with the name that a program has chosen for its contact, if there is one. */
const conversations = prepare<Ids>()((builder, p, engine) => conversationRows(builder, engine, p))

export function conversationRows(builder: Kysely<Tables>, engine: Engine, p: Ids) {
  return builder
    .selectFrom('conversations as c')
    .innerJoin('contact_inboxes as d', (join) =>
      join
        .onRef('d.account_id', '=', 'c.account_id')
        .onRef('d.inbox_id', '=', 'c.inbox_id')
        .onRef('d.source_id', '=', 'c.source_id'),
    )
    .select(['c.id', 'c.assignee_id', 'c.unread_count', 'c.last_activity_at'])
    .select(sql<string | null>`case when d.has_name = 1 then d.source_id end`.as('source_id'))
    .where('c.account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`c.id`, p.ids, 'bigint'))
}

/** The media types of the files with these ids. */
const fileTypes = prepare<Ids>()((builder, p, engine) =>
  builder
    .selectFrom('files as f')
    .select(['f.id', 'f.type'])
    .where('f.account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`f.id`, p.ids, 'bigint')),
)

const queriesOf = { users, contacts, bots, inboxes, teams, conversations, fileTypes }
type Kind = keyof typeof queriesOf
export type RelatedRow<K extends Kind> = Awaited<ReturnType<(typeof queriesOf)[K]>>[number]

/** Returns the rows of one kind with these ids, by id. Asks nothing if there are none. */
export async function selectByIds<K extends Kind>(
  queries: Queries,
  kind: K,
  accountId: number,
  ids: Iterable<number>,
): Promise<Map<number, RelatedRow<K>>> {
  const unique = [...new Set(ids)]
  if (unique.length === 0) return new Map()
  const rows = await queriesOf[kind](queries, { account_id: accountId, ids: JSON.stringify(unique) })
  return new Map((rows as RelatedRow<K>[]).map((row) => [row.id, row]))
}
