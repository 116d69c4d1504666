import { type Static, Type } from 'typebox'
import { id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

/** Bytes of the largest file. Larger ones are for the command `ndoto import`. */
export const largestFile = 50 * 1024 * 1024

/** How many refused lines are kept with their errors; more are only counted. */
export const mostFaults = 10_000

/** How many imports of an account can run at the same time. */
export const mostRunning = 3

/** How long an import and its file are kept after its end, in milliseconds. */
export const keptTime = 7 * 24 * 3_600_000

export const contactImportStatuses = ['running', 'done', 'stopped', 'failed'] as const
export type ContactImportStatus = (typeof contactImportStatuses)[number]

export const ContactImport = named(
  'ContactImport',
  Type.Object({
    id: id(),
    author_id: id('The administrator who has begun it.'),
    file_name: Type.String(),
    dry_run: Type.Boolean({ description: 'Whether it only checks the contacts.' }),
    status: oneOf([...contactImportStatuses]),
    error: nullable(Type.String({ description: 'Why it has failed.' })),
    read_bytes: Type.Integer({ description: 'How much of the file has been read.' }),
    total_bytes: Type.Integer({ description: 'The size of the file.' }),
    stored_count: Type.Integer({ description: 'How many contacts were stored, or would be.' }),
    known_count: Type.Integer({ description: 'How many exist already, and do not change.' }),
    refused_count: Type.Integer({ description: 'How many lines were left out.' }),
    refused: Type.Array(Type.Object({ line: Type.Integer(), error: Type.String() }), {
      description: 'The first lines that were left out.',
    }),
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type ContactImport = Static<typeof ContactImport>

/** The form that begins an import. */
export const NewContactImport = Type.Object({
  'attachments[]': Type.Optional(
    Type.Array(Type.Unsafe<never>({ type: 'string', contentMediaType: 'application/octet-stream' }), {
      maxItems: 1,
      description: 'The CSV file in UTF-8, of at most 50 MiB.',
    }),
  ),
  dry_run: Type.Boolean({ default: false, description: 'Only checks the contacts.' }),
})
export type NewContactImport = Pick<Static<typeof NewContactImport>, 'dry_run'>
