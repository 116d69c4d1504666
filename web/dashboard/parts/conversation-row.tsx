import { type Signal, useComputed } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { plainText } from '../../../src/lib/text/plain-text.ts'
import type { Conversation } from '../data/api-types.ts'
import { contactInitials, contactName } from '../data/contact-name.ts'
import { inboxes, nameOfInbox } from '../data/directory.ts'
import { addressOf, filter } from '../data/filter.ts'
import { hits } from '../data/list.ts'
import { isViewSelected, selected, selectTo, toggleSelected } from '../data/selection.ts'
import { profile } from '../data/session.ts'
import { writers } from '../data/typing.ts'
import { Icon } from '../icons.tsx'
import { preview } from '../preview.ts'
import { openConversation } from '../router.ts'
import { splitAtMatch } from '../search-match.ts'
import { strings } from '../strings.ts'
import { isoTime, shortTime, wholeTime } from '../times.ts'
import { Avatar } from './avatar.tsx'
import { RowLabels } from './row-labels.tsx'
import { WaitingTime } from './waiting-time.tsx'

const t = strings.list

/** A conversation in the list. */
export function ConversationRow({ signal, top, position, total }: Props) {
  const conversation = signal.value
  const { id, contact, unread_count, last_activity_at, priority, labels } = conversation
  const hit = hits.value.get(id)
  // Opening another conversation renders only the two rows that change.
  const isOpen = useComputed(() => openConversation.value === signal.value.id).value
  const isChecked = useComputed(() => isViewSelected.value || selected.value.has(signal.value.id)).value
  const name = contactName(contact)
  // Tells two contacts of one name apart.
  const address = [contact.email, contact.phone_number].find((one) => one && one !== name)
  return (
    <li
      class="row-item"
      style={{ transform: `translateY(${top}px)` }}
      aria-posinset={position}
      aria-setsize={total}
    >
      <input
        type="checkbox"
        class="row-check"
        aria-label={strings.bulk.select(name)}
        checked={isChecked}
        onClick={({ shiftKey }) => (shiftKey ? selectTo(id) : toggleSelected(id))}
      />
      <a
        class="row"
        href={addressOf(id, hit?.id)}
        aria-current={isOpen ? 'page' : undefined}
        data-unread={unread_count > 0 || undefined}
        data-row={id}
      >
        <Avatar name={name} id={contact.id} initials={contactInitials(contact)} />
        <span class="row-name" title={address ? `${name} · ${address}` : name}>
          <bdi>{name}</bdi>
          {address && (
            <span class="row-contact">
              <bdi>{address}</bdi>
            </span>
          )}
        </span>
        <time class="row-time" dateTime={isoTime(last_activity_at)} title={wholeTime(last_activity_at)}>
          {shortTime(last_activity_at)}
        </time>
        <span class="row-last">
          {conversation.subject && (
            <bdi class="row-subject" title={conversation.subject}>
              {conversation.subject}
            </bdi>
          )}
          {hit ? <Hit text={hit.content} /> : <LastLine conversation={conversation} />}
        </span>
        <span class="row-marks">
          {priority === 'urgent' || priority === 'high' ? (
            <span class={`priority priority-${priority}`} title={strings.details.priorities[priority]}>
              <Icon name="flag" />
              <span class="unseen">{strings.details.priorities[priority]}</span>
            </span>
          ) : null}
          {unread_count > 0 && (
            <span class="badge" title={t.unread(unread_count)}>
              <span aria-hidden="true">{unread_count > 99 ? '99+' : unread_count}</span>
              <span class="unseen">{t.unread(unread_count)}</span>
            </span>
          )}
        </span>
        <span class="row-foot">
          {inboxes.value.length > 1 && <InboxName id={conversation.inbox_id} />}
          <RowLabels titles={labels} />
        </span>
        <span class="row-end">
          <WaitingTime conversation={conversation} />
          <Assignee conversation={conversation} />
        </span>
      </a>
    </li>
  )
}

function InboxName({ id }: { id: number }) {
  const name = nameOfInbox(id)
  return (
    <span class="row-inbox" title={name}>
      {name}
    </span>
  )
}

interface Props {
  signal: Signal<Conversation>
  /** Pixels from the top of the list. */
  top: number
  position: number
  total: number
}

function Assignee({ conversation: { meta } }: { conversation: Conversation }) {
  if (!meta.assignee || filter.value.tab === 'me') return null
  const { id, name } = meta.assignee
  return (
    <span class="row-assignee" title={t.assignedTo(name)}>
      <Icon name="person" />
      <bdi>{id === profile.value?.id ? strings.thread.you : name}</bdi>
    </span>
  )
}

function LastLine({ conversation: { id, last_message } }: { conversation: Conversation }) {
  const writer = [...(writers.value.get(id)?.values() ?? [])][0]
  if (writer) return <em class="row-writing">{t.writing(writer.name)}</em>
  if (!last_message) return <em>{t.noMessage}</em>
  return (
    <bdi>
      {last_message.message_type === 'outgoing' && (
        <span class="row-reply">
          <Icon name="reply" />
        </span>
      )}
      {preview(last_message.content, 200) || last_message.attachments[0]?.file_name}
    </bdi>
  )
}

const lettersBefore = 30
const lettersAfter = 200

/** The text that the search has found, from a little before the first word that matches. */
function Hit({ text }: { text: string }) {
  const { q } = filter.value
  const { before, word, after } = useMemo(() => splitAtMatch(plainText(text), q), [text, q])
  const start = word === '' ? 0 : Math.max(0, before.length - lettersBefore)
  return (
    <bdi>
      {start > 0 && '…'}
      {before.slice(start, start + lettersAfter)}
      <mark>{word.slice(0, lettersAfter)}</mark>
      {after.slice(0, lettersAfter)}
    </bdi>
  )
}
