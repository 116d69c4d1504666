import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { channels } from '../inboxes/channels.ts'
import { listInboxes } from '../inboxes/service.ts'
import type { ContactInbox } from './schema.ts'
import { getContact } from './service.ts'

/**
 * The inboxes that the actor sees in which a conversation with the contact can be started: those that the contact is in,
 * and those that take messages of anybody. Throws `not_found`.
 */
export async function listContactableInboxes(
  queries: Queries,
  actor: Actor,
  id: number,
): Promise<ContactInbox[]> {
  const { contact_inboxes = [] } = await getContact(queries, actor, id)
  const types = channels
    .of(queries)
    .all.filter((one) => one.programsMayWriteAsContact)
    .map(({ type }) => type)
  const others = (await listInboxes(queries, actor)).filter(
    ({ id, channel_type }) =>
      types.includes(channel_type) && !contact_inboxes.some(({ inbox }) => inbox.id === id),
  )
  return [...contact_inboxes, ...others.map(({ id, name }) => ({ source_id: null, inbox: { id, name } }))]
}
