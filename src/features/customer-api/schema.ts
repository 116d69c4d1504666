import { type Static, type TSchema, Type } from 'typebox'
import { anyObject, attributes, id, named, nullable, oneOf, ref, seconds } from '../../lib/schema.ts'
import { attachmentParts } from '../attachments/schema.ts'
import { NewContact } from '../contacts/schema.ts'
import { ChannelType } from '../inboxes/schema.ts'
import { Message, NewMessage, NewMessageForm } from '../messages/schema.ts'
import { Email } from '../users/schema.ts'

const { name, email, phone_number, custom_attributes } = NewContact.properties

export const ClientContact = named(
  'ClientContact',
  Type.Object({
    source_id: Type.String({
      description: 'The secret of the contact: a program that has it reads and writes as the contact.',
    }),
    pubsub_token: Type.String({ description: 'The same as `source_id`.' }),
    id: id(),
    name: Type.String(),
    email: nullable(Type.String()),
    phone_number: nullable(Type.String()),
  }),
)
export type ClientContact = Static<typeof ClientContact>

export const ClientContactChange = Type.Object({ name, email, phone_number, custom_attributes })
export type ClientContactChange = Static<typeof ClientContactChange>

export const NewClientContact = Type.Object({
  ...ClientContactChange.properties,
  identifier: NewContact.properties.identifier,
  identifier_hash: Type.Optional(
    nullable(
      Type.String({
        maxLength: 255,
        description: 'The HMAC-SHA256 of `identifier` in hex, with the `hmac_token` of the inbox as the key.',
      }),
    ),
  ),
  identity_token: Type.Optional(
    nullable(
      Type.String({
        maxLength: 4096,
        description:
          'A JWT that proves the identifier: signed with HS512 and the `hmac_token` of the inbox, with the identifier in `sub` and an `exp` at most 24 hours ahead.',
      }),
    ),
  ),
  source_id: Type.Optional(
    nullable(
      Type.String({
        maxLength: 255,
        description:
          'The secret of the anonymous contact that this person has been so far. With a proof, it is merged into the person’s contact, and its secrets are revoked.',
      }),
    ),
  ),
})
export type NewClientContact = Static<typeof NewClientContact>

export const ClientInbox = named(
  'ClientInbox',
  Type.Object({
    name: Type.String(),
    channel_type: ChannelType,
    greeting_message: nullable(Type.String()),
    identity_validation: Type.Boolean({ description: 'Whether an `identifier` needs a proof.' }),
    available: Type.Boolean({
      description:
        'Whether a member of the inbox is online; if it has no members, whether an administrator is.',
    }),
  }),
)
export type ClientInbox = Static<typeof ClientInbox>

/** Unread messages are counted up to this number. */
export const maxUnread = 100

const { content, content_type, status, created_at, updated_at, sender, attachments } = Message.properties

export const ClientMessage = named(
  'ClientMessage',
  Type.Object({
    id: id(),
    content,
    content_type,
    content_attributes: anyObject(),
    message_type: oneOf(['incoming', 'outgoing']),
    status,
    created_at,
    updated_at,
    conversation_id: id(),
    echo_id: nullable(Type.String({ description: 'Only on the contact’s own messages.' })),
    sender,
    attachments,
  }),
)
export type ClientMessage = Static<typeof ClientMessage>

export const NewClientMessage = Type.Object({
  content: NewMessage.properties.content,
  echo_id: NewMessage.properties.echo_id,
})
export type NewClientMessage = Static<typeof NewClientMessage>

/** The same as a form, which can contain files; then `content` may be empty. */
export const NewClientMessageForm = Type.Object({
  content: NewMessageForm.properties.content,
  echo_id: NewMessage.properties.echo_id,
  ...attachmentParts,
})

const firstMessage = <T extends TSchema>(content: T) =>
  Type.Optional(
    Type.Object(
      { content, echo_id: NewMessage.properties.echo_id },
      { description: 'The first message. It is sent with the conversation: both or neither.' },
    ),
  )

