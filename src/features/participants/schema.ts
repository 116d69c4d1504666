import { type Static, Type } from 'typebox'
import { id } from '../../lib/schema.ts'

/** The maximum number of participants of a conversation. */
export const mostParticipants = 100

/** The users to add or remove. */
export const Participants = Type.Object({
  user_ids: Type.Array(id(), { minItems: 1, maxItems: mostParticipants }),
})
export type Participants = Static<typeof Participants>

/** All participants that there will be. */
export const AllParticipants = Type.Object({
  user_ids: Type.Array(id(), { maxItems: mostParticipants }),
})
