import { type Static, Type } from 'typebox'
import { anyObject, filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'
import { Attachment, attachmentParts, mostFiles } from '../attachments/schema.ts'
import { maxContent, NewMessage } from '../messages/schema.ts'

/** The maximum number of scheduled messages of a conversation. */
export const mostScheduled = 50

const state = {
  id: id(),
  conversation_id: id(),
  author_id: id('The user in whose name it is sent.'),
  private: Type.Boolean(),
  send_at: seconds(),
  cancel_if_contact_replies: Type.Boolean(),
  status: oneOf(['pending', 'cancelled', 'failed'], {
    description: '`cancelled`: the contact has replied. One that was sent is no longer in the list.',
  }),
  reason: nullable(Type.String({ description: 'Why it has failed.' })),
  created_at: seconds(),
  updated_at: seconds(),
}

/** A scheduled message in events: its content must not stay in the log when the message is deleted. */
export const ScheduledMessageState = named('ScheduledMessageState', Type.Object(state))
export type ScheduledMessageState = Static<typeof ScheduledMessageState>

export const ScheduledMessage = named(
  'ScheduledMessage',
  Type.Object({
    ...state,
    content: Type.String(),
    attachments: Type.Array(Attachment, { maxItems: mostFiles }),
    content_attributes: anyObject(),
    append_signature: Type.Boolean({ description: 'Whether the signature of its author follows.' }),
  }),
)
export type ScheduledMessage = Static<typeof ScheduledMessage>

const fields = {
  send_at: seconds('When it is sent, in Unix seconds: in the future, within two years.'),
  private: Type.Boolean({ description: 'Whether it is a private note, which only agents see.' }),
  cancel_if_contact_replies: Type.Boolean({
    description: 'Whether a message of the contact before that time cancels it.',
  }),
}

export const NewScheduledMessage = Type.Object({
  content: filledText(maxContent),
  send_at: fields.send_at,
  private: Type.Boolean({ ...fields.private, default: false }),
  cancel_if_contact_replies: Type.Boolean({ ...fields.cancel_if_contact_replies, default: false }),
  content_attributes: NewMessage.properties.content_attributes,
  canned_response_ids: NewMessage.properties.canned_response_ids,
  append_signature: NewMessage.properties.append_signature,
})
export type NewScheduledMessage = Static<typeof NewScheduledMessage>

/** A new scheduled message as a form with files. With files, `content` may be empty. */
export const NewScheduledMessageForm = Type.Object({
  ...NewScheduledMessage.properties,
  content: Type.String({ maxLength: maxContent, default: '' }),
  ...attachmentParts,
})

export const ScheduledMessageChange = Type.Object({
  send_at: Type.Optional(fields.send_at),
  content: Type.Optional(filledText(maxContent)),
  private: Type.Optional(fields.private),
  cancel_if_contact_replies: Type.Optional(fields.cancel_if_contact_replies),
})
export type ScheduledMessageChange = Static<typeof ScheduledMessageChange>
