import type { ChatwootDatabase, Range } from './chatwoot.store.ts'

/*
 * Companies, and what the members of an account have written down about contacts and conversations. All times are
 * milliseconds.
 */

export interface SourceCompany {
  id: number
  name: string | null
  domain: string | null
  description: string | null
  created_at: number
  updated_at: number
}

/** The companies of contacts. */
export function companyPages(source: ChatwootDatabase, accountId: number, range: Range) {
  const columns = ['id', 'name', 'domain', 'description', 'created_at', 'updated_at']
  return source.pages<SourceCompany>(
    `select ${source.columns('companies', 'k', columns)} from companies k
    where k.account_id = $1 and ${source.inRange('companies', 'k', 'id', range)} order by k.id`,
    [accountId, range.afterId, range.changedSince],
  )
}

export interface SourceNote {
  id: number
  contact_id: number
  user_id: number | null
  content: string
  created_at: number
  updated_at: number
}

/** The notes about contacts. */
export function notePages(source: ChatwootDatabase, accountId: number, range: Range) {
  const columns = ['id', 'contact_id', 'user_id', 'content', 'created_at', 'updated_at']
  return source.pages<SourceNote>(
    `select ${source.columns('notes', 'n', columns)} from notes n
    where n.account_id = $1 and ${source.inRange('notes', 'n', 'id', range)} order by n.id`,
    [accountId, range.afterId, range.changedSince],
  )
}

export interface SourceParticipant {
  id: number
  user_id: number
  /** The `display_id`. */
  conversation_id: number
  created_at: number
}

/** The users who follow conversations. */
export function participantPages(source: ChatwootDatabase, accountId: number, range: Range) {
  const columns = source.columns('conversation_participants', 'p', ['id', 'user_id', 'created_at'])
  return source.pages<SourceParticipant>(
    `select ${columns}, c.display_id as conversation_id
    from conversation_participants p join conversations c on c.id = p.conversation_id
    where p.account_id = $1 and ${source.inRange('conversation_participants', 'p', 'id', range)} order by p.id`,
    [accountId, range.afterId, range.changedSince],
  )
}

export interface SourceFilter {
  id: number
  name: string
  /** 0 for conversations. */
  filter_type: number
  query: unknown
  user_id: number
}

/** The filters that users have stored. */
export async function selectFilters(source: ChatwootDatabase, accountId: number): Promise<SourceFilter[]> {
  if (!source.has('custom_filters')) return []
  const columns = source.columns('custom_filters', 'f', ['id', 'name', 'filter_type', 'query', 'user_id'])
  return source.all(`select ${columns} from custom_filters f where f.account_id = $1 order by f.id`, [
    accountId,
  ])
}
