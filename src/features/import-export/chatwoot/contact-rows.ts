import { Type } from 'typebox'
import { attributesText } from '../../../lib/json.ts'
import { checker } from '../../../lib/validate.ts'
import { NewContact } from '../../contacts/schema.ts'
import { contactFields } from '../../contacts/service.ts'
import type { SourceContact } from './source-content.store.ts'
import { storable, storableObject } from './storable.ts'

const uniqueFields = ['email', 'phone_number', 'identifier'] as const
export type UniqueField = (typeof uniqueFields)[number]

const checks = Object.fromEntries(
  uniqueFields.map((field) => [field, checker(Type.Object({ [field]: NewContact.properties[field] }))]),
)
const types = ['visitor', 'lead', 'customer']

/**
 * The columns of a contact, and the fields that may not be as they are there: they are among its
 * `additional_attributes`, like what Chatwoot knows and Ndoto does not.
 */
export function contactRow(account_id: number, contact: SourceContact) {
  const refused: UniqueField[] = []
  const fields: Partial<Record<UniqueField, string>> = {}
  for (const field of uniqueFields) {
    const value = storable(contact[field] ?? '').trim()
    if (value === '') continue
    if (checks[field]!({ [field]: value }).length === 0) fields[field] = value
    else refused.push(field)
  }
  const names = [contact.name, contact.middle_name, contact.last_name]
  const name = storable(
    names
      .map((one) => one?.trim())
      .filter(Boolean)
      .join(' '),
  ).slice(0, 255)
  const others = {
    location: contact.location || undefined,
    country_code: contact.country_code || undefined,
    contact_type: contact.contact_type ? types[contact.contact_type] : undefined,
    ...Object.fromEntries(refused.map((field) => [field, contact[field]])),
  }
  const { created_at, updated_at, last_activity_at, blocked } = contact
  const row = {
    account_id,
    ...contactFields({ ...fields, ...(name ? { name } : {}) }),
    custom_attributes: attributesText('custom_attributes', storableObject(contact.custom_attributes)),
    additional_attributes: attributesText('additional_attributes', {
      ...withoutUndefined(others),
      ...storableObject(contact.additional_attributes),
    }),
    blocked: blocked ? 1 : 0,
    ...{ last_activity_at, created_at, updated_at: Math.max(created_at, updated_at) },
  }
  return { row, refused }
}
export type ContactColumns = ReturnType<typeof contactRow>['row']

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** The unique values of a contact, each with its field. */
export function uniqueValues(row: ContactColumns): [UniqueField, string][] {
  return uniqueFields.flatMap((field) =>
    row[field] === null ? [] : [[field, row[field]] as [UniqueField, string]],
  )
}
