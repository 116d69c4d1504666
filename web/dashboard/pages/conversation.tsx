import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Composer } from '../composer/composer.tsx'
import type { Conversation as Shape, Status } from '../data/api-types.ts'
import { changeStatus, markSeen, spamLabel } from '../data/changes.ts'
import { contactName, senderName } from '../data/contact-name.ts'
import { conversationSignal, fetchConversation } from '../data/conversations.ts'
import { isMailInbox } from '../data/directory.ts'
import { addressOf, searchOf } from '../data/filter.ts'
import { hear } from '../data/live.ts'
import { areDetailsShown, showDetails } from '../data/preferences.ts'
import { isDeleted, type Thread, threadOf } from '../data/thread.ts'
import { useViewing } from '../data/viewers.ts'
import { Icon } from '../icons.tsx'
import { openMacro } from '../macros/chosen-macro.ts'
import { Details } from '../parts/details.tsx'
import { DropZone } from '../parts/drop-zone.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { keys, useKeys } from '../parts/keys.ts'
import { late } from '../parts/late.tsx'
import { openOverlay, overlay } from '../parts/overlay.tsx'
import { PresenceLine } from '../parts/presence-line.tsx'
import { SnoozeDialog } from '../parts/snooze-dialog.tsx'
import { ThreadMessages } from '../parts/thread-messages.tsx'
import { preview } from '../preview.ts'
import { go, wantedMessage } from '../router.ts'
import { strings } from '../strings.ts'

const t = strings.thread
const SpamBar = late(
  () => import('../mail/spam-bar.tsx').then((part) => part.SpamBar),
  (_props: { id: number }) => null,
)

const Prepared = late(
  () => import('../prepared/prepared.tsx').then((part) => part.Prepared),
  (_props: { conversation: number }) => null,
)
const PictureViewer = late<object>(
  () => import('../pictures/viewer.tsx').then((part) => part.PictureViewer),
  () => null,
)
const MacroDialog = late(
  () => import('../macros/macro-dialog.tsx').then((part) => part.MacroDialog),
  (_props: { conversation: number }) => null,
)

const MergeDialog = late(
  () => import('../moves/merge-dialog.tsx').then((part) => part.MergeDialog),
  (_props: { conversation: Shape }) => null,
)

/** The open conversation: its thread, and the details next to it. */
export function Conversation({ id }: { id: number }) {
  const thread = useMemo(() => threadOf(id, wantedMessage.peek()), [id])
  const isGone = useSignal(false)
  const isMet = useSignal(conversationSignal(id) !== undefined)
  useEffect(() => {
    if (isMet.value) return
    fetchConversation(id).then(
      () => {
        isMet.value = true
      },
      () => {
        isGone.value = true
      },
    )
    return undefined
  }, [id])
  const conversation = isMet.value ? conversationSignal(id)?.value : undefined
  if (isGone.value || (isMet.value && !conversation)) return <p class="empty">{t.gone}</p>
  if (!conversation) return <p class="empty">{strings.loading}</p>
  if (conversation.merged_into_id !== null) return <Merged into={conversation.merged_into_id} />
  return <Open key={id} conversation={conversation} thread={thread} />
}

/** Goes on to the conversation that has the messages now. */
function Merged({ into }: { into: number }) {
  useEffect(() => go(addressOf(into, wantedMessage.peek()), { replace: true }), [into])
  return <p class="empty">{strings.loading}</p>
}

