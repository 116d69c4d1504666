import { type Static, Type } from 'typebox'
import { anyObject, attributes, filledText, nullable, oneOf } from '../../lib/schema.ts'
import { mostFiles } from '../attachments/schema.ts'
import { companyNameLength } from '../companies/schema.ts'
import { NewContact, NewContactInbox } from '../contacts/schema.ts'
import { ConversationChange, Labelling } from '../conversations/schema.ts'
import { NewMessage, NewMessageForm } from '../messages/schema.ts'
import { Email } from '../users/schema.ts'

/** A time in files: Unix seconds, with the milliseconds as decimals. */
const time = Type.Number({ minimum: 0, maximum: 99_999_999_999 })

const { name, email, phone_number, identifier } = NewContact.properties

/** A contact in a file. `source_id` is its name at the inbox of the import, `contact_inboxes` are its names at any inboxes. */
export const ImportedContact = Type.Object({
  source_id: NewContactInbox.properties.source_id,
  name,
  email,
  phone_number,
  identifier,
  company: Type.Optional(nullable(filledText(companyNameLength))),
  blocked: Type.Optional(Type.Boolean()),
  thumbnail: Type.Optional(nullable(Type.String({ maxLength: 2048 }))),
  created_at: Type.Optional(time),
  last_activity_at: Type.Optional(time),
  custom_attributes: Type.Optional(anyObject()),
  additional_attributes: Type.Optional(anyObject()),
  labels: Type.Optional(Labelling.properties.labels),
  contact_inboxes: Type.Optional(
    Type.Array(Type.Object({ inbox: filledText(255), source_id: filledText(255) }), { maxItems: 100 }),
  ),
})
export type ImportedContact = Static<typeof ImportedContact>

/** Contacts that are imported by one request. Each is checked by itself, so that a fault leaves out only one. */
export const ContactBatch = Type.Object(
  {
    contacts: Type.Array(attributes({ description: 'As in a file of contacts.' }), { maxItems: 200 }),
    dry_run: Type.Boolean({ default: false, description: 'Only checks them.' }),
  },
  { examples: [{ contacts: [{ name: 'Ada', email: 'ada@example.com' }] }] },
)
export type ContactBatch = Static<typeof ContactBatch>

export const ContactBatchResult = Type.Object({
  stored: Type.Integer({ description: 'How many were stored, or would be.' }),
  known: Type.Integer({ description: 'How many exist already, and do not change.' }),
  refused: Type.Array(
    Type.Object({
      index: Type.Integer({ description: 'The position in `contacts`.' }),
      error: Type.String(),
    }),
  ),
})
export type ContactBatchResult = Static<typeof ContactBatchResult>

/** The columns of contacts, in the order of an export. */
export const contactColumns = [
  'name',
  'email',
  'phone_number',
  'identifier',
  'company',
  'blocked',
  'thumbnail',
  'created_at',
  'last_activity_at',
  'custom_attributes',
  'additional_attributes',
  'labels',
  'contact_inboxes',
] as const

/** Milliseconds as a time in files. */
export function toTime(milliseconds: number): number {
  return milliseconds / 1000
}

/** A time in files as milliseconds. */
export function fromTime(seconds: number): number {
  return Math.round(seconds * 1000)
}

const sourceId = filledText(255)

/** A conversation in a file. The lines after it are its messages, up to the next conversation. */
export const ImportedConversation = Type.Object({
  type: oneOf(['conversation']),
  source_id: sourceId,
  inbox: Type.Optional(filledText(255)),
  contact: filledText(255),
  subject: Type.Optional(nullable(Type.String({ maxLength: 500 }))),
  status: oneOf(['open', 'resolved', 'pending', 'snoozed'], { default: 'open' }),
  snoozed_until: Type.Optional(time),
  priority: ConversationChange.properties.priority,
  assignee: Type.Optional(Email),
  team: Type.Optional(filledText(255)),
  labels: Type.Optional(Labelling.properties.labels),
  unread_count: Type.Integer({ minimum: 0, maximum: 1_000_000_000, default: 0 }),
  agent_last_seen_at: Type.Optional(time),
  contact_last_seen_at: Type.Optional(time),
  custom_attributes: Type.Optional(anyObject()),
  additional_attributes: Type.Optional(anyObject()),
  created_at: time,
  updated_at: Type.Optional(time),
})
export type ImportedConversation = Static<typeof ImportedConversation>

const { content_type, content_attributes, private: isPrivate, echo_id } = NewMessage.properties

/** A message in a file. */
export const ImportedMessage = Type.Object({
  type: oneOf(['message']),
  source_id: sourceId,
  message_type: oneOf(['incoming', 'outgoing', 'activity']),
  sender: Type.Optional(Email),
  content: NewMessageForm.properties.content,
  content_type,
  content_attributes,
  private: isPrivate,
  status: oneOf(['sent', 'delivered', 'read', 'failed'], { default: 'sent' }),
  echo_id,
  attachments: Type.Array(
    Type.Object({
      file: filledText(1000),
      file_name: Type.Optional(Type.String({ maxLength: 1000 })),
      media_type: Type.Optional(Type.String({ maxLength: 255 })),
    }),
    { maxItems: mostFiles, default: [] },
  ),
  created_at: time,
  updated_at: Type.Optional(time),
  deleted_at: Type.Optional(time),
})
export type ImportedMessage = Static<typeof ImportedMessage>
