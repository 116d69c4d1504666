import type { StoredAttachment } from '../attachments/parts.store.ts'
import type { Row } from './store.ts'

/** Returns the file of an import. */
export function fileOf({ attachments }: Pick<Row, 'attachments'>): StoredAttachment {
  return JSON.parse(attachments)[0]
}
