import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { conversationSignal } from '../data/conversations.ts'
import { addressOf, filter } from '../data/filter.ts'
import { hits, ids, isComplete, isLoading, listTrouble, loadMore } from '../data/list.ts'
import { isSelecting, toggleSelected } from '../data/selection.ts'
import { go, openConversation } from '../router.ts'
import { strings } from '../strings.ts'
import { ConversationRow } from './conversation-row.tsx'
import { useKeys } from './keys.ts'
import { narrow, narrowings, searchEverything } from './narrowings.ts'

const t = strings.list
// The same as in the style sheet.
const rowHeight = 100
const beyond = 6

/** The list of conversations. Only the visible rows and a few more are in the page. */
export function ConversationList() {
  const box = useRef<HTMLDivElement>(null)
  const scroll = useSignal({ top: 0, height: 800 })
  const all = ids.value
  const measure = () => {
    // A scroll event can come after the list was closed.
    if (!box.current) return
    const { scrollTop: top, clientHeight: height } = box.current
    scroll.value = { top, height }
  }
  const neighbour = useNeighbour(all)
  const step = (by: 1 | -1) => {
    const id = neighbour(by)
    if (id === undefined) return
    go(addressOf(id, hits.value.get(id)?.id))
    const at = all.indexOf(id)
    const top = at * rowHeight
    const { scrollTop, clientHeight } = box.current!
    box.current!.scrollTop = Math.min(top, Math.max(scrollTop, top + rowHeight - clientHeight))
  }
  useKeys({ next: () => step(1), previous: () => step(-1), select: selectCurrent })
  useLayoutEffect(() => {
    const observer = new ResizeObserver(measure)
    observer.observe(box.current!)
    return () => observer.disconnect()
  }, [])
  const list = filter.value
  useLayoutEffect(() => {
    box.current!.scrollTop = 0
    measure()
  }, [list])
  const { top, height } = scroll.value
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond)
  const last = Math.min(all.length, Math.ceil((top + height) / rowHeight) + beyond)
  const isNearEnd = last > all.length - 20
  useEffect(() => {
    if (isNearEnd && !listTrouble.value) void loadMore()
  }, [isNearEnd, all.length])
  return (
    <div
      class="list-scroll"
      id="conversations"
      data-selecting={isSelecting.value || undefined}
      ref={box}
      onScroll={measure}
      tabIndex={-1}
    >
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

/** Selects the conversation whose row has the focus, or the open one. */
function selectCurrent(): void {
  const row = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row
  const id = row ? Number(row) : openConversation.value
  if (id !== undefined) toggleSelected(id)
}

/**
 * Returns a function that finds the next or previous conversation of the open one; also if that has just left the list,
 * for example because it was resolved: then its neighbours are those that it had.
 */
function useNeighbour(all: readonly number[]): (by: 1 | -1) => number | undefined {
  const open = openConversation.value
  const place = `${open} ${JSON.stringify(filter.value)}`
  const last = useRef<{ place: string; rows: readonly number[] }>(undefined)
  if (open !== undefined && all.includes(open)) last.current = { place, rows: all }
  return (by) => {
    const rows = last.current?.place === place ? last.current.rows : undefined
    if (!rows) return by === 1 ? all[0] : undefined
    const at = rows.indexOf(open!)
    const there = new Set(all)
    const further = by === 1 ? rows.slice(at + 1) : rows.slice(0, at).reverse()
    return further.find((id) => there.has(id))
  }
}

function ListEnd() {
  if (listTrouble.value !== undefined) {
    return (
      <p class="list-end" role="alert">
        {listTrouble.value}{' '}
        <button type="button" class="button-link" onClick={() => void loadMore()}>
          {strings.retry}
        </button>
      </p>
    )
  }
  if (isLoading.value) return <p class="list-end">{strings.loading}</p>
  if (ids.value.length === 0) {
    return filter.value.q === '' ? <p class="list-end list-empty">{strings.list.empty}</p> : <NothingFound />
  }
  return null
}

/** Says what was searched, and offers to search everything. */
function NothingFound() {
  const { q } = filter.value
  const parts = narrowings()
  return (
    <div class="list-end list-empty" role="status">
      <p>{t.emptySearch(q, parts.length > 0 ? t.where(parts.map(({ text }) => text)) : t.everywhere)}</p>
      {parts.length > 0 ? (
        <button type="button" class="button-link" onClick={() => narrow(searchEverything)}>
          {t.searchAll}
        </button>
      ) : (
        <p>{t.searchHint}</p>
      )}
    </div>
  )
}
