import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { logAccessChange } from '../../events/access.ts'
import { type Actor, hasScope } from '../../lib/actor.ts'
import { opened, openedOrNull } from '../../lib/secret-box.ts'
import { randomSecret } from '../../lib/secrets.ts'
import { Slot } from '../../lib/slot.ts'
import { listAgents, roleOf } from '../users/service.ts'
import { changeableSettings, storedSettings, toChannelInbox, withoutSecrets } from './channel-settings.ts'
import { type ChannelInbox, channels, type Settings } from './channels.ts'
import type { Inbox } from './schema.ts'
import {
  deleteInbox,
  findById,
  findByIdentifier,
  findVisible,
  hmacTokenPlace,
  insertInbox,
  insertMember,
  isMember,
  type Row,
  selectMembers,
  selectVisible,
  updateInbox,
} from './store.ts'

/** What inboxes need of conversations, a feature further down the list. */
export interface InboxConversations {
  /** The ids of at most `limit` conversations of the inbox. */
  some(queries: Queries, accountId: number, inboxId: number, limit: number): Promise<number[]>
  /** Unassigns a user from the conversations of inboxes that they may no longer see. */
  unassign(tx: Queries, accountId: number, userId: number): Promise<void>
  /** Unassigns a user from most of the conversations of an inbox, in several transactions. */
  unassignMost(database: Database, accountId: number, userId: number, inboxId: number): Promise<void>
  /** Erases a conversation with its messages. Returns false if `isOver` before all of them were erased. */
  erase(tx: Queries, actor: Actor, id: number, isOver: () => boolean): Promise<boolean>
}
export const inboxConversations = new Slot<InboxConversations>('conversations of an inbox')

/** The inboxes that the actor sees, ordered by id. */
export async function listInboxes(queries: Queries, actor: Actor): Promise<Inbox[]> {
  const rows = await selectVisible(queries, actor)
  return rows.map((row) => toInbox(queries, actor, row))
}

/** The ids and names of the inboxes that the actor sees, ordered by id. Needs no channels, as `listInboxes` does. */
export async function listInboxNames(
  queries: Queries,
  actor: Actor,
): Promise<{ id: number; name: string }[]> {
  return (await selectVisible(queries, actor)).map(({ id, name }) => ({ id, name }))
}

/** An inbox that the actor sees; undefined if there is none with this id. */
export async function findInbox(queries: Queries, actor: Actor, id: number): Promise<Inbox | undefined> {
  const row = await findVisible(queries, actor, id)
  return row && toInbox(queries, actor, row)
}

/** An inbox with what a customer must prove there. */
export interface IdentifiedInbox extends ChannelInbox {
  hmac_mandatory: number
  hmac_token: string
}

/** The inbox with this `inbox_identifier`, in any account. */
export async function findInboxByIdentifier(
  queries: Queries,
  identifier: string,
): Promise<IdentifiedInbox | undefined> {
  const row = await findByIdentifier(queries, identifier)
  if (!row) return undefined
  const { hmac_mandatory, hmac_token } = row
  return { ...toChannelInbox(queries, row), hmac_mandatory, hmac_token }
}

/** The inbox with this id, as its channel sees it. */
export async function findChannelInbox(
  queries: Queries,
  accountId: number,
  id: number,
): Promise<ChannelInbox | undefined> {
  const row = await findById(queries, accountId, id)
  return row && toChannelInbox(queries, row)
}

/** The key of an inbox for proofs of identity. Throws `unavailable` if it cannot be decrypted. */
export function openHmacToken(
  queries: Queries,
  inbox: Pick<Row, 'account_id' | 'id' | 'hmac_token'>,
): string {
  return opened(queries, inbox.hmac_token, hmacTokenPlace(inbox))
}

/** The members of an inbox as visitors may see them: at most `limit`, ordered by user id. */
export async function publicMembersOf(
  queries: Queries,
  { account_id, id }: Pick<Row, 'account_id' | 'id'>,
  limit: number,
): Promise<{ name: string; avatar_url: string | null }[]> {
  const members = await selectMembers(queries, account_id, id)
  return members.slice(0, limit).map(({ name, avatar_url }) => ({ name, avatar_url }))
}

