import { type Static, Type } from 'typebox'
import {
  anyObject,
  attributes,
  filledText,
  id,
  named,
  nullable,
  oneOf,
  ref,
  seconds,
} from '../../lib/schema.ts'
import { Email } from '../users/schema.ts'

export const ContactInbox = named(
  'ContactInbox',
  Type.Object({
    source_id: nullable(
      Type.String({
        description:
          'The contact’s name at this inbox if a program has chosen one. A secret that the server made is in the answer of the call that made it, once; otherwise it is null.',
      }),
    ),
    inbox: Type.Object({ id: id(), name: Type.String() }),
  }),
)

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
    contact_inboxes: Type.Optional(Type.Array(ref(ContactInbox))),
  }),
)
export type Contact = Static<typeof Contact>
export type ContactInbox = Static<typeof ContactInbox>

const details = {
  name: Type.Optional(nullable(filledText(255))),
  email: Type.Optional(nullable(Email)),
  phone_number: Type.Optional(
    nullable(
      Type.String({
        maxLength: 32,
        pattern: '^\\+[1-9]\\d{1,14}$',
        errorMessage: 'must be a phone number like +14155552671 (E.164)',
      }),
    ),
  ),
  identifier: Type.Optional(nullable(filledText(255))),
}

export const NewContact = Type.Object({
  ...details,
  inbox_id: Type.Optional(
    nullable(
      id(
        'Adds the contact to this inbox: `contact_inboxes` of the answer has its secret `source_id` there, this once.',
      ),
    ),
  ),
  custom_attributes: Type.Optional(attributes()),
})
export type NewContact = Static<typeof NewContact>

export const ContactChange = Type.Object(
  {
    ...details,
    blocked: Type.Optional(Type.Boolean({ description: 'Whether what the contact writes is refused.' })),
    custom_attributes: Type.Optional(
      attributes({ description: 'Merged with those there are; null removes one.' }),
    ),
  },
  { description: 'What is left out stays as it is; null empties a field.' },
)
export type ContactChange = Static<typeof ContactChange>

export const NewContactInbox = Type.Object({
  inbox_id: id(),
  source_id: Type.Optional(
    nullable(
      filledText(255, {
        description:
          'A name for the contact at the inbox. Without it the contact gets a secret, unless it has a name or a secret there.',
      }),
    ),
  ),
})
export type NewContactInbox = Static<typeof NewContactInbox>

export const RotatedContactInbox = Type.Object({ inbox_id: id() })

export const sortKeys = ['name', 'email', 'phone_number', 'last_activity_at', 'created_at'] as const
export type SortKey = (typeof sortKeys)[number]

export const ContactQuery = Type.Object({
  page: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 }),
  sort: oneOf([...sortKeys, ...sortKeys.map((key) => `-${key}`)], {
    default: '-last_activity_at',
    description: '"-" in front turns the order round.',
  }),
  include_contact_inboxes: Type.Boolean({ default: false }),
})
export type ContactQuery = Static<typeof ContactQuery>

export const ContactPage = named(
  'ContactPage',
  Type.Object({
    payload: Type.Array(ref(Contact)),
    meta: Type.Object({
      count: Type.Integer({ description: 'On all pages together.' }),
      current_page: Type.Integer(),
      total_pages: Type.Integer(),
    }),
  }),
)

export const ContactSearch = Type.Object({
  q: filledText(255, {
    description: 'A part of a name, an e-mail address, a phone number or an identifier.',
  }),
  ...ContactQuery.properties,
})
export type ContactSearch = Static<typeof ContactSearch>
