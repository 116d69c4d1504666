import { settingEvents } from '../accounts/service.ts'
import { Agent } from './schema.ts'

/** `changed` contains `inboxes` if an agent has joined or left inboxes. */
export const agentEvents = settingEvents('agent', Agent)
