import { type Static, Type } from 'typebox'
import { anyObject, filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

const statuses = ['open', 'resolved', 'pending', 'snoozed'] as const
const Person = Type.Object({ id: id(), name: Type.String() })

export const Conversation = named(
  'Conversation',
  Type.Object({
    id: id('The number of the conversation in its account.'),
    inbox_id: id(),
    status: oneOf([...statuses]),
    priority: nullable(oneOf(['urgent', 'high', 'medium', 'low'])),
    unread_count: Type.Integer({ description: 'Incoming messages since an agent last looked.' }),
    created_at: seconds(),
    updated_at: seconds(),
    last_activity_at: seconds(),
    snoozed_until: nullable(seconds()),
    labels: Type.Array(Type.String()),
    custom_attributes: anyObject(),
    contact: Type.Object({
      id: id(),
      name: Type.String(),
      email: nullable(Type.String()),
      phone_number: nullable(Type.String()),
      thumbnail: nullable(Type.String()),
    }),
    meta: Type.Object({ assignee: nullable(Person), team: nullable(Person) }),
    last_message: Type.Unsafe<unknown>({
      type: ['object', 'null'],
      additionalProperties: true,
      description: 'The last message that is no private note, in the shape of Message.',
    }),
    agent_last_seen_at: nullable(seconds()),
    contact_last_seen_at: nullable(seconds()),
  }),
)
export type Conversation = Static<typeof Conversation>

export const NewConversation = Type.Object({
  inbox_id: id(),
  contact_id: id(),
  source_id: Type.Optional(
    nullable(filledText(255, { description: 'The contact’s name at the inbox; made up where it has none.' })),
  ),
  status: oneOf(['open', 'resolved', 'pending'], { default: 'open' }),
  assignee_id: Type.Optional(nullable(id())),
  custom_attributes: Type.Optional(anyObject()),
  message: Type.Optional(
    anyObject({
      description:
        'The first message, as it would be sent to the conversation; outgoing unless it says otherwise.',
    }),
  ),
})
export type NewConversation = Static<typeof NewConversation>

export const ConversationQuery = Type.Object({
  page: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 }),
  status: oneOf([...statuses, 'all'], { default: 'open' }),
  assignee_type: oneOf(['me', 'unassigned', 'assigned', 'all'], { default: 'all' }),
  inbox_id: Type.Optional(id()),
  sort: oneOf(['last_activity_at', 'created_at', 'updated_at'], {
    default: 'last_activity_at',
    description: 'Newest first.',
  }),
})
export type ConversationQuery = Static<typeof ConversationQuery>
