import { Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id, nullable } from '../../lib/schema.ts'

export const privacyEvents = [
  eventType('contact_deleted', 'A contact was erased, or merged into another contact.', {
    id: id('The id of the contact.'),
    merged_into: nullable(id('The contact that it was merged into; null if it was erased.')),
    conversation_ids: Type.Array(id(), {
      description: 'Its conversations, which were erased or moved to the other contact.',
    }),
    account: Type.Object({ id: id(), name: Type.String() }),
  }),
] as const