function Open({ conversation, thread }: { conversation: Shape; thread: Thread }) {
  const { id, contact, status, subject } = conversation
  const name = contactName(contact)
  const isMail = isMailInbox(conversation.inbox_id)
  useViewing(id)
  const unreadFrom = useUnread(conversation, thread)
  const { state } = thread
  const section = useRef<HTMLElement>(null)
  const action = status === 'resolved' ? t.reopen : t.resolve
  const change = (to: Status) => void changeStatus(id, to)
  const toggle = () => change(status === 'resolved' ? 'open' : 'resolved')
  const isWaiting = status === 'pending' || status === 'snoozed'
  useKeys({
    resolve: toggle,
    snooze: () => openOverlay('snooze'),
    macro: () => openMacro(undefined),
    merge: () => openOverlay('merge'),
    ...(status === 'open' ? { pending: () => change('pending') } : { open: () => change('open') }),
  })
  return (
    <>
      <section class="thread" aria-label={name} ref={section}>
        <header class="thread-head">
          <a class="button-icon only-narrow" href={`/${searchOf({})}`} aria-label={strings.back}>
            <Icon name="back" />
          </a>
          <div class="thread-who">
            <h1>
              <bdi title={name}>{name}</bdi> <span class="thread-number">#{id}</span>
            </h1>
            {subject && (
              <p class="thread-subject">
                <bdi title={subject}>{subject}</bdi>
              </p>
            )}
            {!subject && <ContactAddress contact={contact} />}
          </div>
          {status !== 'open' && (
            <span class="status" data-status={status}>
              {strings.list.statuses[status]}
            </span>
          )}
          {isWaiting && (
            <button
              type="button"
              class="button-quiet"
              aria-label={t.open}
              aria-keyshortcuts={keys.open.key}
              onClick={() => change('open')}
            >
              <Icon name="reply" /> <span class="thread-action">{t.open}</span>
            </button>
          )}
          <IconButton
            icon="clock"
            name={strings.keys.snooze}
            isOn={status === 'snoozed'}
            onClick={() => openOverlay('snooze')}
          />
          <button
            type="button"
            class="button-quiet"
            aria-label={action}
            aria-keyshortcuts={keys.resolve.key}
            onClick={toggle}
          >
            <Icon name={status === 'resolved' ? 'reply' : 'check'} />{' '}
            <span class="thread-action">{action}</span>
          </button>
          <IconButton
            icon="panel"
            name={t.details}
            controls="details"
            isExpanded={areDetailsShown}
            onClick={() => showDetails(!areDetailsShown.value)}
          />
        </header>
        {isMail && conversation.labels.includes(spamLabel) && <SpamBar id={id} />}
        {state.value === 'loading' && <p class="empty">{strings.loading}</p>}
        {state.value === 'failed' && (
          <p class="empty" role="alert">
            {strings.notReached}{' '}
            <button type="button" class="button-link" onClick={() => void thread.open()}>
              {strings.retry}
            </button>
          </p>
        )}
        {state.value === 'ready' && (
          <ThreadMessages thread={thread} unreadFrom={unreadFrom} wanted={wantedMessage.value} />
        )}
        <Prepared conversation={id} />
        <PresenceLine id={id} />
        <Announcer id={id} />
        <Composer conversation={id} name={name} mail={isMail ? { to: contact.email, subject } : undefined} />
        <DropZone target={section} conversation={id} />
      </section>
      {areDetailsShown.value && (
        <aside class="details" id="details" aria-label={strings.details.title}>
          <header class="details-head">
            <h2>{strings.details.title}</h2>
            <IconButton icon="close" name={t.hideDetails} onClick={() => showDetails(false)} />
          </header>
          <Details conversation={conversation} />
        </aside>
      )}
      {overlay.value?.name === 'macro' && <MacroDialog key={overlay.value.opening} conversation={id} />}
      {overlay.value?.name === 'merge' && (
        <MergeDialog key={overlay.value.opening} conversation={conversation} />
      )}
      {overlay.value?.name === 'picture' && <PictureViewer key={overlay.value.opening} />}
      {overlay.value?.name === 'snooze' && (
        <SnoozeDialog key={overlay.value.opening} conversation={conversation} />
      )}
    </>
  )
}

/** The address or number of a contact, which tells two of one name apart. */
function ContactAddress({ contact }: { contact: Shape['contact'] }) {
  const address = contact.email ?? contact.phone_number
  if (!address || address === contactName(contact)) return null
  return (
    <p class="thread-contact">
      <bdi title={address}>{address}</bdi>
    </p>
  )
}

// Milliseconds for which a conversation is open before it counts as seen. Moving past it with J or K takes less.
const dwell = 1500

/**
 * Returns the first message that was unread when the conversation was opened, and marks all as seen while it is visible
 * for more than a moment.
 */
function useUnread({ id, unread_count }: Shape, thread: Thread): number | undefined {
  const from = useSignal<number | undefined>(undefined)
  const isReady = thread.state.value === 'ready'
  const isAtEnd = thread.isAtEnd.value
  const found = useMemo(() => {
    if (!isReady || unread_count === 0 || !thread.isAtEnd.peek()) return undefined
    return thread.messages
      .peek()
      .filter((message) => message.message_type === 'incoming' && !isDeleted(message))
      .at(-unread_count)?.id
  }, [isReady, id])
  useEffect(() => {
    from.value = found
  }, [found])
  const openedAt = useMemo(() => performance.now(), [id])
  useEffect(() => {
    const see = () => {
      if (unread_count > 0 && isReady && isAtEnd && document.visibilityState === 'visible') markSeen(id)
    }
    const timer = setTimeout(see, openedAt + dwell - performance.now())
    document.addEventListener('visibilitychange', see)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', see)
    }
  }, [unread_count, isReady, isAtEnd, id])
  return from.value ?? found
}

/** Announces new messages of the customer to screen readers. */
function Announcer({ id }: { id: number }) {
  const said = useSignal('')
  useEffect(
    () =>
      hear({
        message({ kind, message }) {
          if (kind === 'created' && message.conversation_id === id && message.message_type === 'incoming') {
            said.value = t.arrived(senderName(message), preview(message.content, 300))
          }
        },
      }),
    [id],
  )
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  )
}
