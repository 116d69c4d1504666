import { Refusal } from '../../../lib/errors.ts'
import { importedAttributesText } from '../../messages/content.ts'
import type { MessageRow } from '../../messages/parts.store.ts'
import { mailAttributes } from './mail-attributes.ts'
import type { SourceAttachment, SourceMessage } from './source-content.store.ts'
import { storable, storableObject } from './storable.ts'

const types = ['incoming', 'outgoing', 'activity', 'outgoing'] as const
const template = 3
const statuses = ['sent', 'delivered', 'read', 'failed'] as const
const contentTypes = [
  ...['text', 'input_text', 'input_textarea', 'input_email', 'input_select', 'cards', 'form', 'article'],
  ...['incoming_email', 'input_csat', 'integrations', 'sticker', 'voice_call'],
]
const ownTypes: readonly string[] = ['text', 'input_select', 'input_email', 'cards', 'form', 'article']
const fileTypes = [
  ...['image', 'audio', 'video', 'file', 'location', 'fallback', 'share', 'story_mention', 'contact'],
  ...['ig_reel', 'ig_post', 'ig_story', 'embed'],
]

/** What a message says, as it is stored. */
export type MessageContent = Pick<
  MessageRow,
  'message_type' | 'content_type' | 'content' | 'content_attributes' | 'status' | 'private' | 'deleted_at'
>

/**
 * The content of a message. `unstored` are its attachments without a file here: locations, links, and files that are
 * gone. Types that Ndoto lacks are texts, with the original among their attributes. `own` is the address of an e-mail
 * inbox. Calls `remark` if something is lost.
 */
export function messageContent(
  message: SourceMessage,
  unstored: SourceAttachment[],
  own: string | undefined,
  remark: (sentence: string) => void,
): MessageContent {
  const attributes = withMail(attributesOf(message), own)
  const message_type = types[message.message_type] ?? 'activity'
  const base = {
    message_type,
    status: statuses[message.status ?? 0] ?? 'sent',
    private: message.private && message_type === 'outgoing' ? 1 : 0,
  }
  if (attributes.deleted === true) {
    const content_attributes = JSON.stringify({ deleted: true })
    const deleted_at = Math.max(message.created_at, message.updated_at)
    return { ...base, content_type: 'text', content: null, content_attributes, deleted_at }
  }
  if (message.message_type === template) attributes.template = true
  const more = storableObject(message.additional_attributes)
  if (Object.keys(more).length > 0) attributes.additional_attributes = more
  if (unstored.length > 0) attributes.attachments = unstored.map(describe)
  const content = storable(message.content ?? '') || unstored.map(titleOf).join(', ')
  const typed = {
    content_type: contentTypes[message.content_type ?? 0] ?? 'text',
    content_attributes: attributes,
  }
  return { ...base, content, ...checked(typed, remark), deleted_at: null }
}

/** A mail as mails are here, next to the original, which has another shape. */
function withMail(
  { email: original, ...others }: Record<string, unknown>,
  own: string | undefined,
): Record<string, unknown> {
  if (original === undefined) return others
  const email = mailAttributes({ email: original }, own)
  return { ...others, ...(email ? { email } : {}), chatwoot_email: original }
}

interface Typed {
  content_type: string
  content_attributes: Record<string, unknown>
}

function checked(
  { content_type, content_attributes }: Typed,
  remark: (sentence: string) => void,
): { content_type: MessageRow['content_type']; content_attributes: string } {
  const text = 'text' as const
  const original: Record<string, unknown> = { ...content_attributes, content_type }
  const { chatwoot_email: _, ...withoutMail } = original
  const isMail = content_attributes.chatwoot_email !== undefined
  const attempts: Typed[] = [
    ...(ownTypes.includes(content_type) ? [{ content_type, content_attributes }] : []),
    { content_type: text, content_attributes: original },
    ...(isMail ? [{ content_type: text, content_attributes: withoutMail }] : []),
  ]
  for (const attempt of attempts) {
    try {
      const text = importedAttributesText(attempt as never)
      if (attempt.content_attributes === withoutMail)
        remark('mail without its HTML, which is larger than 64 KiB')
      return { content_type: attempt.content_type as 'text', content_attributes: text }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  remark('message without its attributes, which are larger than 64 KiB')
  return { content_type: text, content_attributes: '{}' }
}

/** The attributes of a message. Chatwoot stores most of them as a text with JSON inside of a JSON column. */
function attributesOf({ content_attributes: stored }: SourceMessage): Record<string, unknown> {
  if (typeof stored !== 'string') return storableObject(stored)
  try {
    return storableObject(JSON.parse(stored))
  } catch {
    return { content_attributes: storable(stored) }
  }
}

/** Whether a message was deleted in Chatwoot. */
export function isDeleted(message: SourceMessage): boolean {
  return attributesOf(message).deleted === true
}

/** The id of the message that a message answers, if it says so. */
export function repliedId(message: SourceMessage): number | undefined {
  const { in_reply_to } = attributesOf(message)
  return typeof in_reply_to === 'number' ? in_reply_to : undefined
}

function describe(attachment: SourceAttachment): Record<string, unknown> {
  const { file_type, external_url, coordinates_lat, coordinates_long, fallback_title, filename } = attachment
  const type = fileTypes[file_type ?? 3] ?? 'file'
  const fields = {
    file_type: type,
    ...(external_url ? { external_url: storable(external_url) } : {}),
    ...(fallback_title ? { fallback_title: storable(fallback_title) } : {}),
    ...(filename ? { file_name: storable(filename) } : {}),
  }
  return type === 'location' ? { ...fields, coordinates_lat, coordinates_long } : fields
}

/** What a message without a text shows instead of an attachment. */
function titleOf(attachment: SourceAttachment): string {
  const { fallback_title, filename, external_url, coordinates_lat, coordinates_long, file_type } = attachment
  const type = fileTypes[file_type ?? 3] ?? 'file'
  const place = type === 'location' ? `${coordinates_lat}, ${coordinates_long}` : undefined
  return storable(fallback_title || filename || place || external_url || type)
}
