import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Engine } from '../../db/database.ts'
import type { Json } from '../../db/json.ts'
import type { Attachment } from './schema.ts'

/** An attachment in the row of its message: without links, which are created when it is read. */
export interface StoredAttachment extends Omit<Attachment, 'data_url' | 'thumb_url'> {
  key: string
  /** 1 if there is a thumbnail, otherwise 0. */
  thumbnail: number
}

const columns = {
  id: 'bigint',
  key: 'text',
  file_type: 'text',
  file_name: 'text',
  file_size: 'bigint',
  thumbnail: 'bigint',
  width: 'bigint',
  height: 'bigint',
  content_id: 'text',
} as const satisfies Record<keyof StoredAttachment, 'bigint' | 'text'>

/** A link to a file, signed by a function of the database; see docs/decisions/0014-file-links-built-in-the-database.md. */
const linkTo: Record<Engine, (name: Expression<unknown>, part: '' | '/thumbnail') => RawBuilder<unknown>> = {
  sqlite: (name, part) =>
    sql`(select file_link(l.base_url, l.secret, ${name}, ${sql.lit(part)}) from file_links l)`,
  postgres: (name, part) => sql`file_link(${name}, ${sql.lit(part)})`,
}

/** The JSON of the attachments of the row `m` of messages, with fresh links. */
export function attachmentsOf(json: Json): RawBuilder<unknown> {
  const name = sql`cast(m.account_id as text) || '/' || f.key`
  const link = linkTo[json.engine]
  return json.each(
    'm.attachments',
    columns,
    json.object({
      id: sql.ref('f.id'),
      file_type: sql.ref('f.file_type'),
      file_name: sql.ref('f.file_name'),
      file_size: sql.ref('f.file_size'),
      data_url: link(name, ''),
      thumb_url: sql`case when f.thumbnail = 1 then ${link(name, '/thumbnail')} end`,
      width: sql.ref('f.width'),
      height: sql.ref('f.height'),
      content_id: sql.ref('f.content_id'),
    } satisfies Record<keyof Attachment, Expression<unknown>>),
  )
}
