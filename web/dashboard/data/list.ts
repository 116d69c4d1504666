import { signal } from '@preact/signals'
import type { CallError } from '../../shared/api.ts'
import type { Conversation } from './api-types.ts'
import { conversationSignal, now, takeFetched, watchConversations } from './conversations.ts'
import { filter, isOfServer } from './filter.ts'
import { fetchListPage, type ListPage } from './list-page.ts'
import { hear } from './live.ts'
import { profile } from './session.ts'

/** The number of conversations in each tab; of a view, only `all`. */
export const counts = signal({ me: 0, unassigned: 0, all: 0 })
/** Whether there can be more conversations than the numbers of the tabs say. */
export const isCapped = signal(false)
/** The ids of the loaded conversations in order: the top of the list, without gaps. */
export const ids = signal<readonly number[]>([])
/** The messages that the search has found, by conversation. */
export const hits = signal<ReadonlyMap<number, { id: number; content: string }>>(new Map())
export const isLoading = signal(true)
export const isComplete = signal(false)
export const listTrouble = signal<string | undefined>(undefined)

let generation = 0
// Where the next page begins; undefined for the first one.
let cursor: string | undefined

/** Loads the list from its top, for a new filter or after events were missed. */
export async function loadList(): Promise<void> {
  generation += 1
  ids.value = []
  hits.value = new Map()
  cursor = undefined
  isComplete.value = false
  isLoading.value = false
  await loadMore()
}

/** Loads the next page; does nothing while one is loading. */
export async function loadMore(): Promise<void> {
  if (isLoading.value || isComplete.value) return
  isLoading.value = true
  listTrouble.value = undefined
  const ours = generation
  try {
    for (const before = ids.value.length; ids.value.length === before && !isComplete.value; ) {
      const { payload, next } = await fetchPage(cursor)
      if (ours !== generation) return
      const there = new Set(ids.value)
      ids.value = [...ids.value, ...payload.map(({ id }) => id).filter((id) => !there.has(id))]
      cursor = next ?? undefined
      isComplete.value = next === null
    }
  } catch (error) {
    if (ours === generation) listTrouble.value = (error as CallError).message
  } finally {
    if (ours === generation) isLoading.value = false
  }
}

async function fetchPage(from?: string): Promise<ListPage> {
  const asked = filter.value
  const askedAt = now()
  const page = await fetchListPage(asked, from)
  takeFetched(page.payload, askedAt)
  // Another filter was chosen meanwhile.
  if (asked !== filter.value) return page
  if (asked.q !== '') {
    const found = page.payload.flatMap(({ id, found_message }) =>
      found_message ? [[id, found_message] as const] : [],
    )
    hits.value = new Map([...hits.value, ...found])
  }
  if (page.counts) counts.value = page.counts
  if (page.isCapped !== undefined) isCapped.value = page.isCapped
  return page
}

// Pages of a view that are loaded again.
const mostPages = 4

/** Fetches the first page, and of a view or the like the next ones too: only the server knows what still belongs to it. */
async function fetchTop(): Promise<ListPage> {
  const ours = generation
  const { payload, next } = await fetchPage()
  const top = { payload, next }
  if (!isOfServer.value || filter.value.q !== '') return top
  for (let count = 1; count < mostPages && top.payload.length < ids.value.length; count++) {
    if (top.next === null || ours !== generation) break
    const more = await fetchPage(top.next)
    top.payload.push(...more.payload)
    top.next = more.next
  }
  return top
}

/** Corrects the top of the list: adds conversations that were missing and removes those that no longer belong there. */
async function refreshTop(): Promise<void> {
  const ours = generation
  const before = now()
  const { payload, next } = await fetchTop()
  // The list has changed while the response was on its way.
  if (ours !== generation) return
  if (before !== now()) return refreshSoon()
  const top = [...new Set(payload.map(({ id }) => id))]
  const there = new Set(top)
  const last = top.at(-1)
  // A page of a search can be short, although older messages match: those are in any order.
  const isSearch = filter.value.q !== ''
  const isAll = next === null
  const isBelow = (id: number) => isSearch || (last !== undefined && ranks(last, id) < 0)
  const rest = isAll ? [] : ids.value.filter((id) => !there.has(id) && isBelow(id))
  if (rest.length === 0) {
    cursor = next ?? undefined
    isComplete.value = isAll
  }
  ids.value = [...top, ...rest]
}

let refreshing: ReturnType<typeof setTimeout> | undefined
// Milliseconds. A filter that the server has to look long for is asked for less often.
const shortestPause = 1000
let pause = shortestPause

/** At most once a second. */
function refreshSoon(): void {
  refreshing ??= setTimeout(async () => {
    refreshing = undefined
    if (isLoading.value) return
    const startedAt = performance.now()
    await refreshTop().catch(() => {})
    pause = Math.max(shortestPause, 5 * (performance.now() - startedAt))
  }, pause)
}

function reposition(conversation: Conversation): void {
  if (isOfServer.value) return refreshSoon()
  const { id } = conversation
  const others = ids.value.filter((other) => other !== id)
  if (belongs(conversation)) {
    const at = others.findIndex((other) => ranks(id, other) < 0)
    if (at >= 0) others.splice(at, 0, id)
    else if (isComplete.value) others.push(id)
  }
  const isSame =
    others.length === ids.value.length && others.every((other, index) => other === ids.value[index])
  if (!isSame) ids.value = others
}

/** Whether a conversation matches the filter, by the rules of the server. */
function belongs(conversation: Conversation): boolean {
  const { tab, status, inbox, team, label } = filter.value
  const { assignee, team: its } = conversation.meta
  if (status !== 'all' && conversation.status !== status) return false
  if (tab === 'me' && assignee?.id !== profile.value?.id) return false
  if (tab === 'unassigned' && assignee) return false
  if (inbox && conversation.inbox_id !== inbox) return false
  if (team && its?.id !== team) return false
  return !label || conversation.labels.includes(label)
}

/** Negative if the first is above the second. */
function ranks(one: number, other: number): number {
  const [a, b] = [conversationSignal(one)?.peek(), conversationSignal(other)?.peek()]
  if (!a || !b) return a ? -1 : 1
  return b.last_activity_at - a.last_activity_at || b.id - a.id
}

function refreshSpecialList(): void {
  if (filter.value.specialList) refreshSoon()
}

/** Keeps the list up to date with events. */
export function followList(): () => void {
  const stops = [
    watchConversations({
      changed(conversation) {
        reposition(conversation)
        refreshSoon()
      },
      gone(id) {
        ids.value = ids.value.filter((other) => other !== id)
        refreshSoon()
      },
      met: refreshSoon,
    }),
    hear({
      reset: () => {
        void loadList()
      },
      setting: (shows) => {
        if (shows) void loadList()
      },
      view: () => {
        if (filter.value.view) void loadList()
      },
      participants: refreshSpecialList,
      notification: refreshSpecialList,
    }),
  ]
  return () => {
    clearTimeout(refreshing)
    refreshing = undefined
    for (const stop of stops) stop()
  }
}
