import { type Static, Type } from 'typebox'
import { id, oneOf } from '../../lib/schema.ts'

const position = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

export const EventQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({
      ...position,
      description: 'Only what comes after this position; without it, what happens from now on.',
    }),
  ),
  conversation_id: Type.Optional(id('Only what is of this conversation.')),
  events: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Only events of these names, comma-separated: `message_created,typing`.',
    }),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 100,
    description: 'The most events of a JSON page.',
  }),
})
export type EventQuery = Static<typeof EventQuery>

export const EventHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'As `after`, and before it: what browsers send when they connect again.',
    }),
  ),
})
export type EventHeaders = Static<typeof EventHeaders>

export const Reset = Type.Object(
  { event: Type.Literal('reset') },
  {
    description:
      'The position is not in the log (any more): events may be missing. Fetch what you show anew.',
  },
)

export const TypingChange = Type.Object({
  typing_status: oneOf(['on', 'off']),
  is_private: Type.Boolean({ default: false, description: 'They write a private note.' }),
})
export type TypingChange = Static<typeof TypingChange>

export const UserPresence = Type.Object({ user_id: id(), status: oneOf(['online', 'offline']) })
export type UserPresence = Static<typeof UserPresence>
