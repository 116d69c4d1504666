import { computed } from '@preact/signals'
import { isWorkspace, query } from '../router.ts'
import type { Status } from './api-types.ts'

/** Lists that the filters do not narrow: what mentions the user, what they follow, and what waits for an answer. */
export const specialLists = ['mentioned', 'participating', 'unattended'] as const
export type SpecialList = (typeof specialLists)[number]

/** The filter of the list; the URL holds it. */
export interface Filter {
  tab: 'me' | 'unassigned' | 'all'
  status: Status | 'all'
  inbox: number | undefined
  team: number | undefined
  label: string | undefined
  q: string
  /** The special list that is shown instead of all of the above. */
  specialList: SpecialList | undefined
  /** The view that is shown instead of all of the above. */
  view: number | undefined
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
    specialList: specialLists.find((one) => one === asked.get('involvement')),
    view: number('view'),
  }
})

/** Whether only the server knows what belongs to the list. */
export const isOfServer = computed(() => {
  const { q, view, specialList } = filter.value
  return q !== '' || view !== undefined || specialList !== undefined
})

function isStatus(text: string | null): text is Filter['status'] {
  return ['open', 'resolved', 'pending', 'snoozed', 'all'].includes(text ?? '')
}

/**
 * Returns the query of an address: that of the view or the special list in `changes`, otherwise that of the current filter with
 * these changes. Only without changes does it keep the view or the special list that is shown.
 */
export function searchOf(changes: Partial<Filter>): string {
  const isSame = Object.keys(changes).length === 0
  const view = isSame ? filter.value.view : changes.view
  if (view) return `?view=${view}`
  const specialList = isSame ? filter.value.specialList : changes.specialList
  if (specialList) return `?involvement=${specialList}`
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
