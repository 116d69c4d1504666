import { type Static, Type } from 'typebox'
import {
  anyObject,
  attributes,
  filledText,
  id,
  listQuery,
  named,
  nullable,
  oneOf,
  seconds,
} from '../../lib/schema.ts'

export const statuses = ['open', 'resolved', 'pending', 'snoozed'] as const
export const priorities = ['urgent', 'high', 'medium', 'low'] as const
const Person = Type.Object({ id: id(), name: Type.String() })

export const Conversation = named(
  'Conversation',
  Type.Object({
    id: id('The number of the conversation in its account.'),
    inbox_id: id(),
    subject: nullable(Type.String({ description: 'Of a conversation by e-mail; null for all others.' })),
    status: oneOf([...statuses]),
    priority: nullable(oneOf([...priorities])),
    unread_count: Type.Integer({ description: 'Incoming messages that no agent has seen yet.' }),
    created_at: seconds(),
    updated_at: seconds(),
    last_activity_at: seconds(),
    snoozed_until: nullable(seconds()),
    labels: Type.Array(Type.String()),
    custom_attributes: anyObject(),
    additional_attributes: anyObject({ description: 'What other systems know about the conversation.' }),
    contact: Type.Object({
      id: id(),
      name: Type.String(),
      email: nullable(Type.String()),
      phone_number: nullable(Type.String()),
      thumbnail: nullable(Type.String()),
    }),
    meta: Type.Object({
      assignee: nullable(Person),
      team: nullable(Person),
      bot: nullable(
        Type.Object(Person.properties, {
          description: 'The bot that the conversation is assigned to, instead of a user.',
        }),
      ),
    }),
    last_message: Type.Unsafe<unknown>({
      type: ['object', 'null'],
      additionalProperties: true,
      description:
        'The last message, in the shape of Message; private notes and activity messages do not count.',
    }),
    agent_last_seen_at: nullable(seconds()),
    contact_last_seen_at: nullable(seconds()),
    merged_into_id: nullable(
      id('The conversation that it was merged into, which has its messages now; null for all others.'),
    ),
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
  inbox_id: Type.Optional(id('Required, unless `source_id` is known at one inbox only.')),
  contact_id: Type.Optional(id('Required, unless `source_id` names the contact.')),
  source_id: Type.Optional(
    nullable(
      filledText(255, {
        description:
          'A name for the contact at the inbox, or the secret that opens it there. Without `contact_id`, it is that of the contact.',
      }),
    ),
  ),
  status: Type.Optional(
    oneOf(['open', 'resolved', 'pending'], {
      description: 'By default `open`, or `pending` if a bot answers in the inbox.',
    }),
  ),
  assignee_id: Type.Optional(nullable(id())),
  team_id: Type.Optional(nullable(id())),
  custom_attributes: Type.Optional(attributes()),
  additional_attributes: Type.Optional(
    attributes({ description: 'What other systems know about the conversation.' }),
  ),
  message: Type.Optional(
    attributes({
      description:
        'The first message, as in a request that sends one. `message_type` defaults to `outgoing`.',
    }),
  ),
})
export type NewConversation = Static<typeof NewConversation> & { inbox_id: number; contact_id: number }

const narrowing = {
  status: oneOf([...statuses, 'all'], { default: 'open' }),
  assignee_type: oneOf(['me', 'unassigned', 'assigned', 'all'], { default: 'all' }),
  labels: Type.Optional(
    Type.Array(Type.String({ maxLength: 50 }), {
      maxItems: 100,
      description: 'Titles, repeated or separated by commas: only conversations with all of these labels.',
    }),
  ),
  inbox_id: Type.Optional(id()),
  team_id: Type.Optional(id()),
  involvement: Type.Optional(
    oneOf(['participating', 'mentioned'], {
      description:
        '`participating`: only those that you follow. `mentioned`: only those in which a note mentions you by name. Not with `q`, `source_id` or another `sort`.',
    }),
  ),
  unattended: Type.Optional(
    Type.Boolean({
      description:
        'true: only those with a message of the customer that no agent has answered yet; bots, notes and automatic messages do not answer. Not with `q`, `source_id`, `involvement` or another `sort`.',
    }),
  ),
  source_id: Type.Optional(
    filledText(255, {
      description: 'Only those of the contact with this name in an inbox, or with this secret. Not with `q`.',
    }),
  ),
}

export const ConversationCountQuery = listQuery(narrowing)
export type ConversationCountQuery = Static<typeof ConversationCountQuery>

export const ConversationQuery = listQuery({
  page: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 1,
    description: 'Ignored with `cursor`. Far pages take longer; with `cursor` they do not.',
  }),
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: '`meta.next` of the page before, with the same filters.' }),
  ),
  ...narrowing,
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
  sort_by: Type.Optional(
    oneOf(['last_activity_at_desc', 'created_at_desc', 'updated_at_desc'], {
      description: 'Another way to write `sort`, which it replaces.',
    }),
  ),
})
export type ConversationQuery = Static<typeof ConversationQuery>

