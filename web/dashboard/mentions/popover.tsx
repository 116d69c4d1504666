import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import '../canned/popover.css'
import { writeInto } from '../canned/slash-state.ts'
import { assignableIn } from '../data/assignable.ts'
import { conversationSignal } from '../data/conversations.ts'
import { teams } from '../data/directory.ts'
import { profile } from '../data/session.ts'
import { type At, type Mentionable, matching, mentionText } from './at.ts'
import type { AtState } from './at-state.ts'
import { mentionStrings as t } from './strings.ts'

export interface PopoverProps {
  conversation: number
  field: { current: HTMLTextAreaElement | null }
  state: AtState
  onClose(): void
}

const mostShown = 20

/** The agents who see the conversation, and the teams, that fit what was written after an `@`. The focus stays in the field. */
export function Popover({ conversation, field, state, onClose }: PopoverProps) {
  const at = state.at.value!
  const chosen = useSignal(0)
  const list = useRef<HTMLDivElement>(null)
  const found = matching(mentionableIn(conversation), at.query).slice(0, mostShown)
  const index = Math.min(chosen.value, found.length - 1)
  const insert = (one: Mentionable) => {
    replace(field.current!, at, mentionText(one))
    onClose()
  }
  useEffect(() => {
    chosen.value = 0
  }, [at.query])
  useLayoutEffect(() => {
    state.active.value = index >= 0 ? `mention-${index}` : undefined
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' })
  }, [index, found.length])
  useLayoutEffect(() => {
    state.onKey = ({ key }) => {
      const last = found.length - 1
      if (last < 0) return false
      if (key === 'ArrowDown') chosen.value = index === last ? 0 : index + 1
      else if (key === 'ArrowUp') chosen.value = index <= 0 ? last : index - 1
      else if (key === 'Enter' || key === 'Tab') insert(found[index]!)
      else return false
      return true
    }
  })
  useEffect(
    () => () => {
      state.onKey = undefined
      state.active.value = undefined
    },
    [],
  )
  return (
    // A click must not take the focus from the field.
    // biome-ignore lint/a11y/noStaticElementInteractions: as said
    <div class="canned" onMouseDown={(event) => event.preventDefault()}>
      <div id="mention-list" role="listbox" aria-label={t.title} ref={list}>
        {found.map((one, place) => (
          // The field has the focus and handles the keys.
          // biome-ignore lint/a11y/useKeyWithClickEvents: as said
          // biome-ignore lint/a11y/useFocusableInteractive: as said
          <div
            key={`${one.kind}${one.id}`}
            id={`mention-${place}`}
            role="option"
            aria-selected={place === index}
            onClick={() => insert(one)}
          >
            <strong>
              <bdi>@{one.name}</bdi>
            </strong>
            {one.kind === 'team' && <span class="canned-mark">{t.team}</span>}
          </div>
        ))}
      </div>
      <p class="canned-status" role="status">
        {found.length > 0 ? t.count(found.length) : t.none(at.query)}
      </p>
    </div>
  )
}

/** Nobody needs to mention themselves. */
function mentionableIn(conversation: number): Mentionable[] {
  const inbox = conversationSignal(conversation)?.value.inbox_id
  const agents = inbox === undefined ? [] : assignableIn(inbox)
  return [
    ...agents
      .filter(({ id }) => id !== profile.value?.id)
      .map(({ id, name }) => ({ kind: 'user' as const, id, name })),
    ...teams.value.map(({ id, name }) => ({ kind: 'team' as const, id, name })),
  ]
}

function replace(field: HTMLTextAreaElement, { at, query }: At, text: string): void {
  const end = at + 1 + query.length
  if (field.value.slice(at, end) !== `@${query}`) return
  field.setSelectionRange(at, end)
  writeInto(field, text)
}