export const NewClientConversation = Type.Object({ message: firstMessage(NewMessage.properties.content) })
export type NewClientConversation = Static<typeof NewClientConversation>

/** The same as a form, which can contain files; then `content` may be empty. */
export const NewClientConversationForm = Type.Object({
  message: firstMessage(NewMessageForm.properties.content),
  ...attachmentParts,
})

export const SubmittedValues = Type.Object(
  {
    submitted_values: Type.Optional(
      Type.Array(
        Type.Object({
          title: Type.Optional(Type.String({ maxLength: 500 })),
          name: Type.Optional(Type.String({ maxLength: 100 })),
          value: Type.Unsafe<string | boolean>({ type: ['string', 'boolean'], maxLength: 2000 }),
        }),
        {
          minItems: 1,
          maxItems: 100,
          description: '`[{ value }]` for an `input_select`, `[{ name, value }]` for a `form`.',
        },
      ),
    ),
    submitted_email: Type.Optional(Email),
  },
  { description: 'The values that the message asks for.' },
)
export type SubmittedValues = Static<typeof SubmittedValues>

const cursor = (minimum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, description }))

export const ClientMessageQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  before_id: cursor(1, 'Only messages older than this one, the latest of them.'),
  after_id: cursor(0, 'Only messages newer than this one, the oldest of them.'),
})
export type ClientMessageQuery = Static<typeof ClientMessageQuery>

export const ClientMessagePage = named(
  'ClientMessagePage',
  Type.Object({
    payload: Type.Array(ref(ClientMessage), { description: 'Oldest first.' }),
    meta: Type.Object({
      has_more: Type.Boolean({ description: 'Whether there are more messages in this direction.' }),
    }),
  }),
)

const conversation = {
  id: id(),
  status: oneOf(['open', 'resolved', 'pending', 'snoozed']),
  created_at: seconds(),
  last_activity_at: seconds(),
  agent_last_seen_at: nullable(seconds('When agents last saw the conversation.')),
  contact_last_seen_at: nullable(seconds('When the contact last saw the conversation.')),
}

export const ClientConversation = named(
  'ClientConversation',
  Type.Object({
    ...conversation,
    unread_count: Type.Integer({
      minimum: 0,
      maximum: maxUnread,
      description: `Messages from agents since the contact last saw the conversation; counted up to ${maxUnread}.`,
    }),
    last_message: Type.Unsafe<ClientMessage | null>({
      anyOf: [{ $ref: 'ClientMessage#' }, { type: 'null' }],
      description: 'The last message that the contact may see.',
    }),
  }),
)
export type ClientConversation = Static<typeof ClientConversation>

const messageEvents = ['message_created', 'message_updated', 'message_deleted'] as const

export const ClientMessageEvent = named(
  'ClientMessageEvent',
  Type.Object({
    event: oneOf([...messageEvents]),
    ...ClientMessage.properties,
  }),
)

const conversationEvents = [
  'conversation_created',
  'conversation_updated',
  'conversation_status_changed',
] as const

export const ClientConversationEvent = named(
  'ClientConversationEvent',
  Type.Object({
    event: oneOf([...conversationEvents]),
    conversation: Type.Object(conversation),
  }),
)

export const ClientConversationGone = named(
  'ClientConversationGone',
  Type.Object({
    event: Type.Literal('conversation_deleted'),
    conversation: Type.Object({ id: id() }),
  }),
)

/** The names of the events that a customer can subscribe to. */
export const clientEventNames = [
  ...messageEvents,
  ...conversationEvents,
  'conversation_deleted',
  'typing',
  'inbox_availability',
]

export const ClientTyping = Type.Object({ typing_status: oneOf(['on', 'off']) })

const labels = (description: string) =>
  Type.Array(Type.String({ maxLength: 50 }), { maxItems: 20, default: [], description })

export const ClientLabelChange = Type.Object({
  add: labels('Titles of labels to set.'),
  remove: labels('Titles of labels to remove.'),
})

export const ClientAttributes = Type.Object({ custom_attributes: attributes() })
