import { useSignal } from '@preact/signals'
import { activityText } from '../activity-text.ts'
import type { Message as Shape } from '../data/api-types.ts'
import { deleteMessage, editMessage, isBeingDeleted, sendAgain } from '../data/changes.ts'
import { contactInitials, contactOf, senderName } from '../data/contact-name.ts'
import { isMailInbox } from '../data/directory.ts'
import { addressOf } from '../data/filter.ts'
import { isMail } from '../data/is-mail.ts'
import { splitFrom } from '../data/moves.ts'
import { quote } from '../data/quoting.ts'
import { isAdministrator, profile } from '../data/session.ts'
import { cachedThread, isDeleted } from '../data/thread.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { clockTime, isoTime, wholeTime } from '../times.ts'
import { Attachments } from './attachments.tsx'
import { Avatar } from './avatar.tsx'
import { confirmAction } from './confirm-dialog.tsx'
import { IconButton } from './icon-button.tsx'
import { Interactive } from './interactive.tsx'
import { late } from './late.tsx'
import { openMailDialog } from './mail-purpose.ts'
import { Quote } from './quote.tsx'
import { MessageText } from './text.tsx'
import { UndoSending } from './undo-sending.tsx'

const t = strings.thread

interface Props {
  message: Shape
  /** Whether it is the first of a group of messages by one sender. */
  isFirst: boolean
  /** Whether the URL names it. */
  isWanted: boolean
}

/** A message in the thread. */
export function Message({ message, isFirst, isWanted }: Props) {
  const isEditing = useSignal(false)
  const { message_type, sender, created_at } = message
  const isGone = isDeleted(message) || isBeingDeleted(message)
  if (message_type === 'activity' && !isGone) {
    return (
      <li class="activity">
        <span>
          {activityText(message)} <Time at={created_at} />
        </span>
      </li>
    )
  }
  const isMine = sender?.type === 'User' && sender.id === profile.value?.id
  const sentBy = senderName(message)
  const name = isMine ? t.you : sentBy
  const initials =
    sender?.type === 'Contact' ? contactInitials(contactOf(message.conversation_id, sender)) : undefined
  return (
    <li
      class="message"
      data-kind={kindOf(message)}
      data-first={isFirst || undefined}
      data-message={message.id}
      data-wanted={isWanted || undefined}
      data-deleted={isGone || undefined}
      tabIndex={isWanted ? -1 : undefined}
    >
      {isFirst && <Avatar name={sentBy} id={sender?.id} initials={initials} size="s" />}
      <div class="bubble">
        <p class="message-head">
          {message.private && (
            <span class="note-mark">
              <Icon name="lock" /> {t.note}
            </span>
          )}
          <span class={isFirst ? 'message-sender' : 'unseen'}>
            <bdi>{name}</bdi>
          </span>
        </p>
        {isGone ? (
          <p class="message-text">{tombstoneText(message)}</p>
        ) : isEditing.value ? (
          <Editor message={message} onEnd={() => (isEditing.value = false)} />
        ) : (
          <>
            <Quote message={message} />
            {isMail(message) ? <MailBody message={message} /> : <Content message={message} />}
            <Interactive message={message} />
            <Attachments message={message} />
          </>
        )}
        <p class="message-foot">
          <a class="message-link" href={addressOf(message.conversation_id, message.id)} title={t.link}>
            <Time at={created_at} />
          </a>
          {message.content_attributes.edited_at !== undefined && <span> · {t.edited}</span>}
          {message_type === 'outgoing' && !message.private && !isGone && <Delivery message={message} />}
          {message.echo_id && !isGone && <UndoSending messageKey={message.echo_id} />}
        </p>
      </div>
      {!isEditing.value && !isGone && (
        <Actions message={message} isMine={isMine} onEdit={() => (isEditing.value = true)} />
      )}
    </li>
  )
}

function Content({ message: { content } }: { message: Shape }) {
  if (!content) return null
  return <MessageText text={content} />
}

