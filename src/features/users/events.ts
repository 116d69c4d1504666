import { settingEvents } from '../accounts/service.ts'
import { Agent } from './schema.ts'

/** `changed` has `inboxes` where an agent works in others than before. */
export const agentEvents = settingEvents('agent', Agent)
