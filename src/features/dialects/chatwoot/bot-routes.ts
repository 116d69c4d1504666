import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id } from '../../../lib/schema.ts'
import { AgentBotChange, BotChoice, NewAgentBot } from '../../bots/schema.ts'
import {
  botOfInbox,
  changeBot,
  createBot,
  getBot,
  listBots,
  removeBot,
  setBotOfInbox,
} from '../../bots/service.ts'
import { toBot } from './objects/bot.ts'
import { accountPath, reading } from './scope.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), agent_bot_id: id() })
const ofInbox = Type.Object({ account_id: id(), inbox_id: id() })
const config = { administrator: true }
const base = `${accountPath}/agent_bots`
const path = `${base}/:agent_bot_id`

/** Bots, and which one answers in an inbox. */
export function botRoutes(app: Server, { database, config: settings }: Context): void {
  const { read } = database
  const allowPrivate = settings.webhookAllowPrivate

  app.get(base, { schema: { params: account } }, async ({ actor }) =>
    (await listBots(read, actor)).map((bot) => toBot(bot, actor.accountId)),
  )
  app.get(path, { schema: { params }, config }, async ({ actor, params }) =>
    toBot(await getBot(read, actor, params.agent_bot_id), actor.accountId),
  )
  app.post(
    base,
    {
      schema: { params: account, body: NewAgentBot },
      config,
      ...reading(
        (parameters) => ({
          name: parameters.text('name'),
          description: parameters.text('description'),
          outgoing_url: parameters.text('outgoing_url'),
          format: 'chatwoot',
        }),
        'agent_bot',
      ),
    },
    async ({ actor, body }) => toBot(await createBot(database, actor, body, allowPrivate), actor.accountId),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params, body: AgentBotChange },
    config,
    ...reading(
      (parameters) => ({
        name: parameters.text('name'),
        description: parameters.cleared('description', parameters.text),
        outgoing_url: parameters.cleared('outgoing_url', parameters.text),
      }),
      'agent_bot',
    ),
    handler: async ({ actor, params, body }) =>
      toBot(await changeBot(database, actor, params.agent_bot_id, body, allowPrivate), actor.accountId),
  })
  app.delete(path, { schema: { params }, config }, async ({ actor, params }, reply) => {
    await removeBot(database, actor, params.agent_bot_id)
    return reply.send()
  })

  const inbox = `${accountPath}/inboxes/:inbox_id`
  app.get(`${inbox}/agent_bot`, { schema: { params: ofInbox } }, async ({ actor, params }) => {
    const bot = await botOfInbox(read, actor, params.inbox_id)
    return { agent_bot: bot ? toBot(bot, actor.accountId) : {} }
  })
  app.post(
    `${inbox}/set_agent_bot`,
    {
      schema: { params: ofInbox, body: BotChoice },
      config,
      ...reading((parameters) => ({ agent_bot: parameters.number('agent_bot') ?? null })),
    },
    async ({ actor, params, body }, reply) => {
      await setBotOfInbox(database, actor, params.inbox_id, body.agent_bot)
      return reply.send()
    },
  )
}
