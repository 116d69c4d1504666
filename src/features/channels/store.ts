import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'

/** An inbox to receive messages of, with its settings as they are stored. */
export interface ListeningInbox {
  account_id: number
  id: number
  settings: string
}

/** The inboxes with channels of these types, in all accounts. */
export function selectInboxesOfTypes(queries: Queries, types: readonly string[]): Promise<ListeningInbox[]> {
  const rows = queries.sql.selectFrom('inboxes').select(['account_id', 'id', 'settings'])
  return rows.where('channel_type', 'in', types).execute()
}

// In milliseconds, by the clock of the database: those of two nodes can differ.
const now: Record<Engine, RawBuilder<number>> = {
  sqlite: sql`cast(unixepoch('subsec') * 1000 as integer)`,
  postgres: sql`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
}

/** Takes or renews the leases of inboxes for `duration` milliseconds. Returns those that no other node holds. */
export function takeLeases(
  tx: Queries,
  inboxes: readonly ListeningInbox[],
  holder: string,
  duration: number,
): Promise<{ account_id: number; inbox_id: number }[]> {
  const at = now[tx.engine]
  const expires_at = sql<number>`${at} + cast(${duration} as bigint)`
  // In order, so that nodes that take leases at once do not wait for each other in a circle.
  const ordered = inboxes.toSorted((one, other) => one.account_id - other.account_id || one.id - other.id)
  return tx.sql
    .insertInto('inbox_leases')
    .values(ordered.map(({ account_id, id }) => ({ account_id, inbox_id: id, holder, expires_at })))
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'inbox_id'])
        .doUpdateSet({ holder, expires_at })
        .where((eb) =>
          eb.or([eb('inbox_leases.holder', '=', holder), eb('inbox_leases.expires_at', '<', at)]),
        ),
    )
    .returning(['account_id', 'inbox_id'])
    .execute()
}

/** Ends all leases of a node. */
export async function releaseLeases(tx: Queries, holder: string): Promise<void> {
  await tx.sql.deleteFrom('inbox_leases').where('holder', '=', holder).execute()
}

const newestSource = prepare<{ account_id: number; conversation_id: number }>()((builder, p) =>
  builder
    .selectFrom('messages')
    .select('source_id')
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('source_id', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1),
)

/** The `source_id` of the conversation's newest message that has one; null if there is none. */
export async function findNewestSourceId(
  queries: Queries,
  conversation: { account_id: number; conversation_id: number },
): Promise<string | null> {
  return (await newestSource(queries, conversation))[0]?.source_id ?? null
}

/** The name of the conversation's contact at the inbox: that of the conversation, otherwise the contact's newest one. */
export async function findIdentity(
  queries: Queries,
  of: { account_id: number; conversation_id: number },
): Promise<{ contact_id: number; identity: string | null } | undefined> {
  const row = await queries.sql
    .selectFrom('conversations as c')
    .select(['c.contact_id', 'c.source_id'])
    .select(({ selectFrom }) =>
      selectFrom('contact_inboxes as d')
        .select('d.source_id')
        .whereRef('d.account_id', '=', 'c.account_id')
        .whereRef('d.contact_id', '=', 'c.contact_id')
        .whereRef('d.inbox_id', '=', 'c.inbox_id')
        .where('d.has_name', '=', 1)
        .orderBy((eb) => eb.case().when('d.source_id', '=', eb.ref('c.source_id')).then(0).else(1).end())
        .orderBy('d.created_at', 'desc')
        .limit(1)
        .as('identity'),
    )
    .where('c.account_id', '=', of.account_id)
    .where('c.id', '=', of.conversation_id)
    .executeTakeFirst()
  return row && { contact_id: row.contact_id, identity: row.identity }
}

const targetsOfAccount = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('channel_targets')
    .select(['inbox_id', 'target_id'])
    .where('account_id', '=', p.account_id),
)

/** The targets of deliveries of an account, by inbox. */
export async function selectTargets(queries: Queries, accountId: number): Promise<Map<number, number>> {
  const rows = await targetsOfAccount(queries, { account_id: accountId })
  return new Map(rows.map(({ inbox_id, target_id }) => [inbox_id, target_id]))
}

export async function insertTarget(
  tx: Queries,
  row: { account_id: number; inbox_id: number; target_id: number },
): Promise<void> {
  await tx.sql.insertInto('channel_targets').values(row).execute()
}
