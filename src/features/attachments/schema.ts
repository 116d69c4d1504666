import { type Static, Type } from 'typebox'
import { id, nullable, oneOf } from '../../lib/schema.ts'

/** The most files of a message. */
export const mostFiles = 15

const pixels = (description: string) => nullable(Type.Integer({ minimum: 1, description }))

export const Attachment = Type.Object({
  id: id(),
  file_type: oneOf(['image', 'audio', 'video', 'file'], { description: 'By its bytes, not its name.' }),
  file_name: Type.String(),
  file_size: Type.Integer({ minimum: 0, description: 'Bytes.' }),
  data_url: Type.String({ description: 'A link to the file that needs no token and works for a week.' }),
  thumb_url: nullable(Type.String({ description: 'The same for a small WebP, of images.' })),
  width: pixels('Of an image, as it is shown.'),
  height: pixels('Of an image, as it is shown.'),
})
export type Attachment = Static<typeof Attachment>

/** The files of a multipart request; its other fields stand beside. */
export const attachmentParts = {
  'attachments[]': Type.Optional(
    Type.Array(Type.Unsafe<never>({ type: 'string', contentMediaType: 'application/octet-stream' }), {
      maxItems: mostFiles,
      description: 'The files, a part for each; `attachments` is the same.',
    }),
  ),
}
