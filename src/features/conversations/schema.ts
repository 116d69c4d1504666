import { type Static, Type } from 'typebox'
import { anyObject, attributes, filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

export const statuses = ['open', 'resolved', 'pending', 'snoozed'] as const
const priorities = ['urgent', 'high', 'medium', 'low'] as const
const Person = Type.Object({ id: id(), name: Type.String() })

export const Conversation = named(
  'Conversation',
  Type.Object({
    id: id('The number of the conversation in its account.'),
    inbox_id: id(),
    status: oneOf([...statuses]),
    priority: nullable(oneOf([...priorities])),
    unread_count: Type.Integer({ description: 'Incoming messages that no agent has seen yet.' }),
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
        'The last message, in the shape of Message; private notes and activity messages do not count.',
    }),
    agent_last_seen_at: nullable(seconds()),
    contact_last_seen_at: nullable(seconds()),
    found_message: Type.Optional(
      nullable(
        Type.Object(
          { id: id(), content: Type.String() },
          {
            description:
              'In a list with `q`: the newest message that contains the words; null if only the contact does.',
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
        'The first message, as in a request that sends one. `message_type` defaults to `outgoing`.',
    }),
  ),
})
export type NewConversation = Static<typeof NewConversation>

export const ConversationQuery = Type.Object({
  page: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 1,
    description: 'Ignored with `cursor`. Far pages take longer; with `cursor` they do not.',
  }),
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: '`meta.next` of the page before, with the same filters.' }),
  ),
  status: oneOf([...statuses, 'all'], { default: 'open' }),
  assignee_type: oneOf(['me', 'unassigned', 'assigned', 'all'], { default: 'all' }),
  labels: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Titles, separated by commas: only conversations with all of these labels.',
    }),
  ),
  inbox_id: Type.Optional(id()),
  team_id: Type.Optional(id()),
  q: Type.Optional(
    Type.String({
      maxLength: 255,
      description:
        'Finds conversations in which a message (private notes included) or the contact’s name, email, phone_number or identifier contains all of these words, in any order, ignoring case and accents. The beginning of a word is enough, except for a single letter. New messages are found after about a second. The newest matches come first: a search reads them until they yield enough conversations, sorts these, and leaves older matches to the pages after `next`. `#12` finds the conversation with that number.',
    }),
  ),
  sort: oneOf(['last_activity_at', 'created_at', 'updated_at'], {
    default: 'last_activity_at',
    description: 'Newest first.',
  }),
})
export type ConversationQuery = Static<typeof ConversationQuery>

export const ConversationListMeta = Type.Object({
  all_count: Type.Integer(),
  mine_count: Type.Integer(),
  unassigned_count: Type.Integer(),
  assigned_count: Type.Integer({ description: 'Assigned to another user.' }),
  counts_capped: Type.Boolean({
    description:
      'True if counting everything would take too long: each count is then the least that there are.',
  }),
  next: nullable(Type.String({ description: 'The `cursor` of the next page; null on the last one.' })),
})

export const UnreadConversations = Type.Object({
  payload: Type.Array(Type.Object({ id: id(), assignee_id: nullable(id()), team_id: nullable(id()) })),
  meta: Type.Object({
    my_team_ids: Type.Array(id(), { description: 'The teams that you are a member of.' }),
    is_complete: Type.Boolean({ description: 'False if there are more.' }),
  }),
})
export type UnreadConversations = Static<typeof UnreadConversations>

const snoozedUntil = Type.Optional(
  nullable(
    Type.Integer({
      minimum: 1,
      maximum: 99_999_999_999,
      description:
        'Unix seconds, in the future; only with the status `snoozed`. Without it, the conversation is snoozed until the customer writes.',
    }),
  ),
)
const assignee_id = Type.Optional(nullable(id('A user who works in the inbox; null unassigns it.')))
const team_id = Type.Optional(nullable(id('null removes it from its team.')))

export const ConversationChange = Type.Object(
  {
    status: Type.Optional(oneOf([...statuses])),
    snoozed_until: snoozedUntil,
    priority: Type.Optional(nullable(oneOf([...priorities]))),
    assignee_id,
    team_id,
    custom_attributes: Type.Optional(
      attributes({ description: 'Merged with the current ones; null removes one.' }),
    ),
  },
  {
    description: 'Fields that are left out stay as they are.',
    examples: [{ priority: 'high', assignee_id: 1 }],
  },
)
export type ConversationChange = Static<typeof ConversationChange>

export const StatusChange = Type.Object(
  {
    status: Type.Optional(
      oneOf([...statuses], {
        description: 'Without it, an open conversation is resolved and any other is opened.',
      }),
    ),
    snoozed_until: snoozedUntil,
  },
  { examples: [{ status: 'resolved' }] },
)
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
    description: 'The titles of all labels that the conversation will have.',
  }),
})
