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

/** The bots of inboxes that were asked for; null for none. */
const bots = signal<ReadonlyMap<number, AgentBot | null>>(new Map())

/** Returns the bot to which a conversation of an inbox can be assigned; it is loaded when it is first needed. */
export function botIn(inboxId: number): AgentBot | null {
  const known = bots.value.get(inboxId)
  if (known === undefined) void loadBot(inboxId)
  return known?.active ? known : null
}

async function loadBot(inboxId: number): Promise<void> {
  const key = -inboxId
  if (loading.has(key)) return
  loading.add(key)
  try {
    const path = `${accountPath()}/inboxes/${inboxId}/agent_bot`
    const { agent_bot } = await call<{ agent_bot: AgentBot | null }>(path)
    bots.value = new Map(bots.peek()).set(inboxId, agent_bot)
  } catch {
    // Tried again when it is needed again.
  } finally {
    loading.delete(key)
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

/** Loads the members again after changes. */
export function followAssignable(): () => void {
  const reload = () => {
    for (const id of members.peek().keys()) void load(id)
    for (const id of bots.peek().keys()) void loadBot(id)
  }
  const stop = hear({ setting: reload, reset: reload })
  return () => {
    stop()
    members.value = new Map()
    bots.value = new Map()
  }
}
