import type { ChatwootDatabase } from './chatwoot.store.ts'

/** The tables that Ndoto has no place for, or not for all of their columns. Their rows are kept in a file. */
const keptTables = [
  ...['automation_rules', 'dashboard_apps'],
  ...['campaigns', 'csat_survey_responses', 'working_hours', 'sla_policies', 'integrations_hooks'],
  ...['custom_roles', 'portals', 'categories', 'articles'],
  ...['inboxes', 'channel_web_widgets'],
  ...['captain_assistants', 'captain_documents', 'captain_assistant_responses'],
]

// Their settings contain passwords and tokens, which the owner needs to set the channel up again.
const channelTables = [
  ...['channel_email', 'channel_whatsapp', 'channel_facebook_pages', 'channel_instagram', 'channel_line'],
  ...['channel_sms', 'channel_telegram', 'channel_twilio_sms', 'channel_twitter_profiles', 'channel_voice'],
  'channel_tiktok',
]

/** Tables that are only counted: what Chatwoot has derived, or sent. */
const countedTables = [
  'reporting_events',
  'notifications',
  'mentions',
  'applied_slas',
  'sla_events',
  'copilot_threads',
]

/** The tables whose rows are kept in a file. */
export function keptTableNames(source: ChatwootDatabase): string[] {
  return [...keptTables, ...channelTables].filter((table) => source.has(table, 'account_id'))
}

/** The rows of such a table. */
export function keptPages(source: ChatwootDatabase, table: string, accountId: number) {
  const columns = `(to_jsonb(t) - 'embedding')::text as row`
  const rows = `select ${columns} from ${table} t where t.account_id = $1 order by t.id`
  return source.pages<{ row: string }>(rows, [accountId])
}

/** The rows that are neither imported nor kept, by their table. */
export async function countOthers(
  source: ChatwootDatabase,
  accountId: number,
): Promise<{ table: string; rows: number }[]> {
  const counts: { table: string; rows: number }[] = []
  const count = async (table: string, where: string) => {
    const [found] = await source.all<{ rows: number }>(
      `select count(*) as rows from ${table} where ${where}`,
      [accountId],
    )
    counts.push({ table, rows: found!.rows })
  }
  for (const table of countedTables)
    if (source.has(table, 'account_id')) await count(table, 'account_id = $1')
  if (source.has('audits', 'associated_id'))
    await count('audits', `associated_type = 'Account' and associated_id = $1`)
  if (source.has('installation_configs')) await count('installation_configs', '$1::bigint is not null')
  const avatars = `active_storage_attachments s where s.name = 'avatar' and (s.record_type = 'Contact'
      and s.record_id in (select id from contacts where account_id = $1)
    or s.record_type = 'User' and s.record_id in (select user_id from account_users where account_id = $1)
    or s.record_type = 'Inbox' and s.record_id in (select id from inboxes where account_id = $1))`
  const [found] = await source.all<{ rows: number }>(`select count(*) as rows from ${avatars}`, [accountId])
  counts.push({ table: 'pictures of contacts, users and inboxes', rows: found!.rows })
  return counts
}
