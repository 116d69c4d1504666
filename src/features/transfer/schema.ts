import { type Static, Type } from 'typebox'
import { anyObject, filledText, nullable } from '../../lib/schema.ts'
import { NewContact, NewContactInbox } from '../contacts/schema.ts'

/** A time in files: Unix seconds, with the milliseconds as decimals. */
const time = Type.Number({ minimum: 0, maximum: 99_999_999_999 })

const { name, email, phone_number, identifier } = NewContact.properties

/** A contact of a file; `source_id` at the inbox that the import names, `contact_inboxes` at others too. */
export const ImportedContact = Type.Object({
  source_id: NewContactInbox.properties.source_id,
  name,
  email,
  phone_number,
  identifier,
  blocked: Type.Optional(Type.Boolean()),
  thumbnail: Type.Optional(nullable(Type.String({ maxLength: 2048 }))),
  created_at: Type.Optional(time),
  last_activity_at: Type.Optional(time),
  custom_attributes: Type.Optional(anyObject()),
  contact_inboxes: Type.Optional(
    Type.Array(Type.Object({ inbox: filledText(255), source_id: filledText(255) }), { maxItems: 100 }),
  ),
})
export type ImportedContact = Static<typeof ImportedContact>

/** The columns of contacts in their order in an export. */
export const contactColumns = [
  'name',
  'email',
  'phone_number',
  'identifier',
  'blocked',
  'thumbnail',
  'created_at',
  'last_activity_at',
  'custom_attributes',
  'contact_inboxes',
] as const

export function toTime(milliseconds: number): number {
  return milliseconds / 1000
}

export function fromTime(seconds: number): number {
  return Math.round(seconds * 1000)
}
