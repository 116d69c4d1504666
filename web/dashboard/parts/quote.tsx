import type { Message } from '../data/api-types.ts'
import { senderName } from '../data/contact-name.ts'
import { addressOf } from '../data/filter.ts'
import { cachedThread, isDeleted } from '../data/thread.ts'
import { preview } from '../preview.ts'
import { strings } from '../strings.ts'

/** The message that another one answers, as a link to it. */
export function Quote({ message }: { message: Pick<Message, 'content_attributes' | 'conversation_id'> }) {
  const { content_attributes, conversation_id } = message
  const id = content_attributes.in_reply_to
  if (typeof id !== 'number') return null
  const quoted = cachedThread(conversation_id)?.messages.value.find((one) => one.id === id)
  const text = quoted ? `${senderName(quoted)}: ${previewOf(quoted)}` : strings.thread.earlierMessage
  return (
    <a class="message-quote" href={addressOf(conversation_id, id)} title={text}>
      <span class="unseen">{strings.thread.answersTo} </span>
      <bdi>{text}</bdi>
    </a>
  )
}

/** The beginning of a message, or the name of its first file. */
export function previewOf(message: Message): string {
  if (isDeleted(message)) return strings.thread.deleted
  return preview(message.content, 150) || message.attachments[0]?.file_name || ''
}
