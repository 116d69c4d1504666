import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { TargetKey } from '../../deliveries/keys.ts'
import { createTarget, forgetFailures, removeTarget, switchOff, switchOn } from '../../deliveries/targets.ts'
import { type Actor, hasScope } from '../../lib/actor.ts'
import { urlProblem } from '../../lib/destination.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { randomSecret, secretHash } from '../../lib/secrets.ts'
import { signingSecret } from '../../lib/signing.ts'
import { toSeconds } from '../../lib/time.ts'
import { listInboxNames } from '../inboxes/service.ts'
import { getInbox } from '../inboxes/settings.ts'
import { botEvents } from './events.ts'
import {
  type AgentBot,
  type AgentBotChange,
  type AgentBotWithSecrets,
  mostBots,
  type NewAgentBot,
} from './schema.ts'
import { senderName } from './sender.ts'
import * as store from './store.ts'

/** Returns the account's bots, oldest first; to agents without their URLs, and only with the inboxes that they see. */
export async function listBots(queries: Queries, actor: Actor): Promise<AgentBot[]> {
  const rows = await store.selectBots(queries, actor.accountId)
  const inboxes = await store.selectInboxes(queries, { account_id: actor.accountId })
  const bots = rows.map((row) => toBot(row, inboxes))
  return shownTo(queries, actor, bots)
}

/** The URL of a bot can contain a secret, so only administrators see it. Agents see only their own inboxes. */
async function shownTo(queries: Queries, actor: Actor, bots: AgentBot[]): Promise<AgentBot[]> {
  if (actor.role === 'administrator' && hasScope(actor.scopes, 'admin')) return bots
  const visible = new Set((await listInboxNames(queries, actor)).map(({ id }) => id))
  return bots.map((bot) => {
    const inbox_ids = bot.inbox_ids.filter((id) => visible.has(id))
    return { ...bot, inbox_ids, outgoing_url: null, disabled_reason: null }
  })
}

/** Returns a bot. Throws `not_found`. */
export async function getBot(queries: Queries, { accountId }: Actor, id: number): Promise<AgentBot> {
  const row = await getRow(queries, accountId, id)
  return toBot(row, await store.selectInboxes(queries, { account_id: accountId }))
}

/**
 * Creates a bot, which answers in no inbox yet. Its token and its secret are only in this result. Throws `invalid` for a
 * URL that may not be called, and `limit_reached`.
 */
export function createBot(
  database: Database,
  actor: Actor,
  { name, description = null, outgoing_url = null, format }: NewAgentBot,
  allowPrivate: boolean,
): Promise<AgentBotWithSecrets> {
  const { accountId: account_id } = actor
  assertCallable(outgoing_url, allowPrivate)
  return database.transaction(account_id, async (tx) => {
    if ((await store.selectBots(tx, account_id)).length >= mostBots)
      throw new Refusal('limit_reached', `the account already has ${mostBots} bots: delete one first`)
    const id = await nextId(tx, account_id, 'agent_bots')
    const bot = { id, name, description, outgoing_url, format }
    return addBot(tx, actor, bot, randomSecret('bot'))
  })
}

type NewBotRow = Pick<store.Row, 'id' | 'name' | 'description' | 'outgoing_url' | 'format'>

/** Creates a bot with this id and token, as `createBot` does. Its `outgoing_url` must be one that may be called. */
export async function addBot(
  tx: Queries,
  actor: Actor,
  { id, name, description, outgoing_url, format }: NewBotRow,
  access_token: string,
): Promise<AgentBotWithSecrets> {
  const { accountId: account_id } = actor
  const target_id = await createTarget(tx, account_id, senderName)
  const secret = signingSecret()
  const now = Date.now()
  await store.insertBot(tx, {
    ...{ account_id, id, target_id, name, description, outgoing_url, format, secret },
    token_hash: secretHash(access_token),
    deleted_at: null,
    created_at: now,
    updated_at: now,
  })
  const bot = await getBot(tx, actor, id)
  await botEvents.created(tx, actor, bot)
  return { ...bot, access_token, secret }
}

/**
 * Changes a bot. If it is switched on again, pending deliveries continue, and it gets the events that happen from now on.
 * Throws `not_found`, and `invalid` as `createBot` does.
 */
export function changeBot(
  database: Database,
  actor: Actor,
  id: number,
  { name, description, outgoing_url, format, active }: AgentBotChange,
  allowPrivate: boolean,
): Promise<AgentBot> {
  const { accountId } = actor
  assertCallable(outgoing_url ?? null, allowPrivate)
  return database.transaction(accountId, async (tx) => {
    const row = await getRow(tx, accountId, id)
    const before = await getBot(tx, actor, id)
    const now = Date.now()
    await store.updateBot(tx, row, {
      name: name ?? row.name,
      description: description === undefined ? row.description : description,
      outgoing_url: outgoing_url === undefined ? row.outgoing_url : outgoing_url,
      format: format ?? row.format,
      updated_at: now,
    })
    const isMoved = outgoing_url !== undefined && outgoing_url !== row.outgoing_url
    if (isMoved) await forgetFailures(tx, targetOf(row))
    if (active === true) await switchOn(tx, targetOf(row), now)
    if (active === false) await switchOff(tx, targetOf(row))
    const after = await getBot(tx, actor, id)
    await botEvents.updated(tx, actor, before, after)
    return after
  })
}

