import type { Queries } from '../../db/database.ts'
import { byIndex, inserter } from '../../db/rows.ts'
import type { Tables } from '../../db/tables.ts'

export type ContactRow = Tables['contacts']

export const insertContacts = inserter('contacts', {
  account_id: 'bigint',
  id: 'bigint',
  name: 'text',
  email: 'text',
  phone_number: 'text',
  identifier: 'text',
  blocked: 'bigint',
  avatar_url: 'text',
  custom_attributes: 'text',
  additional_attributes: 'text',
  last_activity_at: 'bigint',
  company_id: 'bigint',
  created_at: 'bigint',
  updated_at: 'bigint',
})

export const insertContactLabels = inserter('contact_labels', {
  account_id: 'bigint',
  contact_id: 'bigint',
  label_id: 'bigint',
})

export const insertContactInboxes = inserter('contact_inboxes', {
  account_id: 'bigint',
  inbox_id: 'bigint',
  source_id: 'text',
  contact_id: 'bigint',
  created_at: 'bigint',
  has_name: 'bigint',
})

export const insertSecrets = inserter('contact_secrets', {
  account_id: 'bigint',
  inbox_id: 'bigint',
  hash: 'text',
  contact_id: 'bigint',
  created_at: 'bigint',
})

/** The contact inboxes with these values of `source_id` at an inbox. */
export async function selectContactInboxes(
  queries: Queries,
  accountId: number,
  inboxId: number,
  sourceIds: string[],
) {
  if (sourceIds.length === 0) return []
  return queries.sql
    .selectFrom('contact_inboxes')
    .select(['source_id', 'contact_id'])
    .where('account_id', '=', accountId)
    .where('inbox_id', '=', inboxId)
    .where('source_id', 'in', sourceIds)
    .execute()
}

/** The contacts that secrets with these hashes belong to at an inbox. */
export async function selectSecrets(queries: Queries, accountId: number, inboxId: number, hashes: string[]) {
  if (hashes.length === 0) return []
  return queries.sql
    .selectFrom('contact_secrets')
    .select(['hash', 'contact_id'])
    .where('account_id', '=', accountId)
    .where('inbox_id', '=', inboxId)
    .where('hash', 'in', hashes)
    .execute()
}

/** The contacts that have one of these values in a unique column. */
export async function selectContactsBy(
  queries: Queries,
  accountId: number,
  column: 'email' | 'phone_number' | 'identifier' | 'id',
  values: (string | number)[],
) {
  if (values.length === 0) return []
  const table = column === 'id' ? 'contacts' : byIndex(queries.engine, 'contacts', `contacts_${column}`)
  return queries.sql
    .selectFrom(table as 'contacts')
    .select(['id', 'created_at', 'email', 'phone_number', 'identifier'])
    .where('account_id', '=', accountId)
    .where(column, 'in', values as string[])
    .execute()
}

/** Whether an account has more conversations or contacts than the first start creates: one of each. */
export async function hasContent(queries: Queries, accountId: number): Promise<boolean> {
  for (const table of ['conversations', 'contacts'] as const) {
    const rows = queries.sql.selectFrom(table).select('id').where('account_id', '=', accountId)
    if ((await rows.limit(2).execute()).length > 1) return true
  }
  return false
}
