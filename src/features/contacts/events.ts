import { Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id, ref } from '../../lib/schema.ts'
import { Contact } from './schema.ts'

/** What every event about a contact tells. */
const ContactEvent = {
  id: Type.String({ description: 'Of the contact.' }),
  contact: ref(Contact),
  changed: Type.Array(Type.String(), { description: 'The fields of the contact that have changed.' }),
  account: Type.Object({ id: id(), name: Type.String() }),
}

export const contactEvents = [
  eventType('contact_created', 'A contact was made.', ContactEvent),
  eventType('contact_updated', 'A contact was changed.', ContactEvent),
] as const
export type ContactEventName = (typeof contactEvents)[number]['name']