/** Creates a new token for a bot; the old one ends at once. It is only in this result. Throws `not_found`. */
export function rotateToken(
  database: Database,
  { accountId }: Actor,
  id: number,
): Promise<{ access_token: string }> {
  return database.transaction(accountId, async (tx) => {
    const row = await getRow(tx, accountId, id)
    const access_token = randomSecret('bot')
    await store.updateBot(tx, row, { token_hash: secretHash(access_token), updated_at: Date.now() })
    return { access_token }
  })
}

/**
 * Creates a new secret for a bot: events are signed with it from now on, also those that are waiting. It is only in this
 * result. Throws `not_found`.
 */
export function rotateSecret(
  database: Database,
  { accountId }: Actor,
  id: number,
): Promise<{ secret: string }> {
  return database.transaction(accountId, async (tx) => {
    const row = await getRow(tx, accountId, id)
    const secret = signingSecret()
    await store.updateSecret(tx, row, secret)
    return { secret }
  })
}

/**
 * Deletes a bot. Its token ends, and pending deliveries are not sent. Its messages keep its name. Throws `not_found`.
 */
export function removeBot(database: Database, actor: Actor, id: number): Promise<void> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const row = await getRow(tx, accountId, id)
    const before = await getBot(tx, actor, id)
    const now = Date.now()
    await removeTarget(tx, targetOf(row))
    await store.unsetInboxesOf(tx, row)
    const ended = { token_hash: null, secret: null, outgoing_url: null, description: null }
    await store.updateBot(tx, row, { ...ended, deleted_at: now, updated_at: now })
    await botEvents.deleted(tx, actor, before)
  })
}

/**
 * Returns the bot of an inbox, or null; to agents only what `listBots` shows them. Throws `not_found` for an inbox that
 * the actor does not see.
 */
export async function botOfInbox(queries: Queries, actor: Actor, inboxId: number): Promise<AgentBot | null> {
  await getInbox(queries, actor, inboxId)
  const id = await idOfInbox(queries, actor.accountId, inboxId)
  if (id === undefined) return null
  const [shown] = await shownTo(queries, actor, [await getBot(queries, actor, id)])
  return shown!
}

/**
 * Sets the bot of an inbox, or none, and returns it. Conversations that exist stay as they are. Throws `not_found` for the
 * inbox, and `invalid` for the bot.
 */
export function setBotOfInbox(
  database: Database,
  actor: Actor,
  inboxId: number,
  id: number | null,
): Promise<AgentBot | null> {
  const { accountId: account_id } = actor
  return database.transaction(account_id, async (tx) => {
    const previous = await botOfInbox(tx, actor, inboxId)
    if (id !== null && !(await store.findBot(tx, { account_id, id })))
      throw invalid('agent_bot', 'names no bot of this account', 'not_found')
    if (id === (previous?.id ?? null)) return previous
    const next = id === null ? null : await getBot(tx, actor, id)
    if (id === null) await store.unsetBotOfInbox(tx, account_id, inboxId)
    else await store.setBotOfInbox(tx, { account_id, inbox_id: inboxId, bot_id: id, created_at: Date.now() })
    for (const before of [previous, next])
      if (before) await botEvents.updated(tx, actor, before, await getBot(tx, actor, before.id))
    return next && getBot(tx, actor, next.id)
  })
}

/** Returns the id of the bot that answers in an inbox; undefined if there is none. */
export async function idOfInbox(
  queries: Queries,
  accountId: number,
  inboxId: number,
): Promise<number | undefined> {
  const [row] = await store.selectBotOfInbox(queries, { account_id: accountId, inbox_id: inboxId })
  return row?.bot_id
}

/** Returns the id of the bot that answers in an inbox and is switched on; undefined if there is none. */
export async function activeBotOf(
  queries: Queries,
  account_id: number,
  inbox_id: number,
): Promise<number | undefined> {
  return (await store.selectActiveBotOfInbox(queries, { account_id, inbox_id }))[0]?.bot_id
}

/** Whether the account has the bot, and it is switched on. */
export async function isActiveBot(queries: Queries, account_id: number, id: number): Promise<boolean> {
  return (await store.findBot(queries, { account_id, id }))?.active === 1
}

/** Returns the name of a bot, also of a deleted one. */
export async function nameOfBot(queries: Queries, account_id: number, id: number): Promise<string> {
  return (await store.findName(queries, { account_id, id })) ?? ''
}

async function getRow(queries: Queries, account_id: number, id: number): Promise<store.BotRow> {
  const row = await store.findBot(queries, { account_id, id })
  if (!row) throw notFound('bot')
  return row
}

function assertCallable(url: string | null, allowPrivate: boolean): void {
  const reason = url === null ? undefined : urlProblem(url, allowPrivate)
  if (reason) throw invalid('outgoing_url', reason, 'wrong_format')
}

function targetOf({ account_id, target_id }: store.Row): TargetKey {
  return { account_id, target_id }
}

function toBot(row: store.BotRow, inboxes: { inbox_id: number; bot_id: number }[]): AgentBot {
  const { id, name, description, outgoing_url, format, active, disabled_reason } = row
  return {
    ...{ id, name, description, outgoing_url, format },
    inbox_ids: inboxes.filter(({ bot_id }) => bot_id === id).map(({ inbox_id }) => inbox_id),
    active: active === 1,
    disabled_reason,
    created_at: toSeconds(row.created_at),
    updated_at: toSeconds(row.updated_at),
  }
}