const MailBody = late(() => import('../mail/body.tsx').then(({ MailBody }) => MailBody), Content)

/** Says who has deleted the message, and when. Older versions of the server did not store who. */
function tombstoneText(message: Shape): string {
  if (!isDeleted(message)) return t.deletedByYou
  const { content_attributes, updated_at } = message
  const by = content_attributes.deleted_by as { id: number; name: string } | undefined
  const text = !by ? t.deleted : by.id === profile.value?.id ? t.deletedByYou : t.deletedBy(by.name)
  return `${text}, ${wholeTime(updated_at)}`
}

export function kindOf({ private: isPrivate, message_type }: Pick<Shape, 'private' | 'message_type'>) {
  return isPrivate ? 'note' : message_type
}

export function Time({ at }: { at: number }) {
  return (
    <time dateTime={isoTime(at)} title={wholeTime(at)}>
      {clockTime(at)}
    </time>
  )
}

function Delivery({ message }: { message: Shape }) {
  const { status, content_attributes } = message
  const why =
    typeof content_attributes.external_error === 'string' ? `: ${content_attributes.external_error}` : ''
  const icon = status === 'failed' ? 'warning' : status === 'sent' ? 'check' : 'checks'
  return (
    <span class={`delivery delivery-${status}`} title={t.status[status] + why}>
      <Icon name={icon} />
      <span class={status === 'failed' ? '' : 'unseen'}>
        {t.status[status]}
        {why}
      </span>
      {status === 'failed' && message.content_type === 'text' && (
        <button type="button" class="button-link" onClick={() => void sendAgain(message)}>
          {t.sendAgain}
        </button>
      )}
    </span>
  )
}

function Actions({ message, isMine, onEdit }: { message: Shape; isMine: boolean; onEdit(): void }) {
  // Only administrators may delete the messages of other agents.
  const mayDelete = isMine || message.sender?.type === 'Contact' || isAdministrator.value
  return (
    <div class="message-actions">
      {!message.private && isMailInbox(message.inbox_id) && (
        <IconButton icon="forward" name={t.forward} onClick={() => openMailDialog({ forwarded: message })} />
      )}
      <IconButton icon="quote" name={t.quote} onClick={() => quote(message)} />
      {isSplittable(message) && (
        <IconButton icon="split" name={t.split} onClick={() => void confirmSplit(message)} />
      )}
      {isMine && <IconButton icon="edit" name={t.edit} onClick={onEdit} />}
      {mayDelete && <IconButton icon="trash" name={t.delete} onClick={() => deleteMessage(message)} />}
    </div>
  )
}

/** A split leaves a message in the conversation, so not the first one. */
function isSplittable({ conversation_id, id }: Shape): boolean {
  const thread = cachedThread(conversation_id)
  return thread !== undefined && (thread.older.value !== null || thread.messages.value[0]?.id !== id)
}

async function confirmSplit(message: Shape): Promise<void> {
  const question = { title: t.splitTitle, text: t.splitText, action: t.splitAction }
  if (await confirmAction(question)) await splitFrom(message)
}

function Editor({ message, onEnd }: { message: Shape; onEnd(): void }) {
  const text = useSignal(message.content ?? '')
  const isSaving = useSignal(false)
  const save = async () => {
    if (text.value.trim() === '' || isSaving.value) return
    isSaving.value = true
    if (text.value === message.content || (await editMessage(message, text.value))) onEnd()
    isSaving.value = false
  }
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <textarea
        aria-label={t.edit}
        dir="auto"
        rows={3}
        value={text}
        ref={(field) => field?.focus()}
        onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onEnd()
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void save()
        }}
      />
      <button type="submit" class="button button-small" disabled={isSaving}>
        {strings.save}
      </button>
      <button type="button" class="button-quiet button-small" onClick={onEnd}>
        {strings.cancel}
      </button>
    </form>
  )
}
