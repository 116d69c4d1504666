import { settingEvents } from '../accounts/service.ts'
import { View } from './schema.ts'

/** Only of those that everybody in the account sees. */
export const viewEvents = settingEvents('view', View)
