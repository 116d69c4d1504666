import type { Queries } from '../../../db/database.ts'
import { prepare } from '../../../db/prepare.ts'
import { secretHash } from '../../../lib/secrets.ts'

const day = 86_400_000

/**
 * Counts an automatic mail to an address. Returns false if it must not be sent, because the address has had one within a
 * day. Call it in the transaction that makes sure that the mail will be sent. `now` is in milliseconds.
 */
export async function claimAutomaticMail(
  tx: Queries,
  { account_id, address, now }: { account_id: number; address: string; now: number },
): Promise<boolean> {
  const old = tx.sql.deleteFrom('automatic_mails').where('account_id', '=', account_id)
  await old.where('sent_at', '<=', now - day).execute()
  const address_hash = secretHash(`${account_id} ${mailboxOf(address)}`)
  const rows = await tx.sql
    .insertInto('automatic_mails')
    .values({ account_id, address_hash, sent_at: now })
    .onConflict((conflict) => conflict.columns(['account_id', 'address_hash']).doNothing())
    .returning('sent_at')
    .execute()
  return rows.length > 0
}

/** An address without its suffix: `ann+news@example.com` is the mailbox of `ann@example.com`. */
function mailboxOf(address: string): string {
  const [local, domain] = address.toLowerCase().split(/@(?=[^@]*$)/) as [string, string]
  return `${local.split('+')[0] || local}@${domain}`
}

interface MessageKey {
  account_id: number
  conversation_id: number
  id: number
}

const earlier = prepare<MessageKey>()((builder, p) =>
  builder
    .selectFrom('messages')
    .select('id')
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .where('id', '<', p.id)
    .limit(1),
)

/** Whether a conversation exists and begins with this message. */
export async function isFirstMessage(queries: Queries, message: MessageKey): Promise<boolean> {
  const { account_id, conversation_id, id } = message
  return (await earlier(queries, { account_id, conversation_id, id })).length === 0
}
