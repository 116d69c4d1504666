import type { Attachment } from '../../../attachments/schema.ts'
import type { RelatedToMessages } from '../related.ts'

/** A file of a message. */
export function toAttachment(
  { id, file_type, file_name, file_size, data_url, thumb_url, width, height }: Attachment,
  messageId: number,
  { accountId, fileTypes }: Pick<RelatedToMessages, 'accountId' | 'fileTypes'>,
) {
  return {
    id,
    message_id: messageId,
    file_type,
    account_id: accountId,
    extension: /\.(\w{1,10})$/.exec(file_name)?.[1]?.toLowerCase() ?? null,
    content_type: fileTypes.get(id)?.type ?? 'application/octet-stream',
    data_url,
    thumb_url: thumb_url ?? '',
    file_size,
    width,
    height,
  }
}
