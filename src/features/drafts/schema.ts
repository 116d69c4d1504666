import { type Static, Type } from 'typebox'
import { ErrorResponse } from '../../http/errors.ts'
import { named, nullable, ref, seconds } from '../../lib/schema.ts'

const anyVersion = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

export const Draft = named(
  'Draft',
  Type.Object({
    content: Type.String({ description: 'Empty if there is no draft.' }),
    private: Type.Boolean({ description: 'Whether it is to be a private note.' }),
    version: Type.Integer({
      ...anyVersion,
      description: 'Another number after each change; 0 if there is no draft.',
    }),
    updated_at: nullable(seconds()),
  }),
)
export type Draft = Static<typeof Draft>

/** The error that refuses a draft because there is another one. */
export const DraftConflict = named(
  'DraftConflict',
  Type.Object({ ...ErrorResponse.properties, draft: ref(Draft) }),
)
export type DraftConflict = Static<typeof DraftConflict>

export const NewDraft = Type.Object({
  content: Type.String({ maxLength: 150_000, description: 'An empty one deletes the draft.' }),
  private: Type.Boolean({ default: false }),
  version: Type.Integer({
    ...anyVersion,
    default: 0,
    description: 'The version that you have changed; 0 if there was no draft.',
  }),
})
export type NewDraft = Static<typeof NewDraft>
