import { nameOfInbox, teams } from '../data/directory.ts'
import { type Filter, filter, searchOf } from '../data/filter.ts'
import { go, path } from '../router.ts'
import { strings } from '../strings.ts'

const t = strings.list

/** A part of the filter that leaves conversations out: its text, and the change that removes it. */
export interface Narrowing {
  text: string
  without: Partial<Filter>
}

/** Shows another part of the list; the back button skips the steps. */
export function narrow(changes: Partial<Filter>): void {
  go(path.value + searchOf(changes), { replace: true })
}

/** Returns what the filter of inbox, team and label leaves. */
export function hiddenNarrowings(): Narrowing[] {
  const { inbox, team, label } = filter.value
  const all: Narrowing[] = []
  const add = (name: string, value: string, without: Partial<Filter>) =>
    all.push({ text: t.isOnly(name, value), without })
  if (inbox) add(t.inbox, nameOfInbox(inbox) || `#${inbox}`, { inbox: undefined })
  if (team) add(t.team, teams.value.find(({ id }) => id === team)?.name ?? `#${team}`, { team: undefined })
  if (label) add(t.label, label, { label: undefined })
  return all
}

/** Returns all parts of the filter, the tab and the status too. */
export function narrowings(): Narrowing[] {
  const { tab, status } = filter.value
  const first: Narrowing[] = []
  if (tab !== 'all') first.push({ text: t.tabs[tab], without: { tab: 'all' } })
  if (status !== 'all')
    first.push({ text: t.isOnly(t.status, t.statuses[status]), without: { status: 'all' } })
  return [...first, ...hiddenNarrowings()]
}

export const searchEverything: Partial<Filter> = {
  tab: 'all',
  status: 'all',
  inbox: undefined,
  team: undefined,
  label: undefined,
}
