import { type Static, Type } from 'typebox'
import { id, oneOf } from '../../lib/schema.ts'

const position = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

export const EventQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({
      ...position,
      description: 'Only events after this position. Without it, only events from now on.',
    }),
  ),
  conversation_id: Type.Optional(id('Only events of this conversation.')),
  events: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Only events with these names, separated by commas: `message_created,typing`.',
    }),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 100,
    description: 'The maximum number of events in a JSON page.',
  }),
})
export type EventQuery = Static<typeof EventQuery>

export const EventHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'Like `after`, and has priority over it. Browsers send it when they reconnect.',
    }),
  ),
})
export type EventHeaders = Static<typeof EventHeaders>

export const Reset = Type.Object(
  { event: Type.Literal('reset') },
  {
    description:
      'The log does not contain the position, or no longer does: events may be missing. Fetch again what you show.',
  },
)

export const TypingChange = Type.Object({
  typing_status: oneOf(['on', 'off']),
  is_private: Type.Boolean({ default: false, description: 'Whether the user is typing a private note.' }),
})
export type TypingChange = Static<typeof TypingChange>

export const ViewingChange = Type.Object({
  viewing_status: oneOf(['on', 'off'], { description: 'Repeat `on` every 20 seconds while you look at it.' }),
})
export type ViewingChange = Static<typeof ViewingChange>

export const Viewer = Type.Object({ id: id(), name: Type.String() })
export type Viewer = Static<typeof Viewer>

export const UserPresence = Type.Object({ user_id: id(), status: oneOf(['online', 'busy', 'offline']) })
export type UserPresence = Static<typeof UserPresence>
