import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, nullable, ref } from '../../lib/schema.ts'
import { linkSender } from '../sign-in/mails.ts'
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
const agent = Type.Object({ ...account, agent_id: id('The id of the user.') })
const config = { administrator: true }

/** Agents and their access tokens, for administrators. */
export function agentRoutes(app: Server, context: Context): void {
  const { database, config: settings } = context
  const { publicUrl } = settings
  const send = linkSender(settings, app.log)
  for (const schema of [AccessToken, Agent, InvitedAgent]) app.addSchema(schema)

  const list = {
    summary: 'List agents',
    description: 'All users of the account, including administrators.',
    tags,
    params: Type.Object(account),
    querystring: listQuery(),
    response: { 200: Type.Array(ref(Agent)) },
  }
  app.get('/agents', { schema: list }, ({ actor }) => listAgents(database.read, actor))

  const invite = {
    summary: 'Invite an agent',
    description:
      'They can sign in once they accept. Until then they can already be added to inboxes and teams and get conversations. The response does not reveal whether the address belongs to a user of another account; that user joins with their own name and id.',
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
    description: 'The last administrator cannot become an agent (409).',
    tags,
    params: agent,
    body: AgentChange,
    response: { 200: ref(Agent) },
  }
  app.patch('/agents/:agent_id', { schema: change, config }, ({ actor, params, body }) =>
    changeAgent(database, actor, params.agent_id, body),
  )

  const remove = {
    summary: 'Remove an agent',
    description:
      'Ends their membership in this account, and their access tokens for it, immediately. Their messages stay, and their conversations are unassigned. The last administrator cannot be removed (409).',
    tags,
    params: agent,
    response: { 204: Type.Null({ description: 'Removed.' }) },
  }
  app.delete('/agents/:agent_id', { schema: remove, config }, async ({ actor, params }, reply) => {
    await removeAgent(database, actor, params.agent_id)
    reply.code(204)
    return null
  })

  const link = {
    summary: 'Create a link to set a password',
    description:
      'For the agent, who can use it once within an hour. If the agent has not accepted their invitation, it is a new invitation, valid for 7 days. If a mail server is configured, an invitation is mailed to them, and `url` is null. Refused for a user who is also a member of another account (403). The link ends if they join one.',
    tags,
    params: agent,
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
    description: 'All tokens for this account, including those of administrators, oldest first.',
    tags,
    params: Type.Object(account),
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(ref(AccessToken)) }) },
  }
  app.get('/access_tokens', { schema: list, config }, async ({ actor }) => ({
    payload: await listTokens(database.read, actor),
  }))

  const revoke = {
    summary: 'Revoke an access token of an agent',
    description: 'It has no access to this account from the next request on.',
    tags,
    params: Type.Object({ ...account, access_token_id: id() }),
    response: { 204: Type.Null({ description: 'Revoked.' }) },
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