function toInbox(queries: Queries, actor: Actor, row: Row): Inbox {
  // The key proves the identity of any contact, and the URL of a webhook often contains a secret.
  const seesSecrets = actor.role === 'administrator' && hasScope(actor.scopes, 'admin')
  const { of, config } = channels.of(queries)
  const channel = of(row.channel_type)
  const inbox = withoutSecrets(queries, row)
  const showsKey = seesSecrets && channel.isOpenToCustomers
  const fields = { webhook_url: null, website_url: null, widget: null, embed_script: null }
  const { webhook_url, ...rest } = { ...fields, ...channel.fields?.(inbox, config) }
  return {
    id: row.id,
    name: row.name,
    channel_type: row.channel_type,
    channel_settings: seesSecrets && !channel.fields ? inbox.settings : null,
    inbox_identifier: row.identifier,
    webhook_url: seesSecrets ? webhook_url : null,
    greeting_message: row.greeting_message,
    ...rest,
    hmac_mandatory: row.hmac_mandatory === 1,
    // null if it cannot be decrypted, so that it can be replaced.
    hmac_token: showsKey ? openedOrNull(queries, row.hmac_token, hmacTokenPlace(row)) : null,
  }
}

/** The ids of the users who answer in an inbox: its members, or the administrators if it has none. */
export async function answeringUsers(
  queries: Queries,
  { account_id, id }: Pick<Row, 'account_id' | 'id'>,
): Promise<number[]> {
  const members = await selectMembers(queries, account_id, id)
  if (members.length > 0) return members.map((member) => member.id)
  const agents = await listAgents(queries, account_id)
  return agents.filter(({ role }) => role === 'administrator').map((agent) => agent.id)
}

/** Whether a user may work in an inbox: an administrator in every one, an agent as a member. */
export async function mayWorkIn(
  queries: Queries,
  accountId: number,
  inboxId: number,
  userId: number,
): Promise<boolean> {
  const role = await roleOf(queries, accountId, userId)
  if (role === 'administrator') return true
  if (role === undefined) return false
  return isMember(queries, { account_id: accountId, inbox_id: inboxId, user_id: userId })
}

/** An inbox that is created. Its settings are not checked. */
interface NewInboxRow extends Pick<Row, 'name' | 'channel_type'> {
  settings?: Settings
  greeting_message?: string | null
  hmac_mandatory?: number
  /** Of an inbox that comes from another system. By default they are generated. */
  id?: number
  identifier?: string
  hmac_token?: string
}

/** Creates an inbox and returns its id. */
export async function createInbox(tx: Queries, accountId: number, inbox: NewInboxRow): Promise<number> {
  const id = inbox.id ?? (await nextId(tx, accountId, 'inboxes'))
  const { channel_type } = inbox
  const now = Date.now()
  await insertInbox(tx, {
    account_id: accountId,
    id,
    name: inbox.name,
    channel_type,
    greeting_message: inbox.greeting_message ?? null,
    settings: storedSettings(tx, { account_id: accountId, id, channel_type }, inbox.settings ?? {}),
    hmac_mandatory: inbox.hmac_mandatory ?? 0,
    identifier: inbox.identifier ?? randomSecret('inbox'),
    hmac_token: inbox.hmac_token ?? randomSecret('hmac'),
    created_at: now,
    updated_at: now,
  })
  await tellChannel(tx, accountId, id)
  return id
}

/** The settings of an inbox before a change. A secret that cannot be decrypted is null. */
export async function readSettings(tx: Queries, accountId: number, id: number): Promise<Settings> {
  return changeableSettings(tx, (await findById(tx, accountId, id))!)
}

/** Changes columns of an inbox; `settings` are all of its settings. */
export async function saveInbox(
  tx: Queries,
  { account_id, id, channel_type }: Pick<Row, 'account_id' | 'id' | 'channel_type'>,
  { settings, ...columns }: Partial<Omit<Row, 'settings'>> & { settings?: Settings | undefined },
): Promise<void> {
  const text = settings && storedSettings(tx, { account_id, id, channel_type }, settings)
  const change = text === undefined ? columns : { ...columns, settings: text }
  await updateInbox(tx, account_id, id, { ...change, updated_at: Date.now() })
  if (settings) await tellChannel(tx, account_id, id)
}

async function tellChannel(tx: Queries, accountId: number, id: number): Promise<void> {
  const inbox = (await findChannelInbox(tx, accountId, id))!
  await channels.of(tx).saved(tx, inbox)
}

/** Deletes an inbox that has no conversations. */
export async function eraseInbox(tx: Queries, accountId: number, id: number): Promise<void> {
  const inbox = (await findChannelInbox(tx, accountId, id))!
  await channels.of(tx).deleted(tx, inbox)
  await deleteInbox(tx, accountId, id)
}

/** Makes a member of the account a member of an inbox, if they are not one already. */
export async function addInboxMember(
  tx: Queries,
  accountId: number,
  inboxId: number,
  userId: number,
): Promise<void> {
  await insertMember(tx, { account_id: accountId, inbox_id: inboxId, user_id: userId }, Date.now())
  await logAccessChange(tx, accountId, userId)
}
