import { signal } from '@preact/signals'
import type { Agent, Inbox, Label, Team } from './api-types.ts'
import { call } from './call.ts'
import { hear } from './live.ts'
import { accountPath } from './session.ts'

/* The agents, inboxes, labels and teams of the account, all of them. */
export const agents = signal<readonly Agent[]>([])
export const inboxes = signal<readonly Inbox[]>([])
export const labels = signal<readonly Label[]>([])
export const teams = signal<readonly Team[]>([])
/** The ids of the users who are online. */
export const online = signal<ReadonlySet<number>>(new Set())
/** Whether they have been loaded. */
export const isDirectoryKnown = signal(false)

/** Loads all of them. Throws CallError. */
export async function loadDirectory(): Promise<void> {
  const base = accountPath()
  const [foundAgents, foundInboxes, foundLabels, foundTeams] = await Promise.all([
    call<Agent[]>(`${base}/agents`),
    call<{ payload: Inbox[] }>(`${base}/inboxes`),
    call<{ payload: Label[] }>(`${base}/labels`),
    call<Team[]>(`${base}/teams`),
  ])
  agents.value = foundAgents
  inboxes.value = foundInboxes.payload
  labels.value = foundLabels.payload
  teams.value = foundTeams
  isDirectoryKnown.value = true
}

async function loadPresence(): Promise<void> {
  const { payload } = await call<{ payload: { user_id: number }[] }>(`${accountPath()}/presence`)
  online.value = new Set(payload.map(({ user_id }) => user_id))
}

export function nameOfInbox(id: number): string {
  return inboxes.value.find((inbox) => inbox.id === id)?.name ?? ''
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
    presence(userId, isOnline) {
      const next = new Set(online.value)
      if (isOnline) next.add(userId)
      else next.delete(userId)
      online.value = next
    },
  })
}
