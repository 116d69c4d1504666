import type { Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { logAccessChange } from '../../events/access.ts'
import { type Actor, hasScope } from '../../lib/actor.ts'
import { randomSecret } from '../../lib/secrets.ts'
import { Slot } from '../../lib/slot.ts'
import { roleOf } from '../users/service.ts'
import type { Inbox } from './schema.ts'
import {
  findByIdentifier,
  findVisible,
  insertInbox,
  insertMember,
  isMember,
  type Row,
  selectMembers,
  selectVisible,
} from './store.ts'
import { widgetOf } from './widget.ts'

export { allowedOrigins, isAllowed, widgetOf } from './widget.ts'

/** What an inbox needs of its conversations, which stand below it. */
export interface InboxConversations {
  /** The ids of some of them, at most `limit`. */
  some(queries: Queries, accountId: number, inboxId: number, limit: number): Promise<number[]>
  /** Takes a user off those of inboxes where they do not work any more. */
  unassign(tx: Queries, accountId: number, userId: number): Promise<void>
  /** Erases one with its messages. */
  erase(tx: Queries, accountId: number, id: number): Promise<void>
}
export const inboxConversations = new Slot<InboxConversations>('conversations of an inbox')

/** The inboxes that the actor may work in, by id. */
export async function listInboxes(queries: Queries, actor: Actor): Promise<Inbox[]> {
  const rows = await selectVisible(queries, actor)
  return rows.map((row) => toInbox(actor, row))
}

/** One of those; undefined where there is none or the actor must not know of it. */
export async function findInbox(queries: Queries, actor: Actor, id: number): Promise<Inbox | undefined> {
  const row = await findVisible(queries, actor, id)
  return row && toInbox(actor, row)
}

/** The inbox with this `inbox_identifier`, of whatever account. */
export function findInboxByIdentifier(queries: Queries, identifier: string): Promise<Row | undefined> {
  return findByIdentifier(queries, identifier)
}

/** Who works in an inbox, as its visitors may see them: at most `most`, the longest members first. */
export async function facesOf(
  queries: Queries,
  { account_id, id }: Pick<Row, 'account_id' | 'id'>,
  most: number,
): Promise<{ name: string; avatar_url: string | null }[]> {
  const members = await selectMembers(queries, account_id, id)
  return members.slice(0, most).map(({ name, avatar_url }) => ({ name, avatar_url }))
}

function toInbox(actor: Actor, row: Row): Inbox {
  // With the key a program can prove to be any contact; the address of a webhook often has a key in its path.
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
    // The routes know where this server is reached.
    embed_script: null,
    hmac_mandatory: row.hmac_mandatory === 1,
    hmac_token: seesSecrets ? row.hmac_token : null,
  }
}

/** Whether a user may work in an inbox: an administrator in all, an agent where they are a member. */
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

/** What an inbox is made of; the rest is made up. */
type Settings = Pick<Row, 'name' | 'channel_type'> &
  Partial<Pick<Row, 'webhook_url' | 'website_url' | 'greeting_message' | 'hmac_mandatory' | 'widget'>>

/** Makes an inbox and gives its id. */
export async function createInbox(tx: Queries, accountId: number, inbox: Settings): Promise<number> {
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
  return id
}

/** Lets a member of the account work in an inbox; again is no error. */
export async function addInboxMember(
  tx: Queries,
  accountId: number,
  inboxId: number,
  userId: number,
): Promise<void> {
  await insertMember(tx, { account_id: accountId, inbox_id: inboxId, user_id: userId }, Date.now())
  await logAccessChange(tx, accountId, userId)
}
