import { settingEvents } from '../accounts/service.ts'
import { CannedResponse } from './schema.ts'

/** Only of those that everybody in the account sees. */
export const cannedResponseEvents = settingEvents('canned_response', CannedResponse)
