import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { conversationSignal } from '../data/conversations.ts'
import { addressOf, filter, hits, ids, isComplete, isLoading, listTrouble, loadMore } from '../data/list.ts'
import { go, openConversation } from '../router.ts'
import { strings } from '../strings.ts'
import { ConversationRow } from './conversation-row.tsx'
import { useKeys } from './keys.ts'

// The same as in the style sheet.
const rowHeight = 84
const beyond = 6

/** The list of conversations. Only the visible rows and a few more are in the page. */
export function ConversationList() {
  const box = useRef<HTMLDivElement>(null)
  const scroll = useSignal({ top: 0, height: 800 })
  const all = ids.value
  const measure = () => {
    const { scrollTop: top, clientHeight: height } = box.current!
    scroll.value = { top, height }
  }
  const step = (by: 1 | -1) => {
    const at = all.indexOf(openConversation.value!) + by
    const id = all[at]
    if (id === undefined) return
    go(addressOf(id, hits.value.get(id)?.id))
    const top = at * rowHeight
    const { scrollTop, clientHeight } = box.current!
    box.current!.scrollTop = Math.min(top, Math.max(scrollTop, top + rowHeight - clientHeight))
  }
  useKeys({ next: () => step(1), previous: () => step(-1) })
  useLayoutEffect(() => {
    const observer = new ResizeObserver(measure)
    observer.observe(box.current!)
    return () => observer.disconnect()
  }, [])
  const { tab, status, q, inbox, team, label } = filter.value
  useLayoutEffect(() => {
    box.current!.scrollTop = 0
    measure()
  }, [tab, status, q, inbox, team, label])
  const { top, height } = scroll.value
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond)
  const last = Math.min(all.length, Math.ceil((top + height) / rowHeight) + beyond)
  const isNearEnd = last > all.length - 20
  useEffect(() => {
    if (isNearEnd && !listTrouble.value) void loadMore()
  }, [isNearEnd, all.length])
  return (
    <div class="list-scroll" id="conversations" ref={box} onScroll={measure} tabIndex={-1}>
      <ul
        class="list-rows"
        style={{ height: `${all.length * rowHeight}px` }}
        aria-label={strings.list.title}
        aria-busy={isLoading}
      >
        {all.slice(first, last).map((id, index) => {
          const conversation = conversationSignal(id)
          const at = first + index
          const total = isComplete.value ? all.length : -1
          return (
            conversation && (
              <ConversationRow
                key={id}
                signal={conversation}
                top={at * rowHeight}
                position={at + 1}
                total={total}
              />
            )
          )
        })}
      </ul>
      <ListEnd />
    </div>
  )
}

function ListEnd() {
  if (listTrouble.value !== undefined) {
    return (
      <p class="list-end" role="alert">
        {strings.notReached}{' '}
        <button type="button" class="button-link" onClick={() => void loadMore()}>
          {strings.retry}
        </button>
      </p>
    )
  }
  if (isLoading.value) return <p class="list-end">{strings.loading}</p>
  if (ids.value.length === 0) {
    return (
      <p class="list-end list-empty">
        {filter.value.q === '' ? strings.list.empty : strings.list.emptySearch}
      </p>
    )
  }
  return null
}
