import { computed, signal } from '@preact/signals'
import type { CallError } from '../../shared/api.ts'
import { isWorkspace, query } from '../router.ts'
import type { Conversation, Status } from './api-types.ts'
import { call } from './call.ts'
import { conversationSignal, now, takeFetched, watchConversations } from './conversations.ts'
import { hear } from './live.ts'
import { accountPath, profile } from './session.ts'

/** The filter of the list; the URL holds it. */
export interface Filter {
  tab: 'me' | 'unassigned' | 'all'
  status: Status | 'all'
  inbox: number | undefined
  team: number | undefined
  label: string | undefined
  q: string
}

let lastNarrowing = ''
// A text stays equal if only the open conversation changes, so that no row is rendered again. It also stays while
// another page is open, so that the way back leads to the same list.
const narrowing = computed(() => {
  if (!isWorkspace.value) return lastNarrowing
  const asked = new URLSearchParams(query.value)
  asked.delete('message')
  lastNarrowing = asked.toString()
  return lastNarrowing
})

const chosenStatus = computed(() => {
  const status = new URLSearchParams(narrowing.value).get('status')
  return isStatus(status) ? status : undefined
})

/** A search looks through every status, unless one was chosen: what people search for is often resolved. */
function usualStatus(q: string): Filter['status'] {
  return q === '' ? 'open' : 'all'
}

export const filter = computed<Filter>(() => {
  const asked = new URLSearchParams(narrowing.value)
  const number = (name: string) => Number(asked.get(name)) || undefined
  const tab = asked.get('tab')
  const q = asked.get('q') ?? ''
  return {
    tab: tab === 'me' || tab === 'unassigned' ? tab : 'all',
    status: chosenStatus.value ?? usualStatus(q),
    inbox: number('inbox'),
    team: number('team'),
    label: asked.get('label') ?? undefined,
    q,
  }
})

function isStatus(text: string | null): text is Filter['status'] {
  return ['open', 'resolved', 'pending', 'snoozed', 'all'].includes(text ?? '')
}

/** Returns the query of an address with the current filter and these changes. */
export function searchOf(changes: Partial<Filter>): string {
  const status = changes.status ?? chosenStatus.value
  const { tab, inbox, team, label, q } = { ...filter.value, ...changes }
  const asked = new URLSearchParams()
  if (tab !== 'all') asked.set('tab', tab)
  if (status && status !== usualStatus(q)) asked.set('status', status)
  if (inbox) asked.set('inbox', String(inbox))
  if (team) asked.set('team', String(team))
  if (label) asked.set('label', label)
  if (q) asked.set('q', q)
  const text = asked.toString()
  return text === '' ? '' : `?${text}`
}

/** Returns the address of a conversation, at one of its messages or at the newest. */
export function addressOf(conversation: number, message?: number): string {
  const search = new URLSearchParams(searchOf({}))
  if (message !== undefined) search.set('message', String(message))
  const text = search.toString()
  return `/conversations/${conversation}${text === '' ? '' : `?${text}`}`
}

/** The number of conversations in each tab. */
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

const pageSize = 25
let generation = 0
// Where the next page begins; undefined for the first one.
let cursor: string | undefined

interface Page {
  data: {
    meta: {
      all_count: number
      mine_count: number
      unassigned_count: number
      counts_capped: boolean
      next: string | null
    }
    payload: Conversation[]
  }
}

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
      const { payload, meta } = await fetchPage(cursor === undefined ? {} : { cursor })
      if (ours !== generation) return
      const there = new Set(ids.value)
      ids.value = [...ids.value, ...payload.map(({ id }) => id).filter((id) => !there.has(id))]
      cursor = meta.next ?? undefined
      isComplete.value = meta.next === null
    }
  } catch (error) {
    if (ours === generation) listTrouble.value = (error as CallError).message
  } finally {
    if (ours === generation) isLoading.value = false
  }
}

async function fetchPage(from: { cursor?: string }): Promise<Page['data']> {
  const { tab, status, inbox, team, label, q } = filter.value
  const asked = new URLSearchParams({ ...from, status, assignee_type: tab })
  if (inbox) asked.set('inbox_id', String(inbox))
  if (team) asked.set('team_id', String(team))
  if (label) asked.set('labels', label)
  if (q) asked.set('q', q)
  const askedAt = now()
  const { data } = await call<Page>(`${accountPath()}/conversations?${asked}`)
  takeFetched(data.payload, askedAt)
  if (q !== '' && q === filter.value.q) {
    const found = data.payload.flatMap(({ id, found_message }) =>
      found_message ? [[id, found_message] as const] : [],
    )
    hits.value = new Map([...hits.value, ...found])
  }
  const { all_count: all, mine_count: me, unassigned_count: unassigned } = data.meta
  // The later pages of a search count only older messages.
  if (q !== '' && from.cursor) return data
  counts.value = { all, me, unassigned }
  isCapped.value = data.meta.counts_capped
  return data
}

/** Corrects the top of the list: adds conversations that were missing and removes those that no longer belong there. */
async function refreshTop(): Promise<void> {
  const ours = generation
  const before = now()
  const { payload, meta } = await fetchPage({})
  // The list has changed while the response was on its way.
  if (ours !== generation) return
  if (before !== now()) return refreshSoon()
  const top = payload.map(({ id }) => id)
  const there = new Set(top)
  const last = top.at(-1)
  // A page of a search can be short, although older messages match: those are in any order.
  const isSearch = filter.value.q !== ''
  const isAll = isSearch ? meta.next === null : payload.length < pageSize
  const isBelow = (id: number) => isSearch || (last !== undefined && ranks(last, id) < 0)
  const rest = isAll ? [] : ids.value.filter((id) => !there.has(id) && isBelow(id))
  ids.value = [...top, ...rest]
  if (isAll) isComplete.value = true
}

let refreshing: ReturnType<typeof setTimeout> | undefined

/** At most once a second. */
function refreshSoon(): void {
  refreshing ??= setTimeout(() => {
    refreshing = undefined
    if (!isLoading.value) void refreshTop().catch(() => {})
  }, 1000)
}

function reposition(conversation: Conversation): void {
  if (filter.value.q !== '') return refreshSoon()
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
    }),
  ]
  return () => {
    clearTimeout(refreshing)
    refreshing = undefined
    for (const stop of stops) stop()
  }
}
