import { type ChatwootDatabase, milliseconds, type Range } from './chatwoot.store.ts'

/* What an account has many of. All times are milliseconds. */

export interface SourceContact {
  id: number
  name: string | null
  middle_name: string | null
  last_name: string | null
  email: string | null
  phone_number: string | null
  identifier: string | null
  blocked: boolean | null
  additional_attributes: unknown
  custom_attributes: unknown
  contact_type: number | null
  location: string | null
  country_code: string | null
  /** Null in older versions: there, the name of the company is an additional attribute. */
  company_id: number | null
  last_activity_at: number | null
  created_at: number
  updated_at: number
  labels: string[]
}

const contactColumns = [
  ...['id', 'name', 'middle_name', 'last_name', 'email', 'phone_number', 'identifier', 'blocked'],
  ...['additional_attributes', 'custom_attributes', 'contact_type', 'location', 'country_code'],
  'company_id',
  ...['last_activity_at', 'created_at', 'updated_at'],
]

/** The titles of the labels of a row. */
function labelsOf(type: 'Contact' | 'Conversation', id: string): string {
  return `array(select t.name::text from taggings g join tags t on t.id = g.tag_id
    where g.taggable_type = '${type}' and g.taggable_id = ${id} and g.context = 'labels' order by t.name) as labels`
}

export function contactPages(source: ChatwootDatabase, accountId: number, range: Range) {
  return source.pages<SourceContact>(
    `select ${source.columns('contacts', 'c', contactColumns)}, ${labelsOf('Contact', 'c.id')}
    from contacts c where c.account_id = $1 and ${source.inRange('contacts', 'c', 'id', range)} order by c.id`,
    [accountId, range.afterId, range.changedSince],
  )
}

export interface SourceContactInbox {
  id: number
  contact_id: number
  inbox_id: number
  source_id: string
  created_at: number
}

export function contactInboxPages(source: ChatwootDatabase, accountId: number, range: Range) {
  const columns = source.columns('contact_inboxes', 'x', [
    'id',
    'contact_id',
    'inbox_id',
    'source_id',
    'created_at',
  ])
  return source.pages<SourceContactInbox>(
    `select ${columns} from contact_inboxes x join contacts c on c.id = x.contact_id join inboxes i on i.id = x.inbox_id
    where c.account_id = $1 and i.account_id = $1 and ${source.inRange('contact_inboxes', 'x', 'id', range)} order by x.id`,
    [accountId, range.afterId, range.changedSince],
  )
}

export interface SourceConversation {
  display_id: number
  inbox_id: number
  contact_id: number | null
  /** Of its contact inbox. */
  source_id: string | null
  status: number
  priority: number | null
  assignee_id: number | null
  assignee_agent_bot_id: number | null
  team_id: number | null
  snoozed_until: number | null
  agent_last_seen_at: number | null
  contact_last_seen_at: number | null
  last_activity_at: number | null
  additional_attributes: unknown
  custom_attributes: unknown
  created_at: number
  updated_at: number
  labels: string[]
  unread_count: number
}

const conversationColumns = [
  ...['display_id', 'inbox_id', 'contact_id', 'status', 'priority', 'assignee_id', 'assignee_agent_bot_id'],
  ...['team_id', 'snoozed_until', 'agent_last_seen_at', 'contact_last_seen_at', 'last_activity_at'],
  ...['additional_attributes', 'custom_attributes', 'created_at', 'updated_at'],
]

// The customer's messages that no agent has seen.
const unreadCount = `(select count(*)::integer from messages m where m.conversation_id = c.id and m.account_id = c.account_id
  and m.message_type = 0 and m.created_at > coalesce(c.agent_last_seen_at, '-infinity')) as unread_count`

