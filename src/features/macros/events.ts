import { settingEvents } from '../accounts/service.ts'
import { Macro } from './schema.ts'

/** Only of those that everybody in the account sees. */
export const macroEvents = settingEvents('macro', Macro)
