import { type Static, Type } from 'typebox'
import { filledText, id, named, seconds } from '../../lib/schema.ts'
import { visibilitySchema } from '../../lib/visibility.ts'
import { Attachment, attachmentParts, mostFiles } from '../attachments/schema.ts'

/** The maximum number of canned responses of an account, and of each user for themselves. */
export const mostShared = 1000
export const mostOwn = 500

export const cannedResponsesPerPage = 50

export const CannedResponse = named(
  'CannedResponse',
  Type.Object({
    id: id(),
    short_code: Type.String(),
    content: Type.String({ description: 'With variables as they were written.' }),
    visibility: visibilitySchema(),
    author_id: id('Its author.'),
    attachments: Type.Array(Attachment, { maxItems: mostFiles }),
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type CannedResponse = Static<typeof CannedResponse>

const short_code = Type.String({
  maxLength: 50,
  pattern: '^[^\\s/]{1,50}$',
  errorMessage: 'must be 1 to 50 characters without spaces and "/"',
  examples: ['refund'],
  description: 'Unique among those of the account and your own.',
})
const content = filledText(20_000, {
  description: 'May contain variables, such as `{{contact.name | there}}`.',
})

export const NewCannedResponse = Type.Object({
  short_code,
  content,
  visibility: visibilitySchema({ default: 'account' }),
})
export type NewCannedResponse = Static<typeof NewCannedResponse>

/** A new canned response as a form with files. */
export const NewCannedResponseForm = Type.Object({ ...NewCannedResponse.properties, ...attachmentParts })

export const CannedResponseChange = Type.Object({
  short_code: Type.Optional(short_code),
  content: Type.Optional(content),
  visibility: Type.Optional(visibilitySchema()),
  attachment_ids: Type.Optional(
    Type.Array(id(), {
      maxItems: mostFiles,
      description: 'Of its files, those to keep. Without it, all. Files of a form are added.',
    }),
  ),
})
export type CannedResponseChange = Static<typeof CannedResponseChange>

export const CannedResponseChangeForm = Type.Object({
  ...CannedResponseChange.properties,
  ...attachmentParts,
})

export const CannedResponseQuery = Type.Object({
  search: Type.Optional(
    Type.String({
      maxLength: 100,
      description:
        'Only those that contain this text, in any case and with or without accents: first those whose short code begins with it.',
    }),
  ),
  page: Type.Integer({ minimum: 1, maximum: 1000, default: 1 }),
})
export type CannedResponseQuery = Static<typeof CannedResponseQuery>

export const Rendering = Type.Object({ conversation_id: id() })

export const RenderedResponse = Type.Object({
  content: Type.String({
    description: 'The content, with the values of the conversation for its variables.',
  }),
  attachments: Type.Array(Attachment, { maxItems: mostFiles }),
})
export type RenderedResponse = Static<typeof RenderedResponse>

export const Signature = named(
  'Signature',
  Type.Object({
    content: Type.String({ description: 'Empty if you have none in this inbox.' }),
    append_by_default: Type.Boolean({ description: 'Whether the dashboard adds it to replies by itself.' }),
  }),
)
export type Signature = Static<typeof Signature>

export const NewSignature = Type.Object({
  content: Type.String({ maxLength: 5000, description: 'May contain variables. An empty one is deleted.' }),
  append_by_default: Type.Boolean({ default: true }),
})
export type NewSignature = Static<typeof NewSignature>
