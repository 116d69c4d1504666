import { type Static, Type } from 'typebox'
import { filledText, id, listQuery, named, nullable, seconds } from '../../lib/schema.ts'

export const notesPerPage = 25

/** The maximum number of notes about a contact. */
export const mostNotes = 1000

/** The maximum number of characters of a note. */
export const longestNote = 10_000

export const ContactNote = named(
  'ContactNote',
  Type.Object({
    id: id(),
    contact_id: id(),
    content: Type.String(),
    user: Type.Object({ id: id(), name: Type.String() }, { description: 'The author of the note.' }),
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type ContactNote = Static<typeof ContactNote>

export const NewContactNote = Type.Object({
  content: filledText(longestNote, { description: 'As Markdown, like the content of a message.' }),
})
export type NewContactNote = Static<typeof NewContactNote>

export const ContactNoteQuery = listQuery({
  before_id: Type.Optional(id('`meta.before_id` of the page before.')),
})
export type ContactNoteQuery = Static<typeof ContactNoteQuery>

export const ContactNoteMeta = Type.Object({
  before_id: nullable(id('The cursor of the next page; null on the last one.')),
})
