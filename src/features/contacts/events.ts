import { Type } from 'typebox'
import { eventType } from '../../events/catalogue.ts'
import { id, ref } from '../../lib/schema.ts'
import { Contact } from './schema.ts'

/** The data of every event about a contact. */
const contactEvent = {
  id: id('The id of the contact.'),
  contact: ref(Contact),
  changed: Type.Array(Type.String(), { description: 'The fields of the contact that have changed.' }),
  account: Type.Object({ id: id(), name: Type.String() }),
}

export const contactEvents = [
  eventType('contact_created', 'A contact was created.', contactEvent),
  eventType('contact_updated', 'A contact was changed.', contactEvent),
] as const
export type ContactEventName = (typeof contactEvents)[number]['name']
