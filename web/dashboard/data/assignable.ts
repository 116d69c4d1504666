import { signal } from '@preact/signals'
import type { Agent, AgentBot, Member } from './api-types.ts'
import { call } from './call.ts'
import { agents } from './directory.ts'
import { hear } from './live.ts'
import { accountPath } from './session.ts'

/** The ids of the members of each inbox that was asked for. */
const members = signal<ReadonlyMap<number, ReadonlySet<number>>>(new Map())
const loading = new Set<number>()

/**
 * Returns the agents to whom a conversation of an inbox can be assigned: its members, and administrators. The members
 * are loaded when they are first needed; until then only the administrators are returned.
 */
export function assignableIn(inboxId: number): readonly Agent[] {
  const known = members.value.get(inboxId)
  if (!known) void load(inboxId)
  return agents.value.filter(({ id, role }) => role === 'administrator' || known?.has(id))
}

/** All bots, from when they are first needed. */
const bots = signal<readonly AgentBot[] | undefined>(undefined)
let isLoadingBots = false

/** Returns the bots to which a conversation can be assigned: first those that answer in its inbox. */
export function botsFor(inboxId: number): { own: readonly AgentBot[]; others: readonly AgentBot[] } {
  if (!bots.value) void loadBots()
  const active = (bots.value ?? []).filter((bot) => bot.active)
  const isOwn = ({ inbox_ids }: AgentBot) => inbox_ids.includes(inboxId)
  return { own: active.filter(isOwn), others: active.filter((bot) => !isOwn(bot)) }
}

async function loadBots(): Promise<void> {
  if (isLoadingBots) return
  isLoadingBots = true
  try {
    bots.value = (await call<{ payload: AgentBot[] }>(`${accountPath()}/agent_bots`)).payload
  } catch {
    // Tried again when they are needed again.
  } finally {
    isLoadingBots = false
  }
}

async function load(inboxId: number): Promise<void> {
  if (loading.has(inboxId)) return
  loading.add(inboxId)
  try {
    const { payload } = await call<{ payload: Member[] }>(`${accountPath()}/inbox_members/${inboxId}`)
    members.value = new Map(members.peek()).set(inboxId, new Set(payload.map(({ id }) => id)))
  } catch {
    // Tried again when it is needed again.
  } finally {
    loading.delete(inboxId)
  }
}

/** Loads the members and the bots again after changes. */
export function followAssignable(): () => void {
  const reload = () => {
    for (const id of members.peek().keys()) void load(id)
    if (bots.peek()) void loadBots()
  }
  const stop = hear({ setting: reload, reset: reload })
  return () => {
    stop()
    members.value = new Map()
    bots.value = undefined
  }
}
