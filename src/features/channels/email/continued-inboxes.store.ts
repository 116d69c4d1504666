import type { Queries } from '../../../db/database.ts'

/** An inbox, with its settings as they are stored. */
export interface StoredInbox {
  id: number
  identifier: string
  channel_type: string
  settings: string
}

/** The inboxes of an account, the newest first. */
export function selectInboxes(queries: Queries, accountId: number): Promise<StoredInbox[]> {
  return queries.sql
    .selectFrom('inboxes')
    .select(['id', 'identifier', 'channel_type', 'settings'])
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .execute()
}
