import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { ChannelInbox } from '../inboxes/channels.ts'
import { advanceStatus, type StatusReport } from '../messages/change.ts'
import { findBySourceId } from '../messages/parts.store.ts'

/**
 * Records what a channel reports about a message that it has sent. A report that does not advance the status changes
 * nothing: `sent`, `delivered`, `read`, and `failed` from each of the first two. Returns whether the message is known. It
 * is not until the result of `send()` is stored, so a report that arrives early must be repeated.
 */
export function reportDelivery(
  { database }: Pick<Context, 'database'>,
  inbox: Pick<ChannelInbox, 'account_id' | 'id'>,
  source_id: string,
  report: StatusReport,
): Promise<boolean> {
  const { account_id, id: inbox_id } = inbox
  return database.transaction(account_id, async (tx: Queries) => {
    const message = await findBySourceId(tx, { account_id, inbox_id }, source_id)
    if (!message) return false
    await advanceStatus(tx, { account_id, ...message }, report)
    return true
  })
}
