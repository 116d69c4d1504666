import { type Static, Type } from 'typebox'
import { anyObject, attributes, filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

const statuses = ['open', 'resolved', 'pending', 'snoozed'] as const
const priorities = ['urgent', 'high', 'medium', 'low'] as const
const Person = Type.Object({ id: id(), name: Type.String() })

export const Conversation = named(
  'Conversation',
  Type.Object({
    id: id('The number of the conversation in its account.'),
    inbox_id: id(),
    status: oneOf([...statuses]),
    priority: nullable(oneOf([...priorities])),
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
      description:
        'The last message that is neither a private note nor an activity line, in the shape of Message.',
    }),
    agent_last_seen_at: nullable(seconds()),
    contact_last_seen_at: nullable(seconds()),
    found_message: Type.Optional(
      nullable(
        Type.Object(
          { id: id(), content: Type.String() },
          {
            description:
              'In a list with `q`: the newest message that has the words; null where the contact alone does.',
          },
        ),
      ),
    ),
  }),
)
export type Conversation = Static<typeof Conversation>

export const NewConversation = Type.Object({
  inbox_id: id(),
  contact_id: id(),
  source_id: Type.Optional(
    nullable(
      filledText(255, {
        description:
          'A name for the contact at the inbox, or the secret that opens it there; neither is needed.',
      }),
    ),
  ),
  status: oneOf(['open', 'resolved', 'pending'], { default: 'open' }),
  assignee_id: Type.Optional(nullable(id())),
  team_id: Type.Optional(nullable(id())),
  custom_attributes: Type.Optional(attributes()),
  message: Type.Optional(
    attributes({
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
  labels: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Titles, comma-separated: conversations that have all of them.',
    }),
  ),
  inbox_id: Type.Optional(id()),
  team_id: Type.Optional(id()),
  q: Type.Optional(
    Type.String({
      maxLength: 255,
      description:
        'Words that a message (private notes too) or the contact’s name, email, phone_number or identifier has: all of them, in any order, whatever their case and accents; the beginning of a word finds it. What is new is found within a second or so.',
    }),
  ),
  sort: oneOf(['last_activity_at', 'created_at', 'updated_at'], {
    default: 'last_activity_at',
    description: 'Newest first.',
  }),
})
export type ConversationQuery = Static<typeof ConversationQuery>

const snoozedUntil = Type.Optional(
  nullable(
    Type.Integer({
      minimum: 1,
      maximum: 99_999_999_999,
      description:
        'Unix seconds, in the future; with the status `snoozed`, which without it lasts until the customer writes.',
    }),
  ),
)
const assignee_id = Type.Optional(nullable(id('Somebody who works in the inbox; null unassigns.')))
const team_id = Type.Optional(nullable(id('null takes it from its team.')))

export const ConversationChange = Type.Object(
  {
    status: Type.Optional(oneOf([...statuses])),
    snoozed_until: snoozedUntil,
    priority: Type.Optional(nullable(oneOf([...priorities]))),
    assignee_id,
    team_id,
    custom_attributes: Type.Optional(
      attributes({ description: 'Merged with those there are; null removes one.' }),
    ),
  },
  { description: 'What is left out stays as it is.' },
)
export type ConversationChange = Static<typeof ConversationChange>

export const StatusChange = Type.Object({
  status: Type.Optional(
    oneOf([...statuses], {
      description: 'Without it an open conversation is resolved, and any other is opened.',
    }),
  ),
  snoozed_until: snoozedUntil,
})
export type StatusChange = Static<typeof StatusChange>

export const PriorityChange = Type.Object({ priority: nullable(oneOf([...priorities])) })

export const Assignment = Type.Object(
  { assignee_id, team_id },
  { description: '`assignee_id`, `team_id` or both.' },
)
export type Assignment = Static<typeof Assignment>

export const Labelling = Type.Object({
  labels: Type.Array(Type.String({ maxLength: 50 }), {
    maxItems: 100,
    description: 'The titles of all labels that it has from now on.',
  }),
})
