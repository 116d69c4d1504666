import { type Static, Type } from 'typebox'
import { filledText, id, named, nullable, seconds } from '../../lib/schema.ts'
import { format, newFormat } from '../webhooks/schema.ts'

/** The maximum number of bots of an account. */
export const mostBots = 50

const bot = Type.Object({
  id: id(),
  name: Type.String(),
  description: nullable(Type.String()),
  outgoing_url: nullable(
    Type.String({ description: 'Where its events are sent. Shown only to administrators; null in events.' }),
  ),
  format,
  inbox_ids: Type.Array(id(), {
    description: 'The inboxes in which it answers. Agents get those that they see.',
  }),
  active: Type.Boolean({ description: 'Whether its events are sent.' }),
  disabled_reason: nullable(
    Type.String({ description: 'Why the server has switched it off. Shown only to administrators.' }),
  ),
  created_at: seconds(),
  updated_at: seconds(),
})

export const AgentBot = named('AgentBot', bot)
export type AgentBot = Static<typeof AgentBot>

export const AgentBotWithSecrets = named(
  'AgentBotWithSecrets',
  Type.Object({
    ...bot.properties,
    access_token: Type.String({ description: 'For requests of the bot. Shown only in this response.' }),
    secret: Type.String({ description: 'For verifying signatures. Shown only in this response.' }),
  }),
)
export type AgentBotWithSecrets = Static<typeof AgentBotWithSecrets>

export const NewToken = Type.Object({ access_token: AgentBotWithSecrets.properties.access_token })
export const NewSecret = Type.Object({ secret: AgentBotWithSecrets.properties.secret })

const name = filledText(255, { description: 'Customers see it next to the messages of the bot.' })
const description = Type.Optional(nullable(filledText(1000)))
const outgoing_url = Type.Optional(
  nullable(
    Type.String({
      maxLength: 2048,
      pattern: '^https?://',
      errorMessage: 'must be an http:// or https:// URL',
      description: 'Where its events are sent: a public address. Without it, none are sent.',
    }),
  ),
)

export const NewAgentBot = Type.Object({ name, description, outgoing_url, format: newFormat })
export type NewAgentBot = Static<typeof NewAgentBot>

export const AgentBotChange = Type.Object({
  name: Type.Optional(name),
  description,
  outgoing_url,
  format: Type.Optional(format),
  active: Type.Optional(
    Type.Boolean({
      description: '`true` switches it on again: pending deliveries continue, missed events are not sent.',
    }),
  ),
})
export type AgentBotChange = Static<typeof AgentBotChange>

export const BotOfInbox = Type.Object({ agent_bot: nullable(bot) })

export const BotChoice = Type.Object(
  { agent_bot: nullable(id('The id of the bot; null for none.')) },
  { examples: [{ agent_bot: 1 }] },
)