/** Conversations by `display_id`; only those with activity since `since` (milliseconds), if it is given. */
export function conversationPages(
  source: ChatwootDatabase,
  accountId: number,
  range: Range,
  since: number | null,
) {
  return source.pages<SourceConversation>(
    `select ${source.columns('conversations', 'c', conversationColumns)}, x.source_id,
      ${labelsOf('Conversation', 'c.id')}, ${unreadCount}
    from conversations c left join contact_inboxes x on x.id = c.contact_inbox_id and x.inbox_id = c.inbox_id
    where c.account_id = $1 and ${source.inRange('conversations', 'c', 'display_id', range)} and ${isRecent}
    order by c.display_id`,
    [accountId, range.afterId, range.changedSince, since],
  )
}

const isRecent = `($4::bigint is null or ${milliseconds('c.last_activity_at')} >= $4)`

export interface SourceMessage {
  id: number
  inbox_id: number
  /** The `display_id`. */
  conversation_id: number
  content: string | null
  message_type: number
  content_type: number | null
  /** An object, or a text with JSON inside of it. */
  content_attributes: unknown
  additional_attributes: unknown
  status: number | null
  private: boolean
  source_id: string | null
  sender_type: string | null
  sender_id: number | null
  created_at: number
  updated_at: number
}

const messageColumns = [
  ...[
    'id',
    'inbox_id',
    'content',
    'message_type',
    'content_type',
    'content_attributes',
    'additional_attributes',
    'status',
  ],
  ...['private', 'source_id', 'sender_type', 'sender_id', 'created_at', 'updated_at'],
]

/** Messages by id; only those of conversations with activity since `since` (milliseconds), if it is given. */
export function messagePages(
  source: ChatwootDatabase,
  accountId: number,
  range: Range,
  since: number | null,
) {
  return source.pages<SourceMessage>(
    `select ${source.columns('messages', 'm', messageColumns)}, c.display_id as conversation_id
    from messages m join conversations c on c.id = m.conversation_id
    where m.account_id = $1 and ${source.inRange('messages', 'm', 'id', range)} and ${isRecent} order by m.id`,
    [accountId, range.afterId, range.changedSince, since],
  )
}

/** An attachment, and its file in Active Storage, if it has one. */
export interface SourceAttachment {
  message_id: number
  file_type: number | null
  external_url: string | null
  coordinates_lat: number | null
  coordinates_long: number | null
  fallback_title: string | null
  key: string | null
  filename: string | null
  media_type: string | null
  byte_size: number | null
  /** The MD5 in base64. */
  checksum: string | null
}

export async function selectAttachments(
  source: ChatwootDatabase,
  accountId: number,
  messageIds: number[],
): Promise<SourceAttachment[]> {
  const columns = [
    'message_id',
    'file_type',
    'external_url',
    'coordinates_lat',
    'coordinates_long',
    'fallback_title',
  ]
  return source.all(
    `select ${source.columns('attachments', 'a', columns)}, b.key, b.filename, b.content_type as media_type,
      b.byte_size, b.checksum
    from attachments a
      left join active_storage_attachments s on s.record_type = 'Attachment' and s.record_id = a.id and s.name = 'file'
      left join active_storage_blobs b on b.id = s.blob_id
    where a.account_id = $1 and a.message_id = any ($2) order by a.id`,
    [accountId, messageIds],
  )
}

/** Tables that not all versions of Chatwoot have. */
const newerTables = ['companies', 'notes', 'conversation_participants'] as const

/** The largest id of a table in an account, and how many rows it has; none if it is a newer table that is missing. */
export async function sizeOf(
  source: ChatwootDatabase,
  accountId: number,
  table: 'contacts' | 'contact_inboxes' | 'conversations' | 'messages' | (typeof newerTables)[number],
): Promise<{ rows: number; last: number }> {
  if (newerTables.some((one) => one === table) && !source.has(table)) return { rows: 0, last: 0 }
  const id = table === 'conversations' ? 'display_id' : 'id'
  const from =
    table === 'contact_inboxes'
      ? 'contact_inboxes t join contacts c on c.id = t.contact_id where c.account_id = $1'
      : `${table} t where t.account_id = $1`
  const [size] = await source.all<{ rows: number; last: number }>(
    `select count(*) as rows, coalesce(max(t.${id}), 0)::bigint as last from ${from}`,
    [accountId],
  )
  return size!
}
