import { channel as email } from '../../channels/email/channel.ts'
import type { EmailSettings } from '../../channels/email/settings.ts'
import { findChannelInbox, readSettings, saveInbox } from '../../inboxes/service.ts'
import { type MailServers, mailServers, settingsProblem } from './mail-servers.ts'
import type { Move } from './move.ts'
import type { SourceMailChannel } from './source-mail.store.ts'
import type { SourceInbox } from './source-settings.store.ts'

/**
 * The settings of an e-mail inbox, undefined if its address is not valid here. Its servers are among them only if the
 * import connects mail: two programs that fetch the mails of one mailbox would each make conversations of them.
 */
export function emailSettings(
  move: Move,
  row: SourceInbox,
  mail: SourceMailChannel,
): EmailSettings | undefined {
  const greeting = row.greeting_enabled ? row.greeting_message?.trim().slice(0, 5000) : undefined
  const name = row.business_name?.trim().slice(0, 255)
  const settings: EmailSettings = {
    email: mail.email?.trim() ?? '',
    ...(name ? { name } : {}),
    ...(greeting ? { auto_reply: greeting } : {}),
  }
  if (settingsProblem(move, settings) !== undefined) return undefined
  return { ...settings, ...serversNow(move, row.name, mail) }
}

function serversNow(move: Move, name: string, mail: SourceMailChannel): MailServers {
  if (move.connectsMail) return mailServers(move, name, mail)
  move.report.remark('e-mail inbox that is not connected yet: stop Chatwoot, then import with --mail', name)
  return {}
}

/** Adds servers to an e-mail inbox of an earlier run that has none. Returns whether it did. */
export async function connectInbox(
  move: Move,
  id: number,
  { name }: SourceInbox,
  mail: SourceMailChannel,
): Promise<boolean> {
  const { database, accountId, isDryRun } = move
  const inbox = await findChannelInbox(database.read, accountId, id)
  const settings = inbox?.settings as EmailSettings | undefined
  if (inbox?.channel_type !== email.type || settings?.imap || settings?.smtp) return false
  const servers = serversNow(move, name, mail)
  if (Object.keys(servers).length === 0) return false
  if (isDryRun) return true
  await database.transaction(accountId, async (tx) => {
    const settings = { ...(await readSettings(tx, accountId, id)), ...servers }
    await saveInbox(tx, { account_id: accountId, id, channel_type: email.type }, { settings })
  })
  return true
}

/** The address of an e-mail inbox here; undefined for an inbox of another channel. */
export async function addressOf({ database, accountId }: Move, id: number): Promise<string | undefined> {
  const inbox = await findChannelInbox(database.read, accountId, id)
  return inbox?.channel_type === email.type ? (inbox.settings as EmailSettings).email : undefined
}
