import type { ChatwootDatabase } from './chatwoot.store.ts'

/** The channel of an e-mail inbox. */
export interface SourceMailChannel {
  inbox_id: number
  email: string | null
  /** The address at Chatwoot to which mails can be forwarded. */
  forward_to_email: string | null
  /** `google` and `microsoft` sign in with OAuth. */
  provider: string | null
  imap_enabled: boolean | null
  imap_address: string | null
  imap_port: number | null
  imap_login: string | null
  imap_password: string | null
  imap_enable_ssl: boolean | null
  smtp_enabled: boolean | null
  smtp_address: string | null
  smtp_port: number | null
  smtp_login: string | null
  smtp_password: string | null
  smtp_enable_ssl_tls: boolean | null
  smtp_enable_starttls_auto: boolean | null
}

const columns = [
  ...['email', 'forward_to_email', 'provider', 'imap_enabled', 'imap_address', 'imap_port', 'imap_login'],
  ...['imap_password', 'imap_enable_ssl', 'smtp_enabled', 'smtp_address', 'smtp_port', 'smtp_login'],
  ...['smtp_password', 'smtp_enable_ssl_tls', 'smtp_enable_starttls_auto'],
]

/** The channels of the e-mail inboxes of an account, by the id of the inbox. */
export async function selectMailChannels(
  source: ChatwootDatabase,
  accountId: number,
): Promise<Map<number, SourceMailChannel>> {
  if (!source.has('channel_email', 'email')) return new Map()
  const rows = await source.all<SourceMailChannel>(
    `select i.id as inbox_id, ${source.columns('channel_email', 'e', columns)}
    from inboxes i join channel_email e on e.id = i.channel_id
    where i.account_id = $1 and i.channel_type = 'Channel::Email'`,
    [accountId],
  )
  return new Map(rows.map((row) => [row.inbox_id, row]))
}
