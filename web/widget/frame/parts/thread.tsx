import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { isAvailable } from '../data/availability.ts'
import { isConnected, typing } from '../data/live.ts'
import { outbox } from '../data/outbox.ts'
import { settings } from '../data/settings.ts'
import { isComplete, isLoaded, loadEarlier, sortedMessages } from '../data/thread.ts'
import { visitor } from '../data/visitor.ts'
import { read } from '../data/visitor-storage.ts'
import { dayText, startOfDay, strings } from '../strings.ts'
import { Avatar } from './avatar.tsx'
import { Lazy } from './lazy.tsx'
import { MessageRow } from './message-row.tsx'
import { Text } from './text.tsx'
import { UnsentMessage } from './unsent-message.tsx'

const loadEmailPrompt = () => import('../on-demand/email-prompt.tsx').then(({ EmailPrompt }) => EmailPrompt)

/** The messages, newest at the bottom. */
export function Thread() {
  const t = strings.value
  const region = useStayAtEnd()
  const isLoading = useSignal(false)
  // A visitor who has just sent the first message has no earlier ones to load.
  const isUnknown =
    visitor.value && !isLoaded.value && sortedMessages.value.length + outbox.value.length === 0
  const hasAnswered = useSignal(read('asked') === true)
  const asksEmail =
    settings.ask_email &&
    !hasAnswered.value &&
    sortedMessages.value.some(({ message_type }) => message_type === 'incoming')
  const earlier = async () => {
    if (isLoading.value) return
    isLoading.value = true
    await loadEarlier().catch(() => {})
    isLoading.value = false
  }
  return (
    <div class="thread-body">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the keyboard */}
      <div class="thread" ref={region} role="log" aria-label={t.messages} tabIndex={0}>
        <div>
          {isUnknown && <p class="note">{t.loading}</p>}
          {!isComplete.value && isLoaded.value && (
            <button type="button" class="earlier" disabled={isLoading.value} onClick={earlier}>
              {isLoading.value ? t.loading : t.earlier}
            </button>
          )}
          {isComplete.value && !isUnknown && <Greeting />}
          <Messages />
          {outbox.value.map((entry) => (
            <UnsentMessage key={entry.key} entry={entry} />
          ))}
          {asksEmail && (
            <Lazy load={loadEmailPrompt} props={{ onAnswer: () => (hasAnswered.value = true) }} />
          )}
          {typing.value && <Typing {...typing.value} />}
          {!isAvailable.value && !isUnknown && (
            <p class="note" role="status">
              {t.awayNote}
            </p>
          )}
        </div>
      </div>
      {isConnected.value === false && (
        <p class="trouble" role="status">
          {t.reconnecting}
        </p>
      )}
    </div>
  )
}

function Typing({ id, name }: { id: number; name: string }) {
  const { sender } =
    sortedMessages.value.findLast(
      (message) => message.message_type === 'outgoing' && message.sender?.id === id,
    ) ?? {}
  return (
    <div class="row" data-side="team">
      <Avatar name={name} avatar_url={sender?.avatar_url ?? null} />
      <div class="bubble typing" role="status">
        <span class="unseen">{strings.value.typing(name)}</span>
        <i /> <i /> <i />
      </div>
    </div>
  )
}

function Greeting() {
  const [agent] = settings.agents
  return (
    <div class="row" data-side="team">
      <Avatar name={agent?.name ?? settings.title} avatar_url={agent?.avatar_url ?? null} />
      <div class="bubble">
        <Text text={settings.greeting || strings.value.greeting} />
      </div>
    </div>
  )
}

function Messages() {
  const rows: ComponentChildren[] = []
  const all = sortedMessages.value
  // Messages of the same person within these seconds are grouped.
  const close = 300
  for (const [index, message] of all.entries()) {
    const [before, after] = [all[index - 1], all[index + 1]]
    const day = startOfDay(message.created_at * 1000)
    if (!before || startOfDay(before.created_at * 1000) !== day) {
      rows.push(
        <p class="note day" key={day}>
          {dayText(message.created_at)}
        </p>,
      )
    }
    const isLast =
      !after ||
      after.message_type !== message.message_type ||
      after.sender?.id !== message.sender?.id ||
      after.created_at - message.created_at > close
    rows.push(<MessageRow key={message.id} message={message} isLast={isLast} isNewest={!after} />)
  }
  return <>{rows}</>
}

/** Keeps the newest message in view, unless the visitor has scrolled up. */
function useStayAtEnd() {
  const region = useRef<HTMLDivElement>(null)
  const before = useRef({ isAtEnd: true, height: 0, first: 0, unsent: 0 })
  useLayoutEffect(() => {
    const element = region.current!
    const { isAtEnd, height, first, unsent } = before.current
    const firstNow = sortedMessages.value[0]?.id ?? 0
    if (isAtEnd || outbox.value.length > unsent) element.scrollTop = element.scrollHeight
    // Earlier messages were added above: what was in view stays in view.
    else if (firstNow < first) element.scrollTop += element.scrollHeight - height
    before.current = {
      ...before.current,
      height: element.scrollHeight,
      first: firstNow,
      unsent: outbox.value.length,
    }
  })
  useLayoutEffect(() => {
    const element = region.current!
    const note = () => {
      before.current.isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 60
    }
    const follow = () => {
      if (before.current.isAtEnd) element.scrollTop = element.scrollHeight
    }
    element.addEventListener('scroll', note)
    // Pictures and parts load late, and the keyboard of a phone takes space.
    const size = new ResizeObserver(follow)
    size.observe(element)
    size.observe(element.firstElementChild!)
    return () => size.disconnect()
  }, [])
  return region
}
