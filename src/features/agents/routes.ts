import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, nullable, ref } from '../../lib/schema.ts'
import { linkSender } from '../sign-in/service.ts'
import { AccessToken, Agent } from '../users/schema.ts'
import { AgentChange, InvitedAgent, NewAgent } from './schema.ts'
import {
  changeAgent,
  inviteAgent,
  linkForAgent,
  listAgents,
  listTokens,
  removeAgent,
  revokeToken,
} from './service.ts'

const tags = ['Agents']
const account = { account_id: id() }
const one = Type.Object({ ...account, agent_id: id('Of the user.') })
const config = { administrator: true }

export function agentRoutes(app: Server, context: Context): void {
  const { database, config: settings } = context
  const { publicUrl } = settings
  const send = linkSender(settings, app.log)
  for (const schema of [AccessToken, Agent, InvitedAgent]) app.addSchema(schema)

  const list = {
    summary: 'List agents',
    description: 'All users of the account, administrators too.',
    tags,
    params: Type.Object(account),
    response: { 200: Type.Array(ref(Agent)) },
  }
  app.get('/agents', { schema: list }, ({ actor }) => listAgents(database.read, actor))

  const invite = {
    summary: 'Invite an agent',
    description:
      'They are a member once they accept; until then they can be given inboxes, teams and conversations. The answer does not tell whether the address belongs to a user of another account: that user joins under their own name and id.',
    tags,
    params: Type.Object(account),
    body: NewAgent,
    response: { 201: ref(InvitedAgent) },
  }
  app.post('/agents', { schema: invite, config }, async ({ actor, body }, reply) => {
    reply.code(201)
    return inviteAgent(database, actor, body, publicUrl, send)
  })

  const change = {
    summary: 'Change an agent',
    description: 'The last administrator stays one (409).',
    tags,
    params: one,
    body: AgentChange,
    response: { 200: ref(Agent) },
  }
  app.patch('/agents/:agent_id', { schema: change, config }, ({ actor, params, body }) =>
    changeAgent(database, actor, params.agent_id, body),
  )

  const remove = {
    summary: 'Remove an agent',
    description:
      'From this account, at once, with their access tokens for it. What they wrote stays, and their conversations are unassigned. The last administrator stays (409).',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'They are no member any more.' }) },
  }
  app.delete('/agents/:agent_id', { schema: remove, config }, async ({ actor, params }, reply) => {
    await removeAgent(database, actor, params.agent_id)
    reply.code(204)
    return null
  })

  const link = {
    summary: 'Make a link to set a password',
    description:
      'To pass on to the agent; once and within an hour (7 days, if they have not accepted their invitation: with a mail server it is mailed to them then, and `url` is null). Not for a user who works in another account too; a link ends if they join one.',
    tags,
    params: one,
    response: { 200: Type.Object({ url: nullable(Type.String()) }) },
  }
  app.post('/agents/:agent_id/password_link', { schema: link, config }, async ({ actor, params }) => {
    return { url: await linkForAgent(database, actor, params.agent_id, publicUrl, send) }
  })
  tokenRoutes(app, context)
}

function tokenRoutes(app: Server, { database }: Context): void {
  const list = {
    summary: 'List the access tokens of all agents',
    description: 'Those that open this account, administrators’ too, oldest first and without their secrets.',
    tags,
    params: Type.Object(account),
    response: { 200: Type.Object({ payload: Type.Array(ref(AccessToken)) }) },
  }
  app.get('/access_tokens', { schema: list, config }, async ({ actor }) => ({
    payload: await listTokens(database.read, actor),
  }))

  const revoke = {
    summary: 'Revoke an access token of an agent',
    description: 'From the next request on it does not open this account.',
    tags,
    params: Type.Object({ ...account, access_token_id: id() }),
    response: { 204: Type.Null({ description: 'It is gone.' }) },
  }
  app.delete(
    '/access_tokens/:access_token_id',
    { schema: revoke, config },
    async ({ actor, params }, reply) => {
      await revokeToken(database, actor, params.access_token_id)
      reply.code(204)
      return null
    },
  )
}
