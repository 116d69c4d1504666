import { sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { openedOrNull, type SecretPlace, sealed } from '../../lib/secret-box.ts'

/** Its secret is encrypted: `openSecret` opens it. */
export type Row = Tables['agent_bots']
export type Key = Pick<Row, 'account_id' | 'id'>
/** A bot with the state of its target. */
export type BotRow = Row & Pick<Tables['delivery_targets'], 'active' | 'disabled_reason'>

/** The secret of a bot; null if it cannot be decrypted. */
export function openSecret(queries: Queries, bot: Row): string | null {
  return openedOrNull(queries, bot.secret, placeOf(bot))
}

function placeOf({ account_id, id }: Key): SecretPlace {
  return { table: 'agent_bots', column: 'secret', key: [account_id, id] }
}

/** The bots that are not deleted, by id. Their number is limited. */
export function selectBots(queries: Queries, accountId: number): Promise<BotRow[]> {
  return bots(queries, accountId).orderBy('b.id').execute()
}

export function findBot(queries: Queries, { account_id, id }: Key): Promise<BotRow | undefined> {
  return bots(queries, account_id).where('b.id', '=', id).executeTakeFirst()
}

function bots(queries: Queries, accountId: number) {
  return queries.sql
    .selectFrom('agent_bots as b')
    .innerJoin('delivery_targets as t', (join) =>
      join.onRef('t.account_id', '=', 'b.account_id').onRef('t.id', '=', 'b.target_id'),
    )
    .selectAll('b')
    .select(['t.active', 't.disabled_reason'])
    .where('b.account_id', '=', accountId)
    .where('b.deleted_at', 'is', null)
}

/** Stores a bot, and encrypts its secret. */
export async function insertBot(tx: Queries, row: Row & { secret: string }): Promise<void> {
  const secret = sealed(tx, row.secret, placeOf(row))
  await tx.sql
    .insertInto('agent_bots')
    .values({ ...row, secret })
    .execute()
}

/** Replaces the secret of a bot, and encrypts it. */
export async function updateSecret(tx: Queries, bot: Key, secret: string): Promise<void> {
  const change = { secret: sealed(tx, secret, placeOf(bot)), updated_at: Date.now() }
  const update = tx.sql.updateTable('agent_bots').set(change)
  await update.where('account_id', '=', bot.account_id).where('id', '=', bot.id).execute()
}

/** Changes a bot, except for its secret. */
export async function updateBot(
  tx: Queries,
  { account_id, id }: Key,
  change: Updateable<Omit<Row, 'secret'>> & { secret?: null },
): Promise<void> {
  const update = tx.sql.updateTable('agent_bots').set(change)
  await update.where('account_id', '=', account_id).where('id', '=', id).execute()
}

/** The name of a bot, also of a deleted one. */
export async function findName(queries: Queries, { account_id, id }: Key): Promise<string | undefined> {
  const query = queries.sql.selectFrom('agent_bots').select('name').where('account_id', '=', account_id)
  return (await query.where('id', '=', id).executeTakeFirst())?.name
}

/** Finds the bot of an account with a token. */
export const findByToken = prepare<{ account_id: number; hash: string }>()((builder, p) =>
  builder
    .selectFrom('agent_bots')
    .select('id')
    .where('account_id', '=', p.account_id)
    .where('token_hash', '=', p.hash),
)

/** The bot of an inbox, if it has one. */
export const selectBotOfInbox = prepare<{ account_id: number; inbox_id: number }>()((builder, p) =>
  builder
    .selectFrom('agent_bot_inboxes')
    .select('bot_id')
    .where('account_id', '=', p.account_id)
    .where('inbox_id', '=', p.inbox_id),
)

/** The bot of an inbox, if it has one that is switched on. */
export const selectActiveBotOfInbox = prepare<{ account_id: number; inbox_id: number }>()((builder, p) =>
  builder
    .selectFrom('agent_bot_inboxes as i')
    .innerJoin('agent_bots as b', (join) =>
      join.onRef('b.account_id', '=', 'i.account_id').onRef('b.id', '=', 'i.bot_id'),
    )
    .innerJoin('delivery_targets as t', (join) =>
      join.onRef('t.account_id', '=', 'b.account_id').onRef('t.id', '=', 'b.target_id'),
    )
    .select('i.bot_id')
    .where('i.account_id', '=', p.account_id)
    .where('i.inbox_id', '=', p.inbox_id)
    .where('t.active', '=', sql.lit(1)),
)

/** The inboxes of an account with their bots. */
export const selectInboxes = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('agent_bot_inboxes')
    .select(['inbox_id', 'bot_id'])
    .where('account_id', '=', p.account_id)
    .orderBy('inbox_id'),
)

/** Sets the bot of an inbox. */
export async function setBotOfInbox(tx: Queries, row: Tables['agent_bot_inboxes']): Promise<void> {
  await tx.sql
    .insertInto('agent_bot_inboxes')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'inbox_id'])
        .doUpdateSet({ bot_id: row.bot_id, created_at: row.created_at }),
    )
    .execute()
}

/** Takes the bot of an inbox away. */
export async function unsetBotOfInbox(tx: Queries, accountId: number, inboxId: number): Promise<void> {
  const query = tx.sql.deleteFrom('agent_bot_inboxes').where('account_id', '=', accountId)
  await query.where('inbox_id', '=', inboxId).execute()
}

/** Takes a bot away from all of its inboxes. */
export async function unsetInboxesOf(tx: Queries, { account_id, id }: Key): Promise<void> {
  const query = tx.sql.deleteFrom('agent_bot_inboxes').where('account_id', '=', account_id)
  await query.where('bot_id', '=', id).execute()
}

/** The bots of an account that get events. */
export const selectReceivers = prepare<{ account_id: number }>()((builder, p) =>
  builder
    .selectFrom('agent_bots')
    .select(['id', 'target_id', 'format'])
    .where('account_id', '=', p.account_id)
    .where('outgoing_url', 'is not', null),
)

const ofTargets = prepare<{ account_id: number; ids: string }>()((builder, p, engine) =>
  builder
    .selectFrom('agent_bots')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where(json[engine].isIn(sql`target_id`, p.ids, 'bigint')),
)

/** The bots of some targets. */
export function selectByTargets(
  tx: Queries,
  account_id: number,
  targetIds: readonly number[],
): Promise<Row[]> {
  return ofTargets(tx, { account_id, ids: JSON.stringify(targetIds) })
}
