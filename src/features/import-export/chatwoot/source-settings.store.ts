import type { ChatwootDatabase } from './chatwoot.store.ts'

/* What an account has few of: its settings. All times are milliseconds. */

export interface SourceUser {
  id: number
  name: string
  email: string | null
  encrypted_password: string | null
  confirmed_at: number | null
  created_at: number
}

export interface SourceMember extends SourceUser {
  /** 0 for an agent, 1 for an administrator. */
  role: number
  /** 0 for online, 1 for offline, 2 for busy. */
  availability: number
  token: string | null
  message_signature: string | null
  custom_role_id: number | null
}

const userColumns = ['id', 'name', 'email', 'encrypted_password', 'confirmed_at', 'created_at']

export async function findAccount(source: ChatwootDatabase, accountId: number) {
  const columns = source.columns('accounts', 'a', [
    'id',
    'name',
    'status',
    'locale',
    'settings',
    'created_at',
  ])
  const rows = await source.all<{ id: number; name: string; status: number | null; created_at: number }>(
    `select ${columns} from accounts a where a.id = $1`,
    [accountId],
  )
  return rows[0]
}

/** The members of an account, with their tokens. */
export function selectMembers(source: ChatwootDatabase, accountId: number): Promise<SourceMember[]> {
  return source.all(
    `select ${source.columns('users', 'u', [...userColumns, 'message_signature'])},
      ${source.columns('account_users', 'm', ['role', 'availability', 'custom_role_id'])}, t.token
    from account_users m join users u on u.id = m.user_id
      left join access_tokens t on t.owner_type = 'User' and t.owner_id = u.id
    where m.account_id = $1 order by u.id`,
    [accountId],
  )
}

/** Users with these ids, members or not. */
export function selectUsers(source: ChatwootDatabase, ids: number[]): Promise<SourceUser[]> {
  return source.all(
    `select ${source.columns('users', 'u', userColumns)} from users u where u.id = any ($1)`,
    [ids],
  )
}

/** An inbox with the columns of its channel, if it is an API inbox or a widget. */
export interface SourceInbox {
  id: number
  name: string
  channel_type: string
  greeting_enabled: boolean | null
  greeting_message: string | null
  business_name: string | null
  created_at: number
  identifier: string | null
  webhook_url: string | null
  website_token: string | null
  website_url: string | null
  widget_color: string | null
  welcome_title: string | null
  allowed_domains: string | null
  hmac_token: string | null
  hmac_mandatory: boolean | null
}

export function selectInboxes(source: ChatwootDatabase, accountId: number): Promise<SourceInbox[]> {
  const inbox = [
    'id',
    'name',
    'channel_type',
    'greeting_enabled',
    'greeting_message',
    'business_name',
    'created_at',
  ]
  const api = source.columns('channel_api', 'a', ['identifier', 'webhook_url'])
  const widget = ['website_token', 'website_url', 'widget_color', 'welcome_title', 'allowed_domains']
  return source.all(
    `select ${source.columns('inboxes', 'i', inbox)}, ${api}, ${source.columns('channel_web_widgets', 'w', widget)},
      coalesce(a.hmac_token, w.hmac_token) as hmac_token, coalesce(a.hmac_mandatory, w.hmac_mandatory) as hmac_mandatory
    from inboxes i
      left join channel_api a on i.channel_type = 'Channel::Api' and a.id = i.channel_id
      left join channel_web_widgets w on i.channel_type = 'Channel::WebWidget' and w.id = i.channel_id
    where i.account_id = $1 order by i.id`,
    [accountId],
  )
}

export function selectInboxMembers(source: ChatwootDatabase, accountId: number) {
  return source.all<{ inbox_id: number; user_id: number }>(
    `select m.inbox_id, m.user_id from inbox_members m join inboxes i on i.id = m.inbox_id
    where i.account_id = $1 order by m.id`,
    [accountId],
  )
}

export interface SourceTeam {
  id: number
  name: string
  description: string | null
  allow_auto_assign: boolean | null
  created_at: number
}

export function selectTeams(source: ChatwootDatabase, accountId: number): Promise<SourceTeam[]> {
  const columns = ['id', 'name', 'description', 'allow_auto_assign', 'created_at']
  return source.all(
    `select ${source.columns('teams', 't', columns)} from teams t where t.account_id = $1 order by t.id`,
    [accountId],
  )
}

