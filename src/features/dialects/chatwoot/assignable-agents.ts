import type { Queries } from '../../../db/database.ts'
import type { Actor } from '../../../lib/actor.ts'
import { listAgents } from '../../agents/service.ts'
import { listMembers } from '../../inboxes/members.ts'
import type { Agent } from '../../users/schema.ts'

/** Returns the agents who work in all of these inboxes, and the administrators. Throws `not_found`. */
export async function assignableAgents(queries: Queries, actor: Actor, inboxIds: number[]): Promise<Agent[]> {
  const agents = await listAgents(queries, actor)
  const members: Set<number>[] = []
  for (const id of new Set(inboxIds.slice(0, mostInboxes)))
    members.push(new Set((await listMembers(queries, actor, id)).map((member) => member.id)))
  return agents.filter(({ id, role }) => role === 'administrator' || members.every((some) => some.has(id)))
}

// Each takes a query. The dashboard of Chatwoot asks for those of one page of conversations.
const mostInboxes = 25
