import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Message as Shape } from '../data/api-types.ts'
import { complaint } from '../data/changes.ts'
import { addressOf } from '../data/filter.ts'
import { outbox } from '../data/outbox.ts'
import { quote } from '../data/quoting.ts'
import { account } from '../data/session.ts'
import { isDeleted, type Thread } from '../data/thread.ts'
import { Icon } from '../icons.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { dayName, isoTime, isSameDay } from '../times.ts'
import { useKeys } from './keys.ts'
import { Message } from './message.tsx'
import { UnsentMessage } from './unsent-message.tsx'

const t = strings.thread
const near = 120

interface Props {
  thread: Thread
  unreadFrom: number | undefined
  /** The message to scroll to; without one, the newest. */
  wanted: number | undefined
}

/** The messages of a conversation. Older ones are loaded when somebody scrolls up. */
export function ThreadMessages({ thread, unreadFrom, wanted }: Props) {
  const box = useRef<HTMLElement>(null)
  /** Whether the newest message is in view and has to stay there. */
  const isAtEnd = useRef(wanted === undefined)
  const hasNewBelow = useSignal(false)
  const isFarUp = useSignal(false)
  const before = useRef({ first: 0, last: 0, height: 0, isEnd: true })
  const messages = thread.messages.value
  const unsent = outbox.value.filter(
    (entry) => entry.conversation === thread.id && entry.account === account.value?.id,
  )
  const first = messages[0]?.id ?? 0
  const last = messages.at(-1)?.id ?? 0
  const unsentCount = unsent.length

  useLayoutEffect(() => {
    const { current: element } = box
    const was = before.current
    if (!element) return
    // Older messages were added above: what was in view stays in view.
    if (was.first !== 0 && first < was.first) element.scrollTop += element.scrollHeight - was.height
    else if (isAtEnd.current) element.scrollTop = element.scrollHeight
    else if (last > was.last && was.last !== 0 && was.isEnd) hasNewBelow.value = true
    before.current = { first, last, height: element.scrollHeight, isEnd: thread.isAtEnd.peek() }
  }, [first, last, messages])
  useEffect(() => {
    if (wanted === undefined) return
    void thread.reveal(wanted).then((isThere) => {
      if (!isThere) complaint.value = t.messageGone
    })
  }, [wanted])
  const hasWanted = wanted !== undefined && messages.some(({ id }) => id === wanted)
  useLayoutEffect(() => {
    if (!hasWanted) return
    isAtEnd.current = false
    const element = box.current!.querySelector<HTMLElement>(`[data-message="${wanted}"]`)
    element?.scrollIntoView({ block: 'center' })
    element?.focus({ preventScroll: true })
  }, [wanted, hasWanted])
  // Scrolls to the user's own new message.
  const lastUnsent = unsent.at(-1)?.key
  useLayoutEffect(() => {
    if (lastUnsent !== undefined) void showNewest()
  }, [lastUnsent, unsentCount])
  useEffect(() => {
    // Loading pictures and a growing composer must not push the newest message out of view.
    const observer = new ResizeObserver(() => {
      // Another conversation was opened: the element is gone before the observer stops.
      if (!box.current) return
      if (isAtEnd.current) toEnd()
      before.current.height = box.current.scrollHeight
      // If the loaded messages do not fill the window, nobody can scroll to load more.
      if (box.current.scrollHeight <= box.current.clientHeight) void thread.loadOlder()
    })
    observer.observe(box.current!)
    observer.observe(box.current!.firstElementChild!)
    return () => observer.disconnect()
  }, [])

  useKeys({
    quote() {
      const chosen = document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset.message
      const one = messages.find(({ id }) => id === Number(chosen)) ?? messages.findLast(isOfContact)
      if (one) quote(one)
    },
  })

  function toEnd(): void {
    box.current!.scrollTop = box.current!.scrollHeight
  }
  async function showNewest(): Promise<void> {
    if (!thread.isAtEnd.peek()) await thread.open()
    isAtEnd.current = true
    if (box.current) toEnd()
  }
  function onScroll(): void {
    // The event can come after the thread was closed.
    if (!box.current) return
    const { scrollTop, scrollHeight, clientHeight } = box.current
    const below = scrollHeight - scrollTop - clientHeight
    isAtEnd.current = below < near && thread.isAtEnd.value
    isFarUp.value = below > clientHeight
    if (isAtEnd.current) hasNewBelow.value = false
    before.current.height = scrollHeight
    if (scrollTop < 600) void thread.loadOlder()
    if (below < 600) void thread.loadNewer()
  }
  return (
    <div class="thread-body">
      <section
        class="thread-scroll"
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        tabIndex={0}
        aria-label={t.messages}
        id="messages"
      >
        <ol class="messages">
          <li class="thread-start">{thread.older.value === null ? t.start : t.older}</li>
          {messages.map((message, index) => (
            <Placed
              key={message.echo_id ?? message.id}
              message={message}
              previous={messages[index - 1]}
              isUnread={message.id === unreadFrom}
              isWanted={message.id === wanted}
            />
          ))}
          {unsent
            .filter(({ key }) => !messages.some(({ echo_id }) => echo_id === key))
            .map((entry) => (
              <UnsentMessage key={entry.key} entry={entry} />
            ))}
        </ol>
      </section>
      {(hasNewBelow.value || isFarUp.value || !thread.isAtEnd.value) && (
        <button
          type="button"
          class="to-end"
          onClick={() => {
            go(addressOf(thread.id), { replace: true })
            void showNewest()
          }}
        >
          <Icon name="down" /> {hasNewBelow.value ? t.newBelow : t.toEnd}
        </button>
      )}
    </div>
  )
}

function isOfContact(message: Shape): boolean {
  return message.message_type === 'incoming' && !isDeleted(message)
}

const together = 5 * 60

/** A message with the dividers above it: a new day, the first unread message. */
function Placed({
  message,
  previous,
  isUnread,
  isWanted,
}: {
  message: Shape
  previous: Shape | undefined
  isUnread: boolean
  isWanted: boolean
}) {
  const isNewDay = !previous || !isSameDay(previous.created_at, message.created_at)
  const isFirst =
    isNewDay ||
    isUnread ||
    previous.message_type !== message.message_type ||
    previous.private !== message.private ||
    previous.sender?.id !== message.sender?.id ||
    message.created_at - previous.created_at > together
  return (
    <>
      {isNewDay && (
        <li class="day">
          <time dateTime={isoTime(message.created_at).slice(0, 10)}>{dayName(message.created_at)}</time>
        </li>
      )}
      {isUnread && (
        <li class="unread-line">
          <span>{t.unread}</span>
        </li>
      )}
      <Message message={message} isFirst={isFirst} isWanted={isWanted} />
    </>
  )
}
