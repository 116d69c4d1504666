import { type Static, Type } from 'typebox'
import { anyObject, filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

const ContactInbox = Type.Object({
  source_id: Type.String({ description: 'The contact’s secret name at this inbox.' }),
  inbox: Type.Object({ id: id(), name: Type.String() }),
})

export const Contact = named(
  'Contact',
  Type.Object({
    id: id(),
    name: Type.String(),
    email: nullable(Type.String()),
    phone_number: nullable(Type.String({ description: 'E.164' })),
    identifier: nullable(Type.String({ description: 'The contact’s id in your own system.' })),
    blocked: Type.Boolean(),
    thumbnail: nullable(Type.String()),
    last_activity_at: nullable(seconds()),
    created_at: seconds(),
    custom_attributes: anyObject(),
    contact_inboxes: Type.Optional(Type.Array(ContactInbox)),
  }),
)
export type Contact = Static<typeof Contact>
export type ContactInbox = Static<typeof ContactInbox>

export const NewContact = Type.Object({
  name: Type.Optional(nullable(filledText(255))),
  email: Type.Optional(
    nullable(
      Type.String({
        maxLength: 254,
        pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$',
        errorMessage: 'must be an e-mail address',
      }),
    ),
  ),
  phone_number: Type.Optional(
    nullable(
      Type.String({
        pattern: '^\\+[1-9]\\d{1,14}$',
        errorMessage: 'must be a phone number like +14155552671 (E.164)',
      }),
    ),
  ),
  identifier: Type.Optional(nullable(filledText(255))),
  inbox_id: Type.Optional(
    nullable(id('Lets the contact write to this inbox: the answer has its `source_id` there.')),
  ),
  custom_attributes: Type.Optional(anyObject()),
})
export type NewContact = Static<typeof NewContact>

export const sortKeys = ['name', 'email', 'phone_number', 'last_activity_at', 'created_at'] as const
export type SortKey = (typeof sortKeys)[number]

export const ContactQuery = Type.Object({
  page: Type.Integer({ minimum: 1, default: 1 }),
  sort: oneOf([...sortKeys, ...sortKeys.map((key) => `-${key}`)], {
    default: '-last_activity_at',
    description: '"-" in front turns the order round.',
  }),
  include_contact_inboxes: Type.Boolean({ default: false }),
})
export type ContactQuery = Static<typeof ContactQuery>
