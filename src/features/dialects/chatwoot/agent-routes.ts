import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id } from '../../../lib/schema.ts'
import { AgentChange, NewAgent } from '../../agents/schema.ts'
import { changeAgent, inviteAgent, listAgents, removeAgent } from '../../agents/service.ts'
import { linkSender } from '../../sign-in/mails.ts'
import type { Agent } from '../../users/schema.ts'
import { assignableAgents } from './assignable-agents.ts'
import { toAgent } from './objects/user.ts'
import { type Parameters, parametersOf } from './parameters.ts'
import { accountPath, reading } from './scope.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), agent_id: id() })
const config = { administrator: true }
const base = `${accountPath}/agents`

export function agentRoutes(app: Server, { database, config: settings }: Context): void {
  const { read } = database
  const send = linkSender(settings, app.log)
  const show = (agents: Agent[], accountId: number) => agents.map((agent) => toAgent(agent, accountId))

  app.get(base, { schema: { params: account } }, async ({ actor }) =>
    show(await listAgents(read, actor), actor.accountId),
  )
  app.post(
    base,
    {
      schema: { params: account, body: NewAgent },
      config,
      ...reading((parameters) => {
        const email = parameters.text('email')
        return { ...fieldsOf(parameters), email, name: parameters.text('name') ?? email?.split('@')[0] }
      }, 'agent'),
    },
    async ({ actor, body }) =>
      toAgent(await inviteAgent(database, actor, body, settings.publicUrl, send), actor.accountId),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: `${base}/:agent_id`,
    schema: { params, body: AgentChange },
    config,
    ...reading((parameters) => ({ ...fieldsOf(parameters), name: parameters.text('name') }), 'agent'),
    handler: async ({ actor, params, body }) =>
      toAgent(await changeAgent(database, actor, params.agent_id, body), actor.accountId),
  })
  app.delete(`${base}/:agent_id`, { schema: { params }, config }, async ({ actor, params }, reply) => {
    await removeAgent(database, actor, params.agent_id)
    return reply.send()
  })

  app.get(`${accountPath}/assignable_agents`, { schema: { params: account } }, async (request) => {
    const { actor } = request
    const inboxIds = parametersOf(request).numbers('inbox_ids') ?? []
    return { payload: show(await assignableAgents(read, actor, inboxIds), actor.accountId) }
  })
}

function fieldsOf(parameters: Parameters): object {
  return { role: parameters.text('role') ?? undefined, availability: parameters.text('availability') }
}
