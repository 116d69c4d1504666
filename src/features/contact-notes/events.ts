import { settingEvents } from '../accounts/service.ts'
import { ContactNote } from './schema.ts'

/** They are erased with the contact, and agents get them: every agent of an account sees its contacts. */
export const noteEvents = settingEvents('contact_note', ContactNote, {
  subjectOf: async (_, __, { contact_id }) => ({ contact_id }),
})