export const ConversationCounts = Type.Object({
  all_count: Type.Integer(),
  mine_count: Type.Integer(),
  unassigned_count: Type.Integer(),
  assigned_count: Type.Integer({ description: 'Assigned to another user.' }),
  counts_capped: Type.Boolean({
    description:
      'True if counting everything would take too long: each count is then the least that there are.',
  }),
})

export const ConversationListMeta = Type.Object({
  ...ConversationCounts.properties,
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
const expected_assignee_id = Type.Optional(
  nullable(
    id(
      'Who is the assignee; null for nobody. If it is somebody else and not yet `assignee_id`, nothing is changed, and the code of the error is `assignee_changed`. With null, only one of several agents who take a conversation at the same time gets it.',
    ),
  ),
)
const team_id = Type.Optional(nullable(id('null removes it from its team.')))

export const ConversationChange = Type.Object(
  {
    status: Type.Optional(oneOf([...statuses])),
    snoozed_until: snoozedUntil,
    priority: Type.Optional(nullable(oneOf([...priorities]))),
    assignee_id,
    expected_assignee_id,
    team_id,
    custom_attributes: Type.Optional(
      attributes({ description: 'Merged with the current ones; null removes one.' }),
    ),
    additional_attributes: Type.Optional(
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
  {
    assignee_id,
    assignee_type: oneOf(['User', 'AgentBot'], {
      default: 'User',
      description: 'Whether `assignee_id` names a user or a bot. null is nobody for both.',
    }),
    team_id,
    expected_assignee_id,
  },
  { description: '`assignee_id`, `team_id` or both.' },
)
export type Assignment = Static<typeof Assignment>

export const CustomAttributes = Type.Object({
  custom_attributes: attributes({ description: 'All custom attributes that the conversation will have.' }),
})

export const Labelling = Type.Object({
  labels: Type.Array(Type.String({ maxLength: 50 }), {
    maxItems: 100,
    description: 'The titles of all labels that the conversation will have.',
  }),
})

/** A request that a client can repeat if it has not received the response. */
export interface RepeatableRequest {
  /** Its author, and the key that they have chosen. */
  key: string
  /** Of what it asks for. */
  hash: string
}

/**
 * What an activity message says, in its `content_attributes.activity`. Names are those of that time; instead of a user or
 * bot, null is the system. Older messages have only a sentence.
 */
export type Activity =
  | { kind: 'opened' | 'resolved' | 'pending' | 'taken' | 'given_up'; actor: string | null }
  /** `until` is in seconds; null until the customer writes. */
  | { kind: 'snoozed'; actor: string | null; until: number | null }
  | { kind: 'reopened' | 'unsnoozed' }
  | { kind: 'assigned' | 'unassigned'; actor: string | null; assignee: string | null }
  | { kind: 'assigned_by_turns'; assignee: string | null }
  | { kind: 'team_assigned' | 'team_removed'; actor: string | null; team: string }
  | { kind: 'labels_added' | 'labels_removed'; actor: string | null; labels: string[] }
  | { kind: 'transcript_sent'; actor: string | null; email: string }
  | { kind: 'transcript_failed'; email: string; reason: string }
  | { kind: 'shared_with_webhook'; actor: string | null; webhook: string }
