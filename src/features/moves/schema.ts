import { type Static, Type } from 'typebox'
import { id, listQuery, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

/** How long a merge or split can be undone, in milliseconds. */
export const undoTime = 7 * 24 * 3_600_000
/** Messages that a request can name. */
export const mostNamed = 100
export const movesPerPage = 25

export const ConversationMove = named(
  'ConversationMove',
  Type.Object({
    id: id(),
    kind: oneOf(['merge', 'split']),
    from_conversation_id: id('The conversation that has had the messages.'),
    to_conversation_id: id('The conversation that has them now.'),
    status: oneOf(['moving', 'done', 'undoing']),
    message_count: Type.Integer(),
    moved_by: nullable(
      Type.Object({ id: id(), name: Type.String() }, { description: 'null if it was no user.' }),
    ),
    undoable_until: nullable(seconds()),
    created_at: seconds(),
  }),
)
export type ConversationMove = Static<typeof ConversationMove>

export const MoveQuery = listQuery({
  before_id: Type.Optional(id('Only older moves than this one.')),
})
export type MoveQuery = Static<typeof MoveQuery>

export const ConversationMerge = Type.Object({
  mergee_conversation_id: id('The conversation whose messages the one of the path gets.'),
})
export type ConversationMerge = Static<typeof ConversationMerge>

export const ConversationSplit = Type.Object(
  {
    message_id: Type.Optional(id('The first message that is moved, with all after it.')),
    message_ids: Type.Optional(
      Type.Array(id(), {
        minItems: 1,
        maxItems: mostNamed,
        uniqueItems: true,
        description: 'The messages that are moved.',
      }),
    ),
  },
  { description: 'Either `message_id` or `message_ids`.', examples: [{ message_id: 1 }] },
)
export type ConversationSplit = Static<typeof ConversationSplit>
