import { settingEvents } from '../accounts/service.ts'
import { Team } from './schema.ts'

export const teamEvents = settingEvents('team', Team)
