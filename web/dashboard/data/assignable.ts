import { signal } from '@preact/signals'
import type { Agent, AgentBot, Member } from './api-types.ts'
import { call } from './call.ts'
import { agents } from './directory.ts'
import { hear } from './live.ts'
import { accountPath } from './session.ts'

/** The ids of the members of each inbox that was asked for. */
const members = signal<ReadonlyMap<number, ReadonlySet<number>>>(new Map())
/** All bots, from when they are first needed. */
const bots = signal<readonly AgentBot[] | undefined>(undefined)
/** The addresses that are being loaded, and whether a change came meanwhile, which the response may not have. */
const loading = new Map<string, boolean>()

/**
 * Returns the agents to whom a conversation of an inbox can be assigned: its members, and administrators. The members
 * are loaded when they are first needed; until then only the administrators are returned.
 */
export function assignableIn(inboxId: number): readonly Agent[] {
  const known = members.value.get(inboxId)
  if (!known) void loadMembers(inboxId)
  return agents.value.filter(({ id, role }) => role === 'administrator' || known?.has(id))
}

/** Returns the bots to which a conversation can be assigned: first those that answer in its inbox. */
export function botsFor(inboxId: number): { own: readonly AgentBot[]; others: readonly AgentBot[] } {
  if (!bots.value) void loadBots()
  const active = (bots.value ?? []).filter((bot) => bot.active)
  const isOwn = ({ inbox_ids }: AgentBot) => inbox_ids.includes(inboxId)
  return { own: active.filter(isOwn), others: active.filter((bot) => !isOwn(bot)) }
}

function loadMembers(inboxId: number): Promise<void> {
  return load<Member>(`/inbox_members/${inboxId}`, (payload) => {
    members.value = new Map(members.peek()).set(inboxId, new Set(payload.map(({ id }) => id)))
  })
}

function loadBots(): Promise<void> {
  return load<AgentBot>('/agent_bots', (payload) => {
    bots.value = payload
  })
}

async function load<T>(path: string, store: (payload: T[]) => void): Promise<void> {
  const base = accountPath()
  const address = base + path
  if (loading.has(address)) return
  try {
    do {
      loading.set(address, false)
      const { payload } = await call<{ payload: T[] }>(address)
      // Another account may have been chosen meanwhile, in which the same ids are other things.
      if (accountPath() !== base) return
      store(payload)
    } while (loading.get(address))
  } catch {
    // Tried again when it is needed again.
  } finally {
    loading.delete(address)
  }
}

/** Loads the members and the bots again after changes. */
export function followAssignable(): () => void {
  const repeatLoading = () => {
    for (const address of loading.keys()) loading.set(address, true)
  }
  const reloadBots = () => {
    repeatLoading()
    if (bots.peek()) void loadBots()
  }
  const reload = () => {
    reloadBots()
    for (const id of members.peek().keys()) void loadMembers(id)
  }
  const stop = hear({ setting: reload, bot: reloadBots, reset: reload })
  return () => {
    stop()
    members.value = new Map()
    bots.value = undefined
  }
}
