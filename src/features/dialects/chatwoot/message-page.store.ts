import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../../db/database.ts'
import { json } from '../../../db/json.ts'
import { prepare } from '../../../db/prepare.ts'
import type { Actor } from '../../../lib/actor.ts'
import { type ConversationScope, isVisible, scopeOf, versionOf } from '../../conversations/parts.store.ts'

// Titles contain no commas.
const labels = (engine: Engine) => sql<string | null>`(select ${json[engine].elements('l.title', 'l.title')}
  from conversation_labels w join labels l on l.account_id = w.account_id and l.id = w.label_id
  where w.account_id = c.account_id and w.conversation_id = c.id)`

const meta = prepare<ConversationScope>()((builder, p, engine) =>
  builder
    .selectFrom('conversations as c')
    .innerJoin('contacts as p', (join) =>
      join.onRef('p.account_id', '=', 'c.account_id').onRef('p.id', '=', 'c.contact_id'),
    )
    .leftJoin('companies as k', (join) =>
      join.onRef('k.account_id', '=', 'p.account_id').onRef('k.id', '=', 'p.company_id'),
    )
    .leftJoin('users as u', 'u.id', 'c.assignee_id')
    .leftJoin('account_users as m', (join) =>
      join.onRef('m.account_id', '=', 'c.account_id').onRef('m.user_id', '=', 'c.assignee_id'),
    )
    .select(['c.assignee_id', 'c.agent_last_seen_at'])
    .select('c.additional_attributes as attributes_of_conversation')
    .select(['p.id', 'p.name', 'p.email', 'p.phone_number', 'p.identifier', 'p.blocked', 'p.avatar_url'])
    .select(['p.custom_attributes', 'p.additional_attributes', 'p.last_activity_at', 'p.created_at'])
    .select('k.name as company_name')
    .select(['u.name as assignee_name', 'u.avatar_url as assignee_avatar_url'])
    .select('m.availability as assignee_availability')
    .select(labels(engine).as('labels'))
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(isVisible(p)),
)

/**
 * Returns what comes with a page of messages: the conversation, its contact, and its assignee. Returns undefined if the
 * actor may not see the conversation.
 */
export async function findPageMeta(queries: Queries, actor: Actor, conversationId: number) {
  return (await meta(queries, scopeOf(actor, conversationId)))[0]
}
export type PageMeta = NonNullable<Awaited<ReturnType<typeof findPageMeta>>>

// It runs for each page that is cached. One column takes a third of the time that twenty do.
const version = prepare<ConversationScope & { user_ids: string }>()((builder, p, engine) => {
  const { document, elements, values } = json[engine]
  const list = (...columns: (string | RawBuilder<unknown>)[]) =>
    document(
      Object.fromEntries(
        columns.map((column, at) => [`${at}`, typeof column === 'string' ? sql.ref(column) : column]),
      ),
    )
  const user = list('u.id', 'u.name', 'u.avatar_url', 'm.availability')
  const users = sql`(select ${elements('x.document', 'x.id')} from (select u.id, ${user} as document
    from ${values(p.user_ids, 'bigint')} i join users u on u.id = i.value
    left join account_users m on m.account_id = c.account_id and m.user_id = u.id) x)`
  return builder
    .selectFrom('conversations as c')
    .innerJoin('contacts as p', (join) =>
      join.onRef('p.account_id', '=', 'c.account_id').onRef('p.id', '=', 'c.contact_id'),
    )
    .leftJoin('companies as k', (join) =>
      join.onRef('k.account_id', '=', 'p.account_id').onRef('k.id', '=', 'p.company_id'),
    )
    .select(
      list(
        versionOf(),
        ...['c.assignee_id', 'c.agent_last_seen_at', 'c.additional_attributes'],
        ...['p.id', 'p.name', 'p.email', 'p.phone_number', 'p.identifier', 'p.blocked', 'p.avatar_url'],
        ...['p.custom_attributes', 'p.additional_attributes', 'k.name', labels(engine), users],
      ).as('version'),
    )
    .where('c.account_id', '=', p.account_id)
    .where('c.id', '=', p.conversation_id)
    .where(isVisible(p))
})

/**
 * Returns a text that changes with everything that a page of messages shows of the conversation, its messages, its contact
 * and the users of a JSON list of ids. Returns undefined if the actor may not see the conversation.
 */
export async function findPageVersion(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  user_ids: string,
): Promise<string | undefined> {
  return (await version(queries, { ...scopeOf(actor, conversationId), user_ids }))[0]?.version
}
