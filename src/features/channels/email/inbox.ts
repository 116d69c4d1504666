import type { Queries } from '../../../db/database.ts'
import type { ChannelInbox } from '../../inboxes/channels.ts'
import { findChannelInbox } from '../../inboxes/service.ts'
import type { EmailSettings } from './settings.ts'

/** An e-mail inbox. */
export type EmailInbox = ChannelInbox<EmailSettings>

/** The e-mail inbox with this id; undefined if it was deleted. The caller knows that it is one. */
export async function emailInbox(
  queries: Queries,
  { account_id, id }: { account_id: number; id: number },
): Promise<EmailInbox | undefined> {
  return (await findChannelInbox(queries, account_id, id)) as EmailInbox | undefined
}
