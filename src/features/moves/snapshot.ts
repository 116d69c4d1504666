import type { Belongings, ConversationRow } from './conversation.store.ts'

const columns = [
  'status',
  'snoozed_until',
  'unread_count',
  'last_activity_at',
  'agent_last_seen_at',
  'contact_last_seen_at',
  'updated_at',
] as const

/** The columns of a conversation that a merge changes. */
export type State = Pick<ConversationRow, (typeof columns)[number]>

/** What two conversations were before messages were moved, and what the merge has made of the second one. */
export interface Snapshot {
  from: State
  to: State
  after: State
  belongings: Belongings
}

export function stateOf(row: ConversationRow): State {
  return Object.fromEntries(columns.map((column) => [column, row[column]])) as unknown as State
}

/**
 * The state of a conversation that gets the messages of another one: nothing that was unread is hidden, and with `isOpening`
 * nothing that was open.
 */
export function mergedState(to: State, from: State, isOpening: boolean): State {
  const opens = isOpening && from.status === 'open' && to.status !== 'open'
  return {
    status: opens ? 'open' : to.status,
    snoozed_until: opens ? null : to.snoozed_until,
    unread_count: to.unread_count + from.unread_count,
    last_activity_at: Math.max(to.last_activity_at, from.last_activity_at),
    agent_last_seen_at: earlier(to.agent_last_seen_at, from.agent_last_seen_at),
    contact_last_seen_at: earlier(to.contact_last_seen_at, from.contact_last_seen_at),
    updated_at: Math.max(Date.now(), to.updated_at),
  }
}

/** null is never. */
function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.min(one, other)
}

/**
 * The states of two conversations after a merge is undone: what they were, but what has happened to the merged one since
 * stays.
 */
export function separatedStates(now: State, { from, to, after }: Snapshot): { from: State; to: State } {
  const separated = { ...now }
  for (const column of columns) {
    // biome-ignore lint/suspicious/noExplicitAny: the types of both sides are the same for each column
    if (now[column] === after[column]) (separated as any)[column] = to[column]
  }
  const wasSeen = now.agent_last_seen_at !== after.agent_last_seen_at
  if (wasSeen) {
    const seen = { unread_count: 0, agent_last_seen_at: now.agent_last_seen_at }
    return { from: { ...from, ...seen }, to: separated }
  }
  if (now.unread_count === after.unread_count) return { from, to: separated }
  const unread = Math.min(from.unread_count, now.unread_count)
  return {
    from: { ...from, unread_count: unread },
    to: { ...separated, unread_count: now.unread_count - unread },
  }
}
