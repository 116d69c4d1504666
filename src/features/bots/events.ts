import { settingEvents } from '../accounts/service.ts'
import { AgentBot } from './schema.ts'

export const botEvents = settingEvents('agent_bot', AgentBot, {
  // The URL can contain a secret.
  redact: (bot) => ({ ...bot, outgoing_url: null, disabled_reason: null }),
})
