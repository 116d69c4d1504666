import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import {
  AgentBot,
  AgentBotChange,
  AgentBotWithSecrets,
  BotChoice,
  BotOfInbox,
  NewAgentBot,
  NewSecret,
  NewToken,
} from './schema.ts'
import {
  botOfInbox,
  changeBot,
  createBot,
  getBot,
  listBots,
  removeBot,
  rotateSecret,
  rotateToken,
  setBotOfInbox,
} from './service.ts'

const tags = ['Bots']
const account = { account_id: id() }
const one = Type.Object({ ...account, agent_bot_id: id() })
const config = { administrator: true }
const path = '/agent_bots/:agent_bot_id'

export function botRoutes(app: Server, context: Context): void {
  const { database } = context
  const allowPrivate = context.config.webhookAllowPrivate
  app.addSchema(AgentBot)
  app.addSchema(AgentBotWithSecrets)

  const list = {
    summary: 'List bots',
    description:
      'Agents may assign conversations to them. They get the list without `outgoing_url` and `disabled_reason`, and with those of the `inbox_ids` that they see.',
    tags,
    params: Type.Object(account),
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(ref(AgentBot)) }) },
  }
  app.get('/agent_bots', { schema: list }, async ({ actor }) => ({
    payload: await listBots(database.read, actor),
  }))

  const create = {
    summary: 'Create a bot',
    description: 'It answers in no inbox until it is set for one.',
    tags,
    params: Type.Object(account),
    body: NewAgentBot,
    response: { 201: ref(AgentBotWithSecrets) },
  }
  app.post('/agent_bots', { schema: create, config }, async ({ actor, body }, reply) => {
    reply.code(201)
    return createBot(database, actor, body, allowPrivate)
  })

  const get = { summary: 'Get a bot', tags, params: one, response: { 200: ref(AgentBot) } }
  app.get(path, { schema: get, config }, ({ actor, params }) =>
    getBot(database.read, actor, params.agent_bot_id),
  )

  const change = { ...get, summary: 'Change a bot', body: AgentBotChange }
  app.patch(path, { schema: change, config }, ({ actor, params, body }) =>
    changeBot(database, actor, params.agent_bot_id, body, allowPrivate),
  )

  const newToken = {
    summary: 'Create a new token for a bot',
    description: 'The old one ends at once.',
    tags,
    params: one,
    response: { 200: NewToken },
  }
  app.post(`${path}/rotate_token`, { schema: newToken, config }, ({ actor, params }) =>
    rotateToken(database, actor, params.agent_bot_id),
  )

  const newSecret = {
    summary: 'Create a new secret for a bot',
    description: 'Deliveries are signed with it from now on, also those that are waiting.',
    tags,
    params: one,
    response: { 200: NewSecret },
  }
  app.post(`${path}/rotate_secret`, { schema: newSecret, config }, ({ actor, params }) =>
    rotateSecret(database, actor, params.agent_bot_id),
  )

  const remove = {
    summary: 'Delete a bot',
    description: 'Its token ends at once. Its messages stay.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The bot is deleted.' }) },
  }
  app.delete(path, { schema: remove, config }, async ({ actor, params }, reply) => {
    await removeBot(database, actor, params.agent_bot_id)
    reply.code(204)
    return null
  })
  inboxRoutes(app, context)
}

function inboxRoutes(app: Server, { database }: Context): void {
  const shape = { tags, params: Type.Object({ ...account, inbox_id: id() }), response: { 200: BotOfInbox } }
  const path = '/inboxes/:inbox_id/agent_bot'

  const get = { summary: 'Get the bot of an inbox', ...shape }
  // Its agents may assign conversations to it.
  app.get(path, { schema: get }, async ({ actor, params }) => ({
    agent_bot: await botOfInbox(database.read, actor, params.inbox_id),
  }))

  const set = {
    summary: 'Set the bot of an inbox',
    description: 'New conversations of the inbox are then `pending`, until the bot or a user opens them.',
    body: BotChoice,
    ...shape,
  }
  app.post(path, { schema: set, config }, async ({ actor, params, body }) => ({
    agent_bot: await setBotOfInbox(database, actor, params.inbox_id, body.agent_bot),
  }))
}
