import { Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id, nullable } from '../../lib/schema.ts'

export const recordEvents = [
  eventType('contact_deleted', 'A contact was erased, or is now a part of another one.', {
    id: Type.String({ description: 'Of the contact.' }),
    merged_into: nullable(id('The contact that it was merged into; null where it was erased.')),
    conversation_ids: Type.Array(id(), {
      description: 'Its conversations: erased, or the other contact’s now.',
    }),
    account: Type.Object({ id: id(), name: Type.String() }),
  }),
] as const
