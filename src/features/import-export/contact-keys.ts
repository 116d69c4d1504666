import { contactFields } from '../contacts/service.ts'
import { fromTime, type ImportedContact } from './schema.ts'

/** A name of a contact at an inbox. */
export interface ContactInbox {
  inbox_id: number
  source_id: string
  has_name: number
}

export const uniqueColumns = ['email', 'phone_number', 'identifier'] as const

/** The columns of a contact, and the name of its company. */
export function rowOf(account_id: number, contact: ImportedContact) {
  const created_at = contact.created_at === undefined ? Date.now() : fromTime(contact.created_at)
  const { last_activity_at } = contact
  return {
    account_id,
    ...contactFields(contact),
    company: contact.company ?? null,
    blocked: contact.blocked ? 1 : 0,
    avatar_url: contact.thumbnail ?? null,
    last_activity_at: last_activity_at === undefined ? null : fromTime(last_activity_at),
    created_at,
    updated_at: created_at,
  }
}

/** Keys for maps of contacts: one for each contact inbox and each unique field. */
export function keysOf(
  row: ReturnType<typeof rowOf>,
  contactInboxes: ContactInbox[],
): [field: string, key: string][] {
  const fields = uniqueColumns.flatMap((column) => {
    const value = row[column]
    return value === null ? [] : [[column, fieldKey(column, value)] as [string, string]]
  })
  return [...contactInboxes.map((one) => ['source_id', contactInboxKey(one)] as [string, string]), ...fields]
}

/** The key of a name at an inbox. */
export function contactInboxKey({ inbox_id, source_id }: Omit<ContactInbox, 'has_name'>): string {
  return `${inbox_id} ${source_id}`
}

/** The key of a value in a unique column. */
export function fieldKey(column: (typeof uniqueColumns)[number], value: string): string {
  return `${column} ${value}`
}
