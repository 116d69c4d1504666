import { type Static, Type } from 'typebox'
import { id, nullable, oneOf } from '../../lib/schema.ts'

/** The maximum number of files of a message. */
export const mostFiles = 15

const pixels = (description: string) => nullable(Type.Integer({ minimum: 1, description }))

export const Attachment = Type.Object({
  id: id(),
  file_type: oneOf(['image', 'audio', 'video', 'file'], {
    description: 'Determined from its bytes, not its name.',
  }),
  file_name: Type.String(),
  file_size: Type.Integer({ minimum: 0, description: 'In bytes.' }),
  data_url: Type.String({ description: 'A link to the file that works without a token for a week.' }),
  thumb_url: nullable(Type.String({ description: 'Such a link to a small WebP, for images.' })),
  width: pixels('In pixels, for images.'),
  height: pixels('In pixels, for images.'),
  content_id: nullable(Type.String({ description: 'By which the HTML of a mail refers to it: `cid:…`.' })),
})
export type Attachment = Static<typeof Attachment>

/** The files of a multipart request, in addition to its other fields. */
export const attachmentParts = {
  'attachments[]': Type.Optional(
    Type.Array(Type.Unsafe<never>({ type: 'string', contentMediaType: 'application/octet-stream' }), {
      maxItems: mostFiles,
      description: 'The files, one part for each. The name `attachments` works, too.',
    }),
  ),
}
