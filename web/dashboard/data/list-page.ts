import type { Conversation } from './api-types.ts'
import { call } from './call.ts'
import type { Filter, SpecialList } from './filter.ts'
import { accountPath } from './session.ts'

/** A page of the list. */
export interface ListPage {
  payload: Conversation[]
  /** Where the next page begins; null after the last one. */
  next: string | null
  /** The number of conversations in each tab, of a view only of all; undefined if the page does not say it. */
  counts?: { all: number; me: number; unassigned: number }
  /** Whether there can be more conversations than the numbers say. */
  isCapped?: boolean
}

/** Fetches the first page of a filter, or the one that begins at `cursor`. Throws CallError. */
export function fetchListPage(filter: Filter, cursor?: string): Promise<ListPage> {
  return filter.view === undefined ? pageOfAll(filter, cursor) : pageOfView(filter.view, cursor)
}

interface PageOfAll {
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

const parametersOf: Record<SpecialList, Record<string, string>> = {
  mentioned: { status: 'all', involvement: 'mentioned' },
  participating: { status: 'all', involvement: 'participating' },
  unattended: { status: 'open', unattended: 'true' },
}

async function pageOfAll(filter: Filter, cursor?: string): Promise<ListPage> {
  const { tab, status, inbox, team, label, q, specialList } = filter
  const asked = new URLSearchParams(specialList ? parametersOf[specialList] : { status, assignee_type: tab })
  if (cursor) asked.set('cursor', cursor)
  if (inbox) asked.set('inbox_id', String(inbox))
  if (team) asked.set('team_id', String(team))
  if (label) asked.set('labels', label)
  if (q) asked.set('q', q)
  const { data } = await call<PageOfAll>(`${accountPath()}/conversations?${asked}`)
  const { payload, meta } = data
  // The later pages of a search count only older messages.
  if (q !== '' && cursor) return { payload, next: meta.next }
  const counts = { all: meta.all_count, me: meta.mine_count, unassigned: meta.unassigned_count }
  return { payload, next: meta.next, counts, isCapped: meta.counts_capped }
}

interface PageOfView {
  payload: Conversation[]
  meta: { next: string | null }
}

async function pageOfView(view: number, cursor?: string): Promise<ListPage> {
  const path = `${accountPath()}/views/${view}`
  if (cursor) {
    const { payload, meta } = await call<PageOfView>(
      `${path}/conversations?${new URLSearchParams({ cursor })}`,
    )
    return { payload, next: meta.next }
  }
  const [{ payload, meta }, { count, count_capped }] = await Promise.all([
    call<PageOfView>(`${path}/conversations`),
    call<{ count: number; count_capped: boolean }>(`${path}/count`),
  ])
  const counts = { all: count, me: 0, unassigned: 0 }
  return { payload, next: meta.next, counts, isCapped: count_capped }
}