export function selectTeamMembers(source: ChatwootDatabase, accountId: number) {
  return source.all<{ team_id: number; user_id: number }>(
    `select m.team_id, m.user_id from team_members m join teams t on t.id = m.team_id
    where t.account_id = $1 order by m.id`,
    [accountId],
  )
}

export interface SourceLabel {
  id: number
  title: string
  description: string | null
  color: string | null
  show_on_sidebar: boolean | null
  created_at: number
}

export function selectLabels(source: ChatwootDatabase, accountId: number): Promise<SourceLabel[]> {
  const columns = ['id', 'title', 'description', 'color', 'show_on_sidebar', 'created_at']
  return source.all(
    `select ${source.columns('labels', 'l', columns)} from labels l where l.account_id = $1 order by l.id`,
    [accountId],
  )
}

export interface SourceBot {
  id: number
  name: string | null
  description: string | null
  outgoing_url: string | null
  secret: string | null
  created_at: number
  token: string | null
  inbox_ids: number[]
}

export async function selectBots(source: ChatwootDatabase, accountId: number): Promise<SourceBot[]> {
  if (!source.has('agent_bots', 'account_id')) return []
  const columns = ['id', 'name', 'description', 'outgoing_url', 'secret', 'created_at']
  return source.all(
    `select ${source.columns('agent_bots', 'b', columns)}, t.token, array(select i.inbox_id::bigint from agent_bot_inboxes i
      join inboxes x on x.id = i.inbox_id and x.account_id = b.account_id
      where i.agent_bot_id = b.id and coalesce(i.status, 0) = 0 order by i.inbox_id)::integer[] as inbox_ids
    from agent_bots b left join access_tokens t on t.owner_type = 'AgentBot' and t.owner_id = b.id
    where b.account_id = $1 order by b.id`,
    [accountId],
  )
}

export interface SourceWebhook {
  id: number
  url: string
  name: string | null
  subscriptions: string[] | null
}

/** The webhooks of the account, without those of inboxes. */
export async function selectWebhooks(source: ChatwootDatabase, accountId: number): Promise<SourceWebhook[]> {
  if (!source.has('webhooks')) return []
  const columns = source.columns('webhooks', 'w', ['id', 'url', 'name', 'subscriptions'])
  return source.all(
    `select ${columns} from webhooks w where w.account_id = $1 and w.inbox_id is null order by w.id`,
    [accountId],
  )
}

export interface SourceCannedResponse {
  id: number
  short_code: string | null
  content: string | null
}

export async function selectCannedResponses(
  source: ChatwootDatabase,
  accountId: number,
): Promise<SourceCannedResponse[]> {
  if (!source.has('canned_responses')) return []
  const columns = source.columns('canned_responses', 'r', ['id', 'short_code', 'content'])
  return source.all(`select ${columns} from canned_responses r where r.account_id = $1 order by r.id`, [
    accountId,
  ])
}

export interface SourceMacro {
  id: number
  name: string
  /** 0 for personal, 1 for global. */
  visibility: number
  created_by_id: number | null
  actions: unknown
}

export async function selectMacros(source: ChatwootDatabase, accountId: number): Promise<SourceMacro[]> {
  if (!source.has('macros')) return []
  const columns = source.columns('macros', 'm', ['id', 'name', 'visibility', 'created_by_id', 'actions'])
  return source.all(`select ${columns} from macros m where m.account_id = $1 order by m.id`, [accountId])
}

export interface SourceDefinition {
  id: number
  /** 0 for conversations, 1 for contacts. */
  attribute_model: number | null
  attribute_key: string | null
  attribute_display_name: string | null
  /** The position of the type in the list of types. */
  attribute_display_type: number | null
  attribute_description: string | null
  attribute_values: unknown
  regex_pattern: string | null
  regex_cue: string | null
}

export async function selectDefinitions(
  source: ChatwootDatabase,
  accountId: number,
): Promise<SourceDefinition[]> {
  if (!source.has('custom_attribute_definitions')) return []
  const columns = source.columns('custom_attribute_definitions', 'd', [
    ...['id', 'attribute_model', 'attribute_key', 'attribute_display_name', 'attribute_display_type'],
    ...['attribute_description', 'attribute_values', 'regex_pattern', 'regex_cue'],
  ])
  return source.all(
    `select ${columns} from custom_attribute_definitions d where d.account_id = $1 order by d.id`,
    [accountId],
  )
}
