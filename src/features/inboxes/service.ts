import type { Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { logAccessChange } from '../../events/access.ts'
import { type Actor, hasScope } from '../../lib/actor.ts'
import { opened, openedOrNull } from '../../lib/secret-box.ts'
import { randomSecret } from '../../lib/secrets.ts'
import { Slot } from '../../lib/slot.ts'
import { roleOf } from '../users/service.ts'
import type { Inbox } from './schema.ts'
import {
  findByIdentifier,
  findVisible,
  hmacTokenPlace,
  insertInbox,
  insertMember,
  isMember,
  type Row,
  selectMembers,
  selectVisible,
} from './store.ts'
import { widgetOf } from './widget.ts'

/** What inboxes need of conversations, a feature further down the list. */
export interface InboxConversations {
  /** The ids of at most `limit` conversations of the inbox. */
  some(queries: Queries, accountId: number, inboxId: number, limit: number): Promise<number[]>
  /** Unassigns a user from the conversations of inboxes that they may no longer see. */
  unassign(tx: Queries, accountId: number, userId: number): Promise<void>
  /** Erases a conversation with its messages. */
  erase(tx: Queries, actor: Actor, id: number): Promise<void>
}
export const inboxConversations = new Slot<InboxConversations>('conversations of an inbox')

type SetWebhook = (tx: Queries, accountId: number, inboxId: number, url: string | null) => Promise<void>
/** Gives an inbox a webhook, changes its URL, or removes it if the URL is null. */
export const inboxWebhook = new Slot<SetWebhook>('webhook of an inbox')

/** The inboxes that the actor sees, ordered by id. */
export async function listInboxes(queries: Queries, actor: Actor): Promise<Inbox[]> {
  const rows = await selectVisible(queries, actor)
  return rows.map((row) => toInbox(queries, actor, row))
}

/** An inbox that the actor sees; undefined if there is none with this id. */
export async function findInbox(queries: Queries, actor: Actor, id: number): Promise<Inbox | undefined> {
  const row = await findVisible(queries, actor, id)
  return row && toInbox(queries, actor, row)
}

/** The inbox with this `inbox_identifier`, in any account. */
export function findInboxByIdentifier(queries: Queries, identifier: string): Promise<Row | undefined> {
  return findByIdentifier(queries, identifier)
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
  return {
    id: row.id,
    name: row.name,
    channel_type: row.channel_type,
    inbox_identifier: row.identifier,
    webhook_url: seesSecrets ? row.webhook_url : null,
    website_url: row.website_url,
    greeting_message: row.greeting_message,
    widget: widgetOf(row),
    // Set by the routes, which know the URL of this server.
    embed_script: null,
    hmac_mandatory: row.hmac_mandatory === 1,
    // null if it cannot be decrypted, so that it can be replaced.
    hmac_token: seesSecrets ? openedOrNull(queries, row.hmac_token, hmacTokenPlace(row)) : null,
  }
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

/** The columns of a new inbox that are not generated. */
type NewInboxRow = Pick<Row, 'name' | 'channel_type'> &
  Partial<Pick<Row, 'webhook_url' | 'website_url' | 'greeting_message' | 'hmac_mandatory' | 'widget'>>

/** Creates an inbox and returns its id. */
export async function createInbox(tx: Queries, accountId: number, inbox: NewInboxRow): Promise<number> {
  const id = await nextId(tx, accountId, 'inboxes')
  const now = Date.now()
  await insertInbox(tx, {
    account_id: accountId,
    id,
    hmac_mandatory: 0,
    ...inbox,
    identifier: randomSecret('inbox'),
    hmac_token: randomSecret('hmac'),
    created_at: now,
    updated_at: now,
  })
  if (inbox.webhook_url) await inboxWebhook.of(tx)(tx, accountId, id, inbox.webhook_url)
  return id
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
