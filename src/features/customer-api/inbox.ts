import type { Queries } from '../../db/database.ts'
import { channels } from '../inboxes/channels.ts'
import { findInboxByIdentifier, type IdentifiedInbox } from '../inboxes/service.ts'

/** The inbox with this `inbox_identifier`; undefined also if its channel is closed to this API. */
export async function findOpenInbox(
  queries: Queries,
  identifier: string,
): Promise<IdentifiedInbox | undefined> {
  const inbox = await findInboxByIdentifier(queries, identifier)
  return inbox && isOpen(queries, inbox.channel_type) ? inbox : undefined
}

/** Whether customers may use this API in inboxes of a type. */
export function isOpen(queries: Queries, channelType: string): boolean {
  return channels.of(queries).of(channelType).isOpenToCustomers
}
