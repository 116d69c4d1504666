import type { Queries } from '../../../../db/database.ts'
import type { Problem } from '../../../inboxes/channels.ts'
import { selectInboxes } from '../continued-inboxes.store.ts'
import type { EmailSettings } from '../settings.ts'

/**
 * The inboxes of an account whose conversations go on by mail, each with the e-mail inbox that sends these mails. If two
 * name the same one, the older one does.
 */
export async function continuedInboxes(queries: Queries, accountId: number): Promise<Map<number, number>> {
  const rows = await selectInboxes(queries, accountId)
  const others = new Map(
    rows.flatMap((row) => (row.channel_type === 'email' ? [] : [[row.identifier, row.id]])),
  )
  const continued = new Map<number, number>()
  for (const { id, channel_type, settings } of rows) {
    if (channel_type !== 'email') continue
    const { continues } = JSON.parse(settings) as Partial<EmailSettings>
    for (const identifier of continues ?? []) {
      const inboxId = others.get(identifier)
      if (inboxId !== undefined) continued.set(inboxId, id)
    }
  }
  return continued
}

/** The inboxes whose conversations go on by the mails of this one. */
export async function inboxesContinuedBy(
  queries: Queries,
  { account_id, id, settings }: { account_id: number; id: number; settings: EmailSettings },
): Promise<number[]> {
  if (!settings.continues?.length) return []
  const continued = await continuedInboxes(queries, account_id)
  return [...continued].flatMap(([inboxId, mailInboxId]) => (mailInboxId === id ? [inboxId] : []))
}

/** Says if an inbox continues fewer inboxes than its settings name. */
export async function checkContinued(
  queries: Queries,
  inbox: { account_id: number; id: number; settings: EmailSettings },
): Promise<Problem[]> {
  const named = new Set(inbox.settings.continues).size
  if ((await inboxesContinuedBy(queries, inbox)).length === named) return []
  const message =
    'must be the inbox_identifier of inboxes of this account that are not for e-mail, each in one e-mail inbox'
  return [{ field: 'continues', message }]
}
