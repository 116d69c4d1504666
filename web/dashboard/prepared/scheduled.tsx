import type { ScheduledMessage } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { agents } from '../data/directory.ts'
import { accountPath, profile } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { Quote } from '../parts/quote.tsx'
import { MessageText } from '../parts/text.tsx'
import { wholeTime } from '../times.ts'
import { preparedStrings as t } from './strings.ts'

interface Props {
  message: ScheduledMessage
  onChanged(): void
}

/** A scheduled message, and a button that cancels it. */
export function ScheduledCard({ message, onChanged }: Props) {
  const { id, conversation_id, content, author_id, attachments, status } = message
  const author = agents.value.find((agent) => agent.id === author_id)
  const cancel = async () => {
    const question = { title: t.cancelTitle, text: t.cancelText, action: t.cancelAction }
    if (!(await confirmAction(question))) return
    const path = `${accountPath()}/conversations/${conversation_id}/scheduled_messages/${id}`
    await attempt(() => call(path, { method: 'DELETE' }))
    onChanged()
  }
  return (
    <article class="prepared-card" data-kind={message.private ? 'note' : 'reply'} data-status={status}>
      <header>
        <Icon name={status === 'pending' ? 'clock' : 'warning'} />
        <h2>
          {stateText(message)}
          {message.private && `, ${t.note}`}
          {author && author.id !== profile.value?.id && ` ${t.by(author.name)}`}
        </h2>
        <button type="button" class="button-quiet button-small" onClick={() => void cancel()}>
          {status === 'pending' ? t.cancel : t.cancelAction}
        </button>
      </header>
      <Quote message={message} />
      <MailHead attributes={message.content_attributes} />
      {content && <MessageText text={content} />}
      {attachments.length > 0 && <p class="quiet">{attachments.map((file) => file.file_name).join(', ')}</p>}
    </article>
  )
}

/** The subject of a mail, and who gets a copy. */
function MailHead({ attributes }: { attributes: Record<string, unknown> }) {
  const { subject, cc_emails: cc, bcc_emails: bcc } = attributes
  const copies = Object.entries({ [t.cc]: cc, [t.bcc]: bcc }).filter(([, all]) => Array.isArray(all))
  return (
    <>
      {typeof subject === 'string' && (
        <p class="prepared-subject">
          <bdi>{subject}</bdi>
        </p>
      )}
      {copies.map(([name, all]) => (
        <p key={name} class="quiet">
          {name}: <bdi>{(all as string[]).join(', ')}</bdi>
        </p>
      ))}
    </>
  )
}

function stateText({ status, reason, send_at, cancel_if_contact_replies }: ScheduledMessage): string {
  if (status === 'cancelled') return t.cancelled
  if (status === 'failed') return t.failed(reason ?? '')
  const when = t.scheduled(wholeTime(send_at))
  return cancel_if_contact_replies ? `${when}, ${t.unlessReply}` : when
}
