import { signal } from '@preact/signals'
import type { Agent, Availability, Inbox, Label, Team, UserPresence, View } from './api-types.ts'
import { call } from './call.ts'
import { hear } from './live.ts'
import { accountPath } from './session.ts'

/* The agents, inboxes, labels and teams of the account, and the views that the user sees: all of them. */
export const agents = signal<readonly Agent[]>([])
export const inboxes = signal<readonly Inbox[]>([])
export const labels = signal<readonly Label[]>([])
export const teams = signal<readonly Team[]>([])
export const views = signal<readonly View[]>([])
/** The status of the users who are online or busy, by id. */
const statuses = signal<ReadonlyMap<number, Availability>>(new Map())
/** Whether they have been loaded. */
export const isDirectoryKnown = signal(false)

/** Loads all of them. Throws CallError. */
export async function loadDirectory(): Promise<void> {
  const base = accountPath()
  const [foundAgents, foundInboxes, foundLabels, foundTeams, foundViews] = await Promise.all([
    call<Agent[]>(`${base}/agents`),
    call<{ payload: Inbox[] }>(`${base}/inboxes`),
    call<{ payload: Label[] }>(`${base}/labels`),
    call<Team[]>(`${base}/teams`),
    call<{ payload: View[] }>(`${base}/views`),
  ])
  agents.value = foundAgents
  inboxes.value = foundInboxes.payload
  labels.value = foundLabels.payload
  teams.value = foundTeams
  views.value = foundViews.payload
  isDirectoryKnown.value = true
}

/** Returns the status of a user, which is the same for everybody. */
export function statusOf(userId: number): Availability {
  return statuses.value.get(userId) ?? 'offline'
}

let signals = 0

async function loadPresence(): Promise<void> {
  const before = signals
  const { payload } = await call<{ payload: UserPresence[] }>(`${accountPath()}/presence`)
  // The response may be older than a signal that came meanwhile.
  if (signals !== before) return loadPresence()
  statuses.value = new Map(payload.map(({ user_id, status }) => [user_id, status]))
}

export function nameOfInbox(id: number): string {
  return inboxes.value.find((inbox) => inbox.id === id)?.name ?? ''
}

/** Whether the messages of an inbox are mails. */
export function isMailInbox(id: number): boolean {
  return inboxes.value.find((inbox) => inbox.id === id)?.channel_type === 'email'
}

/** The inboxes whose messages are mails. */
export function mailInboxes(): readonly Inbox[] {
  return inboxes.value.filter(({ channel_type }) => channel_type === 'email')
}

/** Keeps them up to date with events. */
export function followDirectory(): () => void {
  return hear({
    connected: () => {
      void loadPresence().catch(() => {})
    },
    reset: () => {
      void loadDirectory().catch(() => {})
    },
    setting: () => {
      void loadDirectory().catch(() => {})
    },
    view: () => {
      void loadDirectory().catch(() => {})
    },
    presence({ user_id, status }) {
      signals += 1
      statuses.value = new Map(statuses.value).set(user_id, status)
    },
  })
}
